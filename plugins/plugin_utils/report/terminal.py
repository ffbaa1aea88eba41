# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that a terminal shows while a run is going on. Pure: an event in, a line out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

GOOD = "good"
BAD = "bad"
DOUBTFUL = "doubtful"
PLAIN = "plain"

_MOODS = {
    "compliant": GOOD,
    "not_applicable": GOOD,
    "waived": DOUBTFUL,
    "unknown": DOUBTFUL,
    "vulnerable": BAD,
    "needs_hands": BAD,
}
_REASONS = {"unreachable": "unreachable", "failed": "tool_failed"}
# What a host has done when a call ends. The other calls are of no interest by themselves.
_DONE = {
    ("release_stage", None): "built",
    ("release_switch", "whole"): "switched and proven",
    ("release_switch", "revert"): "switched back to the kept files",
    ("release_switch", "code"): "has the new code",
    ("release_switch", "configuration"): "has the new configuration",
    ("release_switch", "prove"): "proven",
    ("release_switch", "back"): "taken back",
    ("release_switch", "back_code"): "has the code of before",
    ("release_switch", "back_configuration"): "has the configuration of before",
    ("quality_patch_live", None): "changed in place and proven",
}


class Line(NamedTuple):
    """What to show, and how it is meant: GOOD, BAD, DOUBTFUL or PLAIN."""

    text: str
    mood: str = PLAIN


class Progress:
    """Counts the stores of one run as their first verdicts come in."""

    def __init__(self, hosts: Iterable[Mapping[str, Any]]):
        """hosts: as in the event run; those outside of the limit are not waited for."""
        hosts = list(hosts)
        self._total = sum(1 for host in hosts if host["selected"])
        waivers = {host["name"]: host.get("waiver") for host in hosts}
        self._waived = {name for name, waiver in waivers.items() if waiver and not waiver["expired"]}
        self._status: dict[str, str] = {}
        self._stages = 0

    def line(self, event: Mapping[str, Any]) -> Line | None:
        """The line for an event; None where there is nothing to say, or Ansible itself has just said it."""
        kind = event["event"]
        if kind == "audit":
            return self._verdict(event["host"], event["audit"]["status"], event["audit"]["reason"])
        if kind == "lost" and event["host"] not in self._status:
            status = "waived" if event["host"] in self._waived else "unknown"
            return self._verdict(event["host"], status, _REASONS[event["how"]])
        if kind == "change" and not event["failed"]:
            return _done(event)
        if kind == "plan":
            self._stages = len(event["stages"])
        if kind == "stage":
            hosts = event["hosts"]
            return Line(f"stage {event['number']} of {self._stages}: {', '.join(hosts[:5])}{_more(len(hosts) - 5)}")
        if kind == "gate":
            return Line(f"stopped: {event['message']}", BAD)
        return None

    def _verdict(self, host, status, reason):
        before = self._status.get(host)
        self._status[host] = status
        if before is None:
            count = f"{len(self._status):{len(str(self._total))}}/{self._total}"
            return Line(f"[{count}] {host} {status}: {reason}", _MOODS[status])
        was = f", was {before}" if before != status else ", as before"
        return Line(f"{host} {status}: {reason}{was}", _MOODS[status])


def _done(event):
    words = _DONE.get((event["module"], event["step"]))
    if not words or not event["changed"]:
        return None
    if event["check"]:
        return Line(f"{event['host']} would be {words}") if event["module"] != "release_switch" else None
    seconds = sum(event["seconds"].values())
    return Line(f"{event['host']} {words}" + (f", {seconds:.0f} s" if seconds >= 1 else ""))


def _more(count):
    return f" and {count} more" if count > 0 else ""
