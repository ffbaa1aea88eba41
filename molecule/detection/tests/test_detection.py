# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of each store says what inventory/stores.yml expects, and the store does what the audit says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.stores import APIS, Steps

STEPS = {
    "fixed": Steps(after_wrong=1, after_right=0, token=True),
    "defective": Steps(after_wrong=1, after_right=1, token=True),
    "closed": Steps(after_wrong=0, after_right=0, token=False),
}


@pytest.fixture(scope="session")
def everything_found():
    return json.loads(Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "found.json").read_text())


@pytest.fixture
def found(variables, everything_found):
    """What the audit and commerce_info said of the store."""
    return everything_found[variables["inventory_hostname"]]


@pytest.fixture
def expected(variables):
    return variables["expected"]


def by_api(words):
    return words if isinstance(words, dict) else dict.fromkeys(APIS, words)


def part(found, wanted):
    """What was found, at the keys that something is expected of."""
    return {key: found[key] for key in wanted}


def test_verdict(found, expected):
    if expected["verdict"] == "unknown/unreachable":
        assert found["audit"]["unreachable"]
        assert "audit" not in found["audit"]
        return
    audit = found["audit"]["audit"]
    assert f"{audit['status']}/{audit['reason']}" == expected["verdict"], json.dumps(audit, indent=1)
    assert audit["next_step"]


@pytest.mark.parametrize("evidence", ["files", "behaviour"])
def test_evidence_of_each_api(found, expected, evidence):
    if evidence not in expected:
        assert expected["verdict"] == "unknown/unreachable"
        return
    apis = found["audit"]["audit"]["evidence"]["apis"]
    assert {api: apis[api][evidence] for api in APIS} == by_api(expected[evidence]), json.dumps(apis, indent=1)


def test_why_it_could_not_be_tested(found, expected):
    if "why" in expected:
        apis = found["audit"]["audit"]["evidence"]["apis"]
        assert {apis[api]["reason"] for api in APIS} == {expected["why"]}, json.dumps(apis, indent=1)


def test_how_it_was_tested(found, expected):
    if "probe" in expected:
        assert part(found["audit"]["audit"]["probe"], expected["probe"]) == expected["probe"]


def test_counters_that_are_stuck(found, expected):
    if "passive" in expected:
        assert found["audit"]["audit"]["evidence"]["passive"] == expected["passive"]


def test_description(found, expected, variables):
    if "broken_by" in variables:
        assert found["info"]["code"] == variables["broken_by"], found["info"]["msg"]
        return
    info = found["info"].get("commerce", {})
    wanted = expected.get("info", {})
    assert part(info, wanted) == wanted
    if "note" in expected:
        assert any(expected["note"] in note for note in info["notes"]), info["notes"]


def test_behaviour_seen_from_outside(expected, request):
    behaviours = by_api(expected.get("behaviour"))
    if not set(behaviours.values()) & {*STEPS, "broken"}:
        return
    store = request.getfixturevalue("store")
    customer = store.insert_customer()
    for api, behaviour in behaviours.items():
        store.sql(f"UPDATE {{prefix}}customer_entity SET failures_num = 0 WHERE email = '{customer}'")
        steps = store.article_steps(api, customer)
        if behaviour == "broken":
            assert not steps.token
        else:
            assert (api, steps) == (api, STEPS[behaviour])
    store.remove_customer(customer)


def test_the_probe_left_no_row(expected, request, variables):
    if "made" not in variables:
        return
    store = request.getfixturevalue("store")
    left = "SELECT COUNT(*) FROM {prefix}%s WHERE %s LIKE 'storefleet%%'"
    assert store.sql(left % ("customer_entity", "email")) == [["0"]]
    assert store.sql(left % ("oauth_token_request_log", "user_name")) == [["0"]]
    assert store.sql(
        "SELECT COUNT(*) FROM {prefix}customer_log LEFT JOIN {prefix}customer_entity ON entity_id = customer_id "
        "WHERE entity_id IS NULL"
    ) == [["0"]]
