# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of projects in the cloud and of the stores that are built of them, by git, SQL and HTTP of our own."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from support.stores import APIS, Steps
from support.trees import RUNTIME, differences, snapshot

REPOSITORY = "/srv/cloud/store.git"
CHECKOUT = "/home/deploy/project"
PROJECT = (
    Path(__file__).resolve().parents[3] / "extensions/commerce_image/rootfs/usr/local/share/commerce/cloud-project"
)
FILE = ".magento.env.yaml"
ID = "ACSD-61103"

PLAIN = (PROJECT / "magento.env").read_text()
# What each project's main holds, what its store is, and whether a login resets the counter there.
BRANCH = {"in-range": "login-failures", "left-range": "main", "failed-build": "main"}
CONTENT = {
    "in-range": PLAIN.replace("    build:\n", f"    build:\n        QUALITY_PATCHES:\n            - {ID}\n"),
    "left-range": PLAIN.replace("    build:\n", "    build:\n        QUALITY_PATCHES: []\n"),
    "failed-build": PLAIN.replace("    build:\n", f"    build:\n        QUALITY_PATCHES: [{ID}]\n"),
}
VERSION = {"in-range": "2.4.6-p8", "left-range": "2.4.8", "failed-build": "2.4.6-p8"}
AFTER_RIGHT = {"in-range": 0, "left-range": 0, "failed-build": 1}


def printed(file):
    """What a run printed, without colours; the terminal's line breaks are spaces."""
    text = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], file).read_text()
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


def recap(file):
    """Per host its counts in a run's recap."""
    found = re.findall(r"([\w-]+) : ok=\d+ changed=(\d+) unreachable=(\d+) failed=(\d+)", printed(file))
    return {name: tuple(map(int, counts)) for name, *counts in found}


@pytest.fixture
def name(variables):
    return variables["inventory_hostname"]


@pytest.fixture
def git(store):
    """Asks the bare repository."""
    return lambda *arguments: store.run("git", "-C", REPOSITORY, *arguments, user="deploy")


@pytest.mark.parametrize("api", APIS)
def test_what_a_login_does_to_the_counter(store, name, api):
    assert store.article_steps(api) == Steps(after_wrong=1, after_right=AFTER_RIGHT[name], token=True)


def test_a_customer_of_before_logs_in(store, before):
    assert store.login("rest", before["customer"])


def test_the_version_of_the_store(store, root, name):
    installed = json.loads(store.run("cat", f"{root}/vendor/composer/installed.json"))["packages"]
    versions = {package["name"]: package["version"] for package in installed}
    assert versions["magento/magento2-base"] == VERSION[name]
    assert versions["magento/quality-patches"] == "1.1.82"


def test_the_pushed_file_is_as_before_but_for_the_list(git, name):
    assert git("show", f"{BRANCH[name]}:{FILE}") == CONTENT[name]


def test_what_was_committed(git, name):
    files = [FILE, "composer.json", "composer.lock"]
    log = {
        "in-range": [f"Fleet Add {ID} to QUALITY_PATCHES", *files, "Developer The shop"],
        "left-range": [
            f"Fleet Remove {ID} from QUALITY_PATCHES",
            FILE,
            "Fleet Commerce 2.4.8",
            *files,
            "Developer The shop",
        ],
        "failed-build": ["Fleet Commerce 2.4.8", *files, "Developer The shop"],
    }
    found = git("log", "--name-only", "--format=%an %s", BRANCH[name]).split("\n")
    first = next(number for number, line in enumerate(found) if line == "Developer The shop")
    assert [line for line in found[: first + 1] if line] == log[name]


def test_the_checkout_is_clean_and_its_owners(store, name):
    assert store.run("git", "-C", CHECKOUT, "status", "--porcelain", user="deploy") == ""
    assert store.run("git", "-C", CHECKOUT, "branch", "--show-current", user="deploy") == "main\n"
    assert store.run("find", CHECKOUT, REPOSITORY, "-user", "root") == ""


def test_nothing_is_left_of_a_build(store, root):
    assert store.run("find", "/srv/cloud", "-mindepth", "1", "-maxdepth", "1") == f"{REPOSITORY}\n"
    assert store.run("find", root, "-maxdepth", "2", "-name", ".maintenance*") == ""
    assert store.run("find", "/tmp", "-name", "storefleet*") == ""


def test_a_build_that_failed_left_the_store_alone(store, root, before, name):
    if name == "failed-build":
        after = snapshot(store, root)
        differ = differences(
            *(
                {path: each for path, each in tree.items() if not path.startswith(RUNTIME)}
                for tree in (before["tree"], after)
            )
        )
        assert differ == []


def test_the_run_in_check_mode_predicted_the_change():
    log = printed("check.log")
    assert recap("check.log") == {"in-range": (1, 0, 0), "left-range": (1, 0, 1)}
    assert f"would have added {ID} to stage.build.QUALITY_PATCHES" in log
    assert "would have raised magento/quality-patches to 1.1.54 or later" in log
    assert "would have pushed login-failures to origin" in log
    assert f"+ - {ID}" in log


def test_the_run_says_what_was_done():
    log = printed("cloud.log")
    assert recap("cloud.log") == {"in-range": (1, 0, 0), "left-range": (1, 0, 1)}
    assert (
        f"in-range: added {ID} to stage.build.QUALITY_PATCHES, raised magento/quality-patches to 1.1.54 or later" in log
    )
    assert "Magento 2.4.8 is out of its range, and the build would fail" in log
    assert f"{ID} stood there and was removed" in log
    assert "Deployed login-failures" in log


def test_the_second_run_changed_nothing():
    assert recap("second.log") == {"in-range": (0, 0, 0), "left-range": (0, 0, 1)}
    assert "in-range: nothing to do" in printed("second.log")


def test_the_audit_says_compliant():
    log = printed("audit.log")
    assert "in-range: compliant (patched)" in log
    assert "left-range: compliant (fixed_upstream)" in log
