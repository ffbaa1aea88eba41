# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tool installed in a copy of a release by Composer, and what a run of it may not have done."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support.tool_store import BASE, CLOUD, LISTS, OTHER, TOOL, FakeComposer, ToolStore

from ansible_collections.storefleet.commerce.plugins.module_utils import composer
from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_install import (
    install_tool,
    own_files,
    require_working,
    written_by_composer,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_plan import ToolWish, plan_tool

AS_FOUND = ToolWish()
PACKAGES = {BASE: "2.4.6-p3", "acme/other": "1.0", TOOL: "1.1.82", CLOUD: "1.0"}
UNSOLVED = Result(2, "", "magento/quality-patches 1.1.82 requires magento/magento-cloud-patches ^1.1")


@pytest.fixture(autouse=True)
def on_path(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "composer").write_text("#!/usr/bin/env php\n")
    monkeypatch.setattr(composer.shutil, "which", lambda name, path: str(tmp_path / "composer"))


@pytest.fixture
def store(tmp_path: Path) -> ToolStore:
    return ToolStore(tmp_path / "store")


def installing(store: ToolStore, packages: dict | None = None):
    """What Composer leaves that installs the tool as it should, with these packages in place of PACKAGES."""

    def work(tree: Path) -> None:
        store.list_packages(tree, packages or PACKAGES)
        store.bring(tree, "1.1.82", "New.php")
        store.write(LISTS[0], "<?php // after", tree)
        store.write("vendor/bin/magento-patches", "#!/usr/bin/env php\n<?php // proxy", tree)

    return work


def install(store: ToolStore, runner: FakeComposer, wish: ToolWish = AS_FOUND):
    tree = store.root.parent / "tree"
    shutil.copytree(store.root, tree, symlinks=True, copy_function=lambda source, to: Path(to).hardlink_to(source))
    # As a copy of a release has them: what Composer writes into where it is is no hard link.
    own_files(str(tree), [*LISTS, "composer.json", "composer.lock", *written_by_composer(str(store.root))])
    (tree / "var/home").mkdir(parents=True)
    found = read_store(str(store.root))
    plan = plan_tool(found, ("ACSD-61103",), wish)
    assert plan
    return install_tool(found, str(tree), plan, wish, ("ACSD-61103",), ("php",), runner, str(store.root.parent))


def code_of(store: ToolStore, *answers, wish: ToolWish = AS_FOUND) -> str:
    with pytest.raises(CommerceError) as caught:
        install(store, FakeComposer(*answers), wish)
    assert "The other ways" in caught.value.next_step
    code_of.words = str(caught.value)
    return caught.value.code


def test_composer_updates_the_tool_alone_as_the_site_is_installed(store: ToolStore, tmp_path: Path) -> None:
    runner = FakeComposer(installing(store))
    found = install(store, runner)
    assert runner.calls == [
        [
            *("php", "-d", "memory_limit=-1", str(tmp_path / "composer"), "update", TOOL),
            *(f"--with={TOOL}:^1.1 >=1.1.54", "--no-progress", "--classmap-authoritative", "--no-dev"),
            *("--no-interaction", "--no-ansi", "--no-plugins", "--no-scripts"),
        ]
    ]
    assert found.result == {
        "before": "1.1.53",
        "after": "1.1.82",
        "packages": [{"name": TOOL, "before": "1.1.53", "after": "1.1.82"}],
    }
    assert found.actions == (f"let Composer install {TOOL} 1.1.82",)
    assert [(each["before_header"], each["before"], each["after"]) for each in found.diff] == [
        ("composer.lock, packages", f"{TOOL} 1.1.53\n", f"{TOOL} 1.1.82\n")
    ]
    expected = {f"vendor/{TOOL}/Old.php", f"vendor/{TOOL}/New.php", f"vendor/{TOOL}/support-patches.json", *LISTS}
    assert expected | {"composer.json", "composer.lock", "vendor/bin/magento-patches"} <= set(found.paths)
    assert OTHER not in found.paths


def test_packages_for_development_stay_where_they_are_installed(store: ToolStore) -> None:
    store.list_packages(store.root, {BASE: "2.4.6-p3", TOOL: "1.1.53"}, dev=True)
    runner = FakeComposer(installing(store, {BASE: "2.4.6-p3", TOOL: "1.1.82"}))
    install(store, runner)
    assert "--no-dev" not in runner.calls[0]


def test_a_list_of_composer_1_tells_by_the_folders_whether_they_are_installed(store: ToolStore) -> None:
    lock = json.loads((store.root / "composer.lock").read_text())
    store.write("composer.lock", json.dumps({**lock, "packages-dev": [{"name": "acme/test", "version": "1"}]}))
    store.write(LISTS[1], json.dumps(lock["packages"]))
    for folder, flags in ((None, ["--no-dev"]), ("vendor/acme/test", [])):
        if folder:
            shutil.rmtree(store.root.parent / "tree")
            (store.root / folder).mkdir()
        runner = FakeComposer(Result(1, "", ""))
        with pytest.raises(CommerceError):
            install(store, runner)
        assert [word for word in runner.calls[0] if word == "--no-dev"] == flags


def test_what_carries_the_patches_out_moves_only_where_it_has_to(store: ToolStore) -> None:
    runner = FakeComposer(UNSOLVED, installing(store, {**PACKAGES, CLOUD: "1.1"}))
    found = install(store, runner)
    assert [call[5:7] for call in runner.calls] == [[TOOL, f"--with={TOOL}:^1.1 >=1.1.54"], [TOOL, CLOUD]]
    assert found.actions == (f"let Composer install {TOOL} 1.1.82 with {CLOUD} 1.0 -> 1.1",)


def test_composer_json_gets_what_it_has_to(tmp_path: Path) -> None:
    store = ToolStore(tmp_path / "store", None)

    def require(tree: Path) -> None:
        store.write("composer.json", json.dumps({"require": {TOOL: "^1.1.54"}}), tree)

    runner = FakeComposer(require, installing(store))
    found = install(store, runner)
    assert runner.calls[0][4:] == [
        *("require", "--no-update", f"{TOOL}:^1.1.54"),
        *("--no-interaction", "--no-ansi", "--no-plugins", "--no-scripts"),
    ]
    assert [each["before_header"] for each in found.diff] == ["composer.json", "composer.lock, packages"]
    assert "^1.1.54" in found.diff[0]["after"]


def test_keys_are_in_the_environment_and_never_in_the_words(store: ToolStore) -> None:
    wish = ToolWish(None, None, {"bearer": {"p.example": "geheim-1"}}, {"https_proxy": "http://u:geheim-2@proxy"})
    runner = FakeComposer(Result(100, "", "HTTP/2 403 for geheim-1 by http://u:geheim-2@proxy"))
    with pytest.raises(CommerceError) as caught:
        install(store, runner, wish)
    assert (caught.value.code, "geheim" in str(caught.value)) == ("no_keys", False)
    assert "geheim-1" in runner.environments[0]["COMPOSER_AUTH"]
    assert not any("geheim" in word for call in runner.calls for word in call)
    assert "commerce_composer_auth" in caught.value.next_step


@pytest.mark.parametrize(
    ("answers", "version", "code"),
    [
        ((Result(100, "", "curl error 6 while downloading x: Could not resolve host"),), None, "no_egress"),
        ((Result(1, "", "disk full"),), None, "composer_failed"),
        ((UNSOLVED, UNSOLVED), None, "pinned"),
        ((Result(1, "", "The temporary constraint x must be a subset of y"),), None, "pinned"),
        ((lambda tree: None, UNSOLVED, UNSOLVED), "^1.1.60", "composer_failed"),
        ((Result(1, "", "invalid json"),), "^1.1.60", "composer_failed"),
    ],
)
def test_why_composer_could_not_is_told(store: ToolStore, answers, version, code: str) -> None:
    assert code_of(store, *answers, wish=ToolWish(version)) == code


def test_another_package_that_would_move_is_refused(store: ToolStore) -> None:
    assert code_of(store, installing(store, {**PACKAGES, "acme/other": "1.1"})) == "lock_changed"
    assert "acme/other 1.0 -> 1.1" in code_of.words


def test_a_vendor_that_is_not_what_the_lock_says_is_refused(store: ToolStore) -> None:
    installed = json.loads((store.root / LISTS[1]).read_text())
    installed["packages"][1]["version"] = "0.9"
    store.write(LISTS[1], json.dumps(installed))
    assert code_of(store, installing(store)) == "lock_changed"
    assert "acme/other 0.9 -> 1.0" in code_of.words


@pytest.mark.parametrize("path", ["pub/index.php", OTHER, "vendor/acme/other/stray.txt"])
def test_a_file_that_is_none_of_the_tool_s_is_refused(store: ToolStore, path: str) -> None:
    def work(tree: Path) -> None:
        installing(store)(tree)
        (tree / path).unlink(missing_ok=True)
        store.write(path, "<?php // as Composer has it", tree)

    assert code_of(store, work) == "lock_changed"
    assert path in code_of.words


def test_a_choice_that_does_not_do_is_refused(store: ToolStore) -> None:
    def work(tree: Path) -> None:
        store.list_packages(tree, {**PACKAGES, TOOL: "1.1.53"})

    assert code_of(store, work) == "composer_failed"


def test_a_tool_that_is_locked_but_not_installed_is_refused(tmp_path: Path) -> None:
    store = ToolStore(tmp_path / "store", None)

    def work(tree: Path) -> None:
        installed = (tree / LISTS[1]).read_text()
        store.list_packages(tree, PACKAGES)
        store.write(LISTS[1], installed, tree)

    assert code_of(store, lambda tree: None, work) == "composer_failed"
    assert "for development" in code_of.words


def test_links_of_an_older_composer_stay_links(store: ToolStore) -> None:
    link = store.root / "vendor/bin/other"
    link.unlink()
    link.symlink_to("../acme/other/bin/other")
    assert written_by_composer(str(store.root)) == ["vendor/acme/other/bin/other"]

    def work(tree: Path) -> None:
        installing(store)(tree)
        (tree / "vendor/bin/other").unlink()
        store.write("vendor/bin/other", "<?php // proxy", tree)
        (tree / "vendor/acme/other/bin/other").chmod(0o775)

    mode = link.stat().st_mode
    found = install(store, FakeComposer(work))
    assert (store.root.parent / "tree/vendor/bin/other").readlink() == Path("../acme/other/bin/other")
    assert ("vendor/bin/other" in found.paths, link.stat().st_mode) == (False, mode)


def test_the_base_files_of_commerce_are_no_hard_links(store: ToolStore) -> None:
    mapped = [["pub/index.php", "pub/index.php"], ["setup", "setup"], ["x", "../outside"], ["gone", "gone"], "strange"]
    store.write("vendor/magento/magento2-base/composer.json", json.dumps({"extra": {"map": mapped}}))
    store.write("vendor/magento/magento2-ee-base/composer.json", json.dumps({"extra": {"map": [["b", ".htaccess"]]}}))
    for path in ("setup/src/Deep.php", ".htaccess", "../outside", "pub/other.php"):
        store.write(path, "")
    assert written_by_composer(str(store.root)) == [
        ".htaccess",
        "pub/index.php",
        "setup/src/Deep.php",
        "vendor/bin/other",
    ]


def test_a_composer_that_makes_links_is_too_old(store: ToolStore) -> None:
    def work(tree: Path) -> None:
        installing(store)(tree)
        (tree / "vendor/bin/magento-patches").unlink()
        (tree / "vendor/bin/magento-patches").symlink_to("../acme/other/bin/other")

    assert code_of(store, work) == "composer_too_old"


def test_a_package_that_is_a_link_cannot_be_switched(store: ToolStore) -> None:
    def work(tree: Path) -> None:
        installing(store)(tree)
        (tree / "vendor" / TOOL).rename(tree / "elsewhere")
        (tree / "vendor" / TOOL).symlink_to("../../elsewhere")

    assert code_of(store, work) == "linked_vendor"


def test_what_a_change_in_place_could_reach_gets_its_own_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    (tmp_path / "c").symlink_to("a")
    own_files(str(tmp_path), ["b", "c", "nowhere"])
    assert not (tmp_path / "a").samefile(tmp_path / "b")
    assert ((tmp_path / "b").read_text(), (tmp_path / "c").is_symlink()) == ("x", True)


def test_a_tool_that_fails_at_every_command_is_noticed() -> None:
    require_working("/srv/x", ("php",), FakeComposer(Result(0, "[]", "")))
    with pytest.raises(CommerceError, match="Uncaught") as caught:
        require_working("/srv/x", ("php",), FakeComposer(Result(255, "", "PHP Fatal error: Uncaught")))
    assert (caught.value.code, "commerce_tool_version" in caught.value.next_step) == ("tool_failed", True)
