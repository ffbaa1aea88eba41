# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the shipped playbooks on a fleet that is not the same every night, and what each of them has written."""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.faults_run import Run

GROUP = "fleet"
# Nothing listens there.
CLOSED_PORT = 1
# Seconds for a run, on a busy machine.
PATIENCE = 600


class Told:
    """What a run has said: status, printed, and the reports as they were when it had ended."""

    def __init__(self, status: int, printed: str, reports: Path):
        self.status = status
        self.printed = printed
        self._reports = reports

    def text(self, suffix: str, name: str = "fleet-report") -> str:
        """A file of the folder of reports."""
        return (self._reports / f"{name}{suffix}").read_text()

    @property
    def report(self) -> dict:
        return json.loads(self.text(".json"))

    @property
    def baseline(self) -> str:
        """The run that the next one is compared with."""
        return json.loads(self.text(".json", "baseline"))["run"]["id"]

    @property
    def drift(self) -> dict[str, list[str]]:
        """The hosts by what has become of them, without those kinds that none is of."""
        kinds = ("lost", "gained", "recovered", "changed", "new", "gone")
        return {kind: self.report["drift"][kind] for kind in kinds if self.report["drift"][kind]}

    @property
    def verdicts(self) -> dict[str, str]:
        return {entry["name"]: f"{entry['status']}: {entry['reason']}" for entry in self.report["stores"]}

    def entry(self, name: str) -> dict:
        """What the report says of a host."""
        return next(entry for entry in self.report["stores"] if entry["name"] == name)


class Fleet:
    """Hosts of the scenario's inventory, in a group that each run has anew. All runs have one folder of reports."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._numbers = itertools.count(1)

    def run(
        self,
        playbook: str,
        hosts: Iterable[str],
        *options: str,
        away: Iterable[str] = (),
        waived: Mapping[str, int] | None = None,
        **variables: object,
    ) -> Told:
        """Runs a playbook of the collection on the hosts.

        away: those of them that do not answer. waived: hosts with a waiver, and the days from today to its last.
        """
        here = self._folder / str(next(self._numbers))
        here.mkdir()
        inventory = here / "fleet.json"
        described = {name: {"ansible_port": CLOSED_PORT} if name in away else {} for name in hosts}
        inventory.write_text(json.dumps({GROUP: {"hosts": described}}))
        run = Run(
            here / "run.log",
            Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"]),
            {"commerce_hosts": GROUP, "commerce_waivers": waivers(waived or {}), **variables},
            f"storefleet.commerce.{playbook}",
            options=options,
            environment={
                "ANSIBLE_INVENTORY": f"{os.environ['ANSIBLE_INVENTORY']},{inventory}",
                "STOREFLEET_REPORT_DIR": str(self._folder / "reports"),
                "STOREFLEET_REPORT_PROGRESS": "always",
            },
        )
        status = run.end(PATIENCE)
        shutil.copytree(self._folder / "reports", here / "reports")
        return Told(status, run.log.read_text(), here / "reports")


def waivers(days: Mapping[str, int]) -> list[dict[str, str]]:
    """A waiver of each host that ends so many days after today."""
    today = datetime.now(UTC).date()
    return [
        {"host": host, "reason": "It is closed soon.", "expires": str(today + timedelta(days=number))}
        for host, number in days.items()
    ]
