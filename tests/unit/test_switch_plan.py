# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a switch: what it will do, in words, before anything is done."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import switch_plan
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.reload_plan import Plan


class Reloading:
    plan = Plan("fpm", "reload php-fpm", loses_requests=True)
    possible = True

    def __init__(self, place, ask, method, command):
        assert (method, command) == ("auto", ())

    def __enter__(self):
        return self

    def __exit__(self, *dummy):
        pass

    def require(self):
        if not self.possible:
            raise CommerceError("reload", "host", "it takes root", "", code="no_reload")


@pytest.fixture(autouse=True)
def _parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switch_plan, "Reloading", Reloading)
    monkeypatch.setattr(switch_plan, "clean_plan", lambda *dummy: SimpleNamespace(words="clean"))


@pytest.mark.parametrize(("check", "clean"), [(False, "clean"), (True, None)])
def test_the_plan_says_what_is_lost(check, clean) -> None:
    place = SimpleNamespace(root="/srv", php=("php",), runner=None, check=check)
    found = switch_plan.plan_switch(place, None, "auto", ())
    assert found == {"reload": "reload php-fpm", "loses_requests": True, "clean": clean}


def test_what_cannot_be_done_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reloading, "possible", False)
    with pytest.raises(CommerceError) as caught:
        switch_plan.plan_switch(SimpleNamespace(root="/srv", check=False), None, "auto", ())
    assert caught.value.code == "no_reload"
