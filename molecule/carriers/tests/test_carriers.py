# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stores a rollout changes, by what carries their patches, what it says of others, and a build that has one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest
from support.stores import APIS
from support.trees import differences

REPORTS = Path(os.environ["STOREFLEET_REPORT_DIR"])
EPHEMERAL = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])
ID = "ACSD-61103"
SCRIPT = f"@php vendor/bin/magento-patches apply --no-interaction --no-ansi {ID}"
DEFECTIVE, FIXED = [1, 1, True], [1, 0, True]
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


def printed(moment):
    """What the run of that moment printed; the terminal's line breaks are spaces."""
    return " ".join((EPHEMERAL / f"{moment}.log").read_text().split())


@pytest.fixture
def at(name):
    """What the store was at a moment."""
    return lambda moment: json.loads((EPHEMERAL / moment / f"{name}.json").read_text())


@pytest.mark.parametrize("api", APIS)
def test_only_a_store_that_carries_its_patch_is_repaired(at, expected, api):
    assert at("remediated")["steps"][api] == (FIXED if expected.repaired else DEFECTIVE)


def test_what_is_left_alone_is_as_it_was(at, before, expected):
    changed = {line.split(": ")[0] for line in differences(before["tree"], at("remediated")["tree"])}
    changed = {path for path in changed if path != "." and not path.startswith(MADE_BY_THE_STORE)}
    assert any(path.startswith("vendor/magento/module-integration") for path in changed) is expected.repaired
    assert expected.repaired or changed == set()


def test_the_run_says_what_is_due(name, expected):
    # Ansible doubles an apostrophe in its messages.
    said = printed("remediated").rpartition(f"{name}: {expected.line[0]}")[2].partition(" => ")[0].replace("''", "'")
    assert [part for part in expected.line[1:] if part not in said] == []


def test_the_report_has_the_carrier(name, expected):
    reports = [json.loads(file.read_text()) for file in (REPORTS / "runs").iterdir()]
    rollouts = [report for report in reports if report["run"]["playbook"] == "remediate"]
    report = max(rollouts, key=lambda report: report["run"]["started"])
    (entry,) = [entry for entry in report["stores"] if entry["name"] == name]
    assert entry["facts"]["carrier"] == expected.carrier
    assert entry["outcome"] == ("repaired" if expected.repaired else "not_repaired")


def test_check_mode_shows_the_change_of_the_repository():
    log = printed("foretold")
    assert f"would have added {ID}" in log
    assert f'+ "{SCRIPT}"' in log
    assert "would have pushed quality-patches to origin" in log


@pytest.mark.only("built")
def test_the_branch_has_one_commit_more_with_the_scripts(store):
    git = ("git", "-C", "/srv/project.git")
    log = store.run(*git, "log", "--format=%an", "--name-only", "main..quality-patches", user="deploy").split()
    assert log == ["Fleet", "composer.json"]
    scripts = json.loads(store.run(*git, "show", "quality-patches:composer.json", user="deploy"))["scripts"]
    assert scripts == {"post-install-cmd": [SCRIPT], "post-update-cmd": [SCRIPT]}


def test_the_second_run_changes_nothing():
    assert "built: nothing to do" in printed("built_again")


@pytest.mark.only("built")
def test_the_release_that_was_deployed_is_compliant(at):
    assert at("deployed")["steps"] == dict.fromkeys(APIS, FIXED)
    assert "built: compliant (patched)" in printed("deployed")
