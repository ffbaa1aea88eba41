# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of each store says what inventory/stores.yml expects, and the store does what the audit says."""

from __future__ import annotations

import json

import pytest
from support.stores import APIS, Steps

STEPS = {
    "fixed": Steps(after_wrong=1, after_right=0, token=True),
    "defective": Steps(after_wrong=1, after_right=1, token=True),
    "closed": Steps(after_wrong=0, after_right=0, token=False),
}
WELL = ("compliant", "not_applicable")


def by_api(words):
    return words if isinstance(words, dict) else dict.fromkeys(APIS, words)


def part(found, wanted):
    """What was found, at the keys that something is expected of."""
    return {key: found[key] for key in wanted}


def test_verdict(audit, audits, name, expected):
    if expected["verdict"] == "unknown/unreachable":
        assert audits[name]["unreachable"]
        assert audit is None
        return
    assert f"{audit['status']}/{audit['reason']}" == expected["verdict"], json.dumps(audit, indent=1)
    assert audit["next_step"]


def test_the_audit_is_small(audit):
    assert len(json.dumps(audit).encode()) < 4096


def test_the_last_lines_say_it(audit, name, expected, last_lines):
    status, reason = expected["verdict"].split("/")
    word, text = last_lines[name]
    assert word == ("ok" if status in WELL else "fatal")
    assert f"{name}: {status} ({reason}). {audit['next_step'] if audit else 'Make the host reachable'}" in text


@pytest.mark.parametrize("evidence", ["files", "behaviour"])
def test_evidence_of_each_api(audit, expected, evidence):
    if evidence not in expected:
        assert expected["verdict"] == "unknown/unreachable"
        return
    apis = audit["evidence"]["apis"]
    assert {api: apis[api][evidence] for api in APIS} == by_api(expected[evidence]), json.dumps(apis, indent=1)


def test_why_it_could_not_be_tested(audit, expected):
    if "why" in expected:
        apis = audit["evidence"]["apis"]
        assert {apis[api]["reason"] for api in APIS} == {expected["why"]}, json.dumps(apis, indent=1)


def test_how_it_was_tested(audit, expected):
    if "probe" in expected:
        assert part(audit["probe"], expected["probe"]) == expected["probe"]


def test_counters_that_are_stuck(audit, found, expected):
    if "passive" in expected:
        assert audit["evidence"]["passive"] == expected["passive"]
        assert found["failures_num"]["failures_num"]["passive"] == expected["passive"]


def test_check_mode_logs_nobody_in(name, audit, predictions):
    if audit is None:
        assert predictions[name]["unreachable"]
        return
    predicted = predictions[name]["audit"]
    assert {api["behaviour"] for api in predicted["evidence"]["apis"].values()} == {"not_run"}
    assert predicted["status"] in ("vulnerable", "unknown")
    assert predicted["evidence"]["patch"] == audit["evidence"]["patch"]


def test_behaviour_seen_from_outside(expected, request):
    behaviours = by_api(expected.get("behaviour"))
    if not set(behaviours.values()) & {*STEPS, "broken"}:
        return
    store = request.getfixturevalue("store")
    customer = store.insert_customer()
    for api, behaviour in behaviours.items():
        if behaviour == "not_run":
            continue
        store.sql(f"UPDATE {{prefix}}customer_entity SET failures_num = 0 WHERE email = '{customer}'")
        steps = store.article_steps(api, customer)
        if behaviour == "broken":
            assert not steps.token
        else:
            assert (api, steps) == (api, STEPS[behaviour])
    store.remove_customer(customer)


def test_the_operators_own_customer_is_never_locked(request, variables, audit, found):
    if "commerce_account_email" not in variables:
        return
    again = found["audited_again"]["audit"]
    assert again["evidence"]["apis"] == audit["evidence"]["apis"]
    assert request.getfixturevalue("store").counter(variables["commerce_account_email"]) == 1


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
