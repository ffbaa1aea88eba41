# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits on a store's host for a moment of a run, and does something to the run in it. Root's, and alone in its file.

It is handed to the host's Python as it is: python3 faults_striker.py REQUEST, with the request as JSON:

    conditions  [[is, path], ...], met in turn; is: there, gone, changed (another file than when its turn came), or
                other (another one than when the waiting began)
    delay       seconds from the last of them to the moment
    deed        nothing; kill: the run's Python processes; kill_all: its PHP too; hang_up: the SSH sessions;
                tell: whoever started this does something, and then sends a line; tell_and_kill: both
    script      Bash, run before the deed
    look_at     paths whose state is told
    go          a file that is made after the deed
    patience    seconds until it gives up

A line "ready" says that it has begun to wait; the next is what it saw, as JSON. The run is stopped while it looks and
acts. It refuses to work anywhere but in a store's container: it stops and kills by the names of programs.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

MODULE = ("python3",)
CHILDREN = ("php", "composer", "git", "patch", "nice", "ionice")
PAUSE = 0.0005
# What every container of a store has: extensions/commerce_image.
CONTAINER = "/var/lib/commerce-provisioned"


class Process:
    """One process of the host: its id, its parent's, its name, and its command line."""

    def __init__(self, pid: int, parent: int, name: str, arguments: str):
        self.pid = pid
        self.parent = parent
        self.name = name
        self.arguments = arguments


def processes(proc: str = "/proc") -> dict[int, Process]:
    """All processes by their ids. One that ends meanwhile is not among them."""
    found = {}
    for entry in filter(str.isdigit, os.listdir(proc)):
        with suppress(OSError):
            with open(os.path.join(proc, entry, "stat")) as file:
                head, dummy, tail = file.read().rpartition(")")
            state, parent = tail.split()[:2]
            with open(os.path.join(proc, entry, "cmdline"), "rb") as file:
                arguments = file.read().replace(b"\0", b" ").decode(errors="replace").strip()
            if state != "Z":
                found[int(entry)] = Process(int(entry), int(parent), head.partition("(")[2], arguments)
    return found


def is_foreign(process: Process, running: dict[int, Process]) -> bool:
    """Whether it was started from outside of the container, as this is: the first process is none of its ancestors."""
    while process.pid != 1:
        if process.parent not in running:
            return True
        process = running[process.parent]
    return False


def of_the_run(running: dict[int, Process], names: tuple[str, ...]) -> list[int]:
    """The processes of these programs that a run has started, whether it still waits for them or not."""
    # Versions of a program (python3.11) bear its name in front.
    return [
        process.pid
        for process in running.values()
        if any(process.name == name or process.name.startswith(name + ".") for name in names)
        and not is_foreign(process, running)
    ]


def sessions(running: dict[int, Process]) -> list[int]:
    """sshd's processes but the one that listens."""
    return [each.pid for each in running.values() if each.name == "sshd" and "[listener]" not in each.arguments]


def send(pids: list[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def identity(path: str):
    """What another file at this path would differ in, None where there is none."""
    try:
        entry = os.lstat(path)
    except OSError:
        return None
    return (entry.st_dev, entry.st_ino, entry.st_mtime_ns, entry.st_size)


def is_met(condition: str, at_first, before, now) -> bool:
    if condition == "other":
        return now != at_first
    return {"there": now is not None, "gone": now is None, "changed": now != before}[condition]


def wait_for(conditions, until: float, pids: list[int]) -> bool:
    """Whether all of them were met in time. pids: becomes the run's processes, so that it can be stopped at once."""
    at_first = {path: identity(path) for dummy, path in conditions}
    for turn, (condition, path) in enumerate(conditions):
        before = identity(path)
        pids[:] = of_the_run(processes(), MODULE)
        while not is_met(condition, at_first[path], before, identity(path)):
            if time.monotonic() > until:
                return False
            # What follows a first condition may follow within microseconds.
            if turn == 0:
                time.sleep(PAUSE)
    return True


def state(before, now) -> str:
    if now == before:
        return "same" if now else "absent"
    return "changed" if before and now else "new" if now else "gone"


def strike(request: dict) -> dict:
    """Wait for the moment and do the deed; returns what was seen, {"reached": false} if it never came."""
    at_first = {path: identity(path) for path in request["look_at"]}
    pids: list[int] = []
    print("ready", flush=True)
    if not wait_for(request["conditions"], time.monotonic() + request["patience"], pids):
        return {"reached": False}
    pids = pids or of_the_run(processes(), MODULE)
    until = time.monotonic() + request["delay"]
    while time.monotonic() < until:
        pass
    send(pids, signal.SIGSTOP)
    running = processes()
    pids = of_the_run(running, MODULE)
    send(pids, signal.SIGSTOP)
    seen = {path: state(at_first[path], identity(path)) for path in request["look_at"]}
    try:
        if request["script"]:
            subprocess.run(["bash", "-euc", request["script"]], check=True, stdin=subprocess.DEVNULL)
        act(request["deed"], pids, running)
    finally:
        if request["go"]:
            with open(request["go"], "w"):
                pass
        send(pids, signal.SIGCONT)
    return {"reached": True, "stopped": len(pids), "seen": seen}


def act(deed: str, pids: list[int], running: dict[int, Process]) -> None:
    if deed in ("tell", "tell_and_kill"):
        print("now", flush=True)
        sys.stdin.readline()
    if deed in ("kill", "tell_and_kill"):
        send(pids, signal.SIGKILL)
    elif deed == "kill_all":
        send(pids + of_the_run(running, CHILDREN), signal.SIGKILL)
    elif deed == "hang_up":
        send(sessions(running), signal.SIGKILL)


if __name__ == "__main__":
    if not os.path.exists(CONTAINER):
        sys.exit("faults_striker: this is no container of a store")
    print(json.dumps(strike(json.loads(sys.argv[1]))), flush=True)
