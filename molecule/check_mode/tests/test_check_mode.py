# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""remediate.yml --check --diff changed nothing at all, and remediate.yml then did what it had said."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from support.trees import differences

# What the store makes of its code by itself, and what its own programs write while it is changed.
MADE_BY_THE_STORE = ("var/", "generated/", ".storefleet")
PUT_RIGHT = "put right what an interrupted run had left"


def kept(path):
    return json.loads(Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], path).read_text())


@pytest.fixture
def name(variables):
    return variables["inventory_hostname"]


@pytest.fixture
def before(name):
    return kept(f"before/{name}.json")


@pytest.fixture
def done(name):
    return kept(f"done/{name}.json")


@pytest.fixture
def predicted(name):
    """What the repair's task returned in check mode; nothing for a store that was well."""
    return kept("predicted.json")[name]


@pytest.fixture
def real(name):
    """What it then returned."""
    return kept("done.json")[name]


def test_check_mode_changed_no_file(before, name):
    assert differences(before["tree"], kept(f"predicted/{name}.json")["tree"]) == []


@pytest.mark.parametrize("part", ["database", "elsewhere"])
def test_check_mode_left_nothing(before, name, part):
    assert kept(f"predicted/{name}.json")[part] == before[part]


def test_a_change_was_predicted_where_one_was_made(name, predicted, real):
    wanted = name != "already-patched"
    assert (predicted.get("changed", False), real.get("changed", False)) == (wanted, wanted)
    assert bool(predicted.get("diff")) == bool(predicted.get("files"))


def changed_files(before, after):
    paths = before.keys() | after.keys()
    return {
        path
        for path in paths
        if not path.startswith(MADE_BY_THE_STORE)
        and (before.get(path) or {}).get("content") != (after.get(path) or {}).get("content")
    }


def test_files_that_changed_were_predicted(before, done, predicted):
    assert changed_files(before["tree"], done["tree"]) == set(predicted.get("files", []))


def test_their_contents_were_predicted(done, predicted):
    for change in predicted.get("diff", []):
        path = change["after_header"]
        assert hashlib.sha256(change["after"].encode()).hexdigest() == done["tree"][path]["content"], path


def test_what_a_killed_run_had_left_was_told_and_put_right(name, predicted, real, done):
    told = [run["actions"][0] for run in (predicted, real) if name == "run-was-killed"]
    assert told in ([], [f"would have {PUT_RIGHT}", PUT_RIGHT])
    assert "var/.maintenance.flag" not in done["tree"]
    assert {path.split("/")[1] for path in done["tree"] if path.startswith(".storefleet/")} <= {"kept"}
