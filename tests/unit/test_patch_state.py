# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of patches by the files, with the real git and patch on small trees."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.layout import GIT, in_layout
from ansible_collections.storefleet.commerce.plugins.module_utils.patch_state import patch_states
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store

OURS = "ACSD-61103"
DEPENDENT = "ACSD-62332"
AUTHENTICATION = "vendor/magento/module-customer/Model/Authentication.php"
INTERFACE = "vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php"


class Without:
    """A host that lacks some programs."""

    def __init__(self, *programs):
        self.programs = programs
        self.tried = []

    def run(self, argv, **more):
        self.tried.append(argv[0])
        if argv[0] in self.programs:
            raise CommerceError("start", "here", "No such file or directory", "Install it.", code="not_started")
        return LocalRunner().run(argv, **more)


@pytest.fixture(params=["git", "patch"])
def runner(request):
    """With git, and where only patch is there."""
    return LocalRunner() if request.param == "git" else Without("git")


def state(tree, runner, patch_id=OURS):
    return patch_states(read_store(str(tree.root)), [patch_id], runner)[patch_id]


def test_not_applied(store_tree, runner):
    found = state(store_tree, runner)
    assert found.state == "not_applied"
    assert set(found.files.values()) == {"not_applied"}
    assert INTERFACE in found.files
    assert len(found.files) == 6


def test_applied(store_tree, runner, patched):
    store_tree.write(patched)
    assert state(store_tree, runner).state == "applied"


def test_partial(store_tree, runner, patched):
    store_tree.write({path: text for path, text in patched.items() if "module-customer/" not in path})
    found = state(store_tree, runner)
    assert found.state == "partial"
    assert found.files[AUTHENTICATION] == "not_applied"
    assert found.files[INTERFACE] == "applied"
    assert AUTHENTICATION in found.detail
    assert INTERFACE not in found.detail


@pytest.mark.parametrize("edit", [("$two", "$mine"), ("class A", "class Z")], ids=["changed line", "context"])
def test_conflict_names_the_file(store_tree, runner, edit):
    store_tree.write({AUTHENTICATION: store_tree.read(AUTHENTICATION).replace(*edit)})
    found = state(store_tree, runner)
    assert found.state == "conflict"
    assert found.files[AUTHENTICATION] == "conflict"
    assert "Authentication.php" in found.detail


def test_a_missing_package_is_a_conflict(store_tree, runner):
    shutil.rmtree(store_tree.root / "vendor/magento/module-customer-graph-ql")
    found = state(store_tree, runner)
    assert found.state == "conflict"
    assert found.files["vendor/magento/module-customer-graph-ql/etc/graphql/events.xml"] == "missing"


def test_in_a_subdirectory_of_a_repository(store_tree, patched):
    # Here a plain git apply --check says yes to everything.
    subprocess.run(["git", "init", "-q", str(store_tree.root.parent)], check=True)
    assert state(store_tree, LocalRunner()).state == "not_applied"
    store_tree.write(patched)
    assert state(store_tree, LocalRunner()).state == "applied"


def test_a_store_that_is_a_repository(store_tree, patched):
    subprocess.run(["git", "init", "-q", str(store_tree.root)], check=True)
    assert state(store_tree, LocalRunner()).state == "not_applied"
    store_tree.write(patched)
    assert state(store_tree, LocalRunner()).state == "applied"


def test_nothing_is_written(store_tree, runner):
    before = {path: path.stat().st_mtime_ns for path in store_tree.root.rglob("*")}
    state(store_tree, runner)
    assert {path: path.stat().st_mtime_ns for path in store_tree.root.rglob("*")} == before


def test_neither_git_nor_patch(store_tree):
    with pytest.raises(CommerceError) as caught:
        state(store_tree, Without("git", "patch"))
    assert caught.value.code == "tool_failed"


def test_how_many_processes_it_takes(store_tree, patched):
    host = Without()
    state(store_tree, host)
    assert len(host.tried) == 1
    store_tree.write(patched)
    state(store_tree, host)
    assert len(host.tried) == 3


@pytest.mark.parametrize(
    ("version", "tool", "expected"),
    [
        ("2.4.6", "1.1.82", "not_applied"),
        ("2.4.6-p15", "1.1.82", "not_applied"),
        ("2.4.7-beta1", "1.1.82", "not_available"),
        ("2.4.5-p1", "1.1.82", "not_available"),
        ("2.4.8", "1.1.82", "not_available"),
        ("dev-main", "1.1.82", "not_available"),
    ],
)
def test_versions(store_tree, version, tool, expected):
    store_tree.install(**{"magento/magento2-base": version, "magento/quality-patches": tool})
    assert state(store_tree, LocalRunner()).state == expected


@pytest.mark.parametrize(
    ("version", "tool", "expected"),
    [
        ("2.4.6-p3", "1.1.53", "tool_too_old"),
        ("2.4.6-p3", "1.1.54", "not_available"),
        # A newer tool would not have it for this version either.
        ("2.4.8", "1.1.53", "not_available"),
    ],
)
def test_a_catalogue_without_the_patch(store_tree, version, tool, expected):
    store_tree.write({"vendor/magento/quality-patches/support-patches.json": "{}"})
    store_tree.install(**{"magento/magento2-base": version, "magento/quality-patches": tool})
    found = state(store_tree, LocalRunner())
    assert found.state == expected
    assert tool in found.detail


def test_no_tool(store_tree):
    shutil.rmtree(store_tree.root / "vendor/magento/quality-patches")
    assert state(store_tree, LocalRunner()).state == "tool_missing"


def test_a_broken_catalogue(store_tree):
    store_tree.write({"vendor/magento/quality-patches/support-patches.json": "{"})
    with pytest.raises(CommerceError) as caught:
        state(store_tree, LocalRunner())
    assert caught.value.code == "tool_failed"


def test_a_dependent_that_changed_the_same_file_proves_it(store_tree, patched, make_patch):
    after = {AUTHENTICATION: patched[AUTHENTICATION].replace("$second", "$zweite")}
    store_tree.add_patch(DEPENDENT, ">=2.4.6 <2.4.7", make_patch(patched, {**patched, **after}), require=[OURS])
    store_tree.write({**patched, **after})
    found = state(store_tree, LocalRunner())
    assert found.state == "applied"
    assert DEPENDENT in found.detail


def test_a_dependent_proves_nothing_of_other_files(store_tree, patched):
    store_tree.write({path: text for path, text in patched.items() if path != AUTHENTICATION})
    other = "vendor/magento/framework/Other.php"
    store_tree.write({other: store_tree.read(other).replace("$three", "$third")})
    assert state(store_tree, LocalRunner(), DEPENDENT).state == "applied"
    assert state(store_tree, LocalRunner()).state == "partial"


def test_a_bytewise_patch(store_tree):
    path = "vendor/magento/framework/Latin.php"
    (store_tree.root / path).write_bytes(b"caf\xe9\n")
    store_tree.add_patch("ACSD-2", "*", "")
    patch = f"--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n-caf".encode() + b"\xe9\n+th\xe9\n"
    (store_tree.root / "vendor/magento/quality-patches/patches/os/ACSD-2.patch").write_bytes(patch)
    assert state(store_tree, LocalRunner(), "ACSD-2").state == "not_applied"


@pytest.fixture
def stacked(store_tree, patched, make_patch):
    """A second patch file of ours, for another package, on a file of the first; the files as both leave them."""
    store_tree.install(**{"magento/magento2-ee-base": "2.4.6-p3"})
    after = {**patched, AUTHENTICATION: patched[AUTHENTICATION].replace("$second", "$zweite")}
    store_tree.catalogue[OURS]["packages"]["magento/magento2-ee-base"] = {"*": {"file": "os/EE.patch"}}
    store_tree.write(
        {
            "vendor/magento/quality-patches/patches/os/EE.patch": make_patch(patched, after),
            "vendor/magento/quality-patches/support-patches.json": json.dumps(store_tree.catalogue),
        }
    )
    return after


def test_two_patch_files_on_one_file(store_tree, stacked, runner):
    found = state(store_tree, runner)
    assert (found.state, len(found.files)) == ("not_applied", 6)
    store_tree.write(stacked)
    assert state(store_tree, runner).state == "applied"


def test_the_first_of_two_patch_files_on_one_file(store_tree, stacked, patched, runner):
    store_tree.write(patched)
    found = state(store_tree, runner)
    assert (found.state, found.files[AUTHENTICATION]) == ("partial", "partial")
    assert AUTHENTICATION in found.detail


def test_two_patch_files_on_one_file_in_conflict(store_tree, stacked, runner):
    store_tree.write({**stacked, AUTHENTICATION: stacked[AUTHENTICATION].replace("class A", "class Z")})
    found = state(store_tree, runner)
    assert (found.state, found.files[AUTHENTICATION]) == ("conflict", "conflict")


def test_a_patch_for_a_package_that_is_not_there(store_tree):
    rule = {"magento/magento2-ee-base": {"*": {"file": "os/gone.patch"}}}
    store_tree.catalogue[OURS]["packages"].update(rule)
    store_tree.catalogue["ACSD-EE"] = {"packages": rule}
    store_tree.write({"vendor/magento/quality-patches/support-patches.json": json.dumps(store_tree.catalogue)})
    assert state(store_tree, LocalRunner()).state == "not_applied"
    assert state(store_tree, LocalRunner(), "ACSD-EE").state == "not_available"


def test_several_packages_make_one_state(store_tree, make_patch):
    store_tree.install(**{"magento/magento2-ee-base": "2.4.6-p3"})
    new = {"vendor/magento/module-ee/A.php": "<?php\n"}
    text = make_patch({}, new)
    entry = {"file": "os/EE.patch"}
    store_tree.catalogue[OURS]["packages"]["magento/magento2-ee-base"] = {"*": entry}
    store_tree.write(
        {
            "vendor/magento/quality-patches/patches/os/EE.patch": text,
            "vendor/magento/quality-patches/support-patches.json": json.dumps(store_tree.catalogue),
        }
    )
    assert state(store_tree, LocalRunner()).state == "not_applied"
    store_tree.write(new)
    found = state(store_tree, LocalRunner())
    assert (found.state, found.files["vendor/magento/module-ee/A.php"]) == ("partial", "applied")


def test_where_a_conflict_is(store_tree, runner, unpatched):
    text = unpatched[AUTHENTICATION].replace("class A", "class Z")
    store_tree.write({AUTHENTICATION: text, INTERFACE: "mine\n"})
    found = state(store_tree, runner)
    assert (found.objections[AUTHENTICATION].hunk, found.objections[AUTHENTICATION].line) == (1, 3)
    assert (found.objections[INTERFACE].hunk, found.files[INTERFACE]) == (None, "conflict")
    assert set(found.objections) == {AUTHENTICATION, INTERFACE}
    assert AUTHENTICATION in found.detail
    assert ", hunk 1" in found.detail
    assert INTERFACE in found.detail


def test_a_chain_of_dependents_proves_it(store_tree, patched, make_patch):
    second = {**patched, AUTHENTICATION: patched[AUTHENTICATION].replace("$second", "$zweite")}
    third = {**patched, AUTHENTICATION: patched[AUTHENTICATION].replace("$second", "$deuxieme")}
    store_tree.add_patch("ACSD-B", "*", make_patch(patched, second), require=[OURS])
    store_tree.add_patch("ACSD-C", "*", make_patch(second, third), require=["ACSD-B"])
    store_tree.write(third)
    assert {patch_id: state(store_tree, LocalRunner(), patch_id).state for patch_id in (OURS, "ACSD-B", "ACSD-C")} == {
        OURS: "applied", "ACSD-B": "applied", "ACSD-C": "applied"
    }  # fmt: skip


def test_patches_that_require_each_other_prove_nothing(store_tree, patched, make_patch):
    change = make_patch({AUTHENTICATION: "1\n"}, {AUTHENTICATION: "2\n"})
    store_tree.add_patch("ACSD-B", "*", change, require=["ACSD-C", OURS])
    store_tree.add_patch("ACSD-C", "*", change, require=["ACSD-B"])
    store_tree.write({**patched, AUTHENTICATION: "<?php\n"})
    assert state(store_tree, LocalRunner()).state == "conflict"
    assert state(store_tree, LocalRunner(), "ACSD-B").state == "conflict"


def test_a_patch_that_changes_what_a_required_one_adds(store_tree, patched, make_patch, runner):
    after = {**patched, INTERFACE: patched[INTERFACE].replace("Reset", "Renew")}
    store_tree.add_patch("ACSD-B", "*", make_patch(patched, after), require=[OURS])
    assert state(store_tree, runner, "ACSD-B").state == "not_applied"
    store_tree.write(patched)
    assert state(store_tree, runner, "ACSD-B").state == "not_applied"
    store_tree.write(after)
    assert state(store_tree, runner, "ACSD-B").state == "applied"
    assert state(store_tree, runner).state == "applied"


def test_a_broken_patch_that_nobody_asked_for(store_tree, patched):
    store_tree.catalogue[OURS]["packages"]["magento/magento2-base"][">=2.4.6 <2.4.7"]["require"] = ["ACSD-EMPTY"]
    store_tree.add_patch("ACSD-EMPTY", "*", "", require=[OURS])
    store_tree.add_patch("ACSD-OUT", "*", "--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n", require=[OURS])
    corrupt = f"--- a/{AUTHENTICATION}\n+++ b/{AUTHENTICATION}\n@@ -1,9 +1 @@\n-a\n+b\n"
    store_tree.add_patch("ACSD-CORRUPT", "*", corrupt, require=[OURS])
    store_tree.write({**patched, AUTHENTICATION: "<?php\n"})
    assert state(store_tree, LocalRunner()).state == "conflict"
    for broken in ("ACSD-EMPTY", "ACSD-OUT", "ACSD-CORRUPT"):
        with pytest.raises(CommerceError) as caught:
            state(store_tree, LocalRunner(), broken)
        assert f"os/{broken}.patch" in caught.value.on or "corrupt" in caught.value.came_back


def test_a_required_patch_that_is_corrupt(store_tree, unpatched):
    corrupt = f"--- a/{AUTHENTICATION}\n+++ b/{AUTHENTICATION}\n@@ -1,9 +1 @@\n-a\n+b\n"
    store_tree.catalogue[OURS]["packages"]["magento/magento2-base"][">=2.4.6 <2.4.7"]["require"] = ["ACSD-CORRUPT"]
    store_tree.add_patch("ACSD-CORRUPT", "*", corrupt)
    store_tree.write({AUTHENTICATION: "<?php\n"})
    assert state(store_tree, LocalRunner()).state == "conflict"


def test_a_linked_vendor(store_tree, patched, runner):
    (store_tree.root / "vendor").rename(store_tree.root.parent / "shared")
    (store_tree.root / "vendor").symlink_to("../shared")
    found = state(store_tree, runner)
    assert found.state == "conflict"
    assert found.detail.startswith("vendor is a symbolic link")
    assert set(found.files.values()) == {"not_applied"}
    store_tree.write({path: text for path, text in patched.items() if "module-customer/" not in path})
    found = state(store_tree, runner)
    assert (found.state, found.files[INTERFACE]) == ("conflict", "applied")
    store_tree.write(patched)
    found = state(store_tree, runner)
    assert (found.state, found.detail.split()[0]) == ("applied", "vendor")


def test_a_linked_package_outside_of_the_patch(store_tree):
    (store_tree.root / "vendor/other").symlink_to("magento")
    assert state(store_tree, LocalRunner()).state == "not_applied"


@pytest.fixture
def clone(store_tree, unpatched):
    """The same store as a clone of the vendor's repository: no base package, its modules elsewhere."""
    del store_tree.packages["magento/magento2-base"], store_tree.packages["magento/product-community-edition"]
    store_tree.install()
    store_tree.write({"composer.json": json.dumps({"name": "magento/magento2ce", "version": "2.4.6-p3"})})
    for path in unpatched:
        (store_tree.root / path).unlink()
    store_tree.write({in_layout(GIT, path): text for path, text in unpatched.items()})
    subprocess.run(["git", "init", "-q", str(store_tree.root)], check=True)
    return store_tree


def test_a_clone(clone, patched, runner):
    found = state(clone, runner)
    assert (found.state, found.detail) == ("not_applied", "")
    assert set(found.files) == {in_layout(GIT, path) for path in patched}
    moved = {in_layout(GIT, path): text for path, text in patched.items()}
    clone.write({path: text for path, text in moved.items() if "CustomerGraphQl" not in path})
    assert state(clone, runner).state == "partial"
    clone.write(moved)
    assert state(clone, runner).state == "applied"
    # What has been committed or staged is neither here nor there.
    subprocess.run(["git", "-C", str(clone.root), "add", "app", "lib"], check=True)
    clone.write(dict.fromkeys(moved, "other\n"))
    assert state(clone, runner).state == "conflict"


def test_not_available_says_for_what_it_is(store_tree):
    found = state(store_tree, LocalRunner(), "ACSD-1")
    assert found.state == "not_available"
    assert "magento/magento2-base >=2.4.4 <2.4.5" in found.detail


def test_a_branch_of_the_tool_is_not_too_old(store_tree):
    store_tree.write({"vendor/magento/quality-patches/support-patches.json": "{}"})
    store_tree.install(**{"magento/quality-patches": "dev-main"})
    assert state(store_tree, LocalRunner()).state == "not_available"


LINES = [f"line {number}\n" for number in range(1, 41)]
THREE = "vendor/magento/module-store/Model/Three.php"


def three_hunks(*changed):
    """A file that a patch changes in three places: those of the numbers, from 1, are changed."""
    lines = list(LINES)
    for number in changed:
        lines[number * 10] = f"new {number}\n"
    return "".join(lines)


@pytest.mark.parametrize(
    ("text", "state_of_file", "in_hunks", "words"),
    [
        (three_hunks(1, 3), "partial", ("applied", "not_applied", "applied"), "1, 3 there; 2 missing"),
        (three_hunks(2), "partial", ("not_applied", "applied", "not_applied"), "2 there; 1, 3 missing"),
        # What stands above has moved the others.
        ("more\n" * 7 + three_hunks(1), "partial", ("applied", "not_applied", "not_applied"), "1 there; 2, 3 missing"),
        (
            three_hunks(1).replace("line 20\n", "mine\n"),
            "conflict",
            ("applied", "conflict", "not_applied"),
            "1 there; 3 missing; 2 of other content",
        ),
    ],
)
def test_hunk_by_hunk(store_tree, make_patch, runner, text, state_of_file, in_hunks, words):
    store_tree.add_patch("ACSD-THREE", "*", make_patch({THREE: three_hunks()}, {THREE: three_hunks(1, 2, 3)}))
    store_tree.write({THREE: text})
    found = state(store_tree, runner, "ACSD-THREE")
    assert (found.state, dict(found.files)) == (state_of_file, {THREE: state_of_file})
    assert dict(found.hunks) == {THREE: in_hunks}
    assert f" (of its 3 hunks {words})" in found.detail


@pytest.mark.parametrize("changed", [(), (1, 2, 3)])
def test_a_whole_file_needs_no_hunks(store_tree, make_patch, runner, changed):
    store_tree.add_patch("ACSD-THREE", "*", make_patch({THREE: three_hunks()}, {THREE: three_hunks(1, 2, 3)}))
    store_tree.write({THREE: three_hunks(*changed)})
    assert state(store_tree, runner, "ACSD-THREE").hunks == {}
