# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from support import faults_striker as striker
from support.faults_striker import Process

# A container: the first process, sshd with a session and its run, a run without a session, and one from outside.
RUNNING = {
    process.pid: process
    for process in (
        Process(1, 0, "tini", "tini -- store-host"),
        Process(5, 1, "sshd", "sshd: /usr/sbin/sshd [listener] 0 of 10-100 startups"),
        Process(6, 5, "sshd", "sshd: root@notty"),
        Process(7, 6, "python3", "/usr/bin/python3"),
        Process(8, 7, "php", "php bin/magento setup:di:compile"),
        Process(9, 1, "python3.11", "/usr/bin/python3 async_wrapper.py"),
        Process(10, 1, "php-fpm8.2", "php-fpm: pool www"),
        Process(20, 0, "python3", "python3 -c session"),
        Process(21, 20, "php", "php -v"),
    )
}


@pytest.fixture
def sent(monkeypatch):
    """What was sent to the processes of RUNNING: (pids, signal) in order; nothing is really sent."""
    found = []
    monkeypatch.setattr(striker, "send", lambda pids, number: found.append((sorted(pids), number)))
    monkeypatch.setattr(striker, "processes", lambda: RUNNING)
    return found


def request(tmp_path, **more):
    return {
        "conditions": [],
        "delay": 0,
        "deed": "nothing",
        "script": "",
        "look_at": [],
        "go": "",
        "patience": 5,
        **more,
    }


def test_a_run_is_told_from_what_came_from_outside():
    assert striker.of_the_run(RUNNING, striker.MODULE) == [7, 9]
    assert striker.of_the_run(RUNNING, striker.CHILDREN) == [8]


def test_sessions_are_not_the_listener():
    assert striker.sessions(RUNNING) == [6]


@pytest.mark.parametrize(
    ("deed", "killed"),
    [("nothing", None), ("kill", [7, 9]), ("kill_all", [7, 8, 9]), ("hang_up", [6])],
)
def test_the_run_is_stopped_the_deed_done_and_the_run_goes_on(sent, tmp_path, deed, killed):
    striker.strike(request(tmp_path, deed=deed))
    kill = [(killed, signal.SIGKILL)] if killed else []
    assert sent == [([7, 9], signal.SIGSTOP), ([7, 9], signal.SIGSTOP), *kill, ([7, 9], signal.SIGCONT)]


@pytest.mark.parametrize(("deed", "kills"), [("tell", 0), ("tell_and_kill", 1)])
def test_it_tells_and_waits_for_a_line(sent, tmp_path, monkeypatch, capsys, deed, kills):
    class Line:
        @staticmethod
        def readline():
            # The run is stopped, and nothing has been killed yet.
            assert {number for dummy, number in sent} == {signal.SIGSTOP}
            assert capsys.readouterr().out == "ready\nnow\n"

    monkeypatch.setattr(sys, "stdin", Line)
    striker.strike(request(tmp_path, deed=deed))
    assert [number for dummy, number in sent].count(signal.SIGKILL) == kills


def test_the_script_runs_while_the_run_is_stopped_and_what_waits_is_let_go(sent, tmp_path):
    script, go = tmp_path / "script", tmp_path / "go"
    striker.strike(request(tmp_path, script=f"[[ ! -e {go} ]] && echo x >{script}", go=str(go)))
    assert script.read_text() == "x\n"
    assert go.exists()


def test_a_script_that_fails_is_no_fault_and_lets_the_run_go_on(sent, tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        striker.strike(request(tmp_path, script="false", deed="kill"))
    assert sent[-1] == ([7, 9], signal.SIGCONT)
    assert not [number for dummy, number in sent if number == signal.SIGKILL]


def test_the_moment_comes_when_all_conditions_were_met_in_turn(sent, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    second.write_text("old")
    times = {}

    def change():
        # Not the second condition: its turn has not come.
        second.write_text("something else")
        time.sleep(0.1)
        first.write_text("")
        time.sleep(0.1)
        times["changed"] = time.monotonic()
        second.write_text("again something else")

    thread = threading.Thread(target=change)
    thread.start()
    seen = striker.strike(
        request(
            tmp_path,
            conditions=[["there", str(first)], ["changed", str(second)]],
            look_at=[str(first), str(second), str(tmp_path / "third")],
        )
    )
    assert time.monotonic() >= times["changed"]
    thread.join()
    assert seen == {
        "reached": True,
        "stopped": 2,
        "seen": {str(first): "new", str(second): "changed", str(tmp_path / "third"): "absent"},
    }


def test_what_was_changed_before_its_turn_is_another_one_all_the_same(sent, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"

    def change():
        time.sleep(0.1)
        second.write_text("new")
        time.sleep(0.1)
        first.write_text("new")

    thread = threading.Thread(target=change)
    thread.start()
    wanted = [["there", str(first)], ["other", str(second)]]
    assert striker.strike(request(tmp_path, conditions=wanted))["reached"]
    thread.join()
    assert not striker.strike(request(tmp_path, conditions=wanted, patience=0.1))["reached"]


@pytest.mark.parametrize("there", [True, False])
def test_a_file_may_have_to_be_there_or_gone(sent, tmp_path, there):
    file = tmp_path / "file"
    if there:
        file.write_text("")
    for condition, is_met in (("there", there), ("gone", not there)):
        seen = striker.strike(request(tmp_path, conditions=[[condition, str(file)]], patience=0.1))
        assert seen["reached"] is is_met


def test_it_gives_up_in_time(sent, tmp_path):
    seen = striker.strike(request(tmp_path, conditions=[["there", str(tmp_path / "never")]], patience=0.1))
    assert seen == {"reached": False}
    assert sent == []


def test_the_delay_is_kept(sent, tmp_path):
    started = time.monotonic()
    striker.strike(request(tmp_path, delay=0.2))
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize(
    ("before", "now", "state"),
    [(None, None, "absent"), (1, 1, "same"), (1, 2, "changed"), (None, 1, "new"), (1, None, "gone")],
)
def test_states(before, now, state):
    assert striker.state(before, now) == state


def test_processes_are_read_with_their_parents():
    with subprocess.Popen(["sleep", "30"]) as child:
        found = striker.processes()[child.pid]
        child.kill()
    assert (found.parent, found.name, found.arguments) == (os.getpid(), "sleep", "sleep 30")


def test_it_refuses_to_work_outside_of_a_container():
    program = subprocess.run([sys.executable, striker.__file__, "{}"], capture_output=True, text=True, check=False)
    assert program.returncode == 1
    assert "no container of a store" in program.stderr
