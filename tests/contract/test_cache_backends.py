# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Caches in Redis and in two levels: which keys they have, what cleaning takes along, and whom it tells."""

from __future__ import annotations

import pytest
from contract.commerce import ROOT

HTTP_CACHE_LOG = "/var/log/http-cache.log"
FOREIGN_KEY = "sess_of_a_customer"

NARROW_CLEAN = (
    "require 'app/bootstrap.php'; Magento\\Framework\\App\\Bootstrap::create(BP, $_SERVER)->getObjectManager()"
    "->get(Magento\\Framework\\App\\Cache\\Manager::class)->clean(['config', 'compiled_config']);"
)


def keys(store, database=0):
    return set(store.run("redis-cli", "-n", str(database), "keys", "*").split())


def page(store):
    return store.request("GET", "/").headers["X-Magento-Cache-Debug"]


def prefix(store):
    code = "echo (require 'app/etc/env.php')['cache']['frontend']['default']['id_prefix'];"
    return store.succeed(store.deploy("php", "-r", code))


def heard(store):
    return store.execute("cat", HTTP_CACHE_LOG).stdout.splitlines()


@pytest.fixture
def primed(shared):
    """The store with its caches in Redis: a page and the configuration are in them, and a key of somebody else."""
    shared.run("rm", "-f", HTTP_CACHE_LOG)
    assert (page(shared), page(shared)) == ("MISS", "HIT")
    assert shared.login("rest", shared.create_customer())
    shared.run("redis-cli", "set", FOREIGN_KEY, "1")
    return shared


def test_entries_are_in_redis_under_the_prefix(primed):
    own = prefix(primed)
    assert {f"zc:k:{own}EVENT_CONFIG_WEBAPI_REST", f"zc:ti:{own}CONFIG"} <= keys(primed)
    assert f"zc:ti:{own}FULL_PAGE" in keys(primed, 1)
    assert primed.shell(f"find {ROOT}/var -type f -path '*cache*'") == ""


def test_without_a_prefix_it_comes_from_the_place_of_the_configuration(primed):
    own = prefix(primed)
    primed.deployment("unset($env['cache']['frontend']['default']['id_prefix'])")
    primed.run("redis-cli", "flushall")
    assert primed.login("rest", primed.create_customer())
    derived = {key.split(":")[2].split("_")[0] for key in keys(primed)}
    assert len(derived) == 1
    assert derived != {own.rstrip("_")}


def test_narrow_clean_takes_its_types_and_tells_nobody(primed):
    primed.succeed(primed.deploy("php", "-r", NARROW_CLEAN))
    assert keys(primed) == {FOREIGN_KEY}
    assert page(primed) == "HIT"
    assert heard(primed) == []


@pytest.mark.parametrize("command", ["cache:clean", "cache:flush"])
def test_commands_flush_the_page_cache_and_purge(primed, command):
    primed.succeed(primed.magento(command, "translate"))
    assert page(primed) == "MISS"
    assert heard(primed) == ["PURGE / .*"]


def test_flush_empties_the_whole_database(primed):
    primed.succeed(primed.magento("cache:flush", "translate"))
    assert keys(primed) == set()


def test_http_cache_that_is_away_is_logged_only(primed):
    primed.deployment("$env['http_cache_hosts'] = [['host' => '127.0.0.1', 'port' => '6999']]")
    assert "The HTTP cache 127.0.0.1:6999 cannot be purged" in primed.read("var/log/exception.log")


def test_compile_empties_what_others_keep_there_too(primed):
    primed.compile()
    assert keys(primed) == set()
    assert page(primed) == "MISS"


def test_compile_removes_the_directory_of_file_caches(store):
    store.request("GET", "/")
    assert store.execute("test", "-d", f"{ROOT}/var/cache").returncode == 0
    store.compile()
    assert store.execute("test", "-e", f"{ROOT}/var/cache").returncode == 1


class TestTwoLevels:
    """Files on the node, Redis behind them."""

    @pytest.fixture
    def two_level(self, stores):
        store = stores(COMMERCE_VERSION="2.4.6-p1", COMMERCE_CACHE="two-level")
        assert store.login("rest", store.create_customer())
        return store

    def local(self, store):
        return set(store.shell(f"find {ROOT}/var/cache -type f -printf '%f\\n'").split())

    def test_entries_are_in_both(self, two_level):
        own = prefix(two_level)
        entry = f"{own}EVENT_CONFIG_WEBAPI_REST"
        assert {f"zc:k:{entry}", f"zc:k:{entry}_HASH"} <= keys(two_level)
        assert f"mage---{own}event_config_webapi_rest" in self.local(two_level)

    def test_local_copy_is_used_while_its_version_is_the_remote_one(self, two_level):
        """The remote entry itself is not looked at."""
        entry = f"zc:k:{prefix(two_level)}EVENT_CONFIG_WEBAPI_REST"
        two_level.run("redis-cli", "hset", entry, "d", "[]")
        two_level.apply()
        two_level.reload()
        assert two_level.counters(two_level.create_customer())[:2] == [1, 1]
        two_level.run("redis-cli", "hset", f"{entry}_HASH", "d", "another")
        assert two_level.counters(two_level.create_customer())[:2] == [1, 1]
        assert two_level.shell(f"tail -n 1 {ROOT}/var/cache/*/*event_config_webapi_rest") == "[]"

    def test_clean_leaves_the_local_copies_which_nobody_uses_then(self, two_level):
        before = self.local(two_level)
        two_level.succeed(two_level.deploy("php", "-r", NARROW_CLEAN))
        assert self.local(two_level) >= before
        assert not any("EVENT_CONFIG" in key for key in keys(two_level))
        two_level.apply()
        two_level.reload()
        two_level.succeed(two_level.deploy("php", "-r", NARROW_CLEAN))
        assert two_level.counters(two_level.create_customer()) == [1, 0, 1, 0, 1, 0]
