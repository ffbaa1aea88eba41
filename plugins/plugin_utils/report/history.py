# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the events of a run say, sorted by host: the ground on which each entry of a report stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

# Playbooks that change stores; any other does so if its events say so.
_CHANGING = ("remediate", "rollback")


class Run(NamedTuple):
    """The run as a whole.

    said: the event "run". ended: the time of its end, None where it was aborted. changing: whether it is there to
    change stores. plan: the event "plan", if it came so far. stopped: the gate's message, if it stopped the rollout.
    stages: the hosts of each stage that has really begun, by number.
    """

    said: Mapping[str, Any]
    ended: str | None
    changing: bool
    plan: Mapping[str, Any] | None
    stopped: str | None
    stages: Mapping[int, tuple[str, ...]]

    @property
    def aborted(self) -> bool:
        """Whether the playbook did not come to its end."""
        return self.ended is None

    @property
    def check(self) -> bool:
        """Whether the run only said what it would change."""
        return bool(self.said["scope"].get("check"))

    @property
    def takes_out(self) -> bool:
        """Whether the patch is to be taken out, so that a vulnerable store is what was wanted."""
        return self.said.get("playbook") == "rollback"


class History(NamedTuple):
    """What happened to one host.

    host: as in the event "run". events: "audit", "change" and "lost", in their order. stage: the number of the stage
    that it belongs to. begun: whether that stage has begun, or the host was changed without any plan.
    left_out: why the plan leaves it out.
    """

    host: Mapping[str, Any]
    events: tuple[Mapping[str, Any], ...]
    stage: int | None
    begun: bool
    left_out: str | None

    @property
    def audits(self) -> list[Mapping[str, Any]]:
        """The events "audit", the last of which says how the host is now."""
        return [event for event in self.events if event["event"] == "audit"]

    @property
    def changes(self) -> list[Mapping[str, Any]]:
        """The events "change"."""
        return [event for event in self.events if event["event"] == "change"]

    @property
    def since_audit(self) -> list[Mapping[str, Any]]:
        """What happened after the last audit; everything where there was none."""
        since: list[Mapping[str, Any]] = []
        for event in self.events:
            since = [] if event["event"] == "audit" else [*since, event]
        return since


def run_of(events: Iterable[Mapping[str, Any]]) -> Run:
    """The run that the events are of. The first of them is "run"."""
    events = list(events)
    kinds: dict[str, Mapping[str, Any]] = {}
    for event in events:
        kinds.setdefault(event["event"], event)
    said = kinds["run"]
    end, gate = kinds.get("end"), kinds.get("gate")
    changing = said.get("playbook") in _CHANGING or not {"plan", "stage", "change"}.isdisjoint(kinds)
    stopped = gate["message"] if gate else None
    return Run(said, end["time"] if end else None, changing, kinds.get("plan"), stopped, _stages(events))


def histories(events: Iterable[Mapping[str, Any]], run: Run) -> list[History]:
    """What happened to each host of the run; one that only a later event names is among them."""
    hosts: dict[str, Mapping[str, Any]] = {}
    happened: dict[str, list[Mapping[str, Any]]] = {}
    for event in events:
        if event["event"] == "run":
            for host in event["hosts"]:
                hosts.setdefault(host["name"], host)
        elif event["event"] in ("audit", "change", "lost"):
            happened.setdefault(event["host"], []).append(event)
    for name in happened:
        hosts.setdefault(name, {"name": name, "store": name, "address": name, "root": None, "selected": True})
    begun = {name: number for number, names in run.stages.items() for name in names}
    planned = {name: at for at, names in enumerate((run.plan or {}).get("stages", ()), 1) for name in names}
    left_out = (run.plan or {}).get("left_out") or {}
    return [
        History(
            host=host,
            events=tuple(happened.get(name, ())),
            stage=begun.get(name, planned.get(name)),
            begun=name in begun or any(event["event"] == "change" for event in happened.get(name, ())),
            left_out=left_out.get(name),
        )
        for name, host in hosts.items()
    ]


def _stages(events):
    """The stages that have begun. The gate is the first task of a stage: one that it stops has not."""
    stages: dict[int, tuple[str, ...]] = {}
    newest = None
    for event in events:
        if event["event"] == "stage":
            newest = event["number"]
            stages[newest] = tuple(event["hosts"])
        elif event["event"] in ("audit", "change", "lost"):
            newest = None
        elif event["event"] == "gate" and newest is not None:
            del stages[newest]
    return stages
