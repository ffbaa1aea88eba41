# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A patch that requires ours, on its way in and out: what the stores' files and APIs were at each moment."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from support.stores import APIS
from support.trees import differences

EPHEMERAL = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])
OURS, DEPENDENT = "ACSD-61103", "ACSD-62332"
REPLACED, NEWER = "ACSD-90001", "ACSD-90002"
DEFECT, FIXED = [1, 1, True], [1, 0, True]


def printed(moment):
    """What the run before that moment printed; the terminal's line breaks are spaces."""
    return " ".join((EPHEMERAL / f"{moment}.log").read_text().split())


@pytest.fixture
def at(variables):
    """What the store was at a moment."""
    name = variables["inventory_hostname"]
    # How each came to be without both patches.
    out = {"out": "both_out"} if name == "developer" else {}
    return lambda moment: json.loads((EPHEMERAL / out.get(moment, moment) / f"{name}.json").read_text())


@pytest.fixture
def files_of(store, root):
    """The files of a patch of the store's catalogue, as its patch file names them."""
    folder = f"{root}/vendor/magento/quality-patches/patches/os"

    def paths(patch_id):
        text = store.run("bash", "-euc", 'cat "$1"/"$2"_*.patch', "bash", folder, patch_id)
        return set(re.findall(r"^(?:\+\+\+ b|--- a)/(\S+)", text, re.MULTILINE))

    return paths


def code(tree):
    return {path: entry for path, entry in tree.items() if path.startswith("vendor/")}


def changed(before, after):
    """The files of the vendor's whose content differs."""
    return {
        path
        for path in code(before).keys() | code(after).keys()
        if before.get(path, {}).get("content") != after.get(path, {}).get("content")
    }


def own(tree):
    """Without the folders whose times the web server sets when it generates a class."""
    return {path: {**entry, "mtime": None} if entry["type"] == "0o40000" else entry for path, entry in tree.items()}


def test_without_the_word_the_store_is_as_it_was(at, variables):
    words = f"{OURS} would be applied too, as {DEPENDENT} requires it"
    log = printed("refused")
    assert words in log
    assert f"accept_side_effects: [{OURS}] (commerce_accept_side_effects of the role)" in log
    assert re.search(rf"{variables['inventory_hostname']} : ok=0 .*?failed=1", log)
    assert differences(own(at("before")["tree"]), own(at("refused")["tree"])) == []


@pytest.mark.parametrize(
    ("moment", "patches"),
    [
        ("applied", (OURS, DEPENDENT)),
        ("kept", (OURS, DEPENDENT)),
        ("remedied", (OURS,)),
        ("out", ()),
    ],
)
def test_the_files_have_the_patches_of_the_moment(at, files_of, moment, patches):
    expected = set().union(*(files_of(patch_id) for patch_id in patches))
    assert len(files_of(OURS)) == 7
    assert files_of(DEPENDENT)
    assert changed(at("before")["tree"], at(moment)["tree"]) == expected


@pytest.mark.parametrize(
    ("moment", "steps"),
    [
        ("before", DEFECT),
        ("refused", DEFECT),
        ("applied", FIXED),
        ("kept", FIXED),
        ("remedied", FIXED),
        ("out", DEFECT),
    ],
)
@pytest.mark.parametrize("api", APIS)
def test_the_apis_do_what_the_files_say(at, moment, steps, api):
    assert at(moment)["steps"][api] == steps


def test_ours_stays_while_another_needs_it(at, variables):
    log = printed("kept")
    assert f"{DEPENDENT} is applied and requires {OURS}" in log
    assert f"patches: [{DEPENDENT}] and state: absent" in log
    assert differences(own(code(at("applied")["tree"])), own(code(at("kept")["tree"]))) == []


@pytest.mark.only("developer")
def test_over_ours_the_other_takes_no_word_and_both_go_at_once(at, files_of):
    before = at("before")["tree"]
    assert changed(before, at("over_ours")["tree"]) == files_of(OURS) | files_of(DEPENDENT)
    assert at("over_ours")["steps"] == dict.fromkeys(APIS, FIXED)
    log = printed("both_out")
    assert 0 < log.index(f"reverted {DEPENDENT}") < log.index(f"reverted {OURS}")


@pytest.mark.only("developer")
def test_the_role_takes_out_what_is_replaced_only_with_the_word(at, files_of):
    before = at("both_out")["tree"]
    assert changed(before, at("replaced")["tree"]) == files_of(REPLACED)
    assert changed(at("replaced")["tree"], at("role_refused")["tree"]) == set()
    assert at("role_refused")["steps"] == dict.fromkeys(APIS, DEFECT)
    assert f"{REPLACED} would be taken out, as {NEWER} replaces it" in printed("role_refused")
    assert changed(before, at("role_applied")["tree"]) == files_of(OURS) | files_of(NEWER)
    assert at("role_applied")["steps"] == dict.fromkeys(APIS, FIXED)


def test_nothing_of_ours_is_left(store, root):
    assert store.sql("SELECT email FROM {prefix}customer_entity") == []
    left = store.run(
        "find", root, "-name", ".maintenance*", "-o", "-path", "*/.storefleet/stage*", "-o", "-name", "lease.json"
    )
    assert left == ""
