# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How PHP is asked for the settings, and how its answer is read. test_settings_program.py has a real PHP, not this."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import read_settings

ANSWER = {
    "php": "8.2.0",
    "sapi": "cli",
    "mode": None,
    "installed": True,
    "modules": ["Magento_Store", "Magento_Customer"],
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
    "cache_types": {"config": True, "layout": False},
    "cache_frontends": {"default": {"backend": None, "id_prefix": "abc_"}},
    "frontend_of": {"config": "default"},
    "database": {
        "host": "localhost",
        "port": None,
        "socket": "/run/php.sock",
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
    assert php.calls[0][-3:-1] == ["--", "/store"]


def test_reading():
    settings = read(answered(ANSWER, before="Warning: something\n{", after="Deprecated"))
    assert settings.mode == "default"
    assert (settings.php_version, settings.php_sapi) == ("8.2.0", "cli")
    assert settings.modules == ("Magento_Store", "Magento_Customer")
    assert settings.cache_types == {"config": True, "layout": False}
    assert settings.cache_frontends["default"]["id_prefix"] == "abc_"
    assert settings.frontend_of == {"config": "default"}
    assert settings.database.user == "shop"
    assert settings.database.password.encode("utf-8", "surrogateescape") == b"p\xff"


def test_the_start_of_php_does_nothing_that_is_not_needed():
    php = answered(ANSWER)
    read(php)
    options = {php.calls[0][at + 1] for at, word in enumerate(php.calls[0]) if word == "-d"}
    assert {"opcache.enable_cli=0", "xdebug.mode=off", "display_errors=0", "log_errors=0"} <= options


def test_overrides_by_scope():
    settings = read(answered(ANSWER))
    assert settings.override("web/unsecure/base_url") == "http://other.example/"
    assert settings.override("web/secure/base_url", "stores", "fr") == "https://fr.example/"
    assert settings.override("customer/password/lockout_failures", "websites", "base") == "3"
    assert settings.override("web/secure/base_url") is None
    assert settings.override("web/secure/base_url", "stores", "de") is None


WEBSITE = "websites"
BASE_DE = {"web": {"secure": {"base_url": "file"}}}


@pytest.mark.parametrize(
    ("of_files", "path", "expected"),
    [
        ({}, "web/secure/base_url", "environment"),
        ({"base_de": BASE_DE}, "web/secure/base_url", "environment"),
        ({"Base_DE": BASE_DE}, "web/secure/base_url", "file"),
        # Commerce takes a section from one of the two.
        ({"Base_DE": {"web": {"cookie": {"path": "/"}}}}, "web/secure/base_url", None),
        ({"Base_DE": {"webapi": {"a": {"b": "1"}}}}, "web/secure/base_url", "environment"),
    ],
)
def test_the_case_of_a_code_does_not_matter_to_the_environment(of_files, path, expected):
    environment = {"CONFIG__WEBSITES__BASE_DE__WEB__SECURE__BASE_URL": "environment"}
    settings = read(answered({**ANSWER, "system": {WEBSITE: of_files}, "environment": environment}))
    assert settings.override(path, WEBSITE, "Base_DE") == expected


@pytest.mark.parametrize("system", [[], {"default": None}, {"stores": [{"a": 1}], "websites": {"base": []}}])
def test_a_system_section_that_holds_nothing(system):
    settings = read(answered({**ANSWER, "system": system or {}, "environment": {}}))
    assert settings.override("web/secure/base_url", "websites", "base") is None


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("localhost", None, ("localhost", 3306, None, "/run/php.sock")),
        ("localhost:3307", None, ("localhost", 3307, None, "/run/php.sock")),
        ("db:3307", None, ("db", 3307, None, None)),
        ("db:3307", "3308", ("db", 3307, None, None)),
        ("db", "3308", ("db", 3308, None, None)),
        ("db", "", ("db", 3306, None, None)),
        ("db:", None, ("db", 3306, None, None)),
        ("db:port", None, ("db", 3306, None, None)),
        ("/run/mysqld/mysqld.sock", None, (None, 0, "/run/mysqld/mysqld.sock", None)),
        ("::1", None, ("::1", 3306, None, None)),
        ("[::1]:3307", None, ("::1", 3307, None, None)),
        ("[::1]", "3308", ("::1", 3308, None, None)),
        (None, None, ("localhost", 3306, None, "/run/php.sock")),
        ("", None, ("localhost", 3306, None, "/run/php.sock")),
    ],
)
def test_addresses(host, port, expected):
    database = read(answered(with_database(host=host, port=port))).database
    assert (database.host, database.port, database.unix_socket, database.local_socket) == expected


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
        Php(rc=0, out="geheim"),
        answered({"password": "geheim"}),
        answered({**ANSWER, "database": {"prefix": "", "host": "geheim"}}),
        answered({**ANSWER, "database": "geheim"}),
        Php(out="\nstorefleet-settings:geheim\n"),
    ],
)
def test_failures_quote_nothing(php):
    with pytest.raises(CommerceError) as caught:
        read(php)
    assert caught.value.code == "settings_unreadable"
    assert "geheim" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


FAILED = {"failed": "exit", "file": "env.php", "in": "", "line": 0, "pdo": True}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({}, "it ends PHP itself"),
        ({"failed": "unreadable"}, "this user may not read it"),
        ({"failed": "dangling"}, "it is a link that leads nowhere"),
        ({"failed": "empty"}, "it is empty"),
        ({"failed": "no array"}, "it does not return an array"),
        ({"failed": "json"}, "this PHP has no extension json"),
        ({"failed": "loop", "in": "/x.php", "line": 3}, "it did not end within 20 s in /x.php line 3"),
        ({"failed": "ParseError", "in": "/x.php", "line": 3}, "PHP: Parse error in /x.php line 3"),
        ({"failed": "Error", "in": "/x.php", "line": 3}, "PHP: Error in /x.php line 3"),
        (
            {"failed": "Error", "in": "/x.php", "line": 3, "pdo": False},
            "PHP: Error in /x.php line 3; this PHP has no pdo_mysql, whose constants Commerce's files may use",
        ),
    ],
)
def test_a_failure_names_the_file_and_the_reason(answer, said):
    with pytest.raises(CommerceError) as caught:
        read(answered({**FAILED, **answer}))
    assert (caught.value.on, caught.value.came_back) == ("/store/app/etc/env.php", said)


@pytest.mark.parametrize(
    ("php", "said"),
    [
        (Php(rc=-11), "signal 11 ended PHP"),
        (Php(rc=64), "PHP ended with status 64 and no answer; only a command-line PHP can do this"),
    ],
)
def test_a_php_that_does_not_answer(php, said):
    with pytest.raises(CommerceError) as caught:
        read(php)
    assert caught.value.came_back == said


@pytest.mark.parametrize(("code", "expected"), [("timeout", "settings_unreadable"), ("not_started", "not_started")])
def test_a_php_that_does_not_end_or_start(code, expected):
    class Runner:
        def run(self, *_, timeout, **__):
            assert 20 < timeout <= 60
            raise CommerceError("run php", "/store", "no end within 30 s", "Wait.", code=code)

    with pytest.raises(CommerceError) as caught:
        read(Runner())
    assert caught.value.code == expected
    assert "no end within 30 s" in caught.value.came_back
