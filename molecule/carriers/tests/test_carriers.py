# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stores a rollout changes, by what carries their patches, and what it says of the others."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest
from support.stores import APIS, Steps
from support.trees import differences, snapshot

# What a store makes by itself when it is looked at.
MADE_BY_THE_STORE = ("var", "generated", "pub/static")


class Expected(NamedTuple):
    """What becomes of a store. carrier: what the report names. line: parts of what the run says of it in the end."""

    repaired: bool
    carrier: str
    line: tuple[str, ...]


EXPECTED = {
    "built": Expected(
        False,
        "build",
        ("vulnerable (unpatched)", "commerce_carrier: build", "the repository that the store is built from"),
    ),
    "not-accepted": Expected(False, "host", ("vulnerable (unpatched)", "commerce_accept_temporary: true accepts")),
    "accepted": Expected(True, "host", ("compliant (patched)", "lost at the next deploy")),
    "commerce-cloud": Expected(
        False, "cloud", ("vulnerable (unpatched)", "commerce_carrier: cloud", "cloud.yml does both")
    ),
}


@pytest.fixture
def name(variables):
    return variables["inventory_hostname"]


@pytest.fixture
def expected(name):
    return EXPECTED[name]


@pytest.mark.parametrize("api", APIS)
def test_only_a_store_that_carries_its_patch_is_repaired(store, expected, api):
    assert store.article_steps(api) == Steps(after_wrong=1, after_right=0 if expected.repaired else 1, token=True)


def test_what_is_left_alone_is_as_it_was(store, root, before, expected):
    changed = {line.split(": ")[0] for line in differences(before["tree"], snapshot(store, root))}
    changed = {path for path in changed if path != "." and not path.startswith(MADE_BY_THE_STORE)}
    assert any(path.startswith("vendor/magento/module-integration") for path in changed) is expected.repaired
    assert expected.repaired or changed == set()


def test_the_run_says_what_is_due(name, expected):
    # Ansible breaks long messages into lines, and doubles an apostrophe in them.
    printed = " ".join(Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "remediate.log").read_text().split())
    said = printed.rpartition(f"{name}: {expected.line[0]}")[2].partition(" => ")[0].replace("''", "'")
    assert [part for part in expected.line[1:] if part not in said] == []


def test_the_report_has_the_carrier(name, expected):
    report = json.loads(Path(os.environ["STOREFLEET_REPORT_DIR"], "fleet-report.json").read_text())
    (entry,) = [entry for entry in report["stores"] if entry["name"] == name]
    assert entry["facts"]["carrier"] == expected.carrier
    assert entry["outcome"] == ("repaired" if expected.repaired else "not_repaired")
