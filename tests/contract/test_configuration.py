# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a store's settings and its database come from."""

from __future__ import annotations

import json

import pytest
from contract.commerce import PASSWORD, WRONG_PASSWORD

LOCKOUT = "customer/password/lockout_failures"


def counts(store, email):
    """Whether the lockout is on, by its effect."""
    store.sql(f"UPDATE {{prefix}}customer_entity SET failures_num = 0 WHERE email = '{email}'")
    store.rest(email, WRONG_PASSWORD)
    return store.counter(email) == 1


def test_settings_override_each_other_in_order(store, email):
    """core_config_data, config.php, env.php, environment: the later wins."""
    store.configure(LOCKOUT, "0")
    assert not counts(store, email)
    change = (
        "$f = 'app/etc/config.php'; $c = require $f; "
        "$c['system']['default']['customer']['password']['lockout_failures'] = '7'; "
        "file_put_contents($f, '<?php return ' . var_export($c, true) . ';');"
    )
    store.succeed(store.deploy("php", "-r", change))
    store.reload()
    store.clean("config")
    assert counts(store, email)
    store.deployment("$env['system']['default']['customer']['password']['lockout_failures'] = '0'")
    assert not counts(store, email)
    store.pool_environment(CONFIG__DEFAULT__CUSTOMER__PASSWORD__LOCKOUT_FAILURES="5")
    store.clean("config")
    assert counts(store, email)


def test_setting_in_the_database_is_cached(store, email):
    assert counts(store, email)
    store.sql(
        f"INSERT INTO {{prefix}}core_config_data (scope, scope_id, path, value) VALUES ('default', 0, '{LOCKOUT}', '0')"
    )
    assert counts(store, email)
    store.clean("config")
    assert not counts(store, email)


def test_config_set_and_show(store, email):
    store.succeed(store.magento("config:set", LOCKOUT, "0"))
    assert store.sql(f"SELECT value FROM {{prefix}}core_config_data WHERE path = '{LOCKOUT}'") == [["0"]]
    assert store.magento("config:show", LOCKOUT).stdout.strip() == "0"
    assert not counts(store, email)
    path = "web/unsecure/base_url"
    store.succeed(store.magento("config:set", "--scope=stores", "--scope-code=default", path, "http://de.example/"))
    assert ["stores", "1", "http://de.example/"] in store.sql(
        f"SELECT scope, scope_id, value FROM {{prefix}}core_config_data WHERE path = '{path}'"
    )


def test_table_prefix(start):
    store = start("prefix", prefix="mg_", COMMERCE_VERSION="2.4.6-p1", COMMERCE_TABLE_PREFIX="mg_")
    tables = {row[0] for row in store.sql("SHOW TABLES")}
    assert "mg_customer_entity" in tables
    assert all(table.startswith("mg_") for table in tables)
    assert store.counters(store.create_customer()) == [1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize("host", ["/run/mysqld/mysqld.sock", "127.0.0.1", "127.0.0.1:3306", "localhost"])
def test_database_host(store, email, host):
    store.deployment(f"$env['db']['connection']['default']['host'] = '{host}'")
    assert store.login("rest", email)
    store.succeed(store.magento("cache:clean", "config"))


def test_wrong_database_host_is_used_too(store, email):
    """So that the hosts above prove something."""
    store.shell(
        "sed -i \"s#'host' => '[^']*'#'host' => '127.0.0.1:3307'#\" app/etc/env.php".replace(
            "app", "/var/www/store/app"
        )
    )
    store.reload()
    assert store.rest(email, PASSWORD).status_code in (400, 500)


def move_password_out(store, replacement):
    """Takes the password out of env.php, puts a PHP expression there, and returns the password."""
    code = (
        "$f = 'app/etc/env.php'; $env = require $f; $p = $env['db']['connection']['default']['password']; "
        "$text = file_get_contents($f); $new = str_replace(var_export($p, true), $argv[1], $text, $count); "
        "if ($count !== 1) { exit(1); } file_put_contents($f, $new); echo $p;"
    )
    password = store.succeed(store.deploy("php", "-r", code, replacement))
    assert password
    return password


@pytest.mark.parametrize(
    "expression", ["getenv('STORE_DB_PASSWORD')", "'#env(STORE_DB_PASSWORD)'", "'#env(STORE_DB_PASSWORD, \"none\")'"]
)
def test_env_php_reads_the_environment_of_the_pool_only(store, email, expression):
    password = move_password_out(store, expression)
    store.reload()
    assert not store.login("rest", email)
    store.pool_environment(STORE_DB_PASSWORD=password)
    assert store.login("rest", email)
    code = (
        "require 'app/bootstrap.php'; echo Magento\\Framework\\App\\Bootstrap::create(BP, $_SERVER)->getObjectManager()"
        "->get(Magento\\Framework\\App\\DeploymentConfig::class)->get('db/connection/default/password');"
    )
    assert store.deploy("php", "-r", code).stdout != password
    assert store.deploy("php", "-r", code, environment={"STORE_DB_PASSWORD": password}).stdout == password


@pytest.mark.parametrize("form", ["one variable", "JSON"])
def test_environment_overrides_env_php(store, email, form):
    password = move_password_out(store, "'nonsense'")
    store.reload()
    assert not store.login("rest", email)
    if form == "JSON":
        override = {"db": {"connection": {"default": {"password": password}}}}
        store.pool_environment(MAGENTO_DC__OVERRIDE=json.dumps(override))
    else:
        store.pool_environment(MAGENTO_DC_DB__CONNECTION__DEFAULT__PASSWORD=password)
    assert store.login("rest", email)


def test_base_url_placeholders(store):
    store.configure("web/unsecure/base_url", "http://plain.example/")
    store.configure("web/secure/base_url", "{{{{unsecure_base_url}}}}")
    query = "{storeConfig{base_url}}"
    assert store.query(query).json()["data"]["storeConfig"]["base_url"] == "http://plain.example/"
    store.configure("web/unsecure/base_url", "{{{{base_url}}}}")
    assert store.query(query).json()["data"]["storeConfig"]["base_url"] == "http://store.example/"


def test_renamed_store_view(store, email):
    store.sql("UPDATE {prefix}store SET code = 'german' WHERE store_id = 1")
    store.clean("config")
    body = {"username": email, "password": PASSWORD}
    renamed = store.request("POST", "/rest/default/V1/integration/customer/token", json=body)
    assert (renamed.status_code, renamed.json()["message"]) == (400, "Specified request cannot be processed.")
    for path in ("/rest/german/V1", "/rest/V1"):
        assert store.request("POST", f"{path}/integration/customer/token", json=body).status_code == 200


def test_cache_is_keyed_by_the_place_of_the_configuration(store):
    """Without an id_prefix, releases at different paths share no entry."""
    store.deployment("unset($env['cache'])")
    keys = "find var/cache -type f | sort"
    store.succeed(store.magento("cache:flush"))
    store.request("GET", "/")
    live = store.shell(f"cd /var/www/store && {keys}")
    store.shell("cp -a /var/www/store /var/www/copy && rm -rf /var/www/copy/var/cache/*")
    try:
        process = store.run("setpriv", "--reuid=deploy", "--regid=deploy", "--init-groups", "--", "bash", "-c",
                            "cd /var/www/copy && php bin/magento config:show web/secure/base_url")  # fmt: skip
        assert process
        copy = store.shell(f"cd /var/www/copy && {keys}")
    finally:
        store.shell("rm -rf /var/www/copy")
    assert copy
    assert not set(copy.split()) & set(live.split())
