# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages put back so that a patch fits: which ones, with what, by Composer, and what live loses by it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support.tool_store import FakeComposer

from ansible_collections.storefleet.commerce.plugins.module_utils import composer
from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner, Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.package_repair import plan_repair, put_back
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_plan import ToolWish

OURS, DEPENDENT, ELSEWHERE = "ACSD-61103", "ACSD-62332", "ACSD-70000"
CUSTOMER, GRAPHQL, INTEGRATION, FRAMEWORK = (
    "magento/module-customer",
    "magento/module-customer-graph-ql",
    "magento/module-integration",
    "magento/framework",
)
AUTHENTICATION = f"vendor/{CUSTOMER}/Model/Authentication.php"
STOCK = "vendor/magento/module-stock/Stock.php"
WISH = ToolWish(auth={"http-basic": {"a.example": {"password": "hunter22"}}}, environment={"https_proxy": "http://p"})


@pytest.fixture(autouse=True)
def on_path(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "composer").write_text("#!/usr/bin/env php\n")
    monkeypatch.setattr(composer.shutil, "which", lambda name, path: str(tmp_path / "composer"))


@pytest.fixture
def store(store_tree):
    store_tree.install(**dict.fromkeys((GRAPHQL, INTEGRATION, FRAMEWORK, "magento/module-stock"), "1.0.0"))
    return store_tree


def plan(store, ids=(OURS,)):
    return plan_repair(read_store(str(store.root)), ids, LocalRunner())


def refused(store, ids=(OURS,)) -> CommerceError:
    with pytest.raises(CommerceError) as caught:
        plan(store, ids)
    return caught.value


def without(patched, package):
    """The patched files but for those of a package, which are as before."""
    return {path: text for path, text in patched.items() if not path.startswith(f"vendor/{package}/")}


def test_packages_without_the_patch_stay(store, patched) -> None:
    store.write(without(patched, CUSTOMER))
    found = plan(store)
    assert found.packages == (FRAMEWORK, GRAPHQL, INTEGRATION)
    assert (found.states[OURS].state, found.again, found.partly) == ("partial", (), ())


def test_a_changed_file_is_of_a_package_too(store) -> None:
    store.write({AUTHENTICATION: "<?php // mine\n"})
    found = plan(store)
    assert (found.packages, found.states[OURS].state) == ((CUSTOMER,), "conflict")


def test_another_patch_in_these_packages_comes_back_with_all_of_its_own(store, patched, make_patch) -> None:
    store.write({STOCK: "<?php // old\n"})
    change = {STOCK: "<?php // new\n", f"vendor/{FRAMEWORK}/Stock.php": "<?php\n"}
    store.add_patch(ELSEWHERE, ">=2.4.6 <2.4.7", make_patch({STOCK: store.read(STOCK)}, change))
    store.write({**without(patched, CUSTOMER), **change})
    found = plan(store)
    assert found.packages == (FRAMEWORK, GRAPHQL, INTEGRATION, "magento/module-stock")
    assert found.again == (ELSEWHERE,)


def test_and_so_does_one_in_the_packages_of_that(store, patched, make_patch) -> None:
    sales = {"vendor/magento/module-sales/Stock.php": "<?php\n", "vendor/magento/module-stock/Sales.php": "<?php\n"}
    stock = {"vendor/magento/module-stock/New.php": "<?php\n", f"vendor/{FRAMEWORK}/Stock.php": "<?php\n"}
    store.add_patch("ACSD-60000", ">=2.4.6 <2.4.7", make_patch({}, sales))
    store.add_patch(ELSEWHERE, ">=2.4.6 <2.4.7", make_patch({}, stock))
    store.install(**{"magento/module-sales": "1.0.0"})
    store.write({**without(patched, CUSTOMER), **sales, **stock})
    found = plan(store)
    assert set(found.again) == {ELSEWHERE, "ACSD-60000"}
    assert {"magento/module-sales", "magento/module-stock"} <= set(found.packages)


def test_one_that_is_only_partly_there_is_named(store, patched, make_patch) -> None:
    store.write({STOCK: "<?php // old\n"})
    change = {STOCK: "<?php // new\n", f"vendor/{FRAMEWORK}/Stock.php": "<?php\n"}
    store.add_patch(ELSEWHERE, ">=2.4.6 <2.4.7", make_patch({STOCK: store.read(STOCK)}, change))
    store.write({**without(patched, CUSTOMER), f"vendor/{FRAMEWORK}/Stock.php": "<?php\n"})
    found = plan(store)
    assert (found.packages, found.again, found.partly) == ((FRAMEWORK, GRAPHQL, INTEGRATION), (), (ELSEWHERE,))


def test_one_elsewhere_stays_as_it_is(store, patched, make_patch) -> None:
    store.write({STOCK: "<?php // old\n"})
    store.add_patch(ELSEWHERE, ">=2.4.6 <2.4.7", make_patch({STOCK: store.read(STOCK)}, {STOCK: "<?php // new\n"}))
    store.write({**without(patched, CUSTOMER), STOCK: "<?php // new\n"})
    assert (plan(store).again, "magento/module-stock" in plan(store).packages) == ((), False)


def test_another_that_is_asked_for_and_there_comes_back_too(store, patched, make_patch) -> None:
    change = {f"vendor/{FRAMEWORK}/Stock.php": "<?php\n"}
    store.add_patch(ELSEWHERE, ">=2.4.6 <2.4.7", make_patch({}, change))
    store.write({**without(patched, CUSTOMER), **change})
    found = plan(store, (OURS, ELSEWHERE))
    assert ({each: state.state for each, state in found.states.items()}, found.again) == (
        {OURS: "partial", ELSEWHERE: "applied"},
        (ELSEWHERE,),
    )


def test_a_file_of_no_package(store, patched) -> None:
    del store.packages[FRAMEWORK]
    store.install()
    store.write(without(patched, CUSTOMER))
    error = refused(store)
    assert (error.code, "ResetAfterRequestInterface" in error.came_back) == ("no_package", True)
    assert "Nothing has been changed" in error.next_step


@pytest.mark.parametrize(
    ("manifest", "files"),
    [
        ({"patches": {FRAMEWORK: {"fix": "x.patch"}}}, {}),
        ({"patches-file": "p/patches.json"}, {"p/patches.json": {"patches": {FRAMEWORK: {}}}}),
        ({"composer-patches": {"patches-file": "own.json"}}, {"own.json": {"patches": {FRAMEWORK: {}}}}),
        ({}, {"patches.lock.json": {"patches": {FRAMEWORK: []}}}),
    ],
)
def test_a_package_that_a_plugin_patches(store, patched, manifest, files) -> None:
    store.write(without(patched, CUSTOMER))
    store.write({"composer.json": json.dumps({"version": "2.4.6-p3", "extra": manifest})})
    store.write({path: json.dumps(text) for path, text in files.items()})
    error = refused(store)
    assert (error.code, FRAMEWORK in error.came_back) == ("patched_package", True)
    assert f"composer reinstall {FRAMEWORK} {GRAPHQL} {INTEGRATION}" in error.next_step


@pytest.mark.parametrize("patches", [{CUSTOMER: {}}, [], None, "x"])
def test_a_plugin_that_patches_others_is_no_hindrance(store, patched, patches) -> None:
    store.write(without(patched, CUSTOMER))
    store.write({"composer.json": json.dumps({"version": "2.4.6-p3", "extra": {"patches": patches}})})
    assert FRAMEWORK in plan(store).packages


def copy_of(store) -> Path:
    tree = store.root.parent / "tree"
    shutil.copytree(store.root, tree, copy_function=lambda source, to: Path(to).hardlink_to(source))
    (tree / "var/home").mkdir(parents=True)
    return tree


def reinstalling(store, files):
    """A Composer that unpacks the customer package anew, with these files."""

    def work(tree: Path) -> None:
        shutil.rmtree(tree / "vendor" / CUSTOMER)
        for path, text in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text)

    return work


def back(store, answer):
    runner = FakeComposer(answer)
    tree = copy_of(store)
    found = put_back(read_store(str(store.root)), str(tree), plan(store), WISH, ("php",), runner, "/nobody")
    return found, runner, tree


def test_composer_puts_back_what_is_named_and_nothing_else_runs(store, unpatched) -> None:
    notes = f"vendor/{CUSTOMER}/NOTES.txt"
    store.write({AUTHENTICATION: "<?php // mine\n", notes: "Ask Ada.\n"})
    package = {path: text for path, text in unpatched.items() if path.startswith(f"vendor/{CUSTOMER}/")}
    package.update({path: store.read(path) for path in (f"vendor/{CUSTOMER}/etc/module.xml",)})
    package[f"vendor/{CUSTOMER}/New.php"] = "<?php\n"
    found, runner, tree = back(store, reinstalling(store, package))
    call = runner.calls[0]
    assert call[call.index("reinstall") :] == [
        *("reinstall", CUSTOMER, "--no-progress", "--no-autoloader"),
        *("--no-interaction", "--no-ansi", "--no-plugins", "--no-scripts"),
    ]
    assert "hunter22" not in " ".join(call)
    assert (json.loads(runner.environments[0]["COMPOSER_AUTH"]), runner.environments[0]["https_proxy"]) == (
        WISH.auth,
        "http://p",
    )
    registration = f"vendor/{CUSTOMER}/registration.php"
    assert set(found.paths) == {AUTHENTICATION, notes, f"vendor/{CUSTOMER}/New.php", registration}
    assert set(found.discarded) == {AUTHENTICATION, notes, registration}
    assert (store.read(AUTHENTICATION), store.read(notes)) == ("<?php // mine\n", "Ask Ada.\n")
    assert (tree / AUTHENTICATION).read_text() == unpatched[AUTHENTICATION]


@pytest.mark.parametrize(
    ("result", "code", "words"),
    [
        (Result(1, "", "HTTP/2 401 for https://user:hunter22@a.example"), "no_keys", "***"),
        (Result(100, "", "curl error 6 while downloading"), "no_egress", "curl error 6"),
        (Result(1, "", 'Command "reinstall" is not defined.'), "composer_too_old", "not defined"),
        (Result(1, "", "Disk is full."), "composer_failed", "Disk is full"),
        (Result(2, "", "cannot be solved"), "composer_failed", "cannot be solved"),
    ],
)
def test_a_composer_that_does_not(store, result, code, words) -> None:
    store.write({AUTHENTICATION: "<?php // mine\n"})
    with pytest.raises(CommerceError) as caught:
        back(store, result)
    error = caught.value
    assert (error.code, words in error.came_back, "hunter22" in str(error)) == (code, True, False)
    assert f"composer reinstall {CUSTOMER}" in error.next_step


def test_a_composer_that_takes_another_version(store) -> None:
    store.write({AUTHENTICATION: "<?php // mine\n"})

    def work(tree: Path) -> None:
        path = tree / "vendor/composer/installed.json"
        text = path.read_text().replace("103.0.6-p3", "103.0.7")
        path.unlink()
        path.write_text(text)

    with pytest.raises(CommerceError) as caught:
        back(store, work)
    assert caught.value.code == "lock_changed"


def test_no_composer(store, monkeypatch) -> None:
    store.write({AUTHENTICATION: "<?php // mine\n"})
    monkeypatch.setattr(composer.shutil, "which", lambda name, path: None)
    with pytest.raises(CommerceError) as caught:
        back(store, Result(0, "", ""))
    assert (caught.value.code, f"composer reinstall {CUSTOMER}" in caught.value.next_step) == ("no_composer", True)
