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
    change stores. plan: the last event "plan", if it came so far: a plan that was signed off narrows the first.
    stopped: the event "gate", if one stopped the rollout. stages: the hosts of each stage that has really begun, by
    number. way_back: the hosts that a rollout that stopped was to take back.
    """

    said: Mapping[str, Any]
    ended: str | None
    changing: bool
    plan: Mapping[str, Any] | None
    stopped: Mapping[str, Any] | None
    stages: Mapping[int, tuple[str, ...]]
    way_back: frozenset[str]

    @property
    def aborted(self) -> bool:
        """Whether the playbook did not come to its end."""
        return self.ended is None

    @property
    def check(self) -> bool:
        """Whether the run only said what it would change."""
        return bool(self.said["scope"].get("check")) or self.is_plan

    @property
    def is_plan(self) -> bool:
        """Whether the run has made a plan, whose stages are none of its own."""
        return self.said.get("playbook") == "plan"

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
    kinds = {event["event"]: event for event in events}
    said = events[0]
    end = kinds.get("end")
    changing = said.get("playbook") in _CHANGING or not {"plan", "stage", "change"}.isdisjoint(kinds)
    way_back = frozenset(kinds.get("way_back", {}).get("hosts", ()))
    return Run(
        said, end["time"] if end else None, changing, kinds.get("plan"), kinds.get("gate"), _stages(events), way_back
    )


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
    """The stages that have begun. The gate is before all that happens to a stage's hosts: one that it stops has not.

    Before the gate, only hosts of earlier stages are looked at again.
    """
    stages: dict[int, tuple[str, ...]] = {}
    waiting = None
    for event in events:
        if event["event"] == "stage":
            waiting = event["number"]
            stages[waiting] = tuple(event["hosts"])
        elif waiting is None:
            continue
        elif event["event"] == "gate":
            del stages[waiting]
            waiting = None
        elif event.get("host") in stages[waiting]:
            waiting = None
    return stages
