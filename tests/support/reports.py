# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of small and large fleets as their events, and the reports that follow from them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.storefleet.commerce.plugins.module_utils.verdict import NEXT_STEPS, STATUSES
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.model import report_of

START = datetime.datetime(2026, 11, 23, 21, 40, 5, tzinfo=datetime.UTC)
VERSIONS = ("2.4.5-p1", "2.4.6", "2.4.6-p3", "2.4.6-p8", "2.4.7", "2.4.8")
REASONS = tuple(reason for reason in STATUSES if reason not in ("unreachable", "rollback_failed"))
WORDS = {
    "patch": "ACSD-61103",
    "fixed_in": "2.4.8",
    "minimum_tool": "1.1.54",
    "failure": "Could not read the settings on /var/www/html/app/etc/env.php: permission denied. Make it readable.",
    "hindrance": "the lockout of customers is switched off",
    "unfit": "they have local changes.",
}

# Words of a store that HTML, a spreadsheet or a terminal would take for something else.
HOSTILE = """=cmd|'/C calc'!A0 <script>alert("1")</script> & </script> \x1b[31m\x07 Compare them."""


def clock(seconds: int = 0) -> str:
    """A moment of the run, by the seconds since it began."""
    return (START + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def run(hosts: Iterable[Mapping[str, Any]], playbook: str = "audit", at: int = 0, **changed: Any) -> dict[str, Any]:
    """The event "run". changed: its other keys, and those of its scope."""
    scope: dict[str, Any] = {"pattern": "commerce", "limit": None, "check": False, "slice": None, "tags": None}
    event = {
        "event": "run",
        "time": clock(at),
        "run": f"control-1:{playbook}-{at}",
        "playbook": playbook,
        "collection": "0.1.0",
        "controller": "control-1",
        "process": {"pid": 4711, "started": 99, "space": "boot pid:[4026531836]"},
        "scope": {**scope, **{key: value for key, value in changed.items() if key in scope}},
        "change_id": None,
        "hosts": list(hosts),
    }
    return {**event, **{key: value for key, value in changed.items() if key not in scope}}


def host(name: str, selected: bool = True, store: str | None = None, **changed: Any) -> dict[str, Any]:
    """A host as the event "run" has it."""
    address = f"{name}.example"
    root = "/var/www/html"
    return {"name": name, "store": store or name, "address": address, "root": root, "selected": selected, **changed}


def audit_of(reason: str, version: str | None = "2.4.6-p3", **changed: Any) -> dict[str, Any]:
    """An audit as commerce_audit returns it. changed: its other keys, such as status, waiver or store."""
    status = STATUSES[reason]
    behaviour = {"compliant": "fixed", "vulnerable": "defective", "not_applicable": "closed"}.get(status, "not_run")
    bad = behaviour == "defective"
    files = "patched" if status == "compliant" else "unpatched" if status == "vulnerable" else "unknown"
    api = {
        "files": files,
        "behaviour": behaviour,
        "reason": "counter_kept" if bad else None,
        "detail": "failures_num is 1 after a right login" if bad else None,
    }
    audit = {
        "status": status,
        "reason": reason,
        "next_step": NEXT_STEPS[reason].format(**WORDS),
        "patch": "ACSD-61103",
        "evidence": {
            "apis": {name: dict(api) for name in ("rest", "graphql", "soap")},
            "version": version,
            "patch": {"files": "applied" if files == "patched" else "not_applied", "detail": "", "tool": None},
            "passive": {"stuck": 12 if bad else 0, "locked": 3 if bad else 0},
            "failures": [WORDS["failure"]] if reason == "tool_failed" else [],
        },
        "store": {
            "root": "/var/www/html",
            "version": version,
            "edition": "community",
            "layout": "composer",
            "mode": "production",
            "php_version": "8.2.24",
            "compiled": True,
            "maintenance": False,
            "interrupted": False,
            "leased": False,
            "kept": False,
            "read_only": False,
            "deploy_tool": None,
            "carrier": "host",
            "temporary": False,
            "owner": "deploy",
            "group": "www-data",
            "qpt_version": "1.1.82",
            "notes": [],
            "serving": {
                "sapi": "fpm-fcgi",
                "pool": "www",
                "php_version": "8.2",
                "same_php": True,
                "validate_timestamps": True,
                "process_control_timeout": 0,
            },
        },
        "probe": {
            "form": "article",
            "base_url": "https://store.example/",
            "store_code": "default",
            "node": "https://127.0.0.1:443/",
            "route": "base_url",
            "swept": 0,
            "notes": [],
        },
    }
    return {**audit, **changed}


def audit(name: str, reason: str, at: int = 10, **changed: Any) -> dict[str, Any]:
    """The event "audit"."""
    return {"event": "audit", "time": clock(at), "host": name, "audit": audit_of(reason, **changed)}


def waived(name: str, expired: bool, at: int = 10) -> dict[str, Any]:
    """The event "audit" of a vulnerable store with a waiver."""
    waiver = {"reason": "closes in March", "expires": "2026-10-31" if expired else "2027-03-31", "expired": expired}
    if expired:
        step = f"The waiver (closes in March) ended on 2026-10-31. {NEXT_STEPS['unpatched'].format(**WORDS)}"
        return audit(name, "unpatched", at, next_step=step, waiver=waiver)
    return audit(
        name, "unpatched", at, status="waived", next_step="Waived until 2027-03-31: closes in March.", waiver=waiver
    )


def lost(name: str, how: str = "unreachable", at: int = 20, message: str = "Connection timed out") -> dict[str, Any]:
    """The event "lost"."""
    task = "The store is audited"
    return {"event": "lost", "time": clock(at), "host": name, "how": how, "task": task, "message": message}


def change(name: str, module: str = "release_switch", at: int = 60, **changed: Any) -> dict[str, Any]:
    """The event "change": one that went well, unless changed says otherwise."""
    is_build = module == "release_stage"
    event = {
        "event": "change",
        "time": clock(at),
        "host": name,
        "module": module,
        "step": None if is_build else "whole",
        "changed": True,
        "failed": False,
        "code": None,
        "message": None,
        "next_step": None,
        "actions": ["applied ACSD-61103", "compiled dependency injection"] if is_build else ["switched the code"],
        "seconds": {"copy": 7.9, "compile": 34.2} if is_build else {"code": 0.001, "prove": 1.1},
        "check": False,
    }
    return {**event, **changed}


def failed_switch(name: str, code: str = "rolled_back", at: int = 60) -> dict[str, Any]:
    """The event "change" of a switch that did not do."""
    return change(
        name,
        at=at,
        changed=False,
        failed=True,
        code=code,
        message="Could not prove the store on https://store.example/: REST is broken. See the log.",
        next_step="Run: mv /var/www/html/.storefleet/old /var/www/html/generated"
        if code == "rollback_failed"
        else "See /var/www/html/var/log, then run again.",
    )


def plan(*stages: list[str], at: int = 30, left_out: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The event "plan"."""
    return {"event": "plan", "time": clock(at), "stages": list(stages), "left_out": dict(left_out or {})}


def stage(number: int, *hosts: str, at: int = 40) -> dict[str, Any]:
    """The event "stage"."""
    return {"event": "stage", "time": clock(at), "number": number, "hosts": list(hosts)}


def gate(
    message: str = "1 store was lost, and commerce_max_lost is 0.", at: int = 90, kind: str = "lost"
) -> dict[str, Any]:
    """The event "gate"."""
    return {"event": "gate", "time": clock(at), "kind": kind, "message": message}


def way_back(*hosts: str, at: int = 95) -> dict[str, Any]:
    """What a rollout that stopped was to take back."""
    return {"event": "way_back", "time": clock(at), "hosts": list(hosts)}


def end(at: int = 300, **stats: Mapping[str, int]) -> dict[str, Any]:
    """The event "end"."""
    return {"event": "end", "time": clock(at), "stats": stats}


def repaired(name: str, at: int = 60) -> list[dict[str, Any]]:
    """The events of a store that is repaired by a stage and its switch."""
    return [change(name, "release_stage", at), change(name, at=at + 10), audit(name, "patched", at + 20)]


def baseline_events() -> list[dict[str, Any]]:
    """The events of the night before sample_events(): one full audit."""
    names = ["at", "be", "ch", "cz", "de-web1", "de-web2", "dk", "es", "fr", "gone", "hu", "it", "nl", "pl"]
    hosts = [host(name, store="de" if name.startswith("de-") else None) for name in names]
    compliant = ("be", "dk", "es", "hu")
    audits = [audit(name, "patched" if name in compliant else "unpatched", -86_390) for name in names]
    return [run(hosts, at=-86_400), *audits, end(-86_000)]


def sample_events() -> list[dict[str, Any]]:
    """The events of a repair of a small fleet in which about everything happens that can; its gate stops it.

    at is repaired; be is compliant; ch was taken back; cz needs hands; de is a store of two nodes, one of them away;
    dk was lost in the night, and is repaired again; es was lost in the night, and its stage did not start; fr and it
    have waivers, and that of fr has expired; hu is away; is has hostile words; lu closed its APIs; mt runs no module;
    nl is lost in its repair; pl is outside of --limit; pt cannot be tested; se was not come to.
    """
    west = ["at", "be", "ch", "cz", "de-web1", "de-web2", "dk", "es", "fr"]
    east = ["hu", "is", "it", "lu", "mt", "nl", "pt", "se"]
    hosts = [host(name, store="de" if name.startswith("de-") else None) for name in west + east]
    return [
        run([*hosts, host("pl", selected=False)], "remediate", limit="all:!pl", change_id="CHG0031337"),
        audit("at", "unpatched"),
        audit("be", "patched"),
        audit("ch", "unpatched", version="2.4.6"),
        audit("cz", "not_effective", version="2.4.7"),
        audit("de-web1", "unpatched"),
        lost("de-web2"),
        audit("dk", "unpatched"),
        audit("es", "will_regress"),
        waived("fr", expired=True),
        lost("hu", message="Failed to connect to the host via ssh: No route to host"),
        audit("is", "conflict", next_step=HOSTILE),
        waived("it", expired=False),
        audit("lu", "no_customer_api", version="2.4.8"),
        lost("mt", "failed", message="/usr/bin/python3: not found\nThe module failed to run."),
        audit("nl", "unpatched"),
        audit("pt", "not_testable", version=None),
        plan(
            ["at"],
            ["dk", "ch"],
            ["nl", "cz"],
            ["es", "fr"],
            left_out={"de-web1": "de-web2 is unreachable", "de-web2": "it is unreachable", "be": "it needs nothing"},
        ),
        stage(1, "at", at=40),
        *repaired("at", 50),
        stage(2, "dk", "ch", at=80),
        *repaired("dk", 90),
        change("ch", "release_stage", 90),
        failed_switch("ch", at=110),
        lost("ch", "failed", 111, "Could not prove the store on https://store.example/: REST is broken. See the log."),
        stage(3, "nl", "cz", at=120),
        change("nl", "release_stage", 130),
        change("cz", "release_stage", 131),
        lost("nl", at=150, message="Connection reset by peer"),
        failed_switch("cz", "rollback_failed", 151),
        stage(4, "es", "fr", at=160),
        gate("2 stores were lost since the plan, and commerce_max_lost is 0: no further stage.", 161),
        end(170),
    ]


def check_events() -> list[dict[str, Any]]:
    """The events of a repair with --check: at would change, and the others have nothing to do."""
    predicted = change("at", "release_stage", check=True, actions=["would apply ACSD-61103"])
    audits = [audit("at", "unpatched"), audit("be", "not_run"), audit("lu", "no_customer_api")]
    hosts = [host("at"), host("be"), host("lu")]
    return [run(hosts, "remediate", check=True), *audits, plan(["at"]), stage(1, "at"), predicted, end()]


def rollback_events() -> list[dict[str, Any]]:
    """The events of a rollback: at is without the patch now, be still has it, lu never had it."""
    return [
        run([host("at"), host("be"), host("lu")], "rollback"),
        *[audit("at", "patched"), audit("be", "patched"), audit("lu", "unpatched")],
        *[plan(["at", "be"], left_out={"lu": "it needs nothing"}), stage(1, "at", "be"), change("at", step="revert")],
        *[change("be", failed=True, changed=False, code="live_changed", message="Someone wrote to it."), end()],
        audit("at", "unpatched", 80),
    ]


def aborted_events() -> list[dict[str, Any]]:
    """The events of a repair that was killed in its second stage: at is done, be in the middle, ch not begun."""
    audits = [audit(name, "unpatched") for name in ("at", "be", "ch")]
    begun = [run([host(name) for name in ("at", "be", "ch")], "remediate"), *audits, plan(["at"], ["be"], ["ch"])]
    return [*begun, stage(1, "at"), *repaired("at"), stage(2, "be", at=85), change("be", "release_stage", 90)]


def baseline() -> dict[str, Any]:
    """The report of the night before."""
    return report_of(baseline_events())


def sample() -> dict[str, Any]:
    """A small report that has every state and every status, compared with the night before."""
    return report_of(sample_events(), baseline())


def samples() -> dict[str, dict[str, Any]]:
    """A small report of every kind, by name; together they have every state, status, outcome and kind of drift."""
    return {
        "first": baseline(),
        "sample": sample(),
        "check": report_of(check_events(), baseline()),
        "rollback": report_of(rollback_events(), baseline()),
        "aborted": report_of(aborted_events(), baseline()),
        "empty": report_of([run([]), end()]),
    }


def many_events(number: int, at: int = 0, turn: int = 0) -> list[dict[str, Any]]:
    """The events of the audit of a fleet of that many hosts, the same at each call.

    turn: another turn lets every fiftieth host or so say something else.
    """
    names = [f"store-{index:04d}" for index in range(1, number + 1)]
    happened = []
    for index, name in enumerate(names):
        kind = index + (turn if index % 50 == 7 else 0)
        if kind % 97 == 13:
            happened.append(lost(name, at=at + 5))
        else:
            # Most of a fleet is well.
            reason = "patched" if kind % 5 < 3 else REASONS[kind % len(REASONS)]
            happened.append(audit(name, reason, at + 1 + index // 20, version=VERSIONS[index % len(VERSIONS)]))
    return [run([host(name) for name in names], at=at), *happened, end(at + 10 + number // 20)]


def many(number: int) -> dict[str, Any]:
    """The report of the audit of a fleet of that many hosts, compared with the night before; the same at each call."""
    return report_of(many_events(number, turn=1), report_of(many_events(number, at=-86_400)))
