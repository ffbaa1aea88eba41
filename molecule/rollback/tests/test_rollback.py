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
    "compile-fails": "setup:di:compile ended with status",
    "third-party-override": "the store then behaved so: graphql fixed, rest fixed, soap broken",
}


def printed(file):
    """What a run printed, at -vvv; the terminal's line breaks are spaces."""
    return " ".join(Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], file).read_text().split())


@pytest.fixture
def log():
    return printed("remediate.log")


def test_check_mode_had_predicted_the_change(variables):
    name = variables["inventory_hostname"]
    log = printed("check.log")
    assert f"changed: [{name}]" in log
    assert "would have applied ACSD-61103" in log
    assert "--- before: vendor/magento/module-integration/etc/webapi_rest/events.xml" in log
    assert f"{name}: vulnerable (unpatched)" in log


def test_the_run_says_why_and_that_all_is_as_before(log, variables):
    assert CAUSES[variables["inventory_hostname"]] in log
    assert log.count("Everything was put back, and the store serves as before") >= len(CAUSES)


def test_the_tree_is_as_before(store, before, root):
    web_server = int(store.run("id", "-u", "www-data"))
    after = snapshot(store, root)
    # The web server generates classes below folders of its own, and nobody but itself may set their times.
    for path in before["tree"].keys() & after.keys():
        if after[path]["uid"] == web_server and after[path]["type"] == "0o40000":
            after[path]["mtime"] = before["tree"][path]["mtime"]
    assert differences(before["tree"], after) == []


@pytest.mark.parametrize("api", APIS)
def test_customers_log_in_as_before(store, before, api):
    assert store.login(api, before["customer"])
    assert store.article_steps(api) == Steps(after_wrong=1, after_right=1, token=True)


def test_php_fpm_has_read_its_code_since_the_last_change(store, root):
    assert store.serves_its_files(root)


def test_nothing_of_ours_is_left(store, before, root):
    assert store.run("find", root, "-name", ".storefleet*", "-o", "-name", ".maintenance*") == ""
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
