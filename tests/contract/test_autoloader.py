# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Composer's autoloader with the flags that a site gives it."""

from __future__ import annotations

import pytest

NEW_INTERFACE = "Magento\\Framework\\ObjectManager\\ResetAfterRequestInterface"


@pytest.fixture
def authoritative(stores):
    return stores(COMMERCE_VERSION="2.4.6-p1", COMMERCE_AUTOLOADER="authoritative")


def test_authoritative_autoloader_knows_no_class_that_is_new(authoritative):
    email = authoritative.create_customer()
    assert authoritative.counters(email) == [1, 1, 2, 2, 3, 3]
    authoritative.forget_failures()
    authoritative.apply()
    authoritative.clean()
    authoritative.reload()
    assert authoritative.rest(email, "whatever").status_code == 500
    assert f'Interface "{NEW_INTERFACE}" not found' in authoritative.read("var/log/exception.log")
    authoritative.succeed(authoritative.deploy("composer", "dump-autoload", "--classmap-authoritative"))
    authoritative.reload()
    assert authoritative.counters(email) == [1, 0, 1, 0, 1, 0]


@pytest.mark.parametrize(("kind", "is_in_classmap"), [("plain", False), ("optimized", True), ("authoritative", True)])
def test_flags(stores, kind, is_in_classmap):
    environment = {} if kind == "plain" else {"COMMERCE_AUTOLOADER": kind}
    store = stores(COMMERCE_VERSION="2.4.6-p1", **environment)
    assert ("Magento\\\\Customer\\\\Model\\\\Customer'" in store.read("vendor/composer/autoload_classmap.php")) is (
        is_in_classmap
    )
    real = store.read("vendor/composer/autoload_real.php")
    assert ("setClassMapAuthoritative(true)" in real) is (kind == "authoritative")
    assert store.execute("test", "-e", "/var/www/store/var/.regenerate").returncode == 1


def test_patched_from_the_start_it_knows_the_new_class(start):
    store = start("authoritative-patched", COMMERCE_PATCHED="yes", COMMERCE_AUTOLOADER="authoritative")
    assert store.counters(store.create_customer()) == [1, 0, 1, 0, 1, 0]
