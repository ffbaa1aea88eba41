# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit costs: bench.py [--stores NUMBER] [--rounds NUMBER] FOLDER

Everything is measured in one run on one fleet, in rounds in which each part has its turn, so that what else the machine
does falls on all parts alike. Prints tables in Markdown and leaves them in FOLDER/bench.md, their figures in
FOLDER/bench.json. Targets are shown as met or missed; the exit status says only whether there are figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from figures import milliseconds, ratio, seconds, spread, table, target
from fleet import BARE_PYTHON, Fleet, Sample
from parts import parts_of_calls, patch_times, tables_of_parts

LATENCY = 20
PATCHES = 290
PARTS = {
    "ping": "ansible.builtin.ping",
    "files": "commerce_audit, probe: skip",
    "gentle": "commerce_audit, probe: gentle, three APIs",
    "bare": "the same, hosts without PyMySQL and requests",
    "patch": "quality_patch_info, without the tool",
    "nothing": "no task at all",
}
LIMITS = {"files": 1.6, "gentle": 4}
EXPECTED = {
    "ping": {"pong"},
    "nothing": set(),
    "patch": {"not_applied"},
    "files": {"vulnerable: unpatched"},
    "gentle": {"vulnerable: unpatched"},
    "bare": {"vulnerable: unpatched"},
}
HOW = (
    "Controller and stores share the cores. 20 forks, pipelining, connections open. Times are medians by the clock; "
    "x ping is of the task without the command's start; CPU is per store, with its share of that start, and steadier "
    "than the clock; spread is from the fastest to the slowest round."
)
Samples = dict[str, list[Sample]]


def rounds_of(fleet: Fleet, parts: Sequence[str], rounds: int, inventory: str = "near") -> Samples:
    """Samples by part. The first round, which opens the connections and fills the stores' caches, is not counted."""
    samples: Samples = {part: [] for part in parts}
    for number in range(rounds + 1):
        for part in parts:
            play, interpreter = ("gentle", BARE_PYTHON) if part == "bare" else (part, "")
            sample = fleet.play(play, inventory, interpreter)
            unexpected = set(sample.answers) - EXPECTED[part]
            if unexpected:
                sys.exit(f"{PARTS[part]}: a store answered what it should not: {unexpected}")
            if number:
                samples[part].append(sample)
    return samples


def table_of_calls(samples: Samples, size: int, limits: dict[str, float]) -> str:
    """A row for each part, with its ratio to ping."""
    pings = samples["ping"]
    rows = []
    for part, found in samples.items():
        walls = [sample.task for sample in found]
        value = ratio(walls, [sample.task for sample in pings])
        rows.append(
            (
                PARTS[part],
                seconds(walls),
                spread(walls),
                seconds(sample.run for sample in found),
                milliseconds(sample.controller_cpu / size for sample in found),
                milliseconds(sample.stores_cpu / size for sample in found),
                f"{ratio([sample.cpu for sample in found], [sample.cpu for sample in pings]):.2f}",
                f"{value:.2f}",
                target(value, limits[part]) if part in limits else "",
            )
        )
    columns = (
        "play of one task",
        "task",
        "spread",
        "command",
        "controller CPU",
        "store CPU",
        "CPU x ping",
        "x ping",
        "target",
    )
    return table(columns, rows)


def table_of_patches(times: dict) -> str:
    """Both ways to the state of one patch."""
    value = ratio(times["tool"], times["files"])
    with_start = ratio(times["tool"], times["process"])
    rows = [
        (f"magento-patches status, {times['patches']} patches", seconds(times["tool"]), "", ""),
        ("by files", milliseconds(times["files"]), f"{value:.0f}", target(value, 20, at_least=True)),
        ("by files, start of Python and imports included", milliseconds(times["process"]), f"{with_start:.0f}", ""),
    ]
    return table(("state of ACSD-61103 on the store's host", "time", "times faster", "target"), rows)


def measure(fleet: Fleet, size: int, rounds: int) -> tuple[str, dict]:
    """The report, and the figures that it is made of."""
    near = rounds_of(fleet, ["ping", "files", "gentle", "bare", "patch", "nothing"], rounds)
    fleet.write_far_inventory(LATENCY)
    far = rounds_of(fleet, ["ping", "files", "gentle"], rounds, "far")
    calls = parts_of_calls(fleet, rounds)
    patches = patch_times(fleet, PATCHES, rounds)
    fleet.move_databases_away(LATENCY)
    far_database = rounds_of(fleet, ["ping", "gentle"], rounds)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    report = [
        f"# What an audit costs: {size} stores over SSH, {rounds} rounds",
        f"{time.strftime('%Y-%m-%d %H:%M')}, {machine}; load at the end {os.getloadavg()[0]:.1f}. {HOW}",
        "## Beside a ping",
        table_of_calls({part: near[part] for part in ("ping", "files", "gentle", "bare", "patch")}, size, LIMITS),
        "## State of a patch",
        table_of_patches(patches),
        f"## {LATENCY} ms more for each round trip",
        "By a forwarder of the bench's own in user space, not the kernel's netem; its CPU time is in neither column.",
        f"Between the controller and the stores ({LATENCY} ms):",
        table_of_calls(far, size, {}),
        f"Between each store and its database ({LATENCY} ms; the store's own PHP waits for it, too):",
        table_of_calls(far_database, size, {}),
        *tables_of_parts(calls, near, size),
    ]
    figures = {
        name: {part: [asdict(sample) for sample in found] for part, found in samples.items()}
        for name, samples in (("near", near), ("far", far), ("far_database", far_database))
    }
    return "\n\n".join(report) + "\n", {
        **figures,
        "patches": patches,
        "calls": calls,
        "stores": size,
        "machine": machine,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="What an audit costs, as ratios to a ping in the same run.")
    parser.add_argument("--stores", type=int, default=20, help="containers, about 120 MB each (default: 20)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that are counted (default: 5)")
    parser.add_argument("folder", type=Path, help="where the report goes")
    options = parser.parse_args()
    # An end by SIGTERM, too, has to remove the containers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    options.folder.mkdir(parents=True, exist_ok=True)
    print(f"Starting {options.stores} stores …", file=sys.stderr, flush=True)
    with Fleet(options.folder / "fleet", options.stores) as fleet:
        print(f"Measuring {options.rounds} rounds …", file=sys.stderr, flush=True)
        report, figures = measure(fleet, options.stores, options.rounds)
    (options.folder / "bench.md").write_text(report)
    (options.folder / "bench.json").write_text(json.dumps(figures))
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
