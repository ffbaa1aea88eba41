# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Composer and its plugin in a store."""

from __future__ import annotations

import json

import pytest


def composer(store, *argv):
    return store.succeed(store.deploy("composer", "--no-interaction", *argv))


def catalogue(store):
    return json.loads(store.read("vendor/magento/quality-patches/support-patches.json"))


def test_numbers_of_the_packages(store):
    installed = store.installed()
    expected = {
        "magento/framework": "103.0.6-p1",
        "magento/magento2-base": "2.4.6-p1",
        "magento/module-backend": "102.0.6",
        "magento/module-customer": "103.0.6-p1",
        "magento/module-customer-graph-ql": "100.4.6",
        "magento/module-graph-ql": "100.4.6",
        "magento/module-integration": "100.4.6",
        "magento/module-store": "101.1.6",
        "magento/module-webapi": "100.4.5",
        "magento/product-community-edition": "2.4.6-p1",
        "magento/quality-patches": "1.1.82",
    }
    assert {name: installed.get(name) for name in expected} == expected
    root = json.loads(store.read("composer.json"))
    assert (root["name"], root["version"]) == ("magento/project-community-edition", "2.4.6-p1")


def test_quality_patches_are_had_offline_from_a_release_without_our_patch_up(store):
    composer(store, "require", "magento/quality-patches:1.1.53")
    assert "ACSD-61103" not in catalogue(store)
    assert "ACSD-61103" not in store.patches("status").stdout
    composer(store, "require", "magento/quality-patches:1.1.54")
    assert "ACSD-61103" in catalogue(store)
    assert "ACSD-62979" not in catalogue(store)
    composer(store, "require", "magento/quality-patches:^1.1.54")
    assert store.installed()["magento/quality-patches"] == "1.1.82"
    rule = catalogue(store)["ACSD-61103"]["packages"]["magento/magento2-base"]
    assert rule == {">=2.4.6 <2.4.7": {"file": "os/ACSD-61103_2.4.6-p3.patch"}}


def test_plugin_brings_base_files_and_asks_for_regeneration(store):
    store.succeed(store.deploy("bash", "-c", "echo '# ours' >> bin/magento; echo '# ours' >> pub/index.php"))
    composer(store, "require", "magento/quality-patches:1.1.54")
    assert "# ours" not in store.read("bin/magento") + store.read("pub/index.php")
    assert store.deploy("test", "-x", "bin/magento").returncode == 0
    assert store.deploy("test", "-e", "var/.regenerate").returncode == 0


def test_next_web_request_forgets_generated_code_and_caches(compiled):
    compiled.succeed(compiled.deploy("touch", "var/.regenerate"))
    assert compiled.deploy("test", "-e", "generated/metadata/global.php").returncode == 0
    assert compiled.request("GET", "/magento_version").status_code == 200
    assert compiled.deploy("test", "-e", "generated/metadata/global.php").returncode == 1
    assert compiled.deploy("test", "-e", "var/.regenerate").returncode == 1


def test_patch_is_lost_when_composer_installs_again(store):
    store.apply()
    composer(store, "reinstall", "magento/module-integration")
    assert "N/A" in next(line for line in store.patches("status").stdout.splitlines() if "ACSD-61103 |" in line)


@pytest.mark.parametrize("edition", ["community", "enterprise"])
def test_editions(start, edition):
    store = start(edition, COMMERCE_VERSION="2.4.6-p8", COMMERCE_EDITION=edition)
    installed = store.installed()
    assert ("magento/product-enterprise-edition" in installed) == (edition == "enterprise")
    assert installed["magento/product-community-edition"] == "2.4.6-p8"
    assert store.request("GET", "/magento_version").text.strip() == f"Magento/2.4 ({edition.capitalize()})"
    statuses = store.succeed(store.patches("status"))
    assert ("ACSD-90003" in statuses) == (edition == "enterprise")
    assert f"Magento 2 {edition.capitalize()} Edition, version 2.4.6.0-patch8" in statuses
