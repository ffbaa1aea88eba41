# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: what it gives to the core, and how it ends."""

from __future__ import annotations

import pytest
from support.real_module import runner

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.isolated_compile import CompileLimits
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Holder
from ansible_collections.storefleet.commerce.plugins.module_utils.stage import Wish
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_plan import ToolWish
from ansible_collections.storefleet.commerce.plugins.modules import release_stage

HOLDER = {"run": "control:1", "controller": "control", "pid": 7, "started": 9, "space": "", "host": "a", "ended": ""}


@pytest.fixture
def run(monkeypatch, capsys, store_tree):
    """Runs the module on a store with the defect."""
    start = runner(release_stage.main, monkeypatch, capsys)
    return lambda **options: start(root=str(store_tree.root), **options)


@pytest.fixture
def asked(monkeypatch):
    """What the core was asked, in place of its work."""
    calls = []

    def build(place, dummy, wish):
        calls.append((place.check, place.php, wish))
        return {"changed": True, "stage": "/srv/stage"}

    monkeypatch.setattr(release_stage, "build", build)
    return calls


DEFAULT = Wish(("ACSD-61103",), "present", None, CompileLimits(1800, 1), (), "auto", (), None)


def test_packages_are_put_back_only_with_the_word_and_by_the_given_composer(run, asked) -> None:
    run()
    run(repair_partial=True, composer="/opt/composer", composer_auth={"bearer": {"p.example": "geheim"}})
    assert [(wish.repair, wish.tool) for *_rest, wish in asked] == [
        (None, None),
        (ToolWish(None, "/opt/composer", {"bearer": {"p.example": "geheim"}}, {}), None),
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (False, ("php",), DEFAULT)),
        (
            {
                "check": True,
                "php": "/opt/php -n",
                "patches": ["ACSD-1", "ACSD-2"],
                "accept_side_effects": ["ACSD-3"],
                "accept_needs": ["schema", "static"],
                "state": "absent",
                "stage_dir": "/srv/stages",
                "compile_timeout": 60,
                "compiles_per_machine": 2,
                "accept_generated": ["code/*"],
                "tool": "install",
                "tool_version": "^1.1.60",
                "composer": "/opt/composer",
                "composer_auth": {"bearer": {"p.example": "geheim"}},
                "composer_environment": {"https_proxy": "http://proxy", "COUNT": 1},
                "reload": "command",
                "reload_command": "sudo 're load'",
                "_holder": HOLDER,
            },
            (
                True,
                ("/opt/php", "-n"),
                Wish(
                    ("ACSD-1", "ACSD-2"),
                    "absent",
                    "/srv/stages",
                    CompileLimits(60, 2),
                    ("code/*",),
                    "command",
                    ("sudo", "re load"),
                    Holder("control:1", "control", 7, 9, "", "a", ""),
                    ToolWish(
                        "^1.1.60",
                        "/opt/composer",
                        {"bearer": {"p.example": "geheim"}},
                        {"https_proxy": "http://proxy", "COUNT": "1"},
                    ),
                    ("ACSD-3",),
                    ("schema", "static"),
                ),
            ),
        ),
    ],
)
def test_the_core_gets_the_options(run, asked, options: dict, expected: tuple) -> None:
    assert run(**options)["stage"] == "/srv/stage"
    assert asked == [expected]


@pytest.mark.parametrize(
    "options",
    [
        {"state": "gone"},
        {"reload": "hard"},
        {"reload": "command"},
        {"reload": "command", "reload_command": "not 'closed"},
        {"compile_timeout": "long"},
    ],
)
def test_misuse_is_refused_before_anything_runs(run, asked, options: dict) -> None:
    assert run(**options)["failed"]
    assert asked == []


def test_a_known_error_fails_the_module(run, monkeypatch) -> None:
    def build(*dummy):
        raise CommerceError("compile it", "the store", "it fails", "Read the log.", code="compile_failed")

    monkeypatch.setattr(release_stage, "build", build)
    result = run()
    assert (result["failed"], result["code"], result["next_step"]) == (True, "compile_failed", "Read the log.")
