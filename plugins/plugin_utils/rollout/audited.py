# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollout is planned from: the audits of one run, and the inventory's variables of its hosts. Pure.

hostvars is by host, its variables; audit_result is what the host's audit registered. A look at a host's variables is
what costs time in a large fleet, so each function takes one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.storefleet.commerce.plugins.module_utils.verdict import lacking

from .carried import why_elsewhere

PRESENT = "present"
# What all nodes of a store must have alike, with the default that the roles have.
STORE_SETTINGS = {
    "commerce_strategy": "auto",
    "commerce_carrier": "auto",
    "commerce_tool": "as_is",
    "commerce_repair_partial": False,
    "commerce_patches": ["ACSD-61103"],
    "commerce_apis": ["rest", "graphql", "soap"],
}
# What all hosts of a run must have alike.
RUN_SETTINGS = (
    "commerce_batches",
    "commerce_max_lost",
    "commerce_require_all",
    "commerce_plan",
    "commerce_change_id",
    "commerce_window",
    "commerce_approve",
    "commerce_approve_file",
    "commerce_approve_timeout",
    "commerce_on_stop",
    "commerce_look_again",
)
# What a store is that may have any patch.
WELL = ("compliant", "not_applicable", "waived")
# A store that is vulnerable for this reason has nothing to be repaired with.
NO_PATCH = "no_vendor_patch"
# States of the patch in the files that leave nothing to take out.
NOT_IN_THE_FILES = ("not_applied", "not_available")
NOTHING_TO_TAKE_OUT = "the patch is not in its files"
_WORDS = 200


def hosts_to_plan(
    hostvars: Mapping[str, Mapping[str, Any]], names: Iterable[str], selected: Collection[str], state: str = PRESENT
) -> list[dict[str, Any]]:
    """The hosts of these names, as the filter rollout_plan takes them.

    selected: those that --limit lets in. state: whether the patches are to be present or absent.
    """
    inside = set(selected)
    return [_host(name, hostvars[name], name in inside, state) for name in names]


def needs_change(audit: Mapping[str, Any], state: str, patches: Collection[str] | None = None) -> bool:
    """Whether a host with this audit has to be changed. One that a killed run left is put right in any case.

    patches: those that the operator wants; None where the one that was audited is among them.
    """
    if audit["store"]["interrupted"]:
        return True
    is_asked = patches is None or audit["patch"] in patches
    if state == PRESENT:
        is_vulnerable = audit["status"] == "vulnerable" and audit["reason"] != NO_PATCH
        return (is_asked and is_vulnerable) or bool(other_patches(audit))
    found = [audit["evidence"]["patch"]["files"]] if is_asked else []
    return any(files not in NOT_IN_THE_FILES for files in (*found, *_others(audit).values()))


def other_patches(audit: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the patches that a store with this audit is to get though it does not have the defect.

    A store that has it, or of which nobody knows, is left to that first: its change could not be proven.
    """
    return lacking(_others(audit)) if audit["status"] in WELL else ()


def patches_to_bring(audits: Sequence[Mapping[str, Any]], patches: Sequence[str]) -> list[str]:
    """Those of the patches that a store whose nodes have these audits is to get; none where it needs nothing.

    From a well store the one that was audited stays away where it is not: it is built in, or cannot be had. So does
    what its tool does not have.
    """
    if any(audit["store"]["interrupted"] for audit in audits):
        return list(patches)
    if any(audit["status"] == "vulnerable" for audit in audits):
        return list(patches) if any(audit["patch"] in patches for audit in audits) else []
    if not all(audit["status"] in WELL for audit in audits) or not any(other_patches(audit) for audit in audits):
        return []
    left_out = {audit["patch"] for audit in audits if audit["evidence"]["patch"]["files"] != "applied"}
    left_out.update(name for audit in audits for name, files in _others(audit).items() if files == "not_available")
    return [patch_id for patch_id in patches if patch_id not in left_out]


def _others(audit) -> Mapping[str, str]:
    return audit["evidence"].get("patches", {})


def hosts_with_leftovers(hostvars: Mapping[str, Mapping[str, Any]], names: Iterable[str]) -> list[str]:
    """Those of these hosts that have a lease of an earlier run, or files of before that it has kept."""
    found = []
    for name in names:
        store = (_audit(hostvars[name]) or {}).get("store", {})
        if store.get("leased") or store.get("kept"):
            found.append(name)
    return found


def _host(name, variables, selected, state):
    audit = _audit(variables)
    rest = _why_left_alone(audit, variables, state)
    return {
        "name": name,
        "store": store_of(name, variables),
        "canary": variables.get("commerce_canary", False),
        "selected": selected,
        "reachable": audit is not None,
        "status": audit["status"] if audit else "unknown",
        "reason": audit["reason"] if audit else _why_no_audit(variables.get("audit_result")),
        "needs_change": audit is not None
        and rest is None
        and needs_change(audit, state, variables.get("commerce_patches")),
        "rest": rest or (None if state == PRESENT else NOTHING_TO_TAKE_OUT),
        "settings": {key: variables.get(key, otherwise) for key, otherwise in STORE_SETTINGS.items()},
        "run_settings": {key: variables.get(key) for key in RUN_SETTINGS},
    }


def _why_left_alone(audit, variables, state) -> str | None:
    """Why a host that needs a change does not get it; None where it does, or needs none."""
    if audit is None or audit["store"]["interrupted"]:
        return None
    if not needs_change(audit, state, variables.get("commerce_patches")):
        return None
    return why_elsewhere(audit, boolean(variables.get("commerce_accept_temporary", False))) or None


def store_of(name: str, variables: Mapping[str, Any]) -> str:
    """The store that a host is a node of."""
    return str(variables.get("commerce_store") or name)


def _audit(variables):
    return (variables.get("audit_result") or {}).get("audit")


def _why_no_audit(result) -> str:
    if not result:
        return "no audit in this run"
    if result.get("unreachable"):
        return "unreachable"
    return str(result.get("msg") or "no result")[:_WORDS]
