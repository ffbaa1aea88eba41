# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""add-store: further stores on the host of one, each with its own root, database, pool and host name."""

from __future__ import annotations

import json

import pytest
from support.stores import APIS, Steps, StoreContainer


@pytest.fixture(scope="module")
def machine(start):
    """A host with its own store."""
    return start("further-stores")


@pytest.fixture
def add(machine):
    """Makes a further store of that name."""

    def add_store(name, **environment):
        variables = [f"{variable}={value}" for variable, value in environment.items()]
        machine.run("env", *variables, "add-store", name)
        address = machine._url.removeprefix("http://")
        return StoreContainer(
            machine.name,
            address,
            session=machine.session,
            database=name.replace("-", "_"),
            host=f"{name}.example",
        )

    return add_store


def packages(store, name):
    installed = json.loads(store.run("cat", f"/var/www/{name}/vendor/composer/installed.json"))
    return {package["name"]: package["version"] for package in installed["packages"]}


def test_it_is_another_store(machine, add):
    other = add("another", COMMERCE_PATCHED="yes", COMMERCE_MODE="production")
    email = other.create_customer()
    assert [other.login(api, email) for api in APIS] == [True] * len(APIS)
    assert not machine.login("rest", email)
    assert other.article_steps("rest") == Steps(after_wrong=1, after_right=0, token=True)
    assert machine.article_steps("rest") == Steps(after_wrong=1, after_right=1, token=True)
    assert machine.shell("find /var/www/another ! -user deploy ! -user www-data") == ""


@pytest.mark.parametrize(
    ("edition", "version", "expected"),
    [
        ("b2b", "2.4.6-p3", {"magento/extension-b2b": "1.4.2", "magento/product-enterprise-edition": "2.4.6-p3"}),
        ("cloud", "2.4.6-p8", {"magento/magento-cloud-metapackage": "2.4.6-p8", "magento/ece-tools": "2002.1.19"}),
        ("mage-os", "1.0.0", {"mage-os/module-customer": "1.0.0", "mage-os/product-community-edition": "1.0.0"}),
    ],
)
def test_editions(add, edition, version, expected):
    store = add(edition, COMMERCE_EDITION=edition, COMMERCE_VERSION=version)
    assert expected.items() <= packages(store, edition).items()
    assert store.article_steps("graphql") == Steps(after_wrong=1, after_right=1, token=True)


def test_mage_os_takes_the_place_of_the_vendor_s_packages(add):
    store = add("other-vendor", COMMERCE_EDITION="mage-os", COMMERCE_VERSION="1.0.0")
    found = packages(store, "other-vendor")
    assert "magento/module-customer" not in found
    assert "magento/magento2-base" not in found


def test_pool_as_asked(add):
    store = add("pool", COMMERCE_OPCACHE="hardened", COMMERCE_POOL_SETTINGS="env[MAGENTO_DC_MAGE_MODE] = production")
    code = "<?php echo json_encode([ini_get('opcache.validate_timestamps'), getenv('MAGENTO_DC_MAGE_MODE')]);"
    assert json.loads(store.run_in_pool(code, "/run/php/pool.sock")) == ["0", "production"]


def test_database_as_asked(machine, add):
    store = add("socket", COMMERCE_DATABASE_HOST="/run/mysqld/mysqld.sock")
    code = "echo (require '/var/www/socket/app/etc/env.php')['db']['connection']['default']['host'];"
    assert machine.succeed(machine.deploy("php", "-r", code)) == "/run/mysqld/mysqld.sock"
    assert store.login("soap", store.create_customer())


@pytest.mark.parametrize(
    ("name", "environment", "reason"),
    [
        ("store", {}, "there is a store named 'store' already"),
        ("../etc", {}, "a store's name has small letters, digits and hyphens"),
        ("odd", {"COMMERCE_EDITION": "gold"}, "COMMERCE_EDITION is one of: community enterprise b2b cloud mage-os"),
    ],
)
def test_what_makes_no_sense_is_refused(machine, name, environment, reason):
    variables = [f"{variable}={value}" for variable, value in environment.items()]
    process = machine.execute("env", *variables, "add-store", name)
    assert process.returncode == 2
    assert reason in process.stderr
    assert machine.execute("test", "-e", "/var/www/odd").returncode == 1
