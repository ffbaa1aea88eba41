# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module's work may ask of root, and that it cannot choose what root runs."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import root_services
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError


@pytest.fixture
def restarted(monkeypatch: pytest.MonkeyPatch) -> list:
    found = []

    class Services:
        def require(self, units, runner):
            if "gone" in units:
                raise CommerceError("restart", "host", "gone", "", code="no_service")

        def restart(self, units, runner):
            found.append(list(units))
            return [f"restarted {unit}" for unit in units]

    monkeypatch.setattr(root_services, "Services", Services)
    return found


def test_units_are_those_of_the_module_not_of_the_request(restarted: list) -> None:
    ask = root_services.service(restart_units=["a", "b"])
    root_services.require_restart(ask)
    assert restarted == []
    assert ask({"act": "restart_units", "units": ["sshd"]}) == {"actions": ["restarted a", "restarted b"]}
    assert root_services.restart(ask) == ("restarted a", "restarted b")
    assert restarted == [["a", "b"], ["a", "b"]]


def test_units_that_are_not_there_are_refused_beforehand(restarted: list) -> None:
    with pytest.raises(CommerceError):
        root_services.require_restart(root_services.service(restart_units=["gone"]))


def test_requests_about_what_serves_the_store_go_there(monkeypatch: pytest.MonkeyPatch, restarted: list) -> None:
    served = []
    monkeypatch.setattr(
        root_services.serving, "serve_request", lambda request, command: served.append((request, command)) or {"x": 1}
    )
    ask = root_services.service(command=("/opt/reload",))
    for act in root_services.serving.ACTS:
        assert ask({"act": act, "command": ["rm"]}) == {"x": 1}
    assert {command for dummy, command in served} == {("/opt/reload",)}
    assert restarted == []
