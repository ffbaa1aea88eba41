# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masters of this host and their workers, and the wait until the old ones are gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import worker_processes
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.worker_processes import (
    MasterProcess,
    OldWorkers,
    apache_master,
    children,
    fpm_masters,
    masters_of,
    may_signal,
    reload_masters,
)

# A master with two workers. USR2: new workers, and the old ones end after a while, as php-fpm has it.
MASTER = """
import os, signal, sys, time
after, ends = float(sys.argv[1]), sys.argv[2] == "ends"
listening, listens = os.pipe()
def wait():
    # Not pause: a signal that comes just before it would wait for the next one.
    while True:
        time.sleep(0.01)
def worker():
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGUSR2, signal.SIG_IGN)
        signal.signal(signal.SIGQUIT, lambda *dummy: (time.sleep(after), os._exit(0)))
        os.write(listens, b".")
        wait()
    return pid
old = [worker(), worker()]
def reload(*dummy):
    if ends:
        os._exit(1)
    for pid in old:
        os.kill(pid, signal.SIGQUIT)
    old[:] = [worker(), worker()]
signal.signal(signal.SIGUSR2, reload)
def reap(*dummy):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
signal.signal(signal.SIGCHLD, reap)
for dummy in old:
    os.read(listening, 1)
print("ready", flush=True)
wait()
"""


@pytest.fixture
def master():
    started = []

    def start(after: float = 0.0, ends: str = "stays") -> MasterProcess:
        process = subprocess.Popen(
            [sys.executable, "-c", MASTER, str(after), ends], stdout=subprocess.PIPE, start_new_session=True
        )
        started.append(process)
        assert process.stdout.readline() == b"ready\n"
        return MasterProcess(process.pid, "/etc/php-fpm.conf")

    yield start
    for process in started:
        # Of a master that has ended, nobody may be left.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def is_renewed(process: MasterProcess, before: list[int]) -> bool:
    """Whether a master has two workers, and none of before."""
    now = children(process.pid)
    return len(now) == 2 and not set(before) & set(now)


def test_a_reload_waits_for_the_old_workers_only(master) -> None:
    process = master(after=0.4)
    before = children(process.pid)
    begun = time.monotonic()
    reload_masters([process], 10)
    assert time.monotonic() - begun > 0.3
    assert len(before) == 2
    # Dead ones are listed until their master has looked, and new ones come while the old ones go.
    while not is_renewed(process, before) and time.monotonic() - begun < 10:
        time.sleep(0.01)
    assert is_renewed(process, before)


def test_workers_that_do_not_end_are_given_up(master) -> None:
    with pytest.raises(CommerceError, match=r"old workers still ran after 0\.2 s") as raised:
        reload_masters([master(after=30)], 0.2)
    assert raised.value.code == "reload_timeout"


def test_a_master_that_ends_instead_is_a_failure(master) -> None:
    process = master(ends="ends")
    old = OldWorkers([process])
    for pid in children(process.pid):
        os.kill(pid, signal.SIGKILL)
    os.kill(process.pid, signal.SIGUSR2)
    os.waitpid(process.pid, 0)
    with pytest.raises(CommerceError, match="it has ended") as raised:
        old.wait(5)
    assert raised.value.code == "reload_failed"


def test_a_master_that_goes_on_in_another_process_has_not_ended(master, monkeypatch: pytest.MonkeyPatch) -> None:
    process = master(ends="ends")
    old = OldWorkers([process])
    for pid in children(process.pid):
        os.kill(pid, signal.SIGKILL)
    os.kill(process.pid, signal.SIGUSR2)
    os.waitpid(process.pid, 0)
    monkeypatch.setattr(worker_processes, "fpm_masters", lambda: [MasterProcess(1, process.config)])
    old.wait(5)


def test_a_master_is_known_by_its_main_file_whatever_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a new one after a reload, and for a moment none that can be told."""
    a, b, c = MasterProcess(4, "/a"), MasterProcess(3, "/b"), MasterProcess(5, "/c")
    seen = iter([[], [b], [b, a, c]])
    monkeypatch.setattr(worker_processes, "fpm_masters", lambda: next(seen))
    assert masters_of(["/a", "/b"]) == [b, a]
    monkeypatch.setattr(worker_processes, "fpm_masters", list)
    assert masters_of([], 0) == []
    with pytest.raises(CommerceError, match="php-fpm with /a: it has ended") as raised:
        masters_of(["/a"], 0)
    assert raised.value.code == "reload_failed"


def test_a_number_that_is_used_again_is_another_process(master, monkeypatch: pytest.MonkeyPatch) -> None:
    old = OldWorkers([master()])
    monkeypatch.setattr(worker_processes, "_identity", lambda pid: (pid, b"started later"))
    old.wait(0.0)


def test_signals_go_to_what_is_ours(master) -> None:
    assert may_signal(master().pid)
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert not may_signal(gone.pid)
    assert children(gone.pid) == []


def process(proc: Path, pid: int, title: bytes, spaces: str) -> None:
    (proc / str(pid)).mkdir()
    (proc / str(pid) / "cmdline").write_bytes(title)
    (proc / str(pid) / "status").write_text(f"Name:\tphp-fpm\nNSpid:\t{spaces}\nUid:\t0\n")


def test_masters_of_containers_are_none_of_the_hosts(tmp_path: Path) -> None:
    process(tmp_path, 12, b"php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)\0\0", "12")
    process(tmp_path, 9, b"php-fpm: master process (/etc/php-fpm.conf)", "9")
    process(tmp_path, 13, b"php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)", "13\t1")
    process(tmp_path, 14, b"php-fpm: pool www", "14")
    (tmp_path / "15").mkdir()
    (tmp_path / "self").mkdir()
    assert fpm_masters(str(tmp_path)) == [
        MasterProcess(9, "/etc/php-fpm.conf"),
        MasterProcess(12, "/etc/php/8.2/fpm/php-fpm.conf"),
    ]


def test_apache_is_found_by_its_pid_file(tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in ("none.pid", "gone.pid", "apache2.pid")]
    (tmp_path / "gone.pid").write_text("4999999\n")
    assert apache_master(files) is None
    (tmp_path / "apache2.pid").write_text(f"{os.getpid()}\n")
    assert apache_master(files) == MasterProcess(os.getpid(), "")
