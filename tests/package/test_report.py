# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet's report as it comes by itself: no checkout, no ansible.cfg, an empty home."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

AUDIT = "storefleet.commerce.audit"
FORMS = {f"fleet-report{suffix}" for suffix in (".json", ".html", ".csv", ".junit.xml", ".prom")}


class Work:
    """A folder to call ansible-playbook in, with a host that is away, one that is lame and one without a store."""

    def __init__(self, folder: Path, user):
        self.folder = folder
        self._user = user
        local = {"ansible_connection": "local", "ansible_remote_tmp": str(folder / "tmp")}
        python = {**local, "ansible_python_interpreter": sys.executable, "commerce_root": str(folder / "none")}
        self.slow = folder / "slow-python"
        self.slow.write_text(f'#!/bin/sh\nsleep 60\nexec {sys.executable} "$@"\n')
        self.slow.chmod(0o755)
        hosts = {
            "away": {"ansible_host": "127.0.0.1", "ansible_port": 1},
            "empty": {**python, "commerce_store": "shop"},
            "lame": {**local, "ansible_python_interpreter": str(folder / "no-python")},
        }
        self.write("fleet.json", {"commerce": {"hosts": hosts}})
        hosts = {"empty": python, "slow": {**local, "ansible_python_interpreter": str(self.slow)}}
        self.write("slow.json", {"commerce": {"hosts": hosts}})

    def write(self, name: str, content: Any) -> Path:
        file = self.folder / name
        file.write_text(json.dumps(content))
        return file

    def _popen(self, argv: tuple[str, ...], environment: dict[str, str], output: int) -> subprocess.Popen:
        home = {"HOME": str(self._user.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        return subprocess.Popen(
            ["ansible-playbook", *argv],
            cwd=self.folder,
            env={**home, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
            start_new_session=True,
        )

    def play(self, *argv: str, status: int, **environment: str) -> tuple[str, str]:
        """Standard output and standard error of ansible-playbook, in one line each."""
        process = self._popen(argv, environment, subprocess.PIPE)
        out, err = process.communicate(timeout=120)
        assert process.returncode == status, f"{argv} ended {process.returncode}:\n{out}{err}"
        return " ".join(out.split()), " ".join(err.split())

    def kill(self, number: signal.Signals) -> int:
        """The status of an audit that gets a signal when one of its two hosts has its verdict."""
        process = self._popen(("-i", "slow.json", AUDIT), {}, subprocess.DEVNULL)
        try:
            until = time.monotonic() + 60
            while not any('"event": "audit"' in file.read_text() for file in self.events()):
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
            process.send_signal(number)
            return process.wait(60)
        finally:
            # Its workers may live on.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(60)

    def events(self) -> list[Path]:
        return sorted((self.folder / "reports/.events").glob("*.jsonl"))

    def runs(self) -> list[dict[str, Any]]:
        files = (self.folder / "reports/runs").glob("*.json")
        return [json.loads(file.read_text()) for file in sorted(files)]

    def report(self, folder: str = "reports") -> dict[str, Any]:
        return json.loads((self.folder / folder / "fleet-report.json").read_text())


@pytest.fixture
def work(user, tmp_path: Path) -> Work:
    return Work(tmp_path, user)


def states(report: dict[str, Any]) -> dict[str, str]:
    return {entry["name"]: entry["state"] for entry in report["stores"]}


def test_every_store_is_in_the_report(work: Work) -> None:
    out, err = work.play("-i", "fleet.json", AUDIT, status=2)
    assert states(work.report()) == {"away": "unreachable", "empty": "audited", "lame": "failed"}
    assert {entry["reason"] for entry in work.report()["stores"]} == {"unreachable", "tool_failed"}
    assert {file.name for file in (work.folder / "reports").iterdir() if file.name.startswith("fleet")} == FORMS
    assert all((work.folder / "reports" / form).stat().st_size for form in FORMS)
    assert work.runs() == [work.report()]
    assert (work.report()["run"]["aborted"], work.report()["run"]["playbook"]) == (False, "audit")
    assert work.events() == []
    # In a pipe it is quiet: other programs may read what Ansible writes there.
    assert "WARNING" not in out + err
    assert "[1/3]" not in out
    assert "Report:" not in out


def test_hosts_outside_of_the_limit_are_in_the_report(work: Work) -> None:
    options = {"STOREFLEET_REPORT_PROGRESS": "always", "STOREFLEET_REPORT_FORMATS": "csv"}
    out, dummy = work.play("-i", "fleet.json", AUDIT, "--limit", "empty", "--check", status=2, **options)
    assert states(work.report()) == {"away": "not_selected", "empty": "audited", "lame": "not_selected"}
    assert (work.report()["scope"]["limit"], work.report()["scope"]["check"]) == ("empty", True)
    assert not (work.folder / "reports/baseline.json").exists()
    assert not (work.folder / "reports/fleet-report.html").exists()
    assert "[1/1] empty unknown: tool_failed" in out
    assert f"Report: {work.folder}/reports" in out


def test_a_playbook_that_imports_ours_has_one_report_of_our_hosts(work: Work) -> None:
    other = {"hosts": "localhost", "gather_facts": False, "tasks": [{"ansible.builtin.command": "false"}]}
    other["tasks"][0]["ignore_errors"] = True
    plays = [{"ansible.builtin.import_playbook": AUDIT, "vars": {"commerce_hosts": host}} for host in ("empty", "lame")]
    work.write("site.yml", [other, *plays])
    (work.folder / "ansible.cfg").write_text(
        "[defaults]\ncallbacks_enabled = storefleet.commerce.fleet_report\n"
        "[callback_fleet_report]\ndirectory = elsewhere\nformats = prom\n"
    )
    work.play("-i", "fleet.json", "site.yml", "-e", "commerce_enforce=false", status=0)
    assert states(work.report("elsewhere")) == {"empty": "audited", "lame": "failed"}
    assert len(list((work.folder / "elsewhere/runs").iterdir())) == 1
    assert not (work.folder / "reports").exists()


def test_ctrl_c_leaves_a_report_of_an_aborted_run(work: Work) -> None:
    assert work.kill(signal.SIGINT) == 99
    assert states(work.report()) == {"empty": "audited", "slow": "not_started"}
    assert work.report()["run"]["aborted"]
    assert work.events() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_a_killed_run_left_is_made_a_report_by_the_next(work: Work, number: signal.Signals) -> None:
    assert work.kill(number) == -number
    assert (len(work.events()), work.runs()) == (1, [])
    dummy, err = work.play("-i", "fleet.json", AUDIT, "-e", "commerce_enforce=false", status=0)
    aborted, whole = work.runs()
    assert states(aborted) == {"empty": "audited", "slow": "not_started"}
    assert (aborted["run"]["aborted"], whole["run"]["aborted"]) == (True, False)
    assert whole == work.report()
    assert f"The run {aborted['run']['id']} of {aborted['run']['started']} was aborted: its report is" in err


def test_the_playbook_report_finishes_and_merges_without_an_inventory(work: Work) -> None:
    work.kill(signal.SIGKILL)
    work.play("storefleet.commerce.report", "--check", status=0)
    assert (len(work.events()), work.runs()) == (1, [])
    work.play("storefleet.commerce.report", status=0)
    assert work.events() == []
    assert states(work.report()) == {"empty": "audited", "slow": "not_started"}
    work.play("-i", "fleet.json", AUDIT, "--limit", "away", status=2, STOREFLEET_REPORT_DIR="slices/1")
    work.play("-i", "fleet.json", AUDIT, "--limit", "empty,lame", status=2, STOREFLEET_REPORT_DIR="slices/2")
    wish = json.dumps({"commerce_reports": ["slices/*/fleet-report.json"], "commerce_report_directory": "merged"})
    out, dummy = work.play("storefleet.commerce.report", "-e", wish, status=2)
    merged = work.report("merged")
    assert states(merged) == {"away": "unreachable", "empty": "audited", "lame": "failed"}
    assert len(merged["run"]["sources"]) == 2
    assert "3 unknown" in out
    work.play("storefleet.commerce.report", "-e", wish, "-e", "commerce_enforce=false", status=0)


def test_reports_of_mixed_versions_are_refused(work: Work) -> None:
    work.write("newer.json", {"schema_version": 2, "run": {"id": "r2"}, "stores": []})
    out, err = work.play("storefleet.commerce.report", "-e", '{"commerce_reports": ["newer.json"]}', status=2)
    assert "its schema_version is 2, and this collection's is 1" in out + err


def test_a_run_goes_on_without_its_report(work: Work) -> None:
    (work.folder / "reports").write_text("This is no folder.")
    out, err = work.play("-i", "fleet.json", AUDIT, "-e", "commerce_enforce=false", status=0)
    assert "empty: unknown (tool_failed)." in out
    assert err.count("There will be no complete fleet report of this run.") == 1
