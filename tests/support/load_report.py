# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of loads, each in a file of its own, and the table of them all.

python3 -m support.load_report sum --way NAME [--note TEXT] [--windows JSON] [--state JSON] SAMPLES... prints results
one load has as JSON. windows: a list of [name, began, ended] (load_results.Window); state: what load_state said.
python3 -m support.load_report table [--json FILE] FOLDER prints the table of all results in that folder, ordered by
file name, and writes them to FILE as a list.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from support.load_results import Window, read_samples, summary

COLUMNS = ("way", "", "switches", "requests", "a second", "during switches", "failed", "longest pause")


def results(way: str, note: str, windows: Sequence[Sequence[Any]], state: Any, files: Iterable[Path]) -> dict[str, Any]:
    """What became of one way: its load's summary (load_results), and the state that it left."""
    samples = [sample for file in files for sample in read_samples(file)]
    figures = summary(samples, [Window(*window) for window in windows])
    return {"way": way, "note": note, "state": state, **figures}


def table(found: Iterable[Mapping[str, Any]]) -> str:
    """A Markdown table with a row for each load."""
    rows = [
        (
            one["way"],
            one["note"],
            str(len(one["windows"])),
            f"{one['sent']:,}",
            f"{one['rate']:.0f}",
            f"{sum(window['requests'] for window in one['windows']):,}",
            f"{one['failed']:,}",
            f"{one['longest_pause']:.2f} s",
        )
        for one in found
    ]
    lines = [COLUMNS, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(COLUMNS))]
    ruler = [("-" * width if place < 2 else "-" * (width - 1) + ":") for place, width in enumerate(widths)]
    cells = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in [cells[0], ruler, *cells[1:]])


def main() -> int:
    parser = argparse.ArgumentParser(description="The results of loads.")
    commands = parser.add_subparsers(dest="command", required=True)
    sums = commands.add_parser("sum")
    sums.add_argument("--way", required=True)
    sums.add_argument("--note", default="")
    sums.add_argument("--windows", type=json.loads, default=[])
    sums.add_argument("--state", type=json.loads, default=None)
    sums.add_argument("samples", type=Path, nargs="+")
    tables = commands.add_parser("table")
    tables.add_argument("--json", type=Path)
    tables.add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.command == "sum":
        found = results(options.way, options.note, options.windows, options.state, options.samples)
        print(json.dumps(found, indent=1))
    else:
        found = [json.loads(file.read_text()) for file in sorted(options.folder.glob("*.json"))]
        if options.json:
            options.json.write_text(json.dumps(found, indent=1))
        print(table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
