# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patches present or absent: when the tool is started and how, what is believed of it, and what check mode predicts."""

from __future__ import annotations

import os
import shutil
import stat

import pytest
import yaml

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner, Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import ensure, touched_files
from ansible_collections.storefleet.commerce.plugins.module_utils.side_effects import SideEffect
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store

OURS = "ACSD-61103"
DEPENDENT = "ACSD-62332"
AUTHENTICATION = "vendor/magento/module-customer/Model/Authentication.php"
INTERFACE = "vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php"
OTHER = "vendor/magento/framework/Other.php"


class Tool:
    """In the tool's place: remembers its argv, changes files and says what it is told. git is the real one."""

    def __init__(self, tree=None, files=None, out="", rc=0, remove=()):
        self.tree, self.files, self.result, self.remove = tree, files or {}, Result(rc, out, ""), remove
        self.calls = []

    def run(self, argv, **more):
        if argv[0] == "git":
            return LocalRunner().run(argv, **more)
        self.calls.append((list(argv), more.get("cwd")))
        if self.tree:
            for path in (*self.files, *self.remove):
                # As git does: a new file in the place of the old one.
                (self.tree.root / path).unlink(missing_ok=True)
            self.tree.write(self.files)
        return self.result


def act(tree, runner, state="present", ids=(OURS,), check=False, php=("php8.2", "-d", "x=1"), accept=()):
    return ensure(read_store(str(tree.root)), list(ids), state, runner, check, php, accept)


def refused(tree, runner, **how):
    with pytest.raises(CommerceError) as caught:
        act(tree, runner, **how)
    return caught.value


def snapshot(tree):
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in tree.root.rglob("*")}


def test_apply(store_tree, unpatched, patched):
    tool = Tool(store_tree, patched, f"Patch {OURS} has been applied\n")
    outcome = act(store_tree, tool)
    assert tool.calls == [
        (
            ["php8.2", "-d", "x=1", "vendor/bin/magento-patches", "apply", OURS, "--no-interaction", "--no-ansi"],
            str(store_tree.root),
        )
    ]
    assert outcome.changed
    assert outcome.files == tuple(sorted(patched))
    assert [(change.id, change.before, change.after) for change in outcome.patches] == [
        (OURS, "not_applied", "applied")
    ]
    assert outcome.patches[0].files
    assert outcome.actions == (f"applied {OURS}",)
    assert outcome.before[INTERFACE] is None
    assert outcome.before[AUTHENTICATION].decode() == unpatched[AUTHENTICATION]
    assert outcome.after[AUTHENTICATION].decode() == patched[AUTHENTICATION]


def test_already_applied_does_not_start_the_tool(store_tree, patched):
    store_tree.write(patched)
    tool = Tool()
    outcome = act(store_tree, tool)
    assert (outcome.changed, outcome.files, outcome.actions, tool.calls) == (False, (), (), [])
    assert outcome.patches[0].after == "applied"


def test_revert(store_tree, unpatched, patched):
    store_tree.write(patched)
    tool = Tool(store_tree, unpatched, f"Patch {OURS} has been reverted\n", remove=[INTERFACE])
    outcome = act(store_tree, tool, "absent")
    assert tool.calls[0][0][-4:] == ["revert", OURS, "--no-interaction", "--no-ansi"]
    assert outcome.changed
    assert outcome.after[INTERFACE] is None
    assert outcome.patches[0].after == "not_applied"


@pytest.mark.parametrize("version", ["2.4.6-p3", "2.4.8"])
def test_not_there_does_not_start_the_tool(store_tree, version):
    store_tree.install(**{"magento/magento2-base": version})
    tool = Tool()
    assert not act(store_tree, tool, "absent").changed
    assert tool.calls == []


def test_changed_comes_from_the_files(store_tree, patched):
    # A status of 0 and "already applied", but the files tell otherwise.
    tool = Tool(store_tree, patched, f"Patch {OURS} (os/x.patch) was already applied\n")
    outcome = act(store_tree, tool)
    assert (outcome.changed, outcome.actions) == (True, ())


def test_a_tool_that_claims_what_it_did_not_do(store_tree):
    error = refused(store_tree, Tool(out=f"Patch {OURS} has been applied\n"))
    assert error.code == "tool_failed"
    assert f"{OURS} is not_applied" in error.came_back


def test_required_patches_count(store_tree, patched):
    third = {OTHER: store_tree.read(OTHER).replace("$three", "$third")}
    tool = Tool(
        store_tree, {**patched, **third}, f"Patch {OURS} has been applied\nPatch {DEPENDENT} has been applied\n"
    )
    outcome = act(store_tree, tool, ids=(DEPENDENT,), accept=(OURS,))
    assert outcome.side_effects == (SideEffect(OURS, "applied", DEPENDENT),)
    assert outcome.files == tuple(sorted([*patched, OTHER]))
    assert outcome.patches[0].files == (OTHER,)
    assert outcome.actions == (f"applied {OURS}", f"applied {DEPENDENT}")


@pytest.mark.parametrize("check", [False, True])
def test_what_nobody_asked_for_is_refused_before_anything_is_written(store_tree, check):
    before, tool = snapshot(store_tree), Tool()
    error = refused(store_tree, tool, ids=(DEPENDENT,), check=check, accept=("ACSD-1",))
    assert (error.code, tool.calls, snapshot(store_tree)) == ("side_effects", [], before)
    assert error.came_back == f"{OURS} would be applied too, as {DEPENDENT} requires it"
    assert f"accept_side_effects: [{OURS}] (commerce_accept_side_effects" in error.next_step
    assert error.facts == {"side_effects": [{"id": OURS, "what": "applied", "because_of": DEPENDENT}]}


@pytest.mark.parametrize("changed", [False, True])
def test_a_patch_that_changes_the_lines_of_the_one_that_it_replaces(store_tree, make_patch, changed):
    file = store_tree.read(OTHER)
    old, new = file.replace("$four", "$vier"), file.replace("$four", "$quatre")
    store_tree.add_patch("ACSD-OLD", "*", make_patch({OTHER: file}, {OTHER: old}), **{"replaced-with": "ACSD-NEW"})
    store_tree.add_patch("ACSD-NEW", "*", make_patch({OTHER: file, "x": "x\n"}, {OTHER: new, "x": "y\n"}))
    store_tree.write({OTHER: old, "x": "z\n" if changed else "x\n"})
    if changed:
        assert refused(store_tree, Tool(), ids=("ACSD-NEW",), check=True, accept=("ACSD-OLD",)).code == "patch_conflict"
        return
    outcome = act(store_tree, Tool(), ids=("ACSD-NEW",), check=True, accept=("ACSD-OLD",))
    assert outcome.after[OTHER].decode() == new
    assert outcome.actions == ("would have reverted ACSD-OLD", "would have applied ACSD-NEW")


def test_what_is_asked_for_or_there_is_no_side_effect(store_tree, patched):
    assert act(store_tree, Tool(), ids=(DEPENDENT, OURS), check=True).side_effects == ()
    store_tree.write(patched)
    assert act(store_tree, Tool(), ids=(DEPENDENT,), check=True).side_effects == ()
    assert act(store_tree, Tool(), "absent", check=True).side_effects == ()


def test_a_deprecated_patch_is_refused_though_it_is_asked_for(store_tree, make_patch):
    change = make_patch({}, {"x": "x\n"})
    store_tree.add_patch("ACSD-2", "*", change, **{"deprecated": True, "replaced-with": "ACSD-3"})
    error = refused(store_tree, Tool(), ids=("ACSD-2",))
    assert (error.code, error.came_back) == ("side_effects", "ACSD-2 is deprecated, and the vendor recommends ACSD-3")
    outcome = act(store_tree, Tool(), ids=("ACSD-2",), check=True, accept=("ACSD-2",))
    assert outcome.side_effects == (SideEffect("ACSD-2", "deprecated", "ACSD-3"),)
    store_tree.write({"x": "x\n"})
    assert not act(store_tree, Tool(), ids=("ACSD-2",)).changed


def test_a_revert_names_all_that_builds_on_it(store_tree, patched, make_patch):
    third = {OTHER: store_tree.read(OTHER).replace("$three", "$third")}
    store_tree.write({**patched, **third, "x": "x\n"})
    store_tree.add_patch("ACSD-2", "*", make_patch({}, {"x": "x\n"}), require=[DEPENDENT])
    error = refused(store_tree, Tool(), state="absent", check=True)
    assert error.code == "patch_required"
    assert f"patches: [{DEPENDENT}, ACSD-2] and state: absent" in error.next_step
    # As it stands.
    done = act(store_tree, Tool(), "absent", ids=(DEPENDENT, "ACSD-2"), check=True)
    assert done.actions == ("would have reverted ACSD-2", f"would have reverted {DEPENDENT}")
    done = act(store_tree, Tool(), "absent", ids=(OURS, DEPENDENT, "ACSD-2"), check=True)
    assert done.actions[-1] == f"would have reverted {OURS}"


def test_only_open_ids_are_given_to_the_tool(store_tree, patched):
    store_tree.write(patched)
    third = {OTHER: store_tree.read(OTHER).replace("$three", "$third")}
    tool = Tool(store_tree, third, f"Patch {DEPENDENT} has been applied\n")
    outcome = act(store_tree, tool, ids=(OURS, DEPENDENT, OURS))
    assert OURS not in tool.calls[0][0]
    assert [(change.id, change.before) for change in outcome.patches] == [(OURS, "applied"), (DEPENDENT, "not_applied")]


REFUSALS = [
    ("Next patches weren't found: ACSD-61103. Please, check", "patch_not_found", "newer"),
    (f"Patch {OURS} is a dependency for {DEPENDENT}. Please, revert {DEPENDENT} first", "patch_required", DEPENDENT),
    (f"Error: patch {OURS} can't be applied\nerror: patch failed: a.php:67", "patch_conflict", "composer reinstall"),
    ("PHP Fatal error: no", "tool_failed", "by hand"),
]


@pytest.mark.parametrize(("out", "code", "step"), REFUSALS)
def test_refusals_in_the_tools_words(store_tree, out, code, step):
    error = refused(store_tree, Tool(out=out, rc=1))
    assert error.code == code
    assert out.splitlines()[-1] in error.came_back
    assert step in error.next_step


def test_a_refusal_that_changed_something_says_so(store_tree, patched):
    error = refused(store_tree, Tool(store_tree, {INTERFACE: patched[INTERFACE]}, "Error", rc=1))
    assert f"It changed nevertheless: {INTERFACE}" in error.came_back


def test_a_half_patched_store_is_named_so(store_tree, patched):
    store_tree.write({path: text for path, text in patched.items() if path != AUTHENTICATION})
    error = refused(store_tree, Tool(out=f"Error: patch {OURS} can't be applied", rc=1))
    assert error.code == "patch_conflict"
    assert f"these do not: {AUTHENTICATION}" in error.came_back


def test_no_tool(store_tree):
    shutil.rmtree(store_tree.root / "vendor/magento/quality-patches")
    assert refused(store_tree, Tool()).code == "tool_missing"
    assert refused(store_tree, Tool(), state="absent").code == "tool_missing"


def test_no_executable(store_tree):
    (store_tree.root / "vendor/bin/magento-patches").unlink()
    error = refused(store_tree, Tool())
    assert error.code == "tool_missing"
    assert "composer require" in error.next_step


def test_an_old_tool(store_tree):
    store_tree.write({"vendor/magento/quality-patches/support-patches.json": "{}"})
    store_tree.install(**{"magento/quality-patches": "1.1.53"})
    tool = Tool()
    error = refused(store_tree, tool)
    assert (error.code, tool.calls) == ("tool_too_old", [])
    assert "^1.1.54" in error.next_step


@pytest.mark.parametrize("patch_id", ["--all", "-n", "A B", "", "../x", "A;rm"])
def test_strange_ids_never_reach_the_tool(store_tree, patch_id):
    tool = Tool()
    assert refused(store_tree, tool, ids=(patch_id,)).code == "bad_patch_id"
    assert tool.calls == []


def test_check_predicts_and_writes_nothing(store_tree, patched):
    before, tool = snapshot(store_tree), Tool()
    outcome = act(store_tree, tool, check=True)
    assert snapshot(store_tree) == before
    assert tool.calls == []
    assert outcome.changed
    assert {path: content.decode() for path, content in outcome.after.items()} == patched
    assert outcome.actions == (f"would have applied {OURS}",)
    assert outcome.patches[0].after == "applied"


def test_check_predicts_required_patches(store_tree, patched):
    outcome = act(store_tree, Tool(), ids=(DEPENDENT,), check=True, accept=(OURS,))
    assert outcome.files == tuple(sorted([*patched, OTHER]))
    assert outcome.actions == (f"would have applied {OURS}", f"would have applied {DEPENDENT}")


def test_check_predicts_a_revert(store_tree, patched, unpatched):
    third = {OTHER: store_tree.read(OTHER).replace("$three", "$third")}
    store_tree.write({**patched, **third})
    outcome = act(store_tree, Tool(), "absent", ids=(OURS, DEPENDENT), check=True)
    assert outcome.after[INTERFACE] is None
    assert outcome.after[AUTHENTICATION].decode() == unpatched[AUTHENTICATION]
    assert outcome.actions == (f"would have reverted {DEPENDENT}", f"would have reverted {OURS}")


def test_check_predicts_what_is_replaced(store_tree, make_patch):
    old = {OTHER: store_tree.read(OTHER), INTERFACE + "2": "x\n"}
    change = make_patch({OTHER: old[OTHER]}, {OTHER: old[OTHER].replace("$four", "$fourth"), INTERFACE + "2": "x\n"})
    store_tree.add_patch("ACSD-OLD", "*", change, **{"replaced-with": OURS})
    assert act(store_tree, Tool(), check=True).actions == (f"would have applied {OURS}",)
    store_tree.write({OTHER: old[OTHER].replace("$four", "$fourth"), INTERFACE + "2": "x\n"})
    error = refused(store_tree, Tool(), check=True)
    assert (error.code, error.came_back) == ("side_effects", f"ACSD-OLD would be taken out, as {OURS} replaces it")
    outcome = act(store_tree, Tool(), check=True, accept=("ACSD-OLD",))
    assert outcome.side_effects == (SideEffect("ACSD-OLD", "reverted", OURS),)
    assert outcome.actions == ("would have reverted ACSD-OLD", f"would have applied {OURS}")
    assert outcome.after[OTHER].decode() == old[OTHER]
    assert outcome.after[INTERFACE + "2"] is None


@pytest.mark.parametrize("check", [True, False])
def test_a_store_without_the_files_that_the_tool_reads_is_refused(store_tree, check):
    (store_tree.root / "composer.lock").unlink()
    with pytest.raises(CommerceError) as caught:
        act(store_tree, LocalRunner(), check=check)
    assert caught.value.code == "tool_needs_files"
    assert "composer.lock" in str(caught.value)


def test_check_refuses_what_the_tool_would_refuse(store_tree, patched):
    assert refused(store_tree, Tool(), ids=("ACSD-9",), check=True).code == "patch_not_found"
    third = {OTHER: store_tree.read(OTHER).replace("$three", "$third")}
    store_tree.write({**patched, **third})
    error = refused(store_tree, Tool(), state="absent", check=True)
    assert (error.code, DEPENDENT in error.came_back) == ("patch_required", True)
    assert f"patches: [{DEPENDENT}] and state: absent" in error.next_step
    # That works as it stands.
    assert "commerce_patches" not in error.next_step
    [done] = act(store_tree, Tool(), ids=(DEPENDENT,), state="absent", check=True).patches
    assert (done.before, done.after) == ("applied", "not_applied")
    store_tree.write({AUTHENTICATION: "<?php\n"})
    error = refused(store_tree, Tool(), check=True)
    assert (error.code, "Authentication.php" in error.came_back) == ("patch_conflict", True)


def test_group_and_mode_stay(store_tree, patched):
    file, folder = store_tree.root / AUTHENTICATION, (store_tree.root / INTERFACE).parent
    folder.mkdir(parents=True)
    group = next((number for number in os.getgroups() if number != os.getegid()), 4242 if os.geteuid() == 0 else None)
    if group is not None:
        os.chown(file, -1, group)
        os.chown(folder, -1, group)
    file.chmod(0o640)
    folder.chmod(0o770)
    act(store_tree, Tool(store_tree, patched, f"Patch {OURS} has been applied\n"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert stat.S_IMODE((store_tree.root / INTERFACE).stat().st_mode) == 0o660
    if group is not None:
        assert file.stat().st_gid == (store_tree.root / INTERFACE).stat().st_gid == group


def test_group_and_mode_stay_when_the_tool_does_not_end(store_tree, patched):
    class Slow(Tool):
        def run(self, argv, **more):
            result = super().run(argv, **more)
            if argv[0] != "git":
                raise CommerceError("run php", "here", "no end", "Wait longer.", code="timeout")
            return result

    file = store_tree.root / AUTHENTICATION
    file.chmod(0o640)
    error = refused(store_tree, Slow(store_tree, {AUTHENTICATION: patched[AUTHENTICATION]}))
    # Not timeout: that is a compile's.
    assert error.code == "tool_failed"
    assert error.came_back == f"no end It changed nevertheless: {AUTHENTICATION}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize("check", [False, True])
def test_files_that_may_not_be_changed(store_tree, monkeypatch, check):
    # Not by modes: the tests may run as root, who may write everywhere.
    closed = (store_tree.root / "vendor/magento/module-integration/etc/webapi_soap").as_posix()
    monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) != (closed, os.W_OK))
    tool = Tool()
    error = refused(store_tree, tool, check=check)
    assert (error.code, error.on, tool.calls) == ("not_writable", closed, [])


def test_touched_files(store_tree, patched):
    store = read_store(str(store_tree.root))
    assert set(touched_files(store, [OURS], "present", Tool())) == set(patched)
    assert set(touched_files(store, [DEPENDENT], "present", Tool())) == {*patched, OTHER}
    assert set(touched_files(store, [DEPENDENT], "absent", Tool())) == {OTHER}


def test_the_result_has_what_the_module_documents(store_tree):
    from ansible_collections.storefleet.commerce.plugins.modules import quality_patch

    result = act(store_tree, Tool(), check=True).as_result()
    documented = yaml.safe_load(quality_patch.RETURN)
    success = {name for name, each in documented.items() if each["returned"].startswith("success")}
    assert set(result) == success | {"changed", "diff"}
    assert set(result["patches"][0]) == set(documented["patches"]["contains"])
    shown = {each["after_header"]: each for each in result["diff"]}
    assert set(shown) == set(result["files"])
    assert shown[INTERFACE]["before"] == ""
    assert shown[INTERFACE]["after"].startswith("<?php")
