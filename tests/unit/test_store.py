# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store root is, by its files."""

from __future__ import annotations

import json
import os
import shutil
from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import store as store_module
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.store import magento_umask, read_store


@pytest.fixture
def tree(store_tree):
    """The store with everything that Composer writes."""
    store_tree.write({"composer.lock": json.dumps({"packages": []})})
    return store_tree


def error_of(root):
    with pytest.raises(CommerceError) as caught:
        read_store(str(root))
    return caught.value


def test_a_composer_store(tree):
    store = read_store(str(tree.root))
    assert (store.version, store.base_version, store.edition, store.layout) == ("2.4.6-p3",) * 2 + (
        "community",
        "composer",
    )
    assert store.install_source == "vendor/composer/installed.json"
    assert store.packages["magento/module-customer"] == "103.0.6-p3"
    assert (store.compiled, store.maintenance, store.interrupted, store.linked) == (False,) * 4
    assert (store.leased, store.kept) == (False, False)
    assert store.notes == ()
    assert (store.missing, store.linked_vendor, store.read_only, store.replaced) == ((),) * 4


def test_versions_of_the_vendors_tools(tree):
    store = read_store(str(tree.root))
    assert (store.qpt_version, store.cloud_patches_version, store.ece_tools_version) == ("1.1.82", None, None)
    tree.install(**{"magento/magento-cloud-patches": "1.1.5", "magento/ece-tools": "2002.1.17"})
    store = read_store(str(tree.root))
    assert (store.cloud_patches_version, store.ece_tools_version) == ("1.1.5", "2002.1.17")


def test_a_tool_that_is_only_locked_is_not_installed(tree):
    shutil.rmtree(tree.root / "vendor/composer")
    locked = [{"name": name, "version": version} for name, version in tree.packages.items()]
    tree.write({"composer.lock": json.dumps({"packages": locked})})
    store = read_store(str(tree.root))
    assert (store.version, store.qpt_version) == ("2.4.6-p3", None)


def test_disagreement_is_told(tree):
    lock = {"packages": [{"name": "magento/magento2-base", "version": "2.4.6-p8"}]}
    tree.write({"composer.lock": json.dumps(lock)})
    store = read_store(str(tree.root))
    assert store.version == "2.4.6-p3"
    assert store.notes == ("vendor/composer/installed.json says 2.4.6-p3, but composer.lock says 2.4.6-p8.",)


def test_files_that_the_tool_needs_are_missed(tree):
    os.unlink(tree.root / "composer.lock")
    store = read_store(str(tree.root))
    assert store.missing == ("composer.lock",)
    assert store.notes == ("composer.lock: not there, and the Quality Patches Tool needs it.",)


def test_a_clone_of_the_vendors_repository(tree):
    manifest = {"name": "magento/magento2ce", "version": "2.4.6-p1"}
    tree.write({"vendor/composer/installed.json": "[]", "composer.json": json.dumps(manifest)})
    store = read_store(str(tree.root))
    assert (store.version, store.layout, store.install_source) == ("2.4.6-p1", "git", "composer.json")


def test_a_version_that_nothing_tells(tree):
    tree.write({"vendor/composer/installed.json": "[]", "composer.json": json.dumps({"name": "magento/magento2ce"})})
    store = read_store(str(tree.root))
    assert (store.version, store.base_version) == ("unknown", None)
    assert store.notes == ("Nothing tells the version: the files decide alone.",)


def test_a_mage_os_that_does_not_tell_what_it_is_made_from(tree):
    tree.packages = {"mage-os/product-community-edition": "1.0.1"}
    tree.install()
    store = read_store(str(tree.root))
    assert (store.version, store.base_version, store.mage_os_version) == ("1.0.1", None, "1.0.1")
    assert store.notes == ("Mage-OS 1.0.1 does not tell which release of Magento it is made from.",)


def test_the_own_number_of_mage_os_is_no_disagreement(tree):
    tree.packages = {"mage-os/product-community-edition": "1.0.1", "magento/magento2-base": "2.4.6-p3"}
    tree.install()
    tree.write({"composer.json": json.dumps({"require": {"mage-os/product-community-edition": "1.0.1"}})})
    store = read_store(str(tree.root))
    assert (store.base_version, store.mage_os_version, store.versions.get("composer.json")) == (
        "2.4.6-p3",
        "1.0.1",
        "1.0.1",
    )
    assert not [note for note in store.notes if "says" in note]


def test_replaced_packages_are_numbered(tree):
    replaced = {"replace": {"magento/module-weee": "*", "magento/module-swatches": "*"}}
    tree.write({"composer.json": json.dumps(replaced)})
    store = read_store(str(tree.root))
    assert store.replaced == ("magento/module-swatches", "magento/module-weee")
    assert store.notes == ("2 packages of Commerce are replaced, and so not there.",)


def test_compiled_maintenance_interrupted_and_leased_are_files(tree):
    tree.write(
        {
            "generated/metadata/global.php": "<?php",
            "var/.maintenance.flag": "",
            ".storefleet/way_back/journal.json": "{}",
        }
    )
    store = read_store(str(tree.root))
    assert (store.compiled, store.maintenance, store.interrupted, store.leased) == (True, True, True, False)


def test_kept_files_are_no_interruption(tree):
    tree.write({".storefleet/kept/journal.json": "{}"})
    store = read_store(str(tree.root))
    assert (store.kept, store.leased, store.interrupted) == (True, False, False)


def test_a_lease_is_a_file_and_no_interruption(tree):
    tree.write({".storefleet/lease.json": "{}"})
    store = read_store(str(tree.root))
    assert (store.leased, store.interrupted) == (True, False)


@pytest.mark.parametrize(
    ("flag", "notes"), [(True, ("Maintenance is on, but not for 203.0.113.7, ::1.",)), (False, ())]
)
def test_addresses_that_maintenance_does_not_hold_for(tree, flag, notes):
    tree.write({"var/.maintenance.ip": "203.0.113.7, ::1,\n", **({"var/.maintenance.flag": ""} if flag else {})})
    store = read_store(str(tree.root))
    assert store.maintenance_allowed == ("203.0.113.7", "::1")
    assert store.notes == notes


def test_a_pipe_of_addresses_is_not_waited_for(tree):
    (tree.root / "var").mkdir()
    os.mkfifo(tree.root / "var/.maintenance.ip")
    assert read_store(str(tree.root)).maintenance_allowed == ()


def test_a_link_is_followed_and_noted(tree, tmp_path):
    (tmp_path / "current").symlink_to(tree.root)
    store = read_store(str(tmp_path / "current"))
    assert store.root == str(tree.root.resolve())
    assert store.given_root == str(tmp_path / "current")
    assert store.linked
    assert "another release" in store.notes[0]


def test_a_link_of_a_deploy_tool_is_noted_once(tree, tmp_path):
    (tmp_path / ".dep").mkdir()
    (tmp_path / "current").symlink_to(tree.root)
    store = read_store(str(tmp_path / "current"))
    assert store.deployment.tool == "deployer"
    assert store.notes == (store.deployment.note,)


@pytest.mark.parametrize("path", ["vendor", "vendor/magento", "vendor/magento/module-customer"])
def test_a_linked_vendor_is_noted(tree, path):
    elsewhere = tree.root.parent / "elsewhere"
    shutil.move(tree.root / path, elsewhere)
    (tree.root / path).symlink_to(elsewhere)
    store = read_store(str(tree.root))
    assert store.linked_vendor == (path,)
    assert store.notes[0].startswith(f"{path}: a link")


def test_a_note_of_links_stays_short(tree):
    for name in "abcd":
        (tree.root / "vendor/magento" / name).symlink_to(tree.root)
    store = read_store(str(tree.root))
    assert len(store.linked_vendor) == 4
    assert "vendor/magento/c, …:" in store.notes[0]


def test_a_read_only_file_system_is_noted(tree, monkeypatch):
    (tree.root / "var").mkdir()
    (tree.root / "generated").mkdir()
    real = os.path.realpath(tree.root)

    def statvfs(path):
        return SimpleNamespace(f_flag=0 if path.endswith("var") else os.ST_RDONLY | os.ST_NOSUID)

    monkeypatch.setattr(store_module.os, "statvfs", statvfs)
    store = read_store(str(tree.root))
    assert store.read_only == (real, f"{real}/generated")
    assert store.notes == (f"{real}, {real}/generated: on a read-only file system.",)


def test_no_store(tmp_path):
    assert error_of(tmp_path).code == "no_store"
    assert "there is no app/etc" in error_of(tmp_path).came_back


def test_packages_alone_are_no_store(tree):
    shutil.rmtree(tree.root / "app")
    assert error_of(tree.root).code == "no_store"


def test_something_else_than_commerce(tree):
    tree.write({"vendor/composer/installed.json": "[]", "composer.json": "{}"})
    assert error_of(tree.root).code == "no_store"


def test_a_root_that_is_not_there(tmp_path):
    error = error_of(tmp_path / "away")
    assert (error.code, error.came_back) == ("no_store", "No such file or directory")


def test_a_root_below_a_file(tree):
    error = error_of(tree.root / "composer.json/shop")
    assert (error.code, error.came_back) == ("no_store", "Not a directory")


def test_a_root_that_is_a_file(tree):
    error = error_of(tree.root / "composer.json")
    assert (error.code, error.came_back) == ("no_store", "it is not a folder")


def test_a_relative_root(tree, monkeypatch):
    monkeypatch.chdir(tree.root.parent)
    error = error_of(tree.root.name)
    assert (error.code, error.on, error.came_back) == ("relative_root", "store", "it is a relative path")


def test_a_root_that_links_to_itself(tmp_path):
    (tmp_path / "current").symlink_to("current")
    assert error_of(tmp_path / "current").code == "symlink_loop"


def test_a_loop_inside_the_store(tree):
    (tree.root / "generated").symlink_to("generated")
    error = error_of(tree.root)
    assert (error.code, error.on) == ("symlink_loop", f"{tree.root.resolve()}/generated/metadata/global.php")


@pytest.mark.parametrize("path", ["generated/metadata/global.php", "var/.maintenance.flag", "app/etc"])
def test_what_may_not_be_looked_at_is_not_taken_for_away(tree, monkeypatch, path):
    real = os.stat

    def stat(name, *rest, **more):
        if str(name).endswith(path):
            raise PermissionError(13, "Permission denied", name)
        return real(name, *rest, **more)

    # The tests may run as root, whom no mode keeps out.
    monkeypatch.setattr(store_module.os, "stat", stat)
    error = error_of(tree.root)
    assert (error.code, error.came_back) == ("unreadable", "Permission denied")
    assert error.on.endswith(path)


def test_a_root_that_may_not_be_looked_at(tree, monkeypatch):
    def stat(name, *_, **__):
        raise PermissionError(13, "Permission denied", name)

    monkeypatch.setattr(store_module.os, "stat", stat)
    assert error_of(tree.root).code == "unreadable"


def test_broken_json(tree):
    tree.write({"vendor/composer/installed.json": "{"})
    error = error_of(tree.root)
    assert error.code == "unreadable"
    assert "installed.json" in str(error)


@pytest.mark.parametrize(("text", "mask"), [(None, 0o002), ("022\n", 0o022), ("nonsense", 0o002)])
def test_umask(tree, text, mask):
    if text is not None:
        tree.write({"magento_umask": text})
    assert magento_umask(str(tree.root)) == mask
