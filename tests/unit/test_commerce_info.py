# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: a store on disk described by it from end to end, with the store's PHP, against its documentation."""

from __future__ import annotations

import json
import os

import pytest
import yaml
from support.host_files import write_files
from support.real_module import runner

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.modules import commerce_info

CONTAINS = yaml.safe_load(commerce_info.RETURN)["commerce"]["contains"]
TYPES = {"str": str, "bool": bool, "int": int, "list": list, "dict": dict}

ENV = """<?php
return [
    'MAGE_MODE' => 'production',
    'install' => ['date' => 'Mon, 01 Jan 2024 00:00:00 +0000'],
    'crypt' => ['key' => 'geheim-key'],
    'db' => ['table_prefix' => 'm2_', 'connection' => ['default' => [
        'host' => getenv('DB_HOST'), 'dbname' => 'commerce', 'username' => 'geheim-1', 'password' => 'geheim-2',
    ]]],
];
"""


@pytest.fixture
def run(monkeypatch, capsys, store_tree, tmp_path):
    """Runs the module on a store of a host with one pool."""
    store_tree.write({"app/etc/env.php": ENV, "app/etc/config.php": "<?php return ['modules' => ['A_B' => 1]];"})
    write_files(tmp_path, {"/etc/php/8.2/fpm/pool.d/www.conf": "[www]\nuser = www-data\nlisten = 9000\n"})
    described = commerce_info.described
    monkeypatch.setattr(commerce_info, "described", lambda *given: described(*given, str(tmp_path)))
    start = runner(commerce_info.main, monkeypatch, capsys)
    return lambda **options: start(**{"root": str(store_tree.root), "environment": {"DB_HOST": "db1"}, **options})


def keys(documented, path=""):
    """All keys that RETURN documents, with those inside by a dot."""
    for name, each in documented.items():
        yield path + name
        yield from keys(each.get("contains", {}), f"{path}{name}.")


def keys_of(values, path=""):
    for name, value in values.items():
        yield path + name
        if isinstance(value, dict):
            yield from keys_of(value, f"{path}{name}.")


def wrong_types(values, contains):
    for name, value in values.items():
        if value is not None and type(value).__name__ != TYPES[contains[name]["type"]].__name__:
            yield name
        if isinstance(value, dict):
            yield from wrong_types(value, contains[name].get("contains", {}))


def test_every_documented_key_is_there_in_its_order_and_no_other(run, store_tree):
    # Not as main() prints it: that is sorted.
    found = commerce_info.described(str(store_tree.root), ("php",), LocalRunner({"DB_HOST": "db1"}))
    assert list(keys_of(found)) == list(keys(CONTAINS))


def test_every_value_is_of_its_documented_type(run):
    result = run()
    assert result["changed"] is False
    assert list(wrong_types(result["commerce"], CONTAINS)) == []


def test_the_options_reach_the_stores_php_and_nothing_secret_comes_back(run, store_tree):
    result = run()
    found = result["commerce"]
    assert (found["given_root"], found["mode"], found["modules"]) == (str(store_tree.root), "production", 1)
    assert found["database"]["host"] == "db1"
    assert "geheim" not in json.dumps(result)


@pytest.mark.parametrize("check", [False, True])
def test_nothing_is_written(run, store_tree, check):
    def times():
        return {path: path.stat().st_mtime_ns for path in [store_tree.root, *store_tree.root.rglob("*")]}

    before = times()
    assert run(check=check)["commerce"]["version"] == "2.4.6-p3"
    assert times() == before


def test_a_php_that_cannot_be_started_leaves_the_rest_known(run):
    found = run(php="/no/such/php")["commerce"]
    assert set(keys_of(found)) | set(keys(CONTAINS["database"]["contains"], "database.")) == set(keys(CONTAINS))
    assert (found["version"], found["mode"], found["serving"]["pool"]) == ("2.4.6-p3", None, "www")
    assert "Could not start /no/such/php" in found["notes"][-1]


@pytest.mark.parametrize(
    ("root", "code"), [("no/store", "no_store"), ("loop", "symlink_loop"), (None, "relative_root")]
)
def test_a_root_without_a_store_fails_with_a_code(run, tmp_path, root, code):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "no/store").mkdir(parents=True)
    result = run(root=str(tmp_path / root) if root else os.path.join(".", "store"))
    assert (result["failed"], result["code"]) == (True, code)
    assert result["next_step"] in result["msg"]
