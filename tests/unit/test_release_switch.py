# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: what it gives to the core and to root, what it refuses, and how it ends."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import yaml
from support.real_module import runner

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Holder
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import ProbeOptions
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_site import Wish, result
from ansible_collections.storefleet.commerce.plugins.modules import release_switch

DONE = result(True, ["switched the code"], ["a.php"], {"rest": "defective"}, {"rest": "fixed"}, {"code": 0.1}, 1e9)


class Core:
    """In place of the core: keeps what it is asked, and answers or fails as it is told."""

    def __init__(self):
        self.asked, self.loaded, self.services, self.work = [], [], [], lambda: DONE

    def switch_release(self, place, ask, wish):
        self.asked.append((place.root, place.check, wish))
        return self.work()

    def service(self, command, units):
        self.services.append((command, units))
        return lambda request: {}


@pytest.fixture
def core(monkeypatch) -> Core:
    made = Core()
    monkeypatch.setattr(release_switch, "switch_release", made.switch_release)
    monkeypatch.setattr(release_switch, "service", made.service)
    for name in ("database", "http_node"):
        library = SimpleNamespace(load=lambda name=name: made.loaded.append(name))
        monkeypatch.setattr(release_switch, name, library)
    return made


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    start = runner(release_switch.main, monkeypatch, capsys)
    return lambda **options: start(root=str(tmp_path), **options)


def test_the_core_gets_the_defaults(run, core, tmp_path) -> None:
    found = run()
    assert core.asked == [(str(tmp_path), False, Wish("whole", ("ACSD-61103",), "present", ProbeOptions(), "auto"))]
    assert (core.loaded, core.services) == (["database", "http_node"], [((), ())])
    assert {name: found[name] for name in DONE} == DONE
    assert found["kept_until"] == "2001-09-09T01:46:40+00:00"


def test_the_core_gets_the_options_and_root_what_it_may_run(run, core) -> None:
    holder = {"run": "r", "controller": "c", "pid": 4, "started": 5, "space": "s", "host": "web1", "ended": ""}
    run(
        step="keep",
        patches=["ACSD-1"],
        state="absent",
        reload="command",
        reload_command="service 'php 8' reload",
        keep_way_back="24h",
        soak_seconds=60,
        restart_services=["worker"],
        consumers=False,
        clean=False,
        _holder=holder,
    )
    command = ("service", "php 8", "reload")
    assert core.services == [(command, ("worker",))]
    assert core.asked[0][2] == Wish(
        step="keep",
        patches=("ACSD-1",),
        state="absent",
        probe=ProbeOptions(),
        reload="command",
        reload_command=command,
        keep_way_back=86400,
        soak_seconds=60,
        restart_services=True,
        consumers=False,
        clean=False,
        holder=Holder(**holder),
    )


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"step": "all"}, "step"),
        ({"keep_way_back": "a day"}, "a day"),
        ({"reload": "command"}, "reload_command"),
        ({"reload": "command", "reload_command": "service 'php"}, "commerce_reload_command"),
        ({"probe": "skip"}, "probe"),
        ({"headers": {"Host": "geheim"}}, "headers"),
    ],
)
def test_misuse_is_refused_before_anything_runs(run, core, options: dict, named: str) -> None:
    found = run(**options)
    assert found["failed"]
    assert named in found["msg"]
    assert "geheim" not in json.dumps(found)
    assert (core.asked, core.loaded) == ([], [])


def test_check_mode_needs_no_library(run, core) -> None:
    run(check=True)
    assert (core.loaded, core.asked[0][1]) == ([], True)


@pytest.mark.parametrize("code", ["rolled_back", "rollback_failed", "way_back_stale"])
def test_what_goes_wrong_fails_the_module(run, core, code: str) -> None:
    def work():
        raise CommerceError("switch", "the store", "all was put back", "See the log.", code=code)

    core.work = work
    found = run()
    assert (found["failed"], found["code"], found["next_step"]) == (True, code, "See the log.")


def test_what_is_returned_is_documented() -> None:
    documented = yaml.safe_load(release_switch.RETURN)
    success = {name for name, each in documented.items() if each["returned"] == "success"}
    assert set(DONE) == success | {"changed"}


def test_what_is_accepted_is_documented() -> None:
    options = yaml.safe_load(release_switch.DOCUMENTATION)["options"]
    assert options["step"]["choices"] == list(release_switch.CHOICES)
    assert options["reload"]["choices"] == list(release_switch.METHODS)
