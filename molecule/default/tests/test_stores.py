# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each store of the fleet after the shipped remediate.yml, by SQL and HTTP of our own."""

from __future__ import annotations

import pytest
from support.stores import APIS, Steps
from support.trees import differences, snapshot

# The compiled ones: the others are repaired in place.
STAGED = ("production-hardened-opcache", "production-debian-opcache")
OURS = ".storefleet"


def test_the_probe_left_no_row(store, before):
    assert store.sql("SELECT email FROM {prefix}customer_entity") == [[before["customer"]]]
    assert store.sql(
        "SELECT COUNT(*) FROM {prefix}customer_log JOIN {prefix}customer_entity ON entity_id = customer_id"
    ) == [["1"]]
    assert store.sql("SELECT COUNT(*) FROM {prefix}customer_log") == [["1"]]
    assert store.sql("SELECT user_name FROM {prefix}oauth_token_request_log") == []


@pytest.mark.parametrize("api", APIS)
def test_a_successful_login_resets_the_counter(store, api):
    assert store.article_steps(api) == Steps(after_wrong=1, after_right=0, token=True)


@pytest.mark.parametrize("api", APIS)
def test_a_customer_of_before_logs_in(store, before, api):
    assert store.login(api, before["customer"])
    assert store.counter(before["customer"]) == 0


def test_php_fpm_has_read_its_code_since_the_last_change(store, root):
    assert store.serves_its_files(root, "%T@")


def test_nothing_of_ours_is_left(store, root):
    names = [".storefleet*", ".maintenance*", "ansible-tmp-*", "ansible_*_payload*", "storefleet-wheels*"]
    wanted = [argument for name in names for argument in ("-o", "-name", name)][1:]
    assert store.run("find", "/", "-xdev", "-path", f"{root}/{OURS}", "-prune", "-o", "(", *wanted, ")", "-print") == ""
    assert "AnsiballZ" not in store.run("ps", "-eo", "args")


def test_the_files_of_before_are_kept_where_a_release_was_staged(store, root, variables):
    staged = variables["inventory_hostname"] in STAGED
    seen = store.run("find", root, "-maxdepth", "2", "-path", f"{root}/{OURS}*", "-printf", "%u %P\n").splitlines()
    assert seen == ([f"deploy {OURS}", f"deploy {OURS}/kept"] if staged else [])
    assert store.run("find", root, "-maxdepth", "2", "-path", f"{root}/{OURS}*", "-perm", "/077") == ""


def test_owners_and_modes_are_as_before(store, before, root):
    after = {path: entry for path, entry in snapshot(store, root).items() if path.split("/")[0] != OURS}
    assert differences(before["tree"], after, ("type", "mode", "uid", "gid")) == []


def test_nothing_belongs_to_root(store, root):
    assert store.run("find", root, "-user", "root", "-o", "-group", "root") == ""
