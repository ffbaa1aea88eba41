# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a probe found out, as modules return it and as the repair asks it."""

from __future__ import annotations

import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.probe_result import ApiResult, ProbeResult, not_run

APIS = ["rest", "graphql", "soap"]


def result(behaviour: str = "fixed", **more) -> ProbeResult:
    """A result whose last API behaves so."""
    apis = {"soap": ApiResult(behaviour), "rest": ApiResult("fixed"), "graphql": ApiResult("closed")}
    return ProbeResult("article", apis, **more)


@pytest.mark.parametrize(
    ("behaviour", "bad"),
    [
        ("fixed", False),
        ("defective", True),
        ("broken", True),
        ("closed", False),
        ("not_testable", False),
        ("not_run", False),
    ],
)
def test_one_api_that_misbehaves_is_enough(behaviour: str, bad: bool) -> None:
    assert result(behaviour).bad is bad


def test_every_key_is_there_in_the_apis_order() -> None:
    found = result().as_dict()
    assert found == {
        "form": "article",
        "apis": found["apis"],
        "passive": None,
        "base_url": None,
        "store_code": None,
        "node": None,
        "route": None,
        "swept": 0,
        "notes": [],
    }
    assert list(found["apis"]) == APIS


def test_what_an_api_did_by_name() -> None:
    api = ApiResult("defective", "counter_kept", "failures_num is 1", (401, 200), 1)
    assert api.as_dict() == {
        "behaviour": "defective",
        "reason": "counter_kept",
        "detail": "failures_num is 1",
        "statuses": [401, 200],
        "counter": 1,
    }


def test_a_result_is_plain_data_and_not_the_probes_own() -> None:
    passive = {"stuck": 2, "locked": 1}
    probed = result(
        passive=passive, swept=3, notes=("One.",), base_url="https://a/", store_code="de", node="n", route="r"
    )
    found = probed.as_dict()
    assert json.loads(json.dumps(found)) == found
    found["passive"]["stuck"] = 0
    assert passive == {"stuck": 2, "locked": 1}
    assert [found[name] for name in ("swept", "notes", "base_url", "store_code", "node", "route")] == [
        3,
        ["One."],
        "https://a/",
        "de",
        "n",
        "r",
    ]


def test_where_nothing_was_asked_every_api_says_why() -> None:
    found = not_run("skip", "check_mode")
    assert (found.form, found.bad, found.passive) == ("skip", False, None)
    assert {name: (api.behaviour, api.reason) for name, api in found.apis.items()} == dict.fromkeys(
        APIS, ("not_run", "check_mode")
    )


def test_a_result_without_one_of_the_apis_is_a_defect() -> None:
    with pytest.raises(KeyError):
        ProbeResult("article", {"rest": ApiResult("fixed")}).as_dict()
