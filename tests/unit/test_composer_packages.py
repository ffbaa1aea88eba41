# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Composer's files in every shape that they come in."""

from __future__ import annotations

import json
import os

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.composer_packages import (
    INSTALLED,
    LOCK,
    MANIFEST,
    is_number,
    read_composer_files,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

BASE_2 = {"packages": [{"name": "magento/magento2-base", "version": "2.4.6-p3"}], "dev": False}


def read(tmp_path, **files):
    """Read a root with these files; keyword is the file's name without its ending."""
    for name, content in files.items():
        path = tmp_path / {"installed": INSTALLED, "lock": LOCK, "manifest": MANIFEST}[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_composer_files(str(tmp_path))


def test_composer_2(tmp_path):
    files = read(tmp_path, installed=BASE_2)
    assert files.listings[INSTALLED].packages == {"magento/magento2-base": "2.4.6-p3"}
    assert (files.dev, files.missing) == (False, (LOCK, MANIFEST))


def test_composer_1_writes_a_bare_list_and_does_not_tell_of_dev(tmp_path):
    files = read(tmp_path, installed=BASE_2["packages"])
    assert files.listings[INSTALLED].packages == {"magento/magento2-base": "2.4.6-p3"}
    assert files.dev is None


def test_the_lock_counts_with_its_development_packages(tmp_path):
    files = read(tmp_path, lock={"packages": [{"name": "a/a", "version": "1"}], "packages-dev": [{"name": "b/b"}]})
    assert files.listings[LOCK].packages == {"a/a": "1", "b/b": ""}


def test_the_base_package_itself_tells_where_composers_list_was_left_out(tmp_path):
    (tmp_path / "vendor/magento/magento2-base").mkdir(parents=True)
    path = tmp_path / "vendor/magento/magento2-base/composer.json"
    path.write_text(json.dumps(BASE_2["packages"][0]))
    listings = read(tmp_path).listings
    assert listings["vendor/magento/magento2-base/composer.json"].packages == {"magento/magento2-base": "2.4.6-p3"}
    assert list(listings).index("vendor/magento/magento2-base/composer.json") < list(listings).index(LOCK)


@pytest.mark.parametrize("empty", [None, [], {}, "x"])
def test_odd_empties_are_empty(tmp_path, empty):
    files = read(
        tmp_path,
        manifest={"name": "a/shop", "require": empty, "replace": empty, "config": empty},
        installed={"packages": empty},
        lock={"packages": empty, "packages-dev": empty},
    )
    assert [listing.packages for listing in files.listings.values()] == [{}, {}, {}, {}]
    assert (files.replaced, files.platform_php) == ((), None)


def test_entries_that_are_none_are_passed_over(tmp_path):
    entries = [None, 1, [], {"version": "1"}, {"name": ["x"]}, {"name": "a/a", "replace": ["x"], "extra": []}]
    assert read(tmp_path, installed=entries).listings[INSTALLED].packages == {"a/a": ""}


def test_what_the_manifest_tells(tmp_path):
    files = read(
        tmp_path,
        manifest={
            "name": "a/shop",
            "version": "1.0.0",
            "require": {"x/pinned": "2.4.6-p3", "x/open": "^2.4.6", "x/any": "2.4.*"},
            "replace": {"magento/module-a": "*"},
            "config": {"platform": {"php": "8.1.0"}},
        },
    )
    assert files.listings[MANIFEST].packages == {"x/pinned": "2.4.6-p3", "a/shop": "1.0.0"}
    assert (files.name, files.replaced, files.platform_php) == ("a/shop", ("magento/module-a",), "8.1.0")


def test_a_branch_is_no_version_of_the_root(tmp_path):
    manifest = {"name": "magento/magento2ce", "version": "2.4-develop"}
    assert read(tmp_path, manifest=manifest).listings[MANIFEST].packages == {}


def test_who_replaces_what_and_what_a_package_was_made_from(tmp_path):
    entries = [
        {"name": "mage-os/framework", "version": "1.0.1", "replace": {"magento/framework": "103.0.6-p3"}},
        {"name": "mage-os/product-community-edition", "version": "1.0.1", "extra": {"magento_version": "2.4.6-p3"}},
    ]
    listing = read(tmp_path, installed=entries).listings[INSTALLED]
    assert listing.replaced == {"magento/framework": ("mage-os/framework", "103.0.6-p3")}
    assert listing.upstream == "2.4.6-p3"


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("2.4.6", True),
        ("v2.4.6-p10", True),
        ("2.4.7-beta1", True),
        ("2.4.6.0", True),
        ("2.4", False),
        ("2.4.*", False),
        ("2.4.x-dev", False),
        ("2.4.6 || 2.4.7", False),
        ("2.4.6 - 2.4.7", False),
        ("self.version", False),
        ("dev-2.4-develop", False),
        (None, False),
        (["2.4.6"], False),
    ],
)
def test_one_release_or_not(text, one):
    assert is_number(text) is one


@pytest.mark.parametrize(
    ("files", "path", "said"),
    [
        ({"installed": '{"packages": [{"na'}, INSTALLED, "not valid JSON"),
        ({"manifest": "[]"}, MANIFEST, "a list, not an object"),
        ({"manifest": '"x"'}, MANIFEST, "a str, not an object"),
        ({"lock": "[1]"}, LOCK, "a list, not an object"),
        ({"lock": "[" * 100000}, LOCK, "not valid JSON"),
    ],
)
def test_a_broken_file_is_named_with_the_reason(tmp_path, files, path, said):
    with pytest.raises(CommerceError) as caught:
        read(tmp_path, **files)
    assert caught.value.code == "unreadable"
    assert caught.value.on == str(tmp_path / path)
    assert said in caught.value.came_back


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_named_and_not_waited_for(tmp_path, make):
    make(tmp_path / LOCK)
    with pytest.raises(CommerceError, match=r"composer\.lock: it is not a file"):
        read(tmp_path)


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / MANIFEST).write_bytes(b'{"name": "\xff\xfe"}')
    with pytest.raises(CommerceError, match=r"composer\.json: it is not valid JSON"):
        read(tmp_path)


def test_a_file_that_links_to_itself(tmp_path):
    (tmp_path / LOCK).symlink_to(LOCK)
    with pytest.raises(CommerceError, match=r"composer\.lock: Too many levels of symbolic links"):
        read(tmp_path)


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    read(tmp_path, manifest={})

    def refuse(path, *_, **__):
        raise PermissionError(13, "Permission denied", path)

    # The tests may run as root, whom no mode keeps out.
    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(CommerceError, match=r"composer\.json: Permission denied") as caught:
        read_composer_files(str(tmp_path))
    assert caught.value.code == "unreadable"
