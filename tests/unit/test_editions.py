# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which release of which edition, from what Composer's files say."""

from __future__ import annotations

import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.composer_packages import (
    INSTALLED,
    LOCK,
    MANIFEST,
    read_composer_files,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.editions import release_of

BASE = {"magento/magento2-base": "2.4.6-p3"}
COMMUNITY = {**BASE, "magento/product-community-edition": "2.4.6-p3"}
ENTERPRISE = {**COMMUNITY, "magento/product-enterprise-edition": "2.4.6-p3"}


def listed(packages):
    """Packages as Composer lists them; a value is a version or an entry's further keys."""
    return [
        {"name": name, **(more if isinstance(more, dict) else {"version": more})} for name, more in packages.items()
    ]


@pytest.fixture
def release(tmp_path):
    """The release of a root with these packages installed, locked, and this composer.json."""

    def made(installed=None, locked=None, manifest=None, folders=()):
        for path, content in (
            (INSTALLED, installed and {"packages": listed(installed)}),
            (LOCK, locked and {"packages": listed(locked)}),
            (MANIFEST, manifest),
        ):
            if content is not None:
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / path).write_text(json.dumps(content))
        for folder in folders:
            (tmp_path / folder).mkdir(parents=True)
        return release_of(str(tmp_path), read_composer_files(str(tmp_path)))

    return made


@pytest.mark.parametrize(
    ("packages", "edition", "editions"),
    [
        (BASE, "unknown", ()),
        (COMMUNITY, "community", ("community",)),
        (ENTERPRISE, "enterprise", ("enterprise", "community")),
        ({**ENTERPRISE, "magento/extension-b2b": "1.4.2"}, "b2b", ("b2b", "enterprise", "community")),
        (
            {**ENTERPRISE, "magento/magento-cloud-metapackage": "2.4.6"},
            "cloud",
            ("cloud", "enterprise", "community"),
        ),
        ({**COMMUNITY, "magento/ece-tools": "2002.1.17"}, "cloud", ("cloud", "community")),
        ({"mage-os/magento2-base": "1.0.1"}, "mage-os", ("mage-os",)),
        ({"mage-os/magento2-base": "2.1.0", "mage-os/product-minimal-edition": "2.1.0"}, "mage-os", ("mage-os",)),
    ],
)
def test_editions(release, packages, edition, editions):
    found = release(packages)
    assert (found.edition, found.editions) == (edition, editions)


MAGE_OS = {
    "mage-os/product-community-edition": {
        "version": "1.0.1",
        "replace": {"magento/product-community-edition": "2.4.6-p3"},
    },
    "mage-os/magento2-base": {"version": "1.0.1", "replace": {"magento/magento2-base": "2.4.6-p3"}},
    "mage-os/module-customer": {"version": "1.0.1", "replace": {"magento/module-customer": "103.0.6-p3"}},
}


@pytest.mark.parametrize(
    ("packages", "version", "base"),
    [
        (MAGE_OS, "2.4.6-p3", "2.4.6-p3"),
        ({"mage-os/magento2-base": MAGE_OS["mage-os/magento2-base"]}, "2.4.6-p3", "2.4.6-p3"),
        (
            {"mage-os/product-community-edition": {"version": "1.0.1", "extra": {"magento_version": "2.4.6-p3"}}},
            "2.4.6-p3",
            "2.4.6-p3",
        ),
        ({"mage-os/product-community-edition": "1.0.1"}, "1.0.1", None),
        (
            {"mage-os/magento2-base": {"version": "1.0.1", "replace": {"magento/magento2-base": "self.version"}}},
            "1.0.1",
            None,
        ),
    ],
)
def test_mage_os_has_numbers_of_its_own(release, packages, version, base):
    found = release(packages)
    assert (found.version, found.base_version, found.mage_os_version) == (version, base, "1.0.1")
    assert found.replaced == ()


def test_other_stores_have_no_number_of_mage_os(release):
    assert release(ENTERPRISE).mage_os_version is None


def test_vendor_wins(release):
    found = release(COMMUNITY, {"magento/magento2-base": "2.4.6-p8"})
    assert (found.version, found.source) == ("2.4.6-p3", INSTALLED)
    assert found.versions == {INSTALLED: "2.4.6-p3", LOCK: "2.4.6-p8"}


def test_the_lock_counts_where_vendor_does_not_say(release):
    found = release(None, {"magento/magento2-base": "2.4.6-p8"})
    assert (found.version, found.source) == ("2.4.6-p8", LOCK)


@pytest.mark.parametrize("name", ["magento/product-community-edition", "magento/product-enterprise-edition"])
def test_the_manifest_counts_where_nothing_else_says(release, name):
    found = release(None, None, {"require": {name: "2.4.6-p8"}})
    assert (found.version, found.source) == ("2.4.6-p8", MANIFEST)


def test_a_root_package_keeps_the_number_that_it_was_created_with(release):
    found = release(COMMUNITY, None, {"name": "magento/project-community-edition", "version": "2.4.4"})
    assert found.versions == {INSTALLED: "2.4.6-p3"}


def test_clouds_package_does_not_tell_the_p_level(release):
    found = release({"magento/magento-cloud-metapackage": "2.4.6"})
    assert (found.version, found.base_version, found.edition) == ("unknown", None, "cloud")


def test_a_branch_is_told_as_composer_has_it(release):
    found = release(
        {**COMMUNITY, "magento/magento2-base": "2.4.x-dev", "magento/product-community-edition": "2.4.x-dev"}
    )
    assert (found.version, found.base_version) == ("2.4.x-dev", "2.4.x-dev")


def test_a_clone(release):
    manifest = {"name": "magento/magento2ce", "version": "2.4.6-p1", "replace": {"magento/module-customer": "*"}}
    found = release({"symfony/console": "5.4.0"}, None, manifest)
    assert (found.version, found.edition, found.layout, found.source) == ("2.4.6-p1", "community", "git", MANIFEST)
    assert found.replaced == ()


def test_a_clone_of_a_branch_without_a_number(release):
    found = release({"symfony/console": "5.4.0"}, None, {"name": "magento/magento2ce"})
    assert (found.version, found.base_version, found.edition, found.layout) == ("unknown", None, "community", "git")


@pytest.mark.parametrize(
    ("folders", "editions"),
    [
        (["app/code/Magento/Enterprise"], ("enterprise", "community")),
        (["app/code/Magento/Enterprise", "app/code/Magento/B2b"], ("b2b", "enterprise", "community")),
    ],
)
def test_a_clone_with_others_linked_into_it(release, folders, editions):
    found = release(None, None, {"name": "magento/magento2ce", "version": "2.4.6"}, folders)
    assert (found.edition, found.editions) == (editions[0], editions)


def test_replaced_packages_are_not_there(release):
    tool = {"slim/replace": {"replace": {"magento/module-swatches-graph-ql": "*", "laminas/x": "*"}}}
    found = release(
        {**COMMUNITY, **tool}, None, {"replace": {"magento/module-weee": "*", "magento/magento2-base": "*"}}
    )
    assert found.replaced == ("magento/module-swatches-graph-ql", "magento/module-weee")


@pytest.mark.parametrize("packages", [None, {"symfony/console": "5.4.0"}, {"magento/module-customer": "103.0.6"}])
def test_what_is_no_commerce(release, packages):
    assert release(packages, None, {"name": "a/shop"}) is None
