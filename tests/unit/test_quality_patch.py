# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: what it gives to the core, how it ends, and what it does to a store's files in check mode."""

from __future__ import annotations

import pytest
from support.real_module import runner

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import Outcome
from ansible_collections.storefleet.commerce.plugins.modules import quality_patch

DONE = Outcome(True, (), ("a.php",), ("applied ACSD-61103",), {"a.php": None}, {"a.php": b"<?php"})


@pytest.fixture
def run(monkeypatch, capsys, store_tree):
    """Runs the module on a store with the defect."""
    start = runner(quality_patch.main, monkeypatch, capsys)
    return lambda **options: start(root=str(store_tree.root), **options)


@pytest.fixture
def asked(monkeypatch):
    """What the core was asked, in place of its work."""
    calls = []

    def ensure(store, patches, state, dummy_runner, check, php, accept, accept_needs):
        calls.append((store.version, patches, state, check, php, accept, accept_needs))
        return DONE

    monkeypatch.setattr(quality_patch, "ensure", ensure)
    return calls


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (["ACSD-61103"], "present", False, ("php",), [], [])),
        (
            {
                "patches": ["ACSD-1", "ACSD-2"],
                "state": "absent",
                "accept_side_effects": ["ACSD-3"],
                "accept_needs": ["schema"],
                "php": "/opt/php -d x=1",
                "check": True,
            },
            (["ACSD-1", "ACSD-2"], "absent", True, ("/opt/php", "-d", "x=1"), ["ACSD-3"], ["schema"]),
        ),
    ],
)
def test_the_core_gets_the_options(run, asked, options: dict, expected: tuple) -> None:
    result = run(**options)
    assert asked == [("2.4.6-p3", *expected)]
    assert {name: result[name] for name in ("changed", "files", "actions")} == {
        "changed": True,
        "files": ["a.php"],
        "actions": ["applied ACSD-61103"],
    }


@pytest.mark.parametrize("options", [{"state": "gone"}, {"patches": {"a": 1}}, {"patch": "ACSD-61103"}])
def test_misuse_is_refused_before_anything_runs(run, asked, options: dict) -> None:
    assert run(**options)["failed"]
    assert asked == []


def test_a_known_error_fails_the_module(run, monkeypatch) -> None:
    def ensure(*dummy):
        raise CommerceError("apply it", "the store", "it does not fit", "Compare the files.", code="patch_conflict")

    monkeypatch.setattr(quality_patch, "ensure", ensure)
    result = run()
    assert result["failed"]
    assert {name: result[name] for name in ("msg", "code", "next_step")} == {
        "msg": "Could not apply it on the store: it does not fit. Compare the files.",
        "code": "patch_conflict",
        "next_step": "Compare the files.",
    }


def test_what_the_tool_would_do_beside_fails_the_module_with_the_list(run, store_tree) -> None:
    result = run(patches=["ACSD-62332"])
    assert (result["failed"], result["code"]) == (True, "side_effects")
    assert result["side_effects"] == [{"id": "ACSD-61103", "what": "applied", "because_of": "ACSD-62332"}]
    result = run(patches=["ACSD-62332"], accept_side_effects=["ACSD-61103"], check=True)
    assert result["changed"]
    assert result["side_effects"] == [{"id": "ACSD-61103", "what": "applied", "because_of": "ACSD-62332"}]


def test_where_there_is_no_store(run, store_tree) -> None:
    (store_tree.root / "app/etc/env.php").unlink()
    (store_tree.root / "vendor/composer/installed.json").unlink()
    (store_tree.root / "composer.json").unlink()
    result = run()
    assert (result["failed"], result["code"]) == (True, "no_store")


def test_check_mode_shows_the_change_and_writes_nothing(run, store_tree, patched) -> None:
    before = {path: path.stat().st_mtime_ns for path in store_tree.root.rglob("*")}
    result = run(check=True)
    assert {path: path.stat().st_mtime_ns for path in store_tree.root.rglob("*")} == before
    assert result["changed"]
    assert sorted(result["files"]) == sorted(patched)
    assert {each["after_header"]: each["after"] for each in result["diff"]} == patched


def test_a_store_that_is_as_wanted_is_left_alone(run, store_tree, patched) -> None:
    store_tree.write(patched)
    result = run()
    assert (result["changed"], result["files"], result["actions"]) == (False, [], [])
    assert result["patches"][0]["after"] == "applied"
