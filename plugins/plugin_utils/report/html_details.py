# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence of one host in words, each line with its name: what a reader sees who opens the host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .html_words import duration, human, moment

_STATES = {
    "audited": None,
    "unreachable": "The host did not answer.",
    "failed": "The audit did not come to its end.",
    "not_selected": "Not in the scope of this run.",
    "not_started": "The run did not come to it.",
}
_FORMS = {
    "article": "wrong and right login of a throw-away customer",
    "gentle": "right login of a throw-away customer",
    "account": "login of the operator's test customer",
}


def details_of(entry: Mapping[str, Any], was: Mapping[str, Any] | None) -> list[tuple[str, list[str]]]:
    """Names with their lines, in reading order; what is not known is left out.

    was: the verdict of the last full report where it was another one.
    """
    found = [
        ("Run", [_STATES[entry["state"]]]),
        *_evidence(entry["evidence"]),
        ("Before", [_verdict(entry["before"])]),
        ("Last report", [_verdict(was)]),
        ("Last known", [_carried(entry["carried"])]),
        ("Waiver", [_waiver(entry["waiver"])]),
        ("Messages", [_message(message) for message in entry["messages"]]),
        ("Done", entry["actions"]),
        ("Took", [", ".join(f"{human(step)} {duration(spent)}" for step, spent in entry["seconds"].items())]),
        ("Store", [", ".join(_store(entry))]),
        ("Served by", [", ".join(_serving(entry))]),
        ("Probe", [_probe(entry["probe"])]),
        ("Notes", _notes(entry)),
        ("Audited", [entry["audited"] and moment(entry["audited"])]),
    ]
    cleaned = ((name, [line for line in lines if line]) for name, lines in found)
    return [(name, lines) for name, lines in cleaned if lines]


def _evidence(evidence: Mapping[str, Any] | None) -> Iterator[tuple[str, list[str]]]:
    if not evidence:
        return
    together: dict[str, list[str]] = {}
    for name, api in evidence["apis"].items():
        together.setdefault(_api(api), []).append(human(name))
    for said, names in together.items():
        yield ", ".join(names), [said]
    patch = evidence["patch"]
    tool = f"the tool says {patch['tool']}" if patch["tool"] else None
    yield "Patch", ["; ".join(part for part in (human(patch["files"]), patch["detail"], tool) if part)]
    yield "Other patches", [f"{name}: {human(state)}" for name, state in evidence.get("patches", {}).items()]
    yield "Counters", [_passive(evidence["passive"])]
    yield "Failed", evidence["failures"]


def _api(api):
    said = f"files {human(api['files'])}, behaviour {human(api['behaviour'])}"
    if api["reason"]:
        said += f" ({human(api['reason'])})"
    return f"{said}: {api['detail']}" if api["detail"] else said


def _passive(passive):
    if not passive or not (passive.get("stuck") or passive.get("locked")):
        return None
    return f"{passive.get('stuck') or 0} stuck, {passive.get('locked') or 0} accounts locked"


def _verdict(verdict):
    return f"{human(verdict['status'])} ({human(verdict['reason'])})" if verdict else None


def _carried(carried):
    if not carried:
        return None
    when = f", {moment(carried['audited'])}" if carried["audited"] else ""
    return f"{_verdict(carried)}{when}; no evidence of today"


def _waiver(waiver):
    if not waiver:
        return None
    return f"{waiver['reason']}; {'ended' if waiver['expired'] else 'until'} {waiver['expires']}"


def _message(message):
    task = f"{message['task']}: " if message["task"] else ""
    return f"{message['time'][11:19]} {task}{message['text']}"


def _store(entry):
    facts = entry["facts"] or {}
    if entry["root"]:
        yield entry["root"]
    for key in ("edition", "layout"):
        if facts.get(key):
            yield human(facts[key])
    if facts.get("mode"):
        yield f"{facts['mode']} mode"
    if facts.get("compiled") is not None:
        yield "compiled" if facts["compiled"] else "not compiled"
    if facts.get("php_version"):
        yield f"PHP {facts['php_version']}"
    if facts.get("owner"):
        yield f"owner {facts['owner']}:{facts.get('group') or ''}".rstrip(":")
    if facts.get("qpt_version"):
        yield f"Quality Patches Tool {facts['qpt_version']}"
    if facts.get("deploy_tool"):
        yield f"deployed by {facts['deploy_tool']}"
    if facts.get("carrier") in _CARRIERS:
        yield _CARRIERS[facts["carrier"]]
    for key in ("maintenance", "read_only", "interrupted", "leased"):
        if facts.get(key):
            yield _SIGNS[key]


_CARRIERS = {"build": "patches come with its build", "cloud": "patches come with its Commerce Cloud repository"}
_SIGNS = {
    "maintenance": "in maintenance mode",
    "read_only": "read-only",
    "interrupted": "left in the middle of a change",
    "leased": "in the hands of another run",
}


def _serving(entry):
    serving = (entry["facts"] or {}).get("serving") or {}
    if serving.get("sapi"):
        yield serving["sapi"]
    if serving.get("pool"):
        yield f"pool {serving['pool']}"
    if serving.get("php_version") and serving.get("same_php") is False:
        yield f"PHP {serving['php_version']}, which is not the command line's"
    if serving.get("validate_timestamps") is False:
        yield "opcache without timestamps"


def _probe(probe):
    if not probe or not probe.get("base_url"):
        return None
    parts = [_FORMS.get(probe["form"], probe["form"]), probe["base_url"]]
    if probe.get("store_code"):
        parts.append(f"store view {probe['store_code']}")
    if probe.get("node"):
        parts.append(f"at {probe['node']}")
    return ", ".join(parts)


def _notes(entry):
    return [*((entry["facts"] or {}).get("notes") or ()), *((entry["probe"] or {}).get("notes") or ())]
