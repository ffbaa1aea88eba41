# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a switch one by one: their order, again, by a second node of one file system, and back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.live_root import EVENTS
from support.switch_node import BROKEN, DEFECTIVE, FIXED, Node
from support.switch_root import STAGED, contents, store_tree

from ansible_collections.storefleet.commerce.plugins.module_utils import switch_steps
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.store import OWN_FOLDER, WAY_BACK
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_journal import Journal


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    monkeypatch.setattr(os, "fsync", lambda dummy: None)
    made = Node(tmp_path)
    made.patch(monkeypatch)
    return made


def refused(node: Node, *given, **wished) -> CommerceError:
    with pytest.raises(CommerceError) as raised:
        node.run(*given, **wished)
    return raised.value


def test_the_steps_one_after_another_do_what_the_whole_does(node) -> None:
    assert node.run("code", "r")["changed"]
    assert (node.now(), contents(node.root)[EVENTS]) == (DEFECTIVE, "<config/>")
    assert node.run("configuration", "r", clean=False)["changed"]
    assert (node.now(), contents(node.root)) == (DEFECTIVE, STAGED)
    assert node.run("configuration", "r")["changed"] is False
    assert node.now() == FIXED
    found = node.run("prove", "r")
    assert (found["changed"], found["before"], found["after"]) == (False, DEFECTIVE, FIXED)
    assert node.run("keep", "r")["changed"]
    assert not (node.root / OWN_FOLDER).exists()
    assert node.did == ["require", "prove", "hold", "reload", "wait", "require", "clean", "prove", "restart", "wait"]


def test_a_step_that_is_done_is_not_done_again(node) -> None:
    node.run("code", "r")
    before = store_tree(node.root)
    node.did.clear()
    assert node.run("code", "r")["changed"] is False
    assert (node.did, store_tree(node.root)) == ([], before)


def test_out_of_order_is_refused(node) -> None:
    assert refused(node, "configuration", "r").code == "out_of_order"
    node.run("code", "r")
    for step in ("prove", "keep"):
        assert refused(node, step, "r").code == "out_of_order"
    node.run("configuration", "r")
    assert refused(node, "back_code", "r").code == "out_of_order"


def test_a_step_that_was_killed_is_done_again_before_the_next(node) -> None:
    node.run("code", "r")
    Journal.read(str(node.root / WAY_BACK)).write(done=[])
    assert refused(node, "configuration", "r").code == "out_of_order"
    assert node.run("code", "r")["changed"]
    assert node.run("configuration", "r")["changed"]


def test_on_the_way_out_configuration_comes_first(node) -> None:
    node.run("back")
    node.build("absent")
    assert refused(node, "code", "r").code == "out_of_order"


@pytest.mark.parametrize("steps", [["back_configuration", "back_code"], ["back"]])
@pytest.mark.parametrize("done", [["code"], ["code", "configuration"]])
def test_the_way_back_leaves_the_tree_of_before_proven(node, steps, done) -> None:
    before = store_tree(node.root)
    for step in done:
        node.run(step, "r")
    node.did.clear()
    changed = [node.run(step, "r")["changed"] for step in steps]
    assert changed[-1] is True
    assert (store_tree(node.root), node.now()) == (before, DEFECTIVE)
    assert node.did[-3:] == ["reload", "wait", "prove"]
    assert ("clean" in node.did) == ("configuration" in done or "back_configuration" in steps)
    assert not (node.root / OWN_FOLDER).exists()
    assert [node.run(step, "r")["changed"] for step in steps] == [False] * len(steps)


def test_a_node_that_has_only_built_leaves_nothing(node) -> None:
    before = store_tree(node.root)
    assert node.run("back_code", "r")["changed"] is False
    assert (store_tree(node.root), (node.root / OWN_FOLDER).exists()) == (before, False)


def test_a_first_step_that_fails_leaves_nothing(node) -> None:
    before = store_tree(node.root)
    node.fail.append("stale")
    node.act["reload"] = lambda: node.fail.clear() if node.did.count("reload") == 2 else None
    assert refused(node, "code", "r").code == "rolled_back"
    assert (store_tree(node.root), (node.root / OWN_FOLDER).exists()) == (before, False)


def test_a_later_step_that_fails_is_undone_and_the_earlier_one_left_to_the_way_back(node) -> None:
    node.run("code", "r")
    between = store_tree(node.root)
    node.fail.append("clean")
    node.act["clean"] = lambda: node.fail.clear() if node.did.count("clean") == 2 else None
    assert refused(node, "configuration", "r").code == "step_failed"
    assert contents(node.root) == {**STAGED, EVENTS: "<config/>"}
    assert store_tree(node.root).keys() == between.keys()
    assert node.run("back", "r")["after"] == DEFECTIVE


def test_a_proof_that_fails_undoes_nothing(node) -> None:
    node.run("code", "r")
    node.run("configuration", "r")
    node.say = BROKEN
    assert refused(node, "prove", "r").code == "not_effective"
    assert contents(node.root) == STAGED


def test_what_another_run_has_left_is_undone_first(node) -> None:
    node.run("code", "r")
    assert node.run("code", "s")["actions"][0] == "put right what an interrupted run had left"
    node.run("configuration", "s")
    assert node.run("prove", "s")["after"] == FIXED


def test_any_run_may_take_a_switch_back_and_proves_it(node) -> None:
    node.run("code", "r")
    found = node.run("back", "s")
    assert (found["changed"], found["after"]) == (True, DEFECTIVE)


def test_a_second_node_of_the_file_system_follows_what_it_sees(node, monkeypatch) -> None:
    node.run("code", "r", "a")
    node.did.clear()
    assert node.run("code", "r", "b")["changed"] is False
    assert node.did == ["reload"]
    assert node.run("code", "r", "b")["changed"] is False
    assert node.did == ["reload"]
    now = [0.0]
    monkeypatch.setattr(switch_steps.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    monkeypatch.setattr(switch_steps.time, "monotonic", lambda: now[0])
    (node.root / "vendor/magento/module-x/Model/Login.php").rename(node.root / "hidden.php")
    assert refused(node, "code", "r", "c").code == "not_seen"
    assert now[0] == pytest.approx(120, abs=1)


def test_where_nothing_is_staged_a_step_does_nothing_but_clean(node) -> None:
    node.run()
    node.did.clear()
    assert [node.run(step, "r")["changed"] for step in ("code", "configuration", "prove", "keep")] == [False] * 4
    assert node.did == ["clean", "prove", "restart"]


def test_kept_files_of_several_nodes_can_be_reverted(node) -> None:
    before = store_tree(node.root)
    for step in ("code", "configuration", "prove"):
        node.run(step, "r")
    assert node.run("keep", "r", keep_way_back=60)["kept_until"]
    assert node.run("revert")["after"] == DEFECTIVE
    assert store_tree(node.root) == before
