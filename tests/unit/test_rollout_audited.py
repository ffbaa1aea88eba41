# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollout is planned from: which hosts are to be changed, and what the plan is told of the others."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.filter.carried_elsewhere import carried_elsewhere
from ansible_collections.storefleet.commerce.plugins.filter.patches_to_bring import FilterModule
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.audited import (
    hosts_to_plan,
    hosts_with_leftovers,
    needs_change,
)

OURS = "ACSD-61103"


def audited(status="vulnerable", reason="unpatched", files="not_applied", **store):
    return {
        "status": status,
        "reason": reason,
        "evidence": {"patch": {"files": files}},
        "store": {"interrupted": False, "leased": False, "kept": False, "carrier": "host", "temporary": False, **store},
    }


def host(audit=None, **variables):
    return {"audit_result": {"audit": audit or audited()}, **variables}


@pytest.mark.parametrize(
    ("audit", "present", "absent"),
    [
        (audited(), True, False),
        (audited(reason="partial", files="partial"), True, True),
        (audited(reason="no_vendor_patch", files="not_available"), False, False),
        (audited("compliant", "patched", "applied"), False, True),
        (audited("compliant", "fixed_upstream", "not_available"), False, False),
        (audited("waived"), False, False),
        (audited("unknown", "not_testable", "applied"), False, True),
        (audited("unknown", "tool_failed", "unknown"), False, True),
        (audited("unknown", "not_testable", "not_applied", interrupted=True), True, True),
        # What could not be found out is no change that was interrupted.
        (audited("unknown", "tool_failed", "unknown", interrupted=None), False, True),
    ],
)
def test_what_has_to_be_changed(audit, present, absent):
    assert (needs_change(audit, "present"), needs_change(audit, "absent")) == (present, absent)


def with_others(*verdict, **others):
    found = audited(*verdict)
    found["patch"] = OURS
    found["evidence"]["patches"] = {name.replace("_", "-"): state for name, state in others.items()}
    return found


PATCHED = ("compliant", "patched", "applied")
BUILT_IN = ("compliant", "fixed_upstream", "not_available")
MITIGATED = ("compliant", "mitigated", "conflict")
UNPATCHED = ("vulnerable", "unpatched", "not_applied")
NO_PATCH = ("vulnerable", "no_vendor_patch", "not_available")
WAIVED = ("waived", "unpatched", "not_applied")
UNKNOWN = ("unknown", "not_testable", "applied")


@pytest.mark.parametrize(
    ("audit", "patches", "brought"),
    [
        (with_others(*PATCHED), [OURS], []),
        (with_others(*UNPATCHED), [OURS], [OURS]),
        # A patch that is missing is brought, and with what is there already it is proven too.
        (with_others(*PATCHED, A_1="not_applied"), [OURS, "A-1"], [OURS, "A-1"]),
        (with_others(*PATCHED, A_1="partial"), [OURS, "A-1"], [OURS, "A-1"]),
        (with_others(*PATCHED, A_1="conflict"), [OURS, "A-1"], [OURS, "A-1"]),
        (with_others(*PATCHED, A_1="applied"), [OURS, "A-1"], []),
        (with_others(*PATCHED, A_1="not_available"), [OURS, "A-1"], []),
        (with_others(*PATCHED, A_1="unknown"), [OURS, "A-1"], []),
        (with_others(*PATCHED, A_1="applied", A_2="not_applied"), ["A-1", "A-2"], ["A-1", "A-2"]),
        # What is built in, or cannot be had, is not asked for.
        (with_others(*PATCHED, A_1="not_applied", A_2="not_available"), [OURS, "A-1", "A-2"], [OURS, "A-1"]),
        (with_others(*BUILT_IN, A_1="not_applied"), [OURS, "A-1"], ["A-1"]),
        (with_others(*MITIGATED, A_1="not_applied"), ["A-1", OURS], ["A-1"]),
        (with_others(*BUILT_IN, A_1="tool_missing"), ["A-1"], ["A-1"]),
        # Who is accepted as it is need not stay without the others.
        (with_others(*WAIVED, A_1="not_applied"), [OURS, "A-1"], ["A-1"]),
        (with_others("not_applicable", "no_customer_api", A_1="not_applied"), [OURS, "A-1"], ["A-1"]),
        # The defect first.
        (with_others(*UNPATCHED, A_1="not_applied"), [OURS, "A-1"], [OURS, "A-1"]),
        (with_others(*UNPATCHED, A_1="applied"), [OURS, "A-1"], [OURS, "A-1"]),
        (with_others(*UNPATCHED, A_1="not_applied"), ["A-1"], []),
        (with_others(*UNKNOWN, A_1="not_applied"), [OURS, "A-1"], []),
        (with_others("needs_hands", "rollback_failed", A_1="not_applied"), [OURS, "A-1"], []),
    ],
)
def test_which_patches_a_store_is_to_get(audit, patches, brought):
    patches_to_bring = FilterModule().filters()["patches_to_bring"]
    assert patches_to_bring([audit], patches) == brought
    assert needs_change(audit, "present", patches) is bool(brought)
    # Without it nothing is known of the store, and it is not left half changed.
    audit["store"]["interrupted"] = True
    assert patches_to_bring([audit], patches) == patches


def test_nodes_of_one_store_get_the_same():
    patches_to_bring = FilterModule().filters()["patches_to_bring"]
    well, lacks = with_others(*PATCHED, A_1="applied"), with_others(*PATCHED, A_1="not_applied")
    assert patches_to_bring([well, lacks], [OURS, "A-1"]) == [OURS, "A-1"]
    assert patches_to_bring([lacks, with_others(*UNKNOWN)], [OURS, "A-1"]) == []
    assert patches_to_bring([well, with_others(*UNPATCHED, A_1="applied")], [OURS, "A-1"]) == [OURS, "A-1"]
    assert patches_to_bring([], [OURS]) == []


@pytest.mark.parametrize(
    ("audit", "patches", "needed"),
    [
        (with_others(*PATCHED), [OURS], True),
        (with_others(*PATCHED, A_1="not_applied"), ["A-1"], False),
        (with_others(*PATCHED, A_1="applied"), ["A-1"], True),
        (with_others(*BUILT_IN, A_1="applied"), [OURS, "A-1"], True),
        (with_others(*BUILT_IN, A_1="not_available"), [OURS, "A-1"], False),
    ],
)
def test_what_has_to_be_taken_out(audit, patches, needed):
    assert needs_change(audit, "absent", patches) is needed


def test_the_plan_goes_by_the_patches_of_each_host():
    audit = with_others(*PATCHED, A_1="not_applied")
    variables = {"web1": host(audit, commerce_patches=[OURS, "A-1"]), "web2": host(with_others(*UNPATCHED))}
    variables["web3"] = host(with_others(*UNPATCHED, A_1="applied"), commerce_patches=["A-1"])
    planned = hosts_to_plan(variables, variables, variables, "present")
    assert [each["needs_change"] for each in planned] == [True, True, False]


def test_a_vulnerable_store_is_left_out_of_a_way_back_for_what_it_does_not_have():
    (planned,) = hosts_to_plan({"web1": host()}, ["web1"], ["web1"], "absent")
    assert planned["rest"] == "the patch is not in its files"


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize(
    ("store", "accepted", "why"),
    [
        ({}, None, ""),
        ({"carrier": "build", "temporary": True}, None, "repository that it is built from"),
        # What is accepted is that files are lost, and not that a built host is changed at all.
        ({"carrier": "build", "temporary": True}, True, "repository that it is built from"),
        ({"carrier": "cloud", "temporary": True}, None, "Commerce Cloud repository"),
        ({"temporary": True}, None, "lost at its next deploy"),
        ({"temporary": True}, "no", "lost at its next deploy"),
        ({"temporary": True}, "yes", ""),
        # A change that was cut off is put right wherever it is.
        ({"carrier": "build", "temporary": True, "interrupted": True}, None, ""),
    ],
)
def test_a_host_that_does_not_carry_its_patch_is_left_alone(store, accepted, why, state):
    variables = host(audited(files={"present": "not_applied", "absent": "applied"}[state], **store))
    if accepted is not None:
        variables["commerce_accept_temporary"] = accepted
    (planned,) = hosts_to_plan({"web1": variables}, ["web1"], ["web1"], state)
    assert planned["needs_change"] is (why == "")
    assert why in (planned["rest"] or "")
    assert carried_elsewhere([audited(**store)], accepted or False) == ("" if not why else planned["rest"])


def test_a_host_that_needs_nothing_is_left_alone_for_that():
    variables = host(audited("compliant", "patched", "applied", carrier="build", temporary=True))
    (planned,) = hosts_to_plan({"web1": variables}, ["web1"], ["web1"])
    assert (planned["needs_change"], planned["rest"]) == (False, None)


def test_a_host_as_the_plan_takes_it():
    variables = host(commerce_store=7, commerce_canary="yes", commerce_strategy="staged", commerce_batches=[1, "100%"])
    assert hosts_to_plan({"web1": variables}, ["web1"], ["web1"]) == [
        {
            "name": "web1",
            "store": "7",
            "canary": "yes",
            "selected": True,
            "reachable": True,
            "status": "vulnerable",
            "reason": "unpatched",
            "needs_change": True,
            "rest": None,
            "settings": {
                "commerce_strategy": "staged",
                "commerce_carrier": "auto",
                "commerce_tool": "as_is",
                "commerce_repair_partial": False,
                "commerce_patches": ["ACSD-61103"],
                "commerce_apis": ["rest", "graphql", "soap"],
            },
            "run_settings": {
                "commerce_batches": [1, "100%"],
                "commerce_max_lost": None,
                "commerce_require_all": None,
                "commerce_plan": None,
                "commerce_change_id": None,
                "commerce_window": None,
                "commerce_approve": None,
                "commerce_approve_file": None,
                "commerce_approve_timeout": None,
                "commerce_on_stop": None,
                "commerce_look_again": None,
            },
        }
    ]


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({}, "no audit in this run"),
        ({"audit_result": {"skipped": True}}, "no result"),
        ({"audit_result": {"unreachable": True, "msg": "Connection refused"}}, "unreachable"),
        ({"audit_result": {"failed": True, "msg": "no python" + "!" * 900}}, ("no python" + "!" * 900)[:200]),
    ],
)
def test_a_host_without_an_audit(variables, reason):
    (found,) = hosts_to_plan({"web1": variables}, ["web1"], [])
    told = {key: found[key] for key in ("reachable", "needs_change", "selected", "status", "reason", "store")}
    assert told == {
        "reachable": False,
        "needs_change": False,
        "selected": False,
        "status": "unknown",
        "reason": reason,
        "store": "web1",
    }


def test_the_order_is_that_of_the_names():
    hostvars = {"a": host(), "b": host(), "c": host()}
    assert [each["name"] for each in hosts_to_plan(hostvars, ["c", "a"], ["a"])] == ["c", "a"]


def test_what_earlier_runs_have_left():
    hostvars = {
        "none": host(),
        "leased": host(audited(leased=True)),
        "kept": host(audited(kept=True)),
        "unknown": host(audited(leased=None, kept=None)),
        "away": {"audit_result": {"unreachable": True}},
        "not_asked": host(audited(kept=True)),
    }
    assert hosts_with_leftovers(hostvars, ["kept", "none", "unknown", "away", "leased"]) == ["kept", "leased"]
