# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report of a large fleet takes: report_scale.py [--sizes NUMBER ...] [--rounds NUMBER] FOLDER

Writes the reports of generated runs, in all of their forms, as the callback does at the end of a run, and uses the HTML
in a headless browser. Prints tables in Markdown and leaves them in FOLDER/report-scale.md, their figures in
FOLDER/report-scale.json. Targets are shown as met or missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from figures import milliseconds, seconds, spread, table, target

# As tests/unit has them: the collection by its place below a folder of Ansible's, and what tests share.
sys.path += [os.environ["ANSIBLE_COLLECTIONS_PATH"], str(Path(__file__).resolve().parents[1])]

from support import reports
from support.browser import Page, chromium

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.events import append
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.publishing import FORMATS, Place

SIZES = (500, 5000)
SECONDS = 5
MEGABYTES = 4
# What a person takes for at once, in seconds: https://www.nngroup.com/articles/response-times-3-important-limits/
LAG = 0.1
DAY = 86_400
HOW = (
    "From the events of a run and the report before it to the files of all forms; CPU is steadier than the clock. What "
    "a reader does is timed from a key or a click to the new table, laid out: a busy machine shows in both sizes."
)
# What a reader does -> how, in the page, and with what one after the other.
USES = {
    # Most hosts, some, none, all.
    "search": (
        "search.value = what; search.dispatchEvent(new Event('input'))",
        ("s", "st", "store-4", "vulnerable", "nowhere", ""),
    ),
    "filter": (
        "document.querySelector(`[data-filter='${what}']`).click()",
        ("vulnerable", "unknown", "compliant", "compliant"),
    ),
    "sort": ("document.querySelector(`[data-sort=${what}] button`).click()", ("version", "version", "name", "status")),
}


class Report(NamedTuple):
    """What one report took: seconds to write all its files, bytes of each, seconds of each use of the page."""

    wall: float
    cpu: float
    sizes: dict[str, int]
    opening: float
    lags: dict[str, list[float]]


def write(folder: Path, size: int) -> tuple[float, float, dict[str, int]]:
    """Seconds by the clock and of CPU to make all files of a report, after one of the night before; bytes of each."""
    place = Place(str(folder), tuple(FORMATS), keep=30)
    wall = cpu = 0.0
    for at in (-DAY, 0):
        events = place.begin().file
        for event in reports.many_events(size, at=at, turn=at == 0):
            append(events, event)
        started, begun = time.monotonic(), time.process_time()
        published = place.publish(events)
        wall, cpu = time.monotonic() - started, time.process_time() - begun
        if published.notes:
            sys.exit("\n".join(published.notes))
    return wall, cpu, {path.name: path.stat().st_size for path in sorted(folder.glob("fleet-report.*"))}


def use(page: Page, file: Path, size: int) -> tuple[float, dict[str, list[float]]]:
    """Seconds until the page is there, and from each key or click to the new table, laid out."""
    page.open("about:blank")
    started = time.monotonic()
    page.open(file.as_uri())
    opening = time.monotonic() - started
    count = page.run("document.getElementById('count').textContent")
    if count != f"{size:,} in all":
        sys.exit(f"The page of {size} hosts says: {count}")
    return opening, {name: page.run(_timed(*how)) for name, how in USES.items()}


def _timed(script: str, whats: Sequence[str]) -> str:
    """A script that does something with each of these in turn, and gives the seconds that each took."""
    return f"""(() => {{
        const lags = [], search = document.getElementById('search');
        for (const what of {json.dumps(whats)}) {{
            const start = performance.now();
            {script};
            document.body.offsetHeight;
            lags.push((performance.now() - start) / 1000);
        }}
        return lags;
    }})()"""


def one(page: Page, folder: Path, size: int) -> Report:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        wall, cpu, sizes = write(Path(place), size)
        return Report(wall, cpu, sizes, *use(page, Path(place, "fleet-report.html"), size))


def table_of_writing(found: dict[int, list[Report]]) -> str:
    rows = []
    for size, made in found.items():
        cpu = [report.cpu for report in made]
        megabytes = made[0].sizes["fleet-report.html"] / 1e6
        rows.append(
            (
                str(size),
                seconds(report.wall for report in made),
                seconds(cpu),
                spread(cpu),
                milliseconds(value / size for value in cpu),
                target(median(cpu), SECONDS),
                f"{megabytes:.2f} MB",
                target(megabytes, MEGABYTES),
            )
        )
    return table(("hosts", "all files", "CPU", "spread", "a host", "target", "HTML", "target"), rows)


def table_of_uses(found: dict[int, list[Report]]) -> str:
    smallest = min(found)
    rows = []
    for what in ("open", *USES):
        for size, made in found.items():
            lags = _lags(made, what)
            times = median(lags) / median(_lags(found[smallest], what))
            limit = target(median(lags), LAG) if what in ("search", "filter") else ""
            rows.append((what, str(size), milliseconds(lags), f"{max(lags) * 1000:.1f} ms", f"{times:.1f}", limit))
    return table(("what a reader does", "hosts", "median", "slowest", f"x {smallest}", "target in s"), rows)


def _lags(made: Sequence[Report], what: str) -> list[float]:
    return [lag for report in made for lag in ([report.opening] if what == "open" else report.lags[what])]


def main() -> int:
    parser = argparse.ArgumentParser(description="What the report of a large fleet takes.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="hosts (default: 500 5000)")
    parser.add_argument("--rounds", type=int, default=3, help="reports of each size (default: 3)")
    parser.add_argument("folder", type=Path, help="where the tables go")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    found: dict[int, list[Report]] = {size: [] for size in sorted(options.sizes)}
    with tempfile.TemporaryDirectory(dir=options.folder) as folder, chromium(Path(folder)) as page:
        page.size(1280, 900)
        for dummy in range(options.rounds):
            for size, made in found.items():
                made.append(one(page, Path(folder), size))
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    text = "\n\n".join(
        [
            "# What a report takes",
            f"{time.strftime('%Y-%m-%d %H:%M')}, {machine}; load at the end {os.getloadavg()[0]:.1f}. {HOW}",
            table_of_writing(found),
            table_of_uses(found),
        ]
    )
    (options.folder / "report-scale.md").write_text(text + "\n")
    figures = {size: [report._asdict() for report in made] for size, made in found.items()}
    (options.folder / "report-scale.json").write_text(json.dumps({"sizes": figures, "machine": machine}))
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
