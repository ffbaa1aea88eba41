# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store costs in a fleet of 100, of 250 and of 1,000: scale.py [OPTION ...] FOLDER

The shipped playbooks on store roots of this machine, over local connections: files only, no container, no database.
Each verdict is held against what the store was made to be; a single other one fails the bench. Prints tables in
Markdown and leaves them in FOLDER/scale.md, their figures in FOLDER/scale.json. Targets are shown as met or missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from figures import milliseconds, spread, table, target
from measured_run import Measured, measure
from support.store_roots import StoreRoot, differences, make_fleet, write_inventory
from support.store_states import QUIET_STATES

CHECKOUT = Path(__file__).resolve().parents[2]
SEED = 61103
SIZES = (100, 250, 1000)
SECONDS_FOR_A_STORE = 10
GROWTH = 1.15
MEBIBYTES = 150
# Part -> what it is, and its playbook.
PARTS = {
    "audit": ("audit, all states", "audit"),
    "quiet": ("audit, nothing to repair", "audit"),
    "remediate": ("remediate, nothing to repair", "remediate"),
}
HOW = (
    "Per store, of the whole command: its start, the inventory and the report are in it. CPU is of all processes, and "
    "steadier than the clock; main is the share of Ansible's one main process, which no number of forks makes faster. "
    "Medians of the rounds, but for the peak of the main process's memory; spread is that of CPU over the rounds."
)
Runs = dict[str, dict[int, list[Measured]]]


class Fleets:
    """The store roots, and runs of the shipped playbooks on the first ones of them."""

    def __init__(self, folder: Path, size: int):
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        mixed = make_fleet(folder / "mixed", size, SEED)
        quiet = make_fleet(folder / "quiet", size, SEED, QUIET_STATES)
        self._stores = {"audit": mixed, "quiet": quiet, "remediate": quiet}

    def __enter__(self) -> Fleets:
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def run(self, part: str, size: int) -> Measured:
        """One run of a part on so many stores. A verdict other than the store was made for ends the bench."""
        stores = self._stores[part][:size]
        inventory, reports = self._folder / f"{part}-{size}.json", self._folder / "reports"
        write_inventory(inventory, stores)
        # A report is compared with the one before: each run is a fleet's first.
        shutil.rmtree(reports, ignore_errors=True)
        playbook = CHECKOUT / "playbooks" / f"{PARTS[part][1]}.yml"
        command = ["ansible-playbook", str(playbook), f"--inventory={inventory}", "--extra-vars=commerce_enforce=false"]
        environment = {**os.environ, "STOREFLEET_REPORT_DIR": str(reports)}
        measured = measure(command, environment, self._folder / "output", SECONDS_FOR_A_STORE * size)
        self._check(part, stores, json.loads((reports / "fleet-report.json").read_text()))
        return measured

    def _check(self, part: str, stores: Sequence[StoreRoot], report: dict) -> None:
        wrong = differences(stores, report)
        if wrong:
            sys.exit("\n".join([f"{PARTS[part][0]}: {len(wrong)} answers are other than they should be:", *wrong[:20]]))


def runs_of(fleets: Fleets, sizes: Sequence[int], rounds: int, parts: Sequence[str]) -> Runs:
    """The smallest size in each round, the larger ones, which are the steadier for it, in the middle one only.

    What is compared with each other is run in turns, so that what else the machine does falls on all of it alike.
    """
    runs: Runs = {part: {} for part in parts}
    for number in range(rounds):
        for size in sizes if number == rounds // 2 else sizes[:1]:
            for part in _parts_of(size, sizes, parts):
                measured = fleets.run(part, size)
                print(f"{size} stores, {PARTS[part][0]}: {measured}", file=sys.stderr, flush=True)
                runs[part].setdefault(size, []).append(measured)
    return runs


def _parts_of(size: int, sizes: Sequence[int], parts: Sequence[str]) -> list[str]:
    """What a size is run with: a large fleet takes its time, and what it shows is whether the cost of a store grows."""
    wanted = {sizes[-1]: ("audit", "remediate"), sizes[0]: tuple(PARTS)}.get(size, ("audit",))
    return [part for part in parts if part in wanted]


def _cpu(runs: Runs, part: str, size: int) -> float:
    """CPU seconds of a store."""
    return median(run.cpu for run in runs[part][size]) / size


def _wall(runs: Runs, part: str, size: int) -> float:
    """Seconds of a store by the clock."""
    return median(run.wall for run in runs[part][size]) / size


def table_of_sizes(runs: Runs) -> str:
    """A row for each part and size, with its ratio to the smallest one."""
    smallest = min(size for sized in runs.values() for size in sized)
    rows = []
    for part, sized in runs.items():
        for size, found in sized.items():
            wall = _wall(runs, part, size) / _wall(runs, part, smallest)
            cpu = _cpu(runs, part, size) / _cpu(runs, part, smallest)
            mebibytes = max(run.main_memory for run in found) / 2**20
            rows.append(
                (
                    PARTS[part][0],
                    str(size),
                    str(len(found)),
                    milliseconds([_wall(runs, part, size)]),
                    f"{wall:.2f}",
                    milliseconds([_cpu(runs, part, size)]),
                    spread([run.cpu for run in found]),
                    f"{cpu:.2f}",
                    target(cpu, GROWTH) if size != smallest else "",
                    milliseconds(run.main_cpu / size for run in found),
                    f"{mebibytes:.0f} MiB",
                    target(mebibytes, MEBIBYTES),
                )
            )
    columns = (
        "playbook and stores",
        "stores",
        "runs",
        "wall",
        f"x {smallest}",
        "CPU",
        "spread",
        f"x {smallest}",
        "target",
        "main CPU",
        "main peak",
        "target",
    )
    return table(columns, rows)


def table_of_rollout(runs: Runs) -> str:
    """What remediate adds to an audit of the same stores, of which none has to be repaired."""
    rows = [
        (
            str(size),
            milliseconds([_cpu(runs, "remediate", size) - _cpu(runs, "quiet", size)]),
            f"{_cpu(runs, 'remediate', size) / _cpu(runs, 'quiet', size):.2f}",
        )
        for size in runs["quiet"]
    ]
    return table(("stores", "more CPU per store", "x audit"), rows)


def main() -> int:
    parser = argparse.ArgumentParser(description="What a store costs in small and in large fleets.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="stores (default: 100 250 1000)")
    parser.add_argument(
        "--rounds", type=int, default=3, help="runs of the smallest size, the others are run once (default: 3)"
    )
    parser.add_argument("--parts", choices=PARTS, nargs="+", default=list(PARTS), help="playbooks (default: all)")
    parser.add_argument("folder", type=Path, help="where the report goes")
    options = parser.parse_args()
    # An end by SIGTERM, too, has to remove the stores.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    sizes = sorted(options.sizes)
    print(f"Writing {2 * sizes[-1]} store roots …", file=sys.stderr, flush=True)
    with Fleets(options.folder / "scale", sizes[-1]) as fleets:
        runs = runs_of(fleets, sizes, options.rounds, options.parts)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    load = f"load at the end {os.getloadavg()[0]:.1f}"
    told = [
        "# What a store costs in a fleet",
        f"{time.strftime('%Y-%m-%d %H:%M')}, {machine}; {load}. All verdicts as they should be. {HOW}",
        table_of_sizes(runs),
    ]
    if {"quiet", "remediate"} <= set(runs):
        told += ["## What remediate adds to an audit", table_of_rollout(runs)]
    report = "\n\n".join(told)
    (options.folder / "scale.md").write_text(report + "\n")
    figures = {
        part: {size: [run._asdict() for run in found] for size, found in sized.items()} for part, sized in runs.items()
    }
    (options.folder / "scale.json").write_text(json.dumps({**figures, "machine": machine}))
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
