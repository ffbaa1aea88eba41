# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployment settings: the PHP program that evaluates them, where there is a PHP, and how its answer is read."""

from __future__ import annotations

import base64
import json
import shutil

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner, Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import read_settings

PASSWORD = "s3cr3t \xe9'\"\\"

ANSWER = {
    "php": "8.2.0",
    "mode": None,
    "installed": True,
    "modules": {"Magento_Store": 1, "Magento_Off": 0, "Magento_Customer": 1},
    "system": {
        "default": {"web": {"unsecure": {"base_url": "http://store.example/"}}, "oauth": []},
        "stores": {"fr": {"web": {"secure": {"base_url": "https://fr.example/"}}}},
        "websites": [],
    },
    "environment": {
        "CONFIG__DEFAULT__WEB__UNSECURE__BASE_URL": "http://other.example/",
        "CONFIG__WEBSITES__BASE__CUSTOMER__PASSWORD__LOCKOUT_FAILURES": "3",
        "CONFIG__": "x",
    },
    "cache_types": {"config": 1, "layout": 0},
    "cache_frontends": {"default": {"backend": None, "id_prefix": "abc_"}},
    "database": {
        "host": "localhost",
        "port": None,
        "name": "commerce",
        "user": base64.b64encode(b"shop").decode(),
        "password": base64.b64encode(b"p\xff").decode(),
        "prefix": "m2_",
        "tls": {},
    },
}


class Php:
    """Answers as PHP would, and remembers what it was asked."""

    def __init__(self, out="", rc=0, err=""):
        self.result = Result(rc, out, err)
        self.calls = []

    def run(self, argv, **_):
        self.calls.append(list(argv))
        return self.result


def answered(answer, before="", after=""):
    return Php(f"{before}\nstorefleet-settings:{json.dumps(answer)}\n{after}")


def read(php):
    return read_settings("/store", ("php8.2", "-d", "x=1"), php)


def with_database(**changes):
    return {**ANSWER, "database": {**ANSWER["database"], **changes}}


def test_one_call_of_the_stores_php():
    php = answered(ANSWER)
    read(php)
    assert len(php.calls) == 1
    assert php.calls[0][:3] == ["php8.2", "-d", "x=1"]
    assert php.calls[0][-2:] == ["--", "/store"]


def test_reading():
    settings = read(answered(ANSWER, before="Warning: something\n{", after="Deprecated"))
    assert settings.mode == "default"
    assert settings.modules == ("Magento_Store", "Magento_Customer")
    assert settings.cache_types == {"config": True, "layout": False}
    assert settings.cache_frontends["default"]["id_prefix"] == "abc_"
    assert settings.database.user == "shop"
    assert settings.database.password.encode("utf-8", "surrogateescape") == b"p\xff"


def test_overrides_by_scope():
    settings = read(answered(ANSWER))
    assert settings.override("web/unsecure/base_url") == "http://other.example/"
    assert settings.override("web/secure/base_url", "stores", "fr") == "https://fr.example/"
    assert settings.override("customer/password/lockout_failures", "websites", "base") == "3"
    assert settings.override("web/secure/base_url") is None
    assert settings.override("web/secure/base_url", "stores", "de") is None


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("localhost", None, ("localhost", 3306, None)),
        ("db:3307", None, ("db", 3307, None)),
        ("db", "3308", ("db", 3308, None)),
        ("/run/mysqld/mysqld.sock", None, (None, 0, "/run/mysqld/mysqld.sock")),
        ("::1", None, ("::1", 3306, None)),
        ("[::1]:3307", None, ("::1", 3307, None)),
        (None, None, ("localhost", 3306, None)),
    ],
)
def test_addresses(host, port, expected):
    database = read(answered(with_database(host=host, port=port))).database
    assert (database.host, database.port, database.unix_socket) == expected


@pytest.mark.parametrize("prefix", ["a b", "x`;--", "m2-"])
def test_a_prefix_that_is_no_identifier(prefix):
    with pytest.raises(CommerceError) as caught:
        read(answered(with_database(prefix=prefix)))
    assert caught.value.code == "settings_unreadable"


def test_no_database():
    assert read(answered({**ANSWER, "database": None})).database is None


def test_the_password_is_never_shown():
    secret = base64.b64encode(b"geheim").decode()
    settings = read(answered(with_database(password=secret)))
    assert "geheim" not in repr(settings)
    assert "geheim" not in str(settings.database)


@pytest.mark.parametrize(
    "php",
    [
        Php(rc=255, err="PHP Parse error:  syntax error, unexpected 'geheim' in /store/app/etc/env.php on line 7"),
        Php(rc=255, out="Fatal error: Uncaught Exception: geheim in /store/app/etc/env.php:7\nStack trace: geheim"),
        Php(rc=0, out="geheim"),
        answered({"password": "geheim"}),
        answered({**ANSWER, "modules": {"A_B": "geheim"}}),
    ],
)
def test_failures_quote_nothing(php):
    with pytest.raises(CommerceError) as caught:
        read(php)
    assert caught.value.code == "settings_unreadable"
    assert "geheim" not in str(caught.value)
    assert "geheim" not in repr(caught.value.__cause__)
    if php.result.rc:
        assert "line 7" in str(caught.value)


needs_php = pytest.mark.skipif(shutil.which("php") is None, reason="there is no PHP on this machine")


def evaluated(store_tree, env, config="", **environment):
    store_tree.write({"app/etc/env.php": f"<?php\n{env}", "app/etc/config.php": f"<?php\n{config or 'return [];'}"})
    return read_settings(str(store_tree.root), ("php",), LocalRunner(environment))


@needs_php
def test_env_php_is_a_program(store_tree):
    settings = evaluated(
        store_tree,
        """echo 'noise'; echo $undefined;
        $host = getenv('WHERE') ?: 'nowhere';
        return ['MAGE_MODE' => 'production', 'db' => ['table_prefix' => 'm2_', 'connection' => ['default' => [
            'host' => $host, 'dbname' => '#env(NAME, "shop")', 'username' => '#env( USER_NAME )',
            'password' => "p\\xff"]]],
            'system' => ['default' => ['a' => ['b' => ['c' => 'env']]]]];""",
        """return ['modules' => ['A_B' => 1],
            'system' => ['default' => ['a' => ['b' => ['c' => 'config', 'd' => true]]]]];""",
        WHERE="db.internal:3307",
        USER_NAME="shopper",
    )
    assert settings.mode == "production"
    assert settings.modules == ("A_B",)
    assert (settings.database.host, settings.database.port) == ("db.internal", 3307)
    assert (settings.database.name, settings.database.user, settings.database.prefix) == ("shop", "shopper", "m2_")
    assert settings.database.password.encode("utf-8", "surrogateescape") == b"p\xff"
    assert settings.override("a/b/c") == "env"
    assert settings.override("a/b/d") == "1"


@needs_php
def test_the_environment_overrides(store_tree):
    settings = evaluated(
        store_tree,
        """return ['MAGE_MODE' => 'developer', 'db' => ['connection' => ['default' => [
            'host' => 'a', 'dbname' => 'b', 'username' => 'c', 'password' => 'd']]]];""",
        MAGENTO_DC__OVERRIDE=json.dumps(
            {"MAGE_MODE": "production", "db": {"connection": {"default": {"dbname": "z"}}}}
        ),
        MAGENTO_DC_DB__CONNECTION__DEFAULT__HOST="/run/db.sock",
        MAGENTO_DC_DB__TABLE_PREFIX="x_",
        CONFIG__DEFAULT__WEB__SECURE__BASE_URL="https://e.example/",
    )
    assert settings.mode == "production"
    # The JSON replaces whole sections.
    assert (settings.database.name, settings.database.user) == ("z", "")
    assert (settings.database.unix_socket, settings.database.prefix) == ("/run/db.sock", "x_")
    assert settings.override("web/secure/base_url") == "https://e.example/"


@needs_php
def test_a_broken_env_php(store_tree):
    with pytest.raises(CommerceError) as caught:
        evaluated(store_tree, "return ['password' => 'geheim' 'x'];")
    assert caught.value.code == "settings_unreadable"
    assert "Parse error" in str(caught.value)
    assert "line 2" in str(caught.value)
    assert "geheim" not in str(caught.value)
