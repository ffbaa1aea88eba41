# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.yml logged in at every store, and left its files and its database as they were."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from support.trees import RUNTIME, differences

# Whose number goes up with every row that is written, also one that is gone again.
COUNTED_UP = re.compile(r" AUTO_INCREMENT=\d+")
VERDICTS = {
    "vulnerable-as-owner": ("vulnerable", "unpatched", "defective"),
    "patched-production": ("compliant", "patched", "fixed"),
}


def kept(path):
    return json.loads(Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], path).read_text())


@pytest.fixture
def name(variables):
    return variables["inventory_hostname"]


@pytest.fixture
def before(name):
    return kept(f"before/{name}.json")


@pytest.fixture(params=["article", "gentle"])
def after(name, request):
    return kept(f"{request.param}/{name}.json")


def rests(tree):
    """The tree without the folders that every request of the store writes to."""
    return {path: each for path, each in tree.items() if not path.startswith(RUNTIME)}


def test_the_audit_logged_in(name):
    audit = kept(f"{name}.json")
    behaviours = {api["behaviour"] for api in audit["evidence"]["apis"].values()}
    assert (audit["status"], audit["reason"], *behaviours) == VERDICTS[name]


def test_the_tree_is_as_before(before, after):
    assert differences(rests(before["tree"]), rests(after["tree"])) == []


def test_the_database_is_as_before(before, after):
    was, now = ([COUNTED_UP.sub("", line) for line in each["database"]] for each in (before, after))
    assert now == was


def test_nothing_is_left_elsewhere(before, after):
    assert after["elsewhere"] == before["elsewhere"]
