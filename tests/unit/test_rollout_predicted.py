# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan is told of the hosts, and which stores it has to leave out."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.filter.rollout_strategy import FilterModule, rollout_strategy
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan import rollout_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.predicted import (
    NO_ANSWER,
    details_of,
    feasible,
)

ROLLOUT = rollout_of([[("blog", ["blog"])], [("shop", ["web1", "web2"])]], {"test": "it is unreachable"})


def audit(compiled=False, interrupted=False, fingerprint="4c1b", kept=False, files="not_applied"):
    store = {"compiled": compiled, "interrupted": interrupted, "fingerprint": fingerprint, "kept": kept}
    return {"store": store, "evidence": {"patch": {"files": files}}}


def looked_at(audit_of=None, failure="", **more):
    return {
        "audit_result": {"audit": audit_of or audit()},
        "remediate_reached": "build",
        "commerce_rollout_failure": failure,
        **more,
    }


def fleet(**changed):
    return {"blog": looked_at(), "web1": looked_at(), "web2": looked_at(), **changed}


def test_what_stands_ready_is_left_as_it_was_planned():
    assert feasible(ROLLOUT, fleet()) == ROLLOUT


@pytest.mark.parametrize(
    ("web2", "why"),
    [
        (looked_at(failure="The disk has\n too little room."), "The disk has too little room."),
        ({"audit_result": {"audit": audit()}}, NO_ANSWER),
        ({}, NO_ANSWER),
    ],
)
def test_a_store_of_which_a_node_cannot_be_changed_is_left_out_whole(web2, why):
    assert feasible(ROLLOUT, fleet(web2=web2)) == rollout_of(
        [[("blog", ["blog"])]],
        {"test": "it is unreachable", "web1": f"web2 cannot be changed: {why}", "web2": why},
    )


def test_what_the_role_says_in_check_mode_is_told():
    plan = {"reload": "reload php-fpm", "loses_requests": True, "clean": "clean the cache config"}
    told = {"files": ["vendor/a.php"], "actions": ["apply ACSD-61103"]}
    details = details_of(
        ROLLOUT,
        fleet(
            blog=looked_at(remediate_stage={}, remediate_live=told),
            web1=looked_at(audit(compiled=True), remediate_stage={**told, "plan": plan}),
            web2=looked_at(remediate_stage={"skipped": True}),
        ),
    )
    known = {"files": ["vendor/a.php"], "commands": ["apply ACSD-61103"]}
    unknown = {"reload": None, "loses_requests": None, "clean": None}
    assert details["blog"] == {"fingerprint": "4c1b", "strategy": "in_place", **known, **unknown}
    assert details["web1"] == {"fingerprint": "4c1b", "strategy": "staged", **known, **plan}
    assert details["web2"] == {
        "fingerprint": "4c1b",
        "strategy": "staged",
        **dict.fromkeys(known),
        **unknown,
    }


def test_a_host_without_an_audit_has_no_fingerprint():
    assert details_of(ROLLOUT, fleet(blog={}))["blog"]["fingerprint"] is None


@pytest.mark.parametrize(
    ("wanted", "audits", "nodes", "strategy"),
    [
        ("auto", [audit()], 1, "in_place"),
        ("auto", [audit(compiled=True)], 1, "staged"),
        ("auto", [audit(compiled=None)], 1, "in_place"),
        ("auto", [audit(compiled=None, interrupted=True)], 1, "staged"),
        ("auto", [audit(interrupted=None)], 1, "in_place"),
        ("auto", [audit(), audit()], 2, "staged"),
        ("auto", [], 1, "in_place"),
        ("in_place", [audit(compiled=True)], 2, "in_place"),
        ("staged", [audit()], 1, "staged"),
    ],
)
def test_how_a_store_is_changed(wanted, audits, nodes, strategy):
    assert FilterModule().filters()["rollout_strategy"] is rollout_strategy
    assert rollout_strategy(wanted, audits, nodes) == strategy


@pytest.mark.parametrize(
    ("found", "more", "strategy"),
    [
        (audit(files="tool_missing"), {"tool": "install"}, "staged"),
        (audit(files="tool_too_old"), {"tool": "install"}, "staged"),
        (audit(files="tool_missing"), {}, "in_place"),
        (audit(files="tool_missing"), {"repair_partial": True}, "in_place"),
        (audit(), {"tool": "install", "repair_partial": True}, "in_place"),
        (audit(files="partial"), {"repair_partial": "yes"}, "staged"),
        (audit(files="conflict"), {"repair_partial": True}, "staged"),
        (audit(files="conflict"), {"repair_partial": False, "tool": "install"}, "in_place"),
        (audit(kept=True), {"state": "absent"}, "staged"),
        (audit(kept=True), {"state": "present"}, "in_place"),
        (audit(kept=None), {"state": "absent"}, "in_place"),
        ({**audit(), "evidence": None}, {"tool": "install"}, "in_place"),
    ],
)
def test_what_only_a_stage_can_do(found, more, strategy):
    assert rollout_strategy("auto", [found], 1, **more) == strategy
    assert rollout_strategy("in_place", [found], 1, **more) == "in_place"


def test_a_plan_says_how_a_store_with_something_for_composer_is_changed():
    blog = looked_at(audit(files="partial"))
    assert details_of(ROLLOUT, fleet(blog=blog))["blog"]["strategy"] == "in_place"
    blog["commerce_repair_partial"] = True
    assert details_of(ROLLOUT, fleet(blog=blog))["blog"]["strategy"] == "staged"
    blog = {**looked_at(audit(files="tool_missing")), "commerce_tool": "install"}
    assert details_of(ROLLOUT, fleet(blog=blog))["blog"]["strategy"] == "staged"
