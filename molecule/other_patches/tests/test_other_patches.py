# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other patches on stores that are well: files, caches, routes and counters at each moment, and what the runs said."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from support.stores import APIS

EPHEMERAL = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])
OURS, ROUTE, SCHEMA, STATIC = "ACSD-61103", "ACSD-90004", "ACSD-90005", "ACSD-90006"
DEFECT, FIXED = [1, 1, True], [1, 0, True]
UPGRADE, DEPLOY = "bin/magento setup:upgrade --keep-generated", "bin/magento setup:static-content:deploy"


def printed(moment):
    """What the run before that moment printed, without colours; the terminal's line breaks are spaces."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", (EPHEMERAL / f"{moment}.log").read_text()).split())


@pytest.fixture
def name(variables):
    return variables["inventory_hostname"]


@pytest.fixture
def tree_at(name):
    """The vendor's files of the store at a moment."""

    def at(moment):
        tree = json.loads((EPHEMERAL / moment / f"{name}.json").read_text())["tree"]
        return {path: entry.get("content") for path, entry in tree.items() if path.startswith("vendor/magento/")}

    return at


@pytest.fixture
def answers(name):
    """How the home page came, and the status of the new route."""
    return lambda moment: json.loads((EPHEMERAL / f"{moment}.answers.json").read_text())[name]


@pytest.fixture
def files_of(store, root):
    """The files of patches of the store's catalogue, as the patch files name them."""
    folder = f"{root}/vendor/magento/quality-patches/patches/os"

    def paths(*patches):
        texts = [store.run("bash", "-euc", 'cat "$1"/"$2"_*.patch', "bash", folder, each) for each in patches]
        return {path for text in texts for path in re.findall(r"^(?:\+\+\+ b|--- a)/(\S+)", text, re.MULTILINE)}

    return paths


@pytest.fixture
def trail(store, root):
    """The changes of the store by its own log."""
    return [json.loads(line) for line in store.run("cat", f"{root}/var/log/storefleet.jsonl").splitlines()]


@pytest.mark.parametrize(
    ("moment", "patches"),
    [
        ("audited", ()),
        ("applied", (ROUTE,)),
        ("repeated", (ROUTE,)),
        ("refused", (ROUTE,)),
        ("named", (ROUTE, SCHEMA, STATIC)),
    ],
)
def test_the_files_have_the_patches_of_the_moment(tree_at, files_of, moment, patches):
    before, after = tree_at("before"), tree_at(moment)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == files_of(*patches)
    assert len(files_of(ROUTE, SCHEMA, STATIC)) == 4


@pytest.mark.parametrize("patch_id", [ROUTE, SCHEMA, STATIC])
def test_in_the_end_they_are_out(tree_at, files_of, patch_id):
    before, after = tree_at("before"), tree_at("out")
    assert {path: after.get(path) for path in files_of(patch_id)} == {
        path: before.get(path) for path in files_of(patch_id)
    }


@pytest.mark.parametrize("moment", ["before", "audited", "applied", "repeated", "refused", "named", "out"])
def test_logins_reset_the_counter_as_before(name, moment):
    steps = json.loads((EPHEMERAL / moment / f"{name}.json").read_text())["steps"]
    # The rollback of all patches takes ours too, where the store had it from one.
    expected = DEFECT if (moment, name) == ("out", "patched") else FIXED
    assert steps == dict.fromkeys(APIS, expected)


@pytest.mark.parametrize(
    ("moment", "page", "route"),
    [
        ("before", "MISS", 404),
        ("audited", "HIT", 404),
        # What the patch changes is in no cache any more.
        ("applied", "MISS", 400),
        ("repeated", "HIT", 400),
        ("refused", "HIT", 400),
        ("named", "MISS", 400),
        ("out", "MISS", 404),
    ],
)
def test_the_patch_is_in_effect_and_the_page_cache_is_cleaned_only_for_it(answers, moment, page, route):
    assert answers(moment) == [page, route]


def test_the_audit_says_which_is_missing(name):
    reason = {"patched": "patched", "built-in": "fixed_upstream"}[name]
    assert f"{name}: compliant ({reason}). Apply {ROUTE} with remediate.yml." in printed("audited")
    assert f"{name}: compliant ({reason}). Nothing to do." in printed("applied")


def test_a_second_run_changes_nothing(name):
    assert re.search(rf"{name} : ok=\d+ changed=0 ", printed("repeated"))


def test_what_needs_more_is_refused_with_the_word_for_it(name):
    log = printed("refused")
    assert "accept_needs: [schema, static] (commerce_accept_needs of the role)" in log
    assert f"{UPGRADE}, then {DEPLOY}" in log
    assert re.search(rf"{name} : ok=\d+ changed=0 .*?failed=1", log)


def test_what_is_due_is_said(name):
    line = rf"{name}: compliant \(\w+\)\. Still due in its root: {UPGRADE}, then {DEPLOY}\."
    assert re.search(line, printed("named"))
    assert "Still due" not in printed("applied")


def test_the_log_of_the_store_has_what_was_done(trail, name):
    applied, named = trail[0], trail[1]
    cleaned = [action for action in applied["actions"] if action.startswith("cleaned the caches")]
    types = "config, compiled_config, block_html, reflection, full_page and config_webservice"
    assert [words.partition(" by ")[0] for words in cleaned] == [f"cleaned the caches {types}"]
    # Neither a class nor its wiring has changed.
    assert not [action for change in (applied, named) for action in change["actions"] if "compile" in action.split()]
    assert f"left {UPGRADE} to be run" in named["actions"]
    assert applied["patches"] == ([OURS, ROUTE] if name == "patched" else [ROUTE])


def test_nothing_of_ours_is_left(store, root):
    assert store.sql("SELECT email FROM {prefix}customer_entity") == []
    left = store.run(
        "find", root, "-name", ".maintenance*", "-o", "-path", "*/.storefleet/stage*", "-o", "-name", "lease.json"
    )
    assert left == ""
