# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: what it refuses, what it loads, what it gives to the core and to root, and how it ends."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import yaml
from support.real_module import runner

from ansible_collections.storefleet.commerce.plugins.module_utils import live_patches
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError, MissingLibrary
from ansible_collections.storefleet.commerce.plugins.module_utils.isolated_compile import CompileLimits
from ansible_collections.storefleet.commerce.plugins.module_utils.live_patches import Wish
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import ProbeOptions
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import Outcome
from ansible_collections.storefleet.commerce.plugins.modules import quality_patch_live

DONE = {"changed": True, "patches": [], "files": [], "actions": ["applied it"], "before": {}, "after": {}, "diff": []}


class Core:
    """In place of the core: keeps what it is asked, and answers or fails as it is told."""

    def __init__(self):
        self.asked, self.loaded, self.work = [], [], lambda place, ask: DONE

    def bring_about(self, place, ask, wish):
        self.asked.append((place.root, place.check, wish))
        return self.work(place, ask)


@pytest.fixture
def core(monkeypatch) -> Core:
    made = Core()
    monkeypatch.setattr(quality_patch_live, "bring_about", made.bring_about)
    for name in ("database", "http_node"):
        library = SimpleNamespace(load=lambda name=name: made.loaded.append(name))
        monkeypatch.setattr(quality_patch_live, name, library)
    return made


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    start = runner(quality_patch_live.main, monkeypatch, capsys)
    return lambda **options: start(root=str(tmp_path), **options)


def test_the_core_gets_the_defaults(run, core, tmp_path) -> None:
    result = run()
    assert core.asked == [
        (str(tmp_path), False, Wish(("ACSD-61103",), "present", ProbeOptions(), "auto", CompileLimits(1800, 1))),
    ]
    assert core.loaded == ["database", "http_node"]
    assert {name: result[name] for name in DONE} == DONE


def test_the_core_gets_the_options_and_nobody_else_the_secrets(run, core) -> None:
    account = {"account_email": "a@example.com", "account_password": "geheim-one"}
    access = {"url_username": "op", "url_password": "geheim-two", "headers": {"X-Team": "geheim-three"}}
    result = run(
        patches=["ACSD-1", "ACSD-2"],
        state="absent",
        accept_side_effects=["ACSD-3"],
        probe="account",
        apis=["soap"],
        reload="none",
        reload_command=None,
        compile_timeout=60,
        compiles_per_machine=3,
        **account,
        **access,
    )
    options = ProbeOptions(form="account", apis=("soap",), **account, **access)
    assert core.asked[0][2] == Wish(
        ("ACSD-1", "ACSD-2"), "absent", options, "none", CompileLimits(60, 3), accept_side_effects=("ACSD-3",)
    )
    assert "geheim" not in json.dumps(result)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"probe": "account"}, "account_email, account_password"),
        ({"probe": "account", "account_email": "a@example.com"}, "account_password"),
        ({"probe": "skip"}, "probe"),
        ({"url_username": "op"}, "url_password"),
        ({"headers": {"Host": "geheim"}}, "headers"),
        ({"reload": "sometimes"}, "reload"),
        ({"reload": "command"}, "reload_command"),
        ({"reload": "command", "reload_command": "service 'php"}, "commerce_reload_command"),
        ({"compile_timeout": "long"}, "compile_timeout"),
        ({"state": "gone"}, "state"),
        ({"apis": ["xmlrpc"]}, "apis"),
    ],
)
def test_misuse_is_refused_before_anything_runs(run, core, options: dict, named: str) -> None:
    result = run(**options)
    assert result["failed"]
    assert named in result["msg"]
    assert "geheim" not in json.dumps(result)
    assert (core.asked, core.loaded) == ([], [])


def test_check_mode_needs_no_library(run, core) -> None:
    assert run(check=True)["changed"]
    assert core.loaded == []
    assert [check for dummy, check, dummy in core.asked] == [True]


@pytest.mark.parametrize("no_wheels", [None, "Fetch them once."])
def test_without_a_library_nothing_is_changed(run, core, monkeypatch, no_wheels: str | None) -> None:
    def load():
        raise MissingLibrary("requests", "/usr/bin/python3")

    monkeypatch.setattr(quality_patch_live, "http_node", SimpleNamespace(load=load))
    result = run(_no_wheels=no_wheels)
    assert (result["failed"], result["code"]) == (True, "missing_library")
    assert result["next_step"] == (no_wheels or MissingLibrary("", "").next_step)
    assert core.asked == []


@pytest.mark.parametrize("code", ["rolled_back", "rollback_failed", "not_testable"])
def test_a_change_that_did_not_do_fails_the_module(run, core, code: str) -> None:
    def work(*dummy):
        raise CommerceError("apply it", "the store", "all was put back", "See the log.", code=code)

    core.work = work
    result = run()
    assert (result["failed"], result["code"], result["next_step"]) == (True, code, "See the log.")
    assert result["msg"] == "Could not apply it on the store: all was put back. See the log."


def test_what_takes_root_is_asked_of_the_process_that_kept_it(run, core, monkeypatch) -> None:
    requests = []

    def service(command):
        return lambda request: requests.append((request, command)) or {"pools": []}

    monkeypatch.setattr(quality_patch_live, "service", service)
    core.work = lambda place, ask: {**DONE, "actions": [str(ask({"act": "reload"}))]}
    result = run(reload="command", reload_command="service 'php 8' reload")
    assert result["actions"] == ["{'pools': []}"]
    assert requests == [({"act": "reload"}, ("service", "php 8", "reload"))]


def test_what_is_returned_is_documented(monkeypatch) -> None:
    monkeypatch.setattr(live_patches, "read_store", lambda root: SimpleNamespace(root=root, interrupted=False))
    monkeypatch.setattr(live_patches, "read_settings", lambda *dummy: SimpleNamespace(database="m2"))
    monkeypatch.setattr(live_patches, "ensure", lambda *dummy: Outcome(True, (), (), ("applied it",)))
    place = SimpleNamespace(root="/srv/store", php=("php",), runner=None, check=True)
    found = live_patches.bring_about(
        place, None, Wish(("ACSD-1",), "present", ProbeOptions(), "auto", CompileLimits(60, 1))
    )
    documented = yaml.safe_load(quality_patch_live.RETURN)
    success = {name for name, each in documented.items() if each["returned"].startswith("success")}
    assert set(found) == success | {"changed", "diff"}
