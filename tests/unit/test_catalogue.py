# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tool's catalogue: what it offers a store, and catalogues that make no sense, or worse."""

from __future__ import annotations

import json
import time

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.catalogue import read_catalogue
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store

OURS = "ACSD-61103"
DEPENDENT = "ACSD-62332"
FILE = "vendor/magento/quality-patches/support-patches.json"
BASE = "magento/magento2-base"


def catalogue(tree, more=None, text=None):
    if more or text is not None:
        tree.write({FILE: json.dumps({**tree.catalogue, **(more or {})}) if text is None else text})
    return read_catalogue(read_store(str(tree.root)))


def entry(constraint=">=2.4.6 <2.4.7", package=BASE, **rule):
    return {"packages": {package: {constraint: {"file": "os/x.patch", **rule}}}}


def ids(patches):
    return [patch.id for patch in patches]


def refused(act):
    with pytest.raises(CommerceError) as caught:
        act()
    assert caught.value.code == "tool_failed"
    return caught.value


def test_what_it_offers(store_tree):
    found = catalogue(store_tree, {"X": entry(**{"replaced-with": OURS, "deprecated": True, "require": [DEPENDENT]})})
    (patch,) = found.patches("X")
    assert (patch.name, patch.package, patch.constraint) == ("os/x.patch", BASE, ">=2.4.6 <2.4.7")
    assert (patch.requires, patch.replaced_with, patch.deprecated) == ((DEPENDENT,), OURS, True)
    assert found.with_requirements(["X"]) == (OURS, DEPENDENT, "X")
    assert found.replaced_by(OURS) == ("X",)
    assert found.dependents(OURS) == (DEPENDENT,)
    assert found.patches("ACSD-1") == ()
    assert found.rules("ACSD-1") == ((BASE, ">=2.4.4 <2.4.5", "2.4.6-p3"),)
    assert found.rules("ACSD-404") == ()
    assert ("ACSD-1" in found, "ACSD-404" in found) == (True, False)


def test_dependents_of_other_versions(store_tree):
    found = catalogue(store_tree, {"X": entry(">=2.4.8", require=[OURS]), "Y": entry(package="a/b", require=[OURS])})
    assert found.requiring(OURS) == (DEPENDENT, "X", "Y")
    assert found.dependents(OURS) == (DEPENDENT,)
    assert found.rules("Y") == (("a/b", ">=2.4.6 <2.4.7", None),)


@pytest.mark.parametrize(
    ("name", "packages"), [("magento/magento2ce", [BASE]), ("magento/magento2ee", [BASE, "magento/magento2-ee-base"])]
)
def test_a_clone_has_the_base_packages(store_tree, name, packages):
    # No list of Composer's has them there.
    store_tree.packages = {"magento/quality-patches": "1.1.82"}
    store_tree.install()
    store_tree.write({"composer.json": json.dumps({"name": name, "version": "2.4.6-p3"})})
    rules = {package: {">=2.4.6 <2.4.7": {"file": "x"}} for package in (BASE, "magento/magento2-ee-base")}
    found = catalogue(store_tree, {"X": {"packages": rules}})
    assert [patch.package for patch in found.patches("X")] == packages


def test_the_order_of_requirements(store_tree):
    found = catalogue(store_tree, {"X": entry(require=["Y", "Z"]), "Y": entry(), "Z": entry()})
    assert found.with_requirements(["X"]) == ("Y", "Z", "X")
    assert found.with_requirements(["Z", "Y"]) == ("Z", "Y")


def test_requirements_in_a_circle(store_tree):
    found = catalogue(store_tree, {"X": entry(require=["Y"]), "Y": entry(require=["X"]), "Z": entry(require=["Z"])})
    assert found.with_requirements(["X"]) == ("Y", "X")
    assert found.with_requirements(["Z"]) == ("Z",)
    assert found.dependents("X") == ("Y",)


def test_a_long_chain_of_requirements(store_tree):
    found = catalogue(store_tree, {f"C{number}": entry(require=[f"C{number + 1}"]) for number in range(5000)})
    assert len(found.with_requirements(["C0"])) == 5001


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '"x"',
        "[[",
        '{"a": NaN,}',
        "[" * 100000,
        '{"a":' * 100000,
        "\ufeff{}",
        json.dumps({"a": 1})[:-3],
    ],
    ids=range(12),
)
def test_a_file_that_makes_no_sense(store_tree, text):
    error = refused(lambda: catalogue(store_tree, text=text))
    assert error.on == str(store_tree.root / FILE)
    assert "JSON" in error.came_back


def test_bytes_that_are_no_text(store_tree):
    (store_tree.root / FILE).write_bytes(b'{"caf\xe9": {}}')
    assert "JSON" in refused(lambda: catalogue(store_tree)).came_back


def test_a_huge_file(store_tree):
    assert "8 MiB" in refused(lambda: catalogue(store_tree, text=" " * (8 * 1024 * 1024 + 1))).came_back


def test_a_link_that_leads_out(store_tree):
    (store_tree.root / "app/etc/env.json").write_text("{}")
    (store_tree.root / FILE).unlink()
    (store_tree.root / FILE).symlink_to("../../../app/etc/env.json")
    assert "outside" in refused(lambda: catalogue(store_tree)).came_back


SENSELESS = {
    "entry": 7,
    "text": "x",
    "list": [1],
    "packages": {"packages": 7},
    "packages list": {"packages": [BASE]},
    "rules": {"packages": {BASE: "x"}},
    "rule": {"packages": {BASE: {"*": "os/x.patch"}}},
    "no file": {"packages": {BASE: {"*": {}}}},
    "no file, named ids": {"packages": {BASE: {"*": {"require": [OURS], "replaced-with": OURS}}}},
    "file": {"packages": {BASE: {"*": {"file": ["x"]}}}},
    "NUL": {"packages": {BASE: {"*": {"file": "a\0b"}}}},
    "requires": entry("*", require="ACSD-1"),
    "requires numbers": entry("*", require=[1]),
    "requires lists": entry("*", require=[[OURS]]),
    "replaced": entry("*", **{"replaced-with": {"a": 1}}),
}


@pytest.mark.parametrize("senseless", SENSELESS.values(), ids=SENSELESS)
def test_an_entry_that_makes_no_sense(store_tree, senseless):
    found = catalogue(store_tree, {"ACSD-BAD": senseless})
    error = refused(lambda: found.patches("ACSD-BAD"))
    assert error.on == str(store_tree.root / FILE)
    assert "ACSD-BAD" in error.came_back
    # Nobody who asks for another one is told.
    assert ids(found.patches(OURS)) == [OURS]
    assert found.dependents(OURS) == (DEPENDENT,)
    assert found.replaced_by(OURS) == ()
    assert found.with_requirements([DEPENDENT]) == (OURS, DEPENDENT)


@pytest.mark.parametrize("empty", [{}, [], {"packages": []}, {"packages": {BASE: []}}])
def test_an_entry_without_rules(store_tree, empty):
    assert catalogue(store_tree, {"ACSD-0": empty}).patches("ACSD-0") == ()


def test_a_constraint_that_nobody_can_read(store_tree):
    found = catalogue(store_tree, {"X": entry("next week"), "Y": entry(">=" + "1" * 600)})
    assert found.patches("X") == found.patches("Y") == ()


def test_very_many_entries(store_tree):
    many = {f"A{number}": {} for number in range(200000)}
    started = time.process_time()
    found = catalogue(store_tree, many)
    assert found.dependents(OURS) == (DEPENDENT,)
    assert found.replaced_by(OURS) == ()
    assert time.process_time() - started < 5
