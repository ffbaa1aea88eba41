# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each way by hand lost requests: the load sees it when one is lost."""

from __future__ import annotations

import os

import pytest

LONG = bool(os.environ.get("STOREFLEET_LONG"))
LOGINS = {"rest login", "graphql login", "soap login", "storefront login", "rest new customer"}
# Kinds of which some are lost at least.
LOST = {
    "in_place": {"rest login", "graphql login", "soap login"},
    "vendors_steps": LOGINS,
    # Which ones is chance.
    "at_once": set(),
    # Its worker was killed.
    "requests_killed": {"slow page"},
    # New wiring, which nothing had read before the switch, and code of before it.
    "without_reload": {"soap login"},
}


@pytest.fixture
def ways(variables, loads):
    """The load of each way that has been gone on the store."""
    found = {load["windows"][0]["name"]: load for load in loads}
    assert set(found) == {way["way"] for way in variables["ways"] if LONG or "long" not in way}
    return found


def test_each_way_lost_requests(ways):
    assert [way for way, load in ways.items() if load["failed"] == 0] == []


def test_each_way_lost_what_it_is_known_to_lose(ways):
    for way, load in ways.items():
        lost = {kind for kind, count in load["kinds"].items() if count["failed"]}
        assert lost >= LOST[way], way


def test_the_vendors_way_emptied_what_others_use(ways):
    for way in {"in_place"} & set(ways):
        (state,) = ways[way]["state"]
        assert (state["page"], state["redis_key"]) == ("MISS", False)
        assert state["purges"] > 0
