# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an interrupted run has left, put right, of whichever kind it is."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.live_root import PATHS, make_change
from support.switch_node import DEFECTIVE, Node
from support.switch_root import contents, prepare, store_tree

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.kept_files import note_proven
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Lease
from ansible_collections.storefleet.commerce.plugins.module_utils.recovery import put_right
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_place import PLACE
from ansible_collections.storefleet.commerce.plugins.module_utils.store import (
    KEPT,
    MAINTENANCE_FLAG,
    OWN_FOLDER,
    WAY_BACK,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_files import SwitchFiles
from ansible_collections.storefleet.commerce.plugins.module_utils.way_back import WayBack


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    monkeypatch.setattr(os, "fsync", lambda dummy: None)
    made = Node(tmp_path)
    made.patch(monkeypatch)
    return made


def put(node: Node) -> list[str]:
    place = SimpleNamespace(root=str(node.root), php=("php",), runner=None, check=False)
    return put_right(place, None, "auto")


def test_a_store_that_is_whole_is_left_alone(node) -> None:
    before = store_tree(node.root)
    assert put(node) == []
    assert (node.did, store_tree(node.root)) == ([], before)
    assert (node.root / OWN_FOLDER / "stage.json").exists(), "a finished build is still of use"


def test_half_a_build_is_removed(node) -> None:
    (node.root / OWN_FOLDER / "stage.json").unlink()
    assert put(node) == []
    assert not (node.root / OWN_FOLDER).exists()
    assert not (node.root / PLACE).exists()


@pytest.mark.parametrize("maintenance", [False, True])
def test_a_change_in_place_is_undone(node, maintenance: bool) -> None:
    before = store_tree(node.root)
    (node.root / OWN_FOLDER / "stage.json").unlink()
    way_back = WayBack.keep(str(node.root), PATHS)
    if maintenance:
        way_back.enable_maintenance()
        way_back.set_generated_aside()
    make_change(node.root)
    assert put(node)[0] == "put right what an interrupted run had left"
    assert node.did == ["reload", "clean"]
    assert store_tree(node.root) == before
    assert not (node.root / MAINTENANCE_FLAG).exists()
    assert not (node.root / OWN_FOLDER).exists()
    assert put(node) == []


def test_a_switch_is_undone_as_far_as_it_came(node) -> None:
    before = store_tree(node.root)
    node.run("code", "r")
    node.did.clear()
    assert put(node)[0] == "put right what an interrupted run had left"
    assert (node.did, node.now()) == (["hold", "reload", "wait"], DEFECTIVE)
    assert store_tree(node.root) == before


def test_a_switch_that_had_not_begun_is_forgotten(node) -> None:
    before = store_tree(node.root)
    prepare(node.root, node.tree)
    assert put(node) == ["put right what an interrupted run had left"]
    assert (node.did, store_tree(node.root)) == ([], before)
    assert not (node.root / WAY_BACK).exists()
    assert put(node) == []


def test_a_switch_that_was_proven_is_ended(node) -> None:
    node.run("code", "r")
    files = SwitchFiles.left_over(str(node.root))
    note_proven(files, 60, {})
    node.did.clear()
    switched = contents(node.root)
    assert put(node) == ["put right what an interrupted run had left"]
    assert (node.did, contents(node.root)) == ([], switched)
    assert (node.root / KEPT).exists()
    assert put(node) == []


def test_what_cannot_be_undone_is_told_with_the_commands_and_may_be_tried_again(node) -> None:
    before = contents(node.root)
    node.run("code", "r")
    node.fail.append("reload")
    with pytest.raises(CommerceError) as raised:
        put(node)
    assert raised.value.code == "rollback_failed"
    assert raised.value.next_step.startswith("As the store's owner: cd ")
    node.fail.clear()
    assert put(node)
    assert contents(node.root) == before


def test_a_database_that_is_locked_or_away_does_not_keep_a_store_broken(node) -> None:
    node.run("code", "r")
    node.fail.append("lock")
    assert put(node)


def test_another_run_at_work_is_left_alone(node) -> None:
    node.run("code", "r")
    with Lease(str(node.root)), pytest.raises(CommerceError) as raised:
        put(node)
    assert raised.value.code == "leased"
