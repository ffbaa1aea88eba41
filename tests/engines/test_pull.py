# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that audit themselves by ansible-pull, and the fleet's report of theirs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.controller_job import PROJECT


class Machines:
    """Two store hosts, which are one machine here, and the repository that they pull from."""

    def __init__(self, folder: Path, inventory: dict[str, Any]):
        self.folder = folder
        work = folder / "work"
        shutil.copytree(PROJECT, work)
        (work / "inventory.yml").write_text(json.dumps(inventory))
        author = ("-c", "user.name=test", "-c", "user.email=test@example.com")
        self._run("git", "init", "--quiet", "--initial-branch=main", str(work))
        self._run("git", "-C", str(work), "add", ".")
        self._run("git", "-C", str(work), *author, "commit", "--quiet", "--message=Fleet")
        self._run("git", "clone", "--quiet", "--bare", str(work), str(folder / "fleet.git"))

    def pull(self, host: str) -> dict[str, Any]:
        """The report of a host that audits itself."""
        command = [
            "ansible-pull",
            f"--url=file://{self.folder}/fleet.git",
            f"--directory={self.folder}/{host}/checkout",
        ]
        options = ["--inventory=inventory.yml", f"--limit={host}", "--extra-vars=ansible_connection=local"]
        reports = self.folder / host / "reports"
        # The store of a host that is not well makes its audit fail, as it should.
        self._run(*command, *options, "audit.yml", status=2, STOREFLEET_REPORT_DIR=str(reports))
        return json.loads((reports / "fleet-report.json").read_text())

    def merge(self) -> dict[str, Any]:
        """The report of both."""
        reports = json.dumps({"commerce_reports": [f"{self.folder}/*/reports/fleet-report.json"]})
        self._run(
            "ansible-playbook",
            f"--inventory={self.folder}/work/inventory.yml",
            f"--extra-vars={reports}",
            "storefleet.commerce.report",
            status=2,
            STOREFLEET_REPORT_DIR=str(self.folder / "fleet"),
        )
        return json.loads((self.folder / "fleet/fleet-report.json").read_text())

    def _run(self, *argv: str, status: int = 0, **environment: str) -> None:
        kept = {name: value for name, value in os.environ.items() if name != "ANSIBLE_CONFIG"}
        done = subprocess.run(argv, env={**kept, **environment}, capture_output=True, text=True, check=False)
        assert done.returncode == status, f"{argv} ended {done.returncode}:\n{done.stdout}{done.stderr}"


@pytest.fixture
def machines(fleet, tmp_path: Path) -> Machines:
    common = fleet.inventory["commerce"]
    names = [store.name for store in fleet.stores if store.state.name in ("unpatched", "patched")][:2]
    return Machines(tmp_path, {"commerce": {**common, "hosts": {name: common["hosts"][name] for name in names}}})


def test_hosts_that_audit_themselves_make_a_report_of_the_fleet(machines: Machines) -> None:
    first, second = sorted(json.loads((machines.folder / "work/inventory.yml").read_text())["commerce"]["hosts"])
    for host, other in ((first, second), (second, first)):
        report = machines.pull(host)
        assert {entry["name"]: entry["state"] for entry in report["stores"]} == {host: "audited", other: "not_selected"}
        assert not (machines.folder / host / "reports/baseline.json").exists()
    merged = machines.merge()
    assert {entry["name"]: entry["state"] for entry in merged["stores"]} == {first: "audited", second: "audited"}
    assert merged["scope"]["limit"] is None
    assert (machines.folder / "fleet/baseline.json").exists()
