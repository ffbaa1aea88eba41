# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A build whose composer.json applies patches by its scripts, as build_quality_patch writes them."""

from __future__ import annotations

import os
import sys

import pytest
from contract.commerce import PATCH

sys.path.append(os.environ["ANSIBLE_COLLECTIONS_PATH"].partition(os.pathsep)[0])

from ansible_collections.storefleet.commerce.plugins.module_utils.composer_scripts import with_patches

INTERFACE = "vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php"


def build(store):
    """What a pipeline does with the store's composer.json, whose scripts are written now, in an empty vendor folder."""
    text = with_patches(store.read("composer.json"), [PATCH])
    store.succeed(store.deploy("tee", "composer.json", stdin=text))
    store.succeed(store.deploy("rm", "-rf", "vendor"))
    return store.deploy("composer", "install", "--no-interaction", "--no-ansi")


def test_composer_install_applies_the_patch_and_does_so_again(store):
    store.succeed(build(store))
    assert store.execute("test", "-e", f"/var/www/store/{INTERFACE}").returncode == 0
    # What is there already is no failure.
    store.succeed(store.deploy("composer", "install", "--no-interaction"))
    store.clean()
    store.reload()
    email = store.create_customer()
    assert store.counters(email) == [1, 0, 1, 0, 1, 0]


@pytest.mark.parametrize("version", ["2.4.8"])
def test_a_version_out_of_range_fails_the_build(stores, version):
    process = build(stores(COMMERCE_VERSION=version))
    assert process.returncode != 0
    assert f"Next patches weren't found: {PATCH}" in process.stdout + process.stderr
