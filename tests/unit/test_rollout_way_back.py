# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stores a rollout that stopped takes back."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.filter.rollout_way_back import rollout_way_back

ROLLOUT = {"nodes": {"one": ["one"], "shop": ["web1", "web2"], "later": ["later"]}}
HOSTS = ["one", "web1", "web2", "later"]
NOTHING = {"hosts": [], "left": {}}


def repaired(reached="whole", status="compliant", before="not_applied"):
    return {
        "remediate_reached": reached,
        "audit_result": {"audit": {"status": status}},
        "commerce_rollout_before": before,
    }


def hostvars(**changed):
    found = {"one": repaired(), "web1": repaired("keep"), "web2": repaired("keep"), "later": {"audit_result": {}}}
    return {**found, **changed}


@pytest.mark.parametrize("kind", ["lost", "refused"])
def test_what_this_run_has_repaired_is_taken_back(kind):
    assert rollout_way_back(ROLLOUT, hostvars(), HOSTS, kind) == {"hosts": ["one", "web1", "web2"], "left": {}}


@pytest.mark.parametrize("kind", ["closed", ""])
def test_a_closed_window_takes_nothing_back(kind):
    assert rollout_way_back(ROLLOUT, hostvars(), HOSTS, kind) == NOTHING


def test_a_store_that_was_repaired_in_place_is_taken_back():
    assert rollout_way_back(ROLLOUT, hostvars(one=repaired("live")), HOSTS, "lost")["hosts"][0] == "one"


@pytest.mark.parametrize("reached", ["", "lease", "build", "code", "prove"])
def test_a_store_that_was_not_repaired_is_left_alone(reached):
    assert rollout_way_back(ROLLOUT, hostvars(one=repaired(reached)), HOSTS, "lost") == {
        "hosts": ["web1", "web2"],
        "left": {},
    }


@pytest.mark.parametrize(
    "lost",
    [repaired("prove"), repaired("keep", "vulnerable"), {**repaired("keep"), "audit_result": {"unreachable": True}}],
)
def test_a_store_with_a_node_that_is_lost_is_left_as_it_is(lost):
    why = "it is lost itself"
    said = rollout_way_back(ROLLOUT, hostvars(web2=lost), HOSTS, "lost")
    assert said == {"hosts": ["one"], "left": {"web1": why, "web2": why}}


def test_a_host_that_ansible_has_lost_is_lost():
    said = rollout_way_back(ROLLOUT, hostvars(), ["one", "web1", "later"], "lost")
    assert said["hosts"] == ["one"]


@pytest.mark.parametrize("before", ["applied", "partial", "conflict", None])
def test_a_patch_that_was_there_before_the_run_stays(before):
    said = rollout_way_back(ROLLOUT, hostvars(one=repaired(before=before)), HOSTS, "lost")
    assert said == {"hosts": ["web1", "web2"], "left": {"one": "it had the patch before this run"}}
