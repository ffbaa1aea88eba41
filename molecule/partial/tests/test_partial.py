# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores that had the patch in part, or changes in its way: what their files and APIs were at each moment."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from support.stores import APIS
from support.trees import differences

EPHEMERAL = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])
DEPENDENT = "ACSD-62332"
AUTHENTICATION = "vendor/magento/module-customer/Model/Authentication.php"
MODELS = ("Authentication", "Customer", "CustomerAuthUpdate")
NOTES = "vendor/magento/module-customer/NOTES.txt"
FIXED = [1, 0, True]


def printed(moment):
    """What the run of that moment printed; the terminal's line breaks are spaces."""
    return " ".join((EPHEMERAL / f"{moment}.log").read_text().split())


@pytest.fixture
def at(variables):
    """What the store was at a moment."""
    return lambda moment: json.loads((EPHEMERAL / moment / f"{variables['inventory_hostname']}.json").read_text())


def code(tree):
    """Content, owner, group and mode of the vendor's files; Composer's lists of them left out."""
    return {
        path: {name: entry[name] for name in entry if name not in ("mtime", "inode")}
        for path, entry in tree.items()
        if path.startswith("vendor/") and entry["type"] != "0o40000"
    }


def changed(before, after):
    """The vendor's files that are not alike."""
    return {
        path
        for path in code(before).keys() | code(after).keys()
        if code(before).get(path, {}).get("content") != code(after).get(path, {}).get("content")
    }


@pytest.fixture
def kept(store, root):
    """What is kept of files that a repair replaced: paths in the folder of the only repair."""
    found = store.run("find", f"{root}/var/storefleet/discarded", "-mindepth", "2", "-type", "f", "-printf", "%P\n")
    return {path.partition("/")[2] for path in found.split()}


@pytest.mark.parametrize("moment", ["refused", "foretold"])
def test_without_the_word_and_in_check_mode_the_store_is_as_it_was(at, moment):
    assert differences(code(at("before")["tree"]), code(at(moment)["tree"])) == []
    assert at("before")["steps"] == at(moment)["steps"]


def test_the_word_is_named_where_it_lacks(variables):
    log = printed("refused")
    assert re.search(rf"{variables['inventory_hostname']} : .*?failed=1", log)
    assert "commerce_repair_partial: true" in log


@pytest.mark.only("wiped")
def test_check_mode_says_which_packages_and_patches(at):
    log = printed("foretold")
    assert "would have let Composer put back magento/framework, magento/module-catalog-graph-ql" in log
    assert f"would have applied {DEPENDENT} again" in log


@pytest.mark.only("wiped", "changed")
@pytest.mark.parametrize("api", APIS)
def test_a_repaired_store_does_right(at, api):
    assert at("repaired")["steps"][api] == FIXED


@pytest.mark.only("wiped")
def test_only_the_package_that_lost_the_patch_differs_and_the_other_patch_is_there(at):
    lost = {path for path in changed(at("before")["tree"], at("repaired")["tree"]) if "/composer/" not in path}
    assert lost == {f"vendor/magento/module-customer/Model/{name}.php" for name in MODELS}


@pytest.mark.only("wiped")
def test_what_was_equal_is_not_kept(store, root):
    assert store.run("find", f"{root}/var", "-path", "*/discarded/*", "-name", "events.xml") == ""


@pytest.mark.only("changed")
def test_changes_are_gone_and_kept_and_a_rollback_takes_out_the_patch_alone(at, kept, store, root):
    before, repaired, back = (at(moment)["tree"] for moment in ("before", "repaired", "rolled_back"))
    assert NOTES in before
    assert NOTES not in repaired
    assert kept == {AUTHENTICATION, NOTES}
    text = store.run("bash", "-euc", 'cat "$1"/var/storefleet/discarded/*/"$2"', "bash", root, AUTHENTICATION)
    assert "// ours" in text
    assert changed(before, back) == {AUTHENTICATION, NOTES}
    assert at("rolled_back")["steps"] == at("before")["steps"]


@pytest.mark.only("by_plugin")
def test_what_a_plugin_patches_stays_as_it_is(at, store, root):
    assert differences(code(at("before")["tree"]), code(at("repaired")["tree"])) == []
    assert "composer.json has patches for magento/framework (extra.patches)" in printed("repaired")
    assert store.run("find", f"{root}/var", "-maxdepth", "1", "-name", "storefleet") == ""


def test_nothing_of_ours_is_left(store, root):
    assert store.sql("SELECT email FROM {prefix}customer_entity") == []
    left = store.run(
        "find", root, "-name", ".maintenance*", "-o", "-path", "*/.storefleet/stage*", "-o", "-name", "lease.json"
    )
    assert left == ""
