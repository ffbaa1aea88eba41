# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One switch at a time in one database."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import switch_lock as switch_lock_module
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError, MissingLibrary
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_lock import switch_lock

SETTINGS = SimpleNamespace(name="m2", prefix="")


@pytest.fixture
def server(monkeypatch):
    """Answers what held says; keeps what it is asked."""
    made = SimpleNamespace(held=1, asked=[], closed=0)

    class Database:
        def __init__(self, settings) -> None:
            pass

        def query(self, sql, args):
            made.asked.append((sql, args))
            if isinstance(made.held, Exception):
                raise made.held
            return [{"held": made.held}]

        def close(self) -> None:
            made.closed += 1

    monkeypatch.setattr(switch_lock_module, "Database", Database)
    return made


GONE = CommerceError("connect", "the database", "refused", "Start it.", "database_away")


def test_the_lock_is_held_for_the_block_by_a_connection_of_its_own(server) -> None:
    with switch_lock(SETTINGS):
        assert (len(server.asked), server.closed) == (1, 0)
    assert server.closed == 1
    sql, (name, seconds) = server.asked[0]
    assert "GET_LOCK" in sql
    assert (len(name) <= 64, seconds) == (True, 25)


def test_each_store_of_a_server_has_a_lock_of_its_own(server) -> None:
    for settings in (
        SETTINGS,
        SETTINGS,
        SimpleNamespace(name="m2", prefix="x_"),
        SimpleNamespace(name="m3", prefix=""),
    ):
        with switch_lock(settings):
            pass
    names = [name for dummy, (name, dummy) in server.asked]
    assert (names[0] == names[1], len(set(names))) == (True, 3)


@pytest.mark.parametrize(("held", "code"), [(0, "leased"), (GONE, "database_away")])
def test_another_holder_and_a_database_that_is_away_hinder_a_switch_but_no_way_back(server, held, code: str) -> None:
    server.held = held
    with pytest.raises(CommerceError) as raised, switch_lock(SETTINGS):
        pass
    assert (raised.value.code, server.closed) == (code, 1)
    with switch_lock(SETTINGS, required=False):
        server.closed = 0
    assert server.closed == 1


def test_a_missing_library_hinders_a_switch_but_no_way_back(monkeypatch) -> None:
    def missing(settings):
        raise MissingLibrary("PyMySQL", "python3")

    monkeypatch.setattr(switch_lock_module, "Database", missing)
    with pytest.raises(MissingLibrary), switch_lock(SETTINGS):
        pass
    went_on = []
    with switch_lock(SETTINGS, required=False):
        went_on.append(True)
    assert went_on == [True]


def test_a_server_that_cannot_say_is_no_hindrance(server) -> None:
    server.held = None
    with switch_lock(SETTINGS):
        pass


def test_without_a_database_there_is_nothing_to_lock(server) -> None:
    with switch_lock(None):
        pass
    assert server.asked == []
