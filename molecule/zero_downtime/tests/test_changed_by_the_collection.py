# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection lost no request, in either direction, and left alone what others use."""

from __future__ import annotations

import os

import pytest
from support.load_requests import KINDS, SLOW

LONG = bool(os.environ.get("STOREFLEET_LONG"))
ROUNDS = int(os.environ.get("STOREFLEET_ROUNDS") or 3)
LEAST_RATE = 50
EVERY_KIND = {kind.name for kind in (*KINDS, SLOW)}
AS_IT_IS = {"in": ("patched", "fixed"), "out": ("unpatched", "defective")}


@pytest.fixture(autouse=True)
def _all_settings(variables, loads):
    assert len(loads) == (len(variables["settings"]) if LONG else 1)


def test_no_request_was_lost(loads):
    assert {load["note"]: load["failures"] for load in loads if load["failed"]} == {}


def test_the_load_was_one(loads):
    for load in loads:
        assert load["rate"] >= LEAST_RATE, load["note"]
        assert set(load["kinds"]) == EVERY_KIND


def test_requests_came_all_through_each_switch(loads):
    switches = [f"{direction} {number}" for number in range(1, ROUNDS + 1) for direction in ("in", "out")]
    for load in loads:
        assert [window["name"] for window in load["windows"]] == switches
        assert [window for window in load["windows"] if window["requests"] < LEAST_RATE * window["seconds"]] == []
        # A slow one was in flight at any moment.
        assert [window for window in load["windows"] if window["without_slow"] > 0] == []


def test_each_switch_had_its_effect(loads):
    for load in loads:
        before, *after = load["state"]
        assert len(after) == len(load["windows"])
        for state in [{**before, "after": "out"}, *after]:
            assert (state["code"], *set(state["behaviour"].values())) == AS_IT_IS[state["after"]]


def test_no_switch_emptied_what_others_use(loads):
    for load in loads:
        assert {(state["page"], state["redis_key"], state["purges"]) for state in load["state"]} == {("HIT", True, 0)}
