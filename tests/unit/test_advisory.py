# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The advisory against itself, against the versions it speaks of, and against what reads it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import advisory as advisory_module
from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103, ADVISORIES, Advisory
from ansible_collections.storefleet.commerce.plugins.module_utils.verdict import APIS
from ansible_collections.storefleet.commerce.plugins.module_utils.version import satisfies

every_advisory = pytest.mark.parametrize("advisory", ADVISORIES.values(), ids=ADVISORIES)


def test_it_is_data_and_imports_nothing_of_the_collection() -> None:
    nodes = ast.walk(ast.parse(Path(advisory_module.__file__).read_text()))
    imported = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    assert set(imported) == {"__future__", "typing"}


def test_an_advisory_is_found_by_its_patch() -> None:
    assert {patch: advisory.patch for patch, advisory in ADVISORIES.items()} == {"ACSD-61103": "ACSD-61103"}


@every_advisory
def test_every_api_has_its_own_marker(advisory: Advisory) -> None:
    assert tuple(advisory.markers) == APIS
    assert len({marker.path for marker in advisory.markers.values()}) == len(APIS)
    assert [advisory.markers[api].area for api in APIS] == ["webapi_rest", "graphql", "webapi_soap"]


@every_advisory
def test_a_marker_is_in_a_file_of_its_package_that_the_patch_changes(advisory: Advisory) -> None:
    for marker in advisory.markers.values():
        assert marker.path == f"vendor/{marker.package}/etc/{marker.area}/events.xml"
        assert marker.path in advisory.files
        # Commerce names a module as its package, in other words: Magento_XY is magento/module-x-y.
        words = marker.package.partition("/module-")[2].split("-")
        assert marker.module.lower() == f"magento_{''.join(words)}"
        assert marker.instance in advisory.classes


@every_advisory
def test_a_file_is_named_once_and_lies_in_the_vendors_folder(advisory: Advisory) -> None:
    assert len(set(advisory.files)) == len(advisory.files)
    assert all(path.startswith("vendor/magento/") and ".." not in path for path in advisory.files)


@every_advisory
def test_a_content_before_is_never_that_after(advisory: Advisory) -> None:
    for before, after in advisory.blobs.values():
        # Either may be cut to another length.
        assert not (before or "x").startswith(after)
        assert not after.startswith(before or "x")
        assert set(after + (before or "")) <= set("0123456789abcdef")


@every_advisory
def test_the_versions_agree(advisory: Advisory) -> None:
    assert not satisfies(advisory.fixed_in, advisory.range)
    assert satisfies(advisory.minimum_tool, ">=1.0.0")


@pytest.mark.parametrize(
    ("version", "offered"),
    [
        ("2.4.5-p14", False),
        ("2.4.6", True),
        ("2.4.6-p1", True),
        ("2.4.6-p12", True),
        ("2.4.7", False),
        ("2.4.8", False),
    ],
)
def test_the_tool_has_it_for_every_release_of_one_version(version: str, offered: bool) -> None:
    assert satisfies(version, ACSD_61103.range) is offered


@every_advisory
def test_what_commerce_prefers_is_a_class_that_is_looked_at(advisory: Advisory) -> None:
    for preferred in filter(None, advisory.classes.values()):
        assert advisory.classes[preferred] == ""
    assert not any(name.startswith("\\") for name in advisory.classes)


def test_the_classes_that_the_patch_changes_are_looked_at() -> None:
    folder = "vendor/magento/module-customer/"
    changed = {
        "Magento\\Customer\\" + path[len(folder) : -len(".php")].replace("/", "\\")
        for path in ACSD_61103.files
        if path.startswith(folder)
    }
    # A preference for the customer itself is every extension's daily bread, and the login does not go through it.
    assert changed - set(ACSD_61103.classes) == {"Magento\\Customer\\Model\\Customer"}
