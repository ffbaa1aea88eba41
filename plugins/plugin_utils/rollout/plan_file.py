# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollout as a document that people sign off, before anything of it is done.

It is written as JSON: what YAML makes of a text such as 2026-11-24 or 1e10 depends on who reads it, and a fingerprint
must stay the text that it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

from .audited import PRESENT

SCHEMA_VERSION = 1
# What does what a plan says, by its state.
PLAYBOOKS = {PRESENT: "remediate.yml", "absent": "rollback.yml"}
# What is said of each host; null where it is not known.
HOST_KEYS = (
    "fingerprint",
    "strategy",
    "files",
    "commands",
    "expected_seconds",
    "reload",
    "loses_requests",
    "clean",
)


class Occasion(NamedTuple):
    """What a plan is made for.

    created: when, in UTC, as 2026-11-23T21:40:05Z. patches: their ids. change_id: the ticket. scope: pattern and limit.
    state: whether the patches are to be present or absent.
    """

    created: str
    patches: Sequence[str]
    change_id: str | None = None
    scope: Mapping[str, Any] | None = None
    state: str = PRESENT


def plan_document(
    rollout: Mapping[str, Any],
    details: Mapping[str, Mapping[str, Any]],
    occasion: Occasion,
    forks: int,
) -> dict[str, Any]:
    """The document of a rollout, as plan_rollout returns it.

    details: what is known of each host, by its name and HOST_KEYS. forks: how many hosts are worked on side by side.
    CommerceError bad_plan where details has a key that no document has.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "created": occasion.created,
        "change_id": occasion.change_id,
        "patches": list(occasion.patches),
        "state": occasion.state,
        "scope": dict(occasion.scope or {}),
        "stages": [_stage(stage, rollout["nodes"], details, forks) for stage in rollout["stages"]],
        "left_out": dict(rollout["left_out"]),
    }


def stage_seconds(seconds: Iterable[float | None], forks: int) -> int | None:
    """How long a stage of hosts takes of which each takes so many seconds; None where one of them is not known."""
    known = list(seconds)
    if not known or None in known:
        return None
    side_by_side = max(forks, 1)
    return math.ceil(max(*known, sum(known) / side_by_side))


def parsed(given: Any) -> dict[str, Any]:
    """A document that was written to a file: its text, or what Ansible made of that. CommerceError bad_plan."""
    document = given
    if isinstance(given, str):
        try:
            document = json.loads(given)
        except ValueError as error:
            raise _refused(f"it is no JSON: {error}") from None
    if not isinstance(document, Mapping) or "schema_version" not in document:
        raise _refused("it is no plan, as it has no schema_version")
    if document["schema_version"] != SCHEMA_VERSION:
        raise _refused(
            f"its schema_version is {document['schema_version']}, and this collection knows {SCHEMA_VERSION}",
            "Make the plan anew with plan.yml of this release.",
        )
    try:
        _read_whole(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise _refused(f"a part of it is missing or of another form: {error!r}") from None
    return dict(document)


def _stage(stage, nodes, details, forks) -> dict[str, Any]:
    stores = [
        {"store": store, "hosts": [_host(name, details.get(name, {})) for name in nodes[store]]}
        for store in stage["stores"]
    ]
    seconds = (host["expected_seconds"] for store in stores for host in store["hosts"])
    return {"number": stage["number"], "expected_seconds": stage_seconds(seconds, forks), "stores": stores}


def _host(name, details) -> dict[str, Any]:
    strange = sorted(set(details) - set(HOST_KEYS))
    if strange:
        raise CommerceError(
            "plan a rollout",
            f"the host {name}",
            f"a plan says nothing of {', '.join(strange)}",
            f"Give {', '.join(HOST_KEYS)}.",
            code="bad_plan",
        )
    return {"name": name, **{key: details.get(key) for key in HOST_KEYS}}


def _read_whole(document) -> None:
    """Touch all that is read of a document later."""
    for key in ("created", "change_id", "patches", "state"):
        document[key]
    document["left_out"].items()
    for stage in document["stages"]:
        for store in stage["stores"]:
            store["store"].strip()
            for host in store["hosts"]:
                for key in ("name", "fingerprint", "strategy"):
                    host[key]


def _refused(came_back: str, next_step: str = "Hand back a file that plan.yml has written, as it is.") -> CommerceError:
    return CommerceError("read a plan", "commerce_plan", came_back, next_step, code="bad_plan")
