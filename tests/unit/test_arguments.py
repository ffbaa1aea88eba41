# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge between a store's work and a module: parameters, identity, exits."""

from __future__ import annotations

import os

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import arguments
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.identity import Identity


class Exit(Exception):
    """How a module ended."""

    def __init__(self, failed, values):
        super().__init__(failed, values)
        self.failed, self.values = failed, values


class Module:
    """What of AnsibleModule the core may touch."""

    check_mode = False

    def __init__(self, root, **params):
        self.params = {"root": str(root), "php": "php8.2 -d 'a=b c'", "user": None, "environment": {}, **params}
        self.no_log_values = set(map(str, self.params["environment"].values())) | {"kept"}

    def fail_json(self, **values):
        raise Exit(True, values)

    def exit_json(self, **values):
        raise Exit(False, values)


@pytest.fixture
def owned(store_tree, monkeypatch):
    """A store that belongs to the process' own user, whoever that is."""
    me = Identity("me", os.geteuid(), os.getegid(), (), "/home/me")
    monkeypatch.setattr(arguments, "owner_of", lambda *_: me)
    mask = os.umask(0o022)
    yield store_tree
    os.umask(mask)


def end_of(module, work, service=None):
    with pytest.raises(Exit) as caught:
        arguments.exit_with(module, work, service)
    return caught.value


def test_the_work_gets_its_place(owned):
    places = []

    def work(place, dummy):
        places.append(place)
        return {"changed": False, "mask": os.umask(0o002)}

    end = end_of(Module(owned.root), work)
    assert (end.failed, end.values) == (False, {"changed": False, "mask": 0o002})
    assert places[0].root == str(owned.root)
    assert places[0].php == ("php8.2", "-d", "a=b c")
    assert places[0].check is False


@pytest.mark.parametrize("php", ["", "  ", "php 'x"])
def test_a_command_line_that_is_none(owned, php):
    end = end_of(Module(owned.root, php=php), lambda *_: {})
    assert (end.failed, end.values["code"]) == (True, "bad_php")


def test_a_known_error(owned):
    def work(*_):
        raise CommerceError("do it", "the store", "it said no", "Ask again.", code="said_no")

    end = end_of(Module(owned.root), work)
    assert end.failed
    assert end.values == {
        "msg": "Could not do it on the store: it said no. Ask again.",
        "code": "said_no",
        "next_step": "Ask again.",
    }


def test_an_unforeseen_error_tells_no_values(owned):
    def work(*_):
        raise ValueError("geheim")

    end = end_of(Module(owned.root), work)
    assert (end.failed, end.values["code"]) == (True, "defect")
    assert "ValueError in test_arguments.py:" in end.values["msg"]
    assert "geheim" not in str(end.values)


def test_the_environment_reaches_programs_and_nothing_else(owned):
    module = Module(owned.root, environment={"SECRET": "geheim", "ONE": 1})

    def work(place, dummy):
        return {"out": place.runner.run(["sh", "-c", "echo $ONE${SECRET:+set}$HOME"]).out}

    end = end_of(module, work)
    assert end.values["out"] == "1set/home/me\n"
    assert "geheim" not in str(module.params)
    # Else "production" or "1" would be blanked out wherever a result has them.
    assert module.no_log_values == {"kept"}


def test_root_is_asked_only_where_it_answers(owned):
    def work(dummy, ask):
        return ask({"what": "x"})

    assert end_of(Module(owned.root), work).values["code"] == "defect"
    assert end_of(Module(owned.root), work, lambda request: {"got": request}).values == {"got": {"what": "x"}}
