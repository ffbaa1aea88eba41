# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job as AWX starts it: ansible-runner in a folder of its own, with what a job is told, and its artifacts."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = CHECKOUT / "extensions" / "awx" / "project"


def told(number: int, template: str, workflow: str | None = None) -> dict[str, Any]:
    """What AWX tells a job by extra variables (awx/main/models: awx_meta_vars). workflow: of which it is a node."""
    variables: dict[str, Any] = {"awx_job_id": number, "awx_job_template_name": template}
    return {**variables, "awx_workflow_job_id": 7, "awx_workflow_job_name": workflow} if workflow else variables


class Job:
    """One job, which has begun. folder: its own, made anew. Its reports go to folder/reports."""

    def __init__(self, folder: Path, playbook: str, inventory: Mapping[str, Any], variables: Mapping[str, Any]):
        self.folder = folder
        self.reports = folder / "reports"
        shutil.copytree(PROJECT, folder / "project")
        _write(folder / "inventory/hosts.json", inventory)
        _write(folder / "env/extravars", variables)
        _write(folder / "env/envvars", {"STOREFLEET_REPORT_DIR": str(self.reports)})
        self._process = subprocess.Popen(
            ["ansible-runner", "run", str(folder), "--playbook", f"{playbook}.yml", "--ident", "job", "--quiet"],
            # The checkout's own configuration is none of the job's.
            env={**{name: value for name, value in os.environ.items() if name != "ANSIBLE_CONFIG"}, "PWD": str(folder)},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait(self) -> int:
        """The status of the playbook."""
        try:
            return self._process.wait(240)
        finally:
            self.stop()

    def stop(self) -> None:
        """Leave none of its processes behind, Ansible's neither."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def output(self) -> str:
        """What it said, in one line."""
        return " ".join((self.folder / "artifacts/job/stdout").read_text().split())

    @property
    def artifacts(self) -> dict[str, Any]:
        """What AWX hands on to the next nodes of the workflow: it is in the last event."""
        events = map(
            json.loads, (file.read_text() for file in (self.folder / "artifacts/job/job_events").glob("*.json"))
        )
        (end,) = (event for event in events if event["event"] == "playbook_on_stats")
        return end["event_data"]["artifact_data"]

    def report(self, folder: str = "reports") -> dict[str, Any]:
        """The report that it wrote."""
        return json.loads((self.folder / folder / "fleet-report.json").read_text())

    def has_baseline(self) -> bool:
        """Whether its report is what the next ones are compared with."""
        return (self.reports / "baseline.json").exists()


def _write(file: Path, content: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))
