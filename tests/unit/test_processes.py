# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which process is which, and whether it still runs: yes, no, or not to be seen from here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import processes
from ansible_collections.storefleet.commerce.plugins.module_utils.processes import Process, is_running, process_of


@pytest.fixture
def sleeper():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process
        process.kill()


def test_a_process_runs_until_it_is_killed_even_if_nobody_has_asked_for_its_status(sleeper) -> None:
    found = process_of(sleeper.pid)
    assert found.pid == sleeper.pid
    assert is_running(found) is True
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert is_running(found) is False
    assert process_of(sleeper.pid) is None


def test_two_processes_of_one_number_are_two() -> None:
    own = process_of(os.getpid())
    assert is_running(own._replace(started=own.started - 1)) is False


def test_of_another_machine_nothing_is_said() -> None:
    own = process_of(os.getpid())
    assert is_running(own._replace(space="of another machine")) is None
    assert is_running(own._replace(pid=2**22 + 1, space="of another machine")) is None


def test_where_other_users_processes_are_hidden_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    own = process_of(os.getpid())
    monkeypatch.setattr(processes.os.path, "exists", lambda path: path != "/proc/1")
    assert is_running(own) is None


def test_without_proc_only_the_number_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_space", lambda: "")
    assert process_of(7) == Process(7, 0, "")
    assert is_running(Process(7, 0, "")) is None


def test_a_name_with_brackets_and_blanks_is_no_hindrance(tmp_path) -> None:
    program = tmp_path / "a ) R 1 (b"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([str(program), "60"]) as process:
        found = process_of(process.pid)
        process.kill()
    since_start = float(Path("/proc/uptime").read_text().split()[0])
    assert found.started / os.sysconf("SC_CLK_TCK") == pytest.approx(since_start, abs=30)
