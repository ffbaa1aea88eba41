# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan says to those who sign it off, and what is taken back as one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.storefleet.commerce.plugins.filter.rollout_document import FilterModule, rollout_document
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan import rollout_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan_file import (
    Occasion,
    parsed,
    plan_document,
    stage_seconds,
)

ROLLOUT = rollout_of([[("shop", ["web1", "web2"])], [("blog", ["blog"])]], {"test": "it is unreachable"})
DETAILS: dict[str, dict[str, Any]] = {
    "web1": {
        "fingerprint": "4c1b",
        "strategy": "staged",
        "files": ["vendor/a.php"],
        "commands": ["apply ACSD-61103"],
        "expected_seconds": 90,
        "reload": "empty the opcache",
        "loses_requests": False,
        "clean": "clean the cache config",
    },
    "web2": {"fingerprint": "5d2c", "strategy": "staged", "expected_seconds": 60.5},
    "other": {"fingerprint": "none of the rollout's"},
}
OCCASION = Occasion("2026-11-23T21:40:05Z", ("ACSD-61103",), "CHG-1", {"pattern": "commerce", "limit": None})
UNKNOWN = dict.fromkeys(DETAILS["web1"])


def document(**changed: Any) -> dict[str, Any]:
    return {**plan_document(ROLLOUT, DETAILS, OCCASION, forks=1), **changed}


def test_all_that_is_known_stands_in_it() -> None:
    assert document() == {
        "schema_version": 1,
        "created": "2026-11-23T21:40:05Z",
        "change_id": "CHG-1",
        "patches": ["ACSD-61103"],
        "state": "present",
        "scope": {"pattern": "commerce", "limit": None},
        "stages": [
            {
                "number": 1,
                "expected_seconds": 151,
                "stores": [
                    {
                        "store": "shop",
                        "hosts": [
                            {"name": "web1", **DETAILS["web1"]},
                            {"name": "web2", **UNKNOWN, **DETAILS["web2"]},
                        ],
                    }
                ],
            },
            {
                "number": 2,
                "expected_seconds": None,
                "stores": [{"store": "blog", "hosts": [{"name": "blog", **UNKNOWN}]}],
            },
        ],
        "left_out": {"test": "it is unreachable"},
    }


def test_equal_input_gives_equal_bytes_and_what_is_written_is_read() -> None:
    text = json.dumps(document())
    assert text == json.dumps(plan_document(ROLLOUT, dict(reversed(DETAILS.items())), OCCASION, forks=1))
    assert parsed(text) == parsed(document()) == document()


def test_a_detail_that_no_plan_has_is_an_error() -> None:
    with pytest.raises(
        CommerceError, match=r"host web1: a plan says nothing of files_changed, password[.] Give finger"
    ):
        plan_document(ROLLOUT, {"web1": {"password": "x", "files_changed": []}}, OCCASION, 1)


@pytest.mark.parametrize(
    ("seconds", "forks", "expected"),
    [
        ([], 5, None),
        ([10], 5, 10),
        ([10, None], 5, None),
        ([10, 30], 5, 30),
        ([10, 10, 10, 10], 2, 20),
        ([10, 10.5, 10, 10], 3, 14),
        ([10, 20], 0, 30),
    ],
)
def test_how_long_a_stage_takes(seconds: list[float | None], forks: int, expected: int | None) -> None:
    assert stage_seconds(seconds, forks) == expected


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in document().items() if name != key}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "it is no JSON: "),
        ("stages: []", "it is no JSON: "),
        ("[]", "it is no plan, as it has no schema_version"),
        ("{}", "it is no plan, as it has no schema_version"),
        (None, "it is no plan, as it has no schema_version"),
        (document(schema_version=2), "its schema_version is 2, and this collection knows 1. Make the plan anew"),
        *(
            (without(key), f"a part of it is missing or of another form: KeyError('{key}')")
            for key in ("created", "change_id", "patches", "stages", "left_out")
        ),
        (document(left_out=[]), "a part of it is missing or of another form"),
        (document(stages=[{"stores": [{"hosts": []}]}]), "KeyError('store')"),
        (document(stages=[{"stores": [{"store": "a", "hosts": [{"name": "a"}]}]}]), "KeyError('fingerprint')"),
        (document(stages=[{"stores": [{"store": "a", "hosts": ["a"]}]}]), "a part of it is missing"),
        (document(stages=None), "a part of it is missing"),
    ],
)
def test_what_is_no_plan(given: Any, sentence: str) -> None:
    with pytest.raises(CommerceError) as raised:
        parsed(given)
    assert raised.value.code == "bad_plan"
    assert str(raised.value).startswith("Could not read a plan on commerce_plan: ")
    assert sentence in str(raised.value)


def test_the_filter() -> None:
    assert FilterModule().filters() == {"rollout_document": rollout_document}
    audit = {"store": {"fingerprint": "4c1b", "compiled": True, "interrupted": False}}
    stage = {"files": ["vendor/a.php"], "actions": ["apply ACSD-61103"], "plan": {"reload": "empty the opcache"}}
    web1 = {"audit_result": {"audit": audit}, "remediate_reached": "build", "remediate_stage": stage}
    hostvars = {"web1": web1, "web2": {**web1, "remediate_stage": {}}, "blog": {"commerce_rollout_failure": "no room"}}
    made = rollout_document(
        ROLLOUT,
        hostvars,
        OCCASION.created,
        ["ACSD-61103"],
        change_id="CHG-1",
        state="absent",
        expected_seconds={"web1": 90, "web2": 60},
        forks="1",
    )
    assert (made["state"], made["change_id"], made["stages"][0]["expected_seconds"]) == ("absent", "CHG-1", 150)
    web1_told, web2_told = made["stages"][0]["stores"][0]["hosts"]
    assert web1_told == {
        "name": "web1",
        "fingerprint": "4c1b",
        "strategy": "staged",
        "files": ["vendor/a.php"],
        "commands": ["apply ACSD-61103"],
        "expected_seconds": 90,
        "reload": "empty the opcache",
        "loses_requests": None,
        "clean": None,
    }
    assert (web2_told["fingerprint"], web2_told["files"]) == ("4c1b", None)
    assert made["left_out"] == {"test": "it is unreachable", "blog": "no room"}
    bare = rollout_document(ROLLOUT, hostvars, OCCASION.created, [])
    assert (bare["scope"], bare["change_id"], bare["state"]) == ({}, None, "present")
    assert bare["stages"][0]["expected_seconds"] is None
