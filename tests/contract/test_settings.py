# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a store as its own PHP, which has pdo_mysql, and its own owner see them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from contract.commerce import ROOT
from support.stores import ENGINE

COLLECTION = Path(__file__).resolve().parents[2]
ENV = f"{ROOT}/app/etc/env.php"

READ = """
import json, sys
sys.path.insert(0, "/srv/collection")
from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.database import Database
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import read_settings
try:
    settings = read_settings("/var/www/store", ("php8.2",), LocalRunner(json.load(sys.stdin)))
    there = settings.database
    try:
        Database(there).connect()
        code = None
    except CommerceError as error:
        code = error.code
    print(json.dumps({"mode": settings.mode, "modules": len(settings.modules), "php": settings.php_version,
        "host": there.host, "socket": there.unix_socket or there.local_socket, "tls": there.tls, "connects": code}))
except CommerceError as error:
    print(json.dumps({"code": error.code, "told": str(error)}))
"""


@pytest.fixture(scope="module")
def shop(start):
    store = start("settings", COMMERCE_VERSION="2.4.6-p1", COMMERCE_PYTHON_LIBRARIES="present")
    folder = "/srv/collection/ansible_collections/storefleet/commerce/plugins"
    store.shell(f"mkdir -p {folder}")
    subprocess.run([ENGINE, "cp", COLLECTION / "plugins/module_utils", f"{store.name}:{folder}/"], check=True)
    store.shell(f"chmod -R a+rX /srv; cp -a {ENV} /srv/env.php")
    return store


@pytest.fixture(autouse=True)
def as_before(shop):
    yield
    shop.shell(f"cp -a --remove-destination /srv/env.php {ENV}")


def read(shop, **environment: str) -> dict:
    """What the store's owner reads."""
    return json.loads(shop.succeed(shop.deploy("python3", "-c", READ, stdin=json.dumps(environment))))


def test_as_installed(shop) -> None:
    found = read(shop)
    assert (found["mode"], found["connects"]) == ("developer", None)
    assert found["php"].startswith("8.2.")
    assert found["modules"] == int(
        shop.deploy("php", "-r", "echo count((require 'app/etc/config.php')['modules']);").stdout
    )


def change(shop, statement: str) -> None:
    """Makes env.php the one that was installed, changed by a PHP statement on $connection."""
    opening = "$env = require '/srv/env.php'; $connection = &$env['db']['connection']['default']"
    text = f"<?php {opening}; {statement}; return $env;"
    assert shop.execute("bash", "-c", f"cat >{ENV}", stdin=text).returncode == 0


def test_localhost_is_the_socket_that_php_names(shop) -> None:
    change(shop, "$connection['host'] = 'localhost'")
    assert read(shop)["socket"] == shop.deploy("php", "-r", "echo ini_get('pdo_mysql.default_socket');").stdout
    change(shop, "$connection['host'] = 'localhost'; $connection['unix_socket'] = '/nowhere.sock'")
    assert read(shop)["socket"] == "/nowhere.sock"


TLS = {"ca": "CA", "verify": "VERIFY_SERVER_CERT", "cipher": "CIPHER", "key": "KEY", "cert": "CERT", "capath": "CAPATH"}


def test_tls_options_by_constant_and_by_number(shop) -> None:
    names = ", ".join(f"PDO::MYSQL_ATTR_SSL_{constant} => '{name}'" for name, constant in TLS.items())
    change(shop, f"$connection['driver_options'] = [{names}]")
    assert read(shop)["tls"] == {name: name for name in TLS}
    numbers = shop.succeed(shop.deploy("php", "-r", f"var_export([{names}]);"))
    assert "PDO" not in numbers
    change(shop, f"$connection['driver_options'] = {numbers}")
    assert read(shop)["tls"] == {name: name for name in TLS}


def test_the_environment_of_the_pool(shop) -> None:
    override = {"db": {"connection": {"default": {"host": "127.0.0.1:3307", "dbname": "x", "username": "y"}}}}
    found = read(shop, MAGENTO_DC__OVERRIDE=json.dumps(override))
    assert (found["host"], found["connects"]) == ("127.0.0.1", "database_away")


def test_a_file_that_the_owner_may_not_read(shop) -> None:
    shop.shell(f"chown root {ENV}; chmod 600 {ENV}")
    found = read(shop)
    assert found["code"] == "settings_unreadable"
    assert f"{ENV}: this user may not read it" in found["told"]


def test_a_folder_that_the_owner_may_not_enter(shop) -> None:
    shop.shell(f"chown root {ROOT}/app/etc; chmod 700 {ROOT}/app/etc")
    try:
        assert "this user may not read it" in read(shop)["told"]
    finally:
        shop.shell(f"chown deploy {ROOT}/app/etc; chmod 2775 {ROOT}/app/etc")
