# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ids that git gives to contents, and what follows from them."""

from __future__ import annotations

import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import blobs
from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.blobs import file_states, git_blob
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store

PATH = "vendor/magento/module-customer/Model/Customer.php"
OLD, NEW = "<?php // old\n", "<?php // new\n"


@pytest.mark.parametrize(
    ("content", "blob"),
    [
        # What "git hash-object --stdin" prints.
        (b"", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
        (b"hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"),
    ],
)
def test_the_ids_are_gits(content, blob):
    assert git_blob(content) == blob


def state(tree, before, after, path=PATH):
    known = ACSD_61103._replace(files=(path,), blobs={path: (before, after)})
    return file_states(read_store(str(tree.root)), known)


@pytest.mark.parametrize(
    ("content", "expected"), [(OLD, "before"), (NEW, "after"), ("<?php // other\n", "other"), (None, "missing")]
)
def test_the_state_of_a_file(store_tree, content, expected):
    if content is not None:
        store_tree.write({PATH: content})
    before, after = git_blob(OLD.encode()), git_blob(NEW.encode())
    assert state(store_tree, before, after) == {PATH: expected}
    assert state(store_tree, before[:13], after[:13]) == {PATH: expected}


@pytest.mark.parametrize(("content", "expected"), [(OLD, "other"), (NEW, "after"), (None, "before")])
def test_a_file_that_the_patch_creates(store_tree, content, expected):
    if content is not None:
        store_tree.write({PATH: content})
    assert state(store_tree, None, git_blob(NEW.encode())) == {PATH: expected}


def test_a_file_of_unknown_content_says_nothing(store_tree):
    known = ACSD_61103._replace(files=(PATH,), blobs={})
    assert file_states(read_store(str(store_tree.root)), known) == {PATH: "missing"}
    store_tree.write({PATH: OLD})
    assert file_states(read_store(str(store_tree.root)), known) == {PATH: "other"}


def test_what_cannot_be_read(store_tree, monkeypatch):
    (store_tree.root / PATH).mkdir()
    assert state(store_tree, "a", "b") == {PATH: "unreadable"}
    (store_tree.root / PATH).rmdir()
    store_tree.write({PATH: OLD})
    monkeypatch.setattr(blobs, "_LIMIT", 5)
    assert state(store_tree, git_blob(OLD.encode()), "b") == {PATH: "other"}


def test_a_clone_has_it_elsewhere(store_tree):
    store_tree.write({"composer.json": json.dumps({"name": "magento/magento2ce", "version": "2.4.6-p3"})})
    store_tree.write({"app/code/Magento/Customer/Model/Customer.php": NEW})
    assert state(store_tree, "a", git_blob(NEW.encode())) == {PATH: "after"}


def test_the_advisory_knows_every_file():
    assert set(ACSD_61103.blobs) == set(ACSD_61103.files)
    assert {marker.path for marker in ACSD_61103.markers.values()} <= set(ACSD_61103.files)
    for before, after in ACSD_61103.blobs.values():
        for digits in filter(None, (before, after)):
            assert len(digits) >= 12
            assert int(digits, 16)
    assert [path for path, (before, dummy) in ACSD_61103.blobs.items() if before is None] == [
        "vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php"
    ]
