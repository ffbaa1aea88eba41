# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run as it goes on: its events, each in the file as soon as it happens. No Ansible below this line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from .events import append, timestamp
from .task_events import Done, events_of

_COUNTS = ("ok", "failures", "unreachable", "changed", "skipped")


class Recording:
    """The events of one run, and which stage of its rollout has begun.

    file: where they go. run: the event run, which is the first.
    """

    def __init__(self, file: Path, run: Mapping[str, Any]):
        self.file = file
        self.hosts = [dict(host) for host in run["hosts"]]
        self._names = {host["name"] for host in self.hosts}
        self._check = run["scope"]["check"]
        self._stages: list[list[str]] = []
        self._told: dict[str, Mapping[str, Any]] = {}
        self.add(run)

    def add(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Write an event down, and return it with its time. OSError where that cannot be done."""
        self._told[event["event"]] = event
        event = {"event": event["event"], "time": timestamp(), **event}
        append(self.file, event)
        if event["event"] == "plan":
            self._stages = event["stages"]
        return event

    def done(self, done: Done) -> list[dict[str, Any]]:
        """Write down what a task's result says, and return it. Hosts that the run is not about say nothing."""
        if done.host not in self._names:
            return []
        return [self.add(event) for event in events_of(done, self._check) if not self._is_old(event)]

    def batch(self, hosts: Collection[str]) -> list[dict[str, Any]]:
        """Write down which stage a batch of hosts is, if it is one, and return that."""
        for number, stage in enumerate(self._stages, 1):
            if not set(stage).isdisjoint(hosts):
                return [self.add({"event": "stage", "number": number, "hosts": list(hosts)})]
        return []

    def end(self, stats: Mapping[str, Mapping[str, int]]) -> None:
        """Write down that the playbook came to its end. stats: Ansible's counts of each host."""
        known = {
            host: {count: counts[count] for count in _COUNTS} for host, counts in stats.items() if host in self._names
        }
        self.add({"event": "end", "stats": known})

    def _is_old(self, event):
        """Whether all hosts say what one of them has said for the whole run."""
        return event["event"] in ("plan", "gate", "way_back") and event == self._told.get(event["event"])
