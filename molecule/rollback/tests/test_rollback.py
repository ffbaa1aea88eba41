# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores whose repair failed: they log customers in as before, and their files are as before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.stores import APIS, Steps
from support.trees import differences, snapshot

CAUSES = {
    "compile-fails": (
        "setup:di:compile ended with status",
        "Nothing of the live store was changed.",
    ),
    "third-party-override": (
        "the store then behaved so: graphql fixed, rest fixed, soap broken",
        "Everything was put back, and the store serves as before",
    ),
}


def printed(file):
    """What a run printed, at -vvv; the terminal's line breaks are spaces."""
    return " ".join(Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], file).read_text().split())


@pytest.fixture
def log():
    return printed("remediate.log")


@pytest.fixture
def our_log(variables):
    """The log of a compile that failed is all that is left of a build."""
    failed = variables["inventory_hostname"] == "compile-fails"
    return [".storefleet", ".storefleet/compile.log"] if failed else []


def test_check_mode_had_predicted_the_change(variables):
    name = variables["inventory_hostname"]
    log = printed("check.log")
    assert f"changed: [{name}]" in log
    assert "would have applied ACSD-61103" in log
    assert "--- before: vendor/magento/module-integration/etc/webapi_rest/events.xml" in log
    assert f"{name}: vulnerable (unpatched)" in log


def test_the_run_says_why_and_that_all_is_as_before(log, variables):
    assert [words for words in CAUSES[variables["inventory_hostname"]] if words not in log] == []


def test_the_tree_is_as_before(store, before, root, our_log):
    web_server = int(store.run("id", "-u", "www-data"))
    after = {path: entry for path, entry in snapshot(store, root).items() if path not in our_log}
    # The web server generates classes below folders of its own, and nobody but itself may set their times.
    for path in before["tree"].keys() & after.keys():
        if after[path]["uid"] == web_server and after[path]["type"] == "0o40000":
            after[path]["mtime"] = before["tree"][path]["mtime"]
    assert differences(before["tree"], after) == []


@pytest.mark.parametrize("api", APIS)
def test_customers_log_in_as_before(store, before, api):
    assert store.login(api, before["customer"])
    assert store.article_steps(api) == Steps(after_wrong=1, after_right=1, token=True)


def test_php_fpm_has_read_its_code_since_the_last_change(store, root, our_log):
    # Beside a release that was staged and given up nothing was changed, though links were made to its files.
    assert store.serves_its_files(root, "%T@" if our_log else "%C@")


def test_nothing_of_ours_is_left(store, before, root, our_log):
    ours = ["(", "-path", "*/.storefleet*", "-o", "-name", ".maintenance*", ")"]
    found = store.run("find", root, *ours, "-printf", "%P\n")
    assert found.splitlines() == our_log
    assert store.sql("SELECT email FROM {prefix}customer_entity") == [[before["customer"]]]


def test_no_secret_was_printed(store, log, root):
    secrets = store.run(
        "php",
        "-r",
        "$e = require $argv[1]; echo $e['crypt']['key'], ' ', $e['db']['connection']['default']['password'];",
        f"{root}/app/etc/env.php",
    )
    assert len(secrets.split()) == 2
    assert not [secret for secret in secrets.split() if secret in log + printed("check.log")]
