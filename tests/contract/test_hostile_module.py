# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module whose command writes to the database and to Redis while it is created: at every call of bin/magento."""

from __future__ import annotations

import subprocess

import pytest
from contract.commerce import ROOT
from support.stores import ENGINE, HOSTILE_MODULE

ISOLATED = "<?php return ['MAGE_MODE' => 'production', 'crypt' => ['key' => str_repeat('0', 32)], 'cache_types' => []];"


def written(store):
    """Rows in the database, and the count in Redis."""
    rows = store.sql("SELECT COUNT(*) FROM {prefix}core_config_data WHERE path LIKE 'hostile/%'")
    count = store.run("redis-cli", "get", "hostile:written").strip() or "0"
    return int(rows[0][0]), int(count)


@pytest.fixture
def hostile(shared):
    """The store with that module, compiled with it; what it has written so far is gone."""
    folder = f"{ROOT}/app/code/Hostile/Command"
    shared.run("mkdir", "-p", folder)
    subprocess.run([ENGINE, "cp", f"{HOSTILE_MODULE}/.", f"{shared.name}:{folder}"], check=True)
    shared.run("chown", "-R", "deploy:www-data", f"{ROOT}/app/code")
    shared.succeed(shared.magento("module:enable", "Hostile_Command"))
    shared.compile()
    shared.sql("DELETE FROM {prefix}core_config_data WHERE path LIKE 'hostile/%'")
    shared.run("redis-cli", "del", "hostile:written")
    return shared


def test_it_writes_wherever_env_php_leads(hostile):
    hostile.succeed(hostile.magento("list"))
    assert written(hostile) == (1, 1)
    hostile.succeed(hostile.magento("list"))
    assert written(hostile) == (2, 2)


def test_it_is_quiet_where_env_php_leads_nowhere(hostile):
    place = "app/etc/env.php"
    hostile.succeed(hostile.deploy("bash", "-c", 'printf "%s" "$1" >"$0"', place, ISOLATED))
    hostile.compile()
    assert written(hostile) == (0, 0)


def test_environment_leads_there_all_the_same(hostile):
    """An env.php of its own is not enough: the variables override it."""
    hostile.succeed(hostile.deploy("bash", "-c", 'printf "%s" "$1" >"$0"', "app/etc/env.php", ISOLATED))
    override = (
        '{"cache":{"frontend":{"default":{"backend_options":{"server":"127.0.0.1","port":"6379","database":"0"}}}}}'
    )
    hostile.succeed(hostile.deploy("php", "bin/magento", "list", environment={"MAGENTO_DC__OVERRIDE": override}))
    assert written(hostile) == (0, 1)
