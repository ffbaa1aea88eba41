# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store root is, by its files."""

from __future__ import annotations

import json
import shutil

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.store import magento_umask, read_store


def test_a_composer_store(store_tree):
    store = read_store(str(store_tree.root))
    assert (store.version, store.edition, store.layout) == ("2.4.6-p3", "community", "composer")
    assert store.install_source == "vendor/composer/installed.json"
    assert store.qpt_version == "1.1.82"
    assert store.packages["magento/module-customer"] == "103.0.6-p3"
    assert (store.compiled, store.maintenance, store.interrupted, store.linked, store.notes) == (False,) * 4 + ((),)


def test_composer_1_writes_a_bare_list(store_tree):
    listed = [{"name": "magento/magento2-base", "version": "2.4.5-p1"}]
    store_tree.write({"vendor/composer/installed.json": json.dumps(listed)})
    assert read_store(str(store_tree.root)).version == "2.4.5-p1"


def test_vendor_wins_over_the_lock_and_says_so(store_tree):
    lock = {"packages": [{"name": "magento/magento2-base", "version": "2.4.6-p8"}]}
    store_tree.write({"composer.lock": json.dumps(lock)})
    store = read_store(str(store_tree.root))
    assert store.version == "2.4.6-p3"
    assert "composer.lock says 2.4.6-p8" in store.notes[0]


def test_the_lock_counts_where_vendor_does_not_say(store_tree):
    lock = {"packages": [{"name": "magento/magento2-base", "version": "2.4.6-p8"}]}
    store_tree.write({"composer.lock": json.dumps(lock), "vendor/composer/installed.json": "[]"})
    store = read_store(str(store_tree.root))
    assert (store.version, store.install_source) == ("2.4.6-p8", "composer.lock")


@pytest.mark.parametrize(
    ("packages", "edition"),
    [
        ({}, "community"),
        ({"magento/product-enterprise-edition": "2.4.6-p3"}, "enterprise"),
        ({"magento/product-enterprise-edition": "2.4.6-p3", "magento/extension-b2b": "1.4.2"}, "b2b"),
        ({"magento/extension-b2b": "1.4.2", "magento/magento-cloud-metapackage": "2.4.6"}, "cloud"),
        ({"mage-os/product-community-edition": "1.0.1"}, "mage-os"),
    ],
)
def test_editions(store_tree, packages, edition):
    store_tree.install(**packages)
    assert read_store(str(store_tree.root)).edition == edition


def test_a_clone_of_the_vendors_repository(store_tree):
    store_tree.write(
        {
            "vendor/composer/installed.json": "[]",
            "composer.json": json.dumps({"name": "magento/magento2ce", "version": "2.4.6-p1"}),
        }
    )
    store = read_store(str(store_tree.root))
    assert (store.version, store.layout, store.install_source) == ("2.4.6-p1", "git", "composer.json")


def test_compiled_maintenance_and_interrupted_are_files(store_tree):
    store_tree.write(
        {"generated/metadata/global.php": "<?php", "var/.maintenance.flag": "", ".storefleet/journal.json": "{}"}
    )
    store = read_store(str(store_tree.root))
    assert (store.compiled, store.maintenance, store.interrupted) == (True, True, True)


def test_a_link_is_followed_and_noted(store_tree, tmp_path):
    (tmp_path / "current").symlink_to(store_tree.root)
    store = read_store(str(tmp_path / "current"))
    assert store.root == str(store_tree.root.resolve())
    assert store.given_root == str(tmp_path / "current")
    assert "another release" in store.notes[0]


def test_no_store(tmp_path):
    with pytest.raises(CommerceError) as caught:
        read_store(str(tmp_path))
    assert caught.value.code == "no_store"


def test_packages_alone_are_no_store(store_tree):
    shutil.rmtree(store_tree.root / "app")
    with pytest.raises(CommerceError) as caught:
        read_store(str(store_tree.root))
    assert caught.value.code == "no_store"


def test_something_else_than_commerce(store_tree):
    store_tree.write({"vendor/composer/installed.json": "[]", "composer.json": "{}"})
    with pytest.raises(CommerceError) as caught:
        read_store(str(store_tree.root))
    assert caught.value.code == "no_store"


def test_broken_json(store_tree):
    store_tree.write({"vendor/composer/installed.json": "{"})
    with pytest.raises(CommerceError) as caught:
        read_store(str(store_tree.root))
    assert caught.value.code == "unreadable"
    assert "installed.json" in str(caught.value)


@pytest.mark.parametrize(("text", "mask"), [(None, 0o002), ("022\n", 0o022), ("nonsense", 0o002)])
def test_umask(store_tree, text, mask):
    if text is not None:
        store_tree.write({"magento_umask": text})
    assert magento_umask(str(store_tree.root)) == mask
