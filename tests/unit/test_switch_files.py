# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a switch: prepared without a trace, switched and taken back whole, from wherever a run was killed."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import time
from pathlib import Path

import pytest
from support.access_lists import ACCESS, DEFAULT, access_list
from support.killed import killed_before
from support.live_root import EVENTS, FACTORY, LONG_AGO, MODEL, NEW, tree
from support.switch_root import (
    ENTRIES,
    GONE,
    MADE,
    METADATA,
    STAGED,
    back,
    contents,
    files_of_patch,
    forward,
    make_store,
    prepare,
    store_tree,
)

from ansible_collections.storefleet.commerce.plugins.module_utils import switch_files, switch_source
from ansible_collections.storefleet.commerce.plugins.module_utils.blobs import git_blob
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.kept_files import note_proven, settle
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import StagedFile
from ansible_collections.storefleet.commerce.plugins.module_utils.store import OWN_FOLDER, WAY_BACK
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_files import SwitchFiles
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_journal import UNDER_WAY
from ansible_collections.storefleet.commerce.plugins.module_utils.way_back import WayBack

STEPS = ("code", "configuration")


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk takes most of the time, and nothing here goes by it."""
    monkeypatch.setattr(os, "fsync", lambda dummy: None)


@pytest.fixture
def store(tmp_path: Path) -> tuple[Path, Path]:
    return make_store(tmp_path)


def switch(files: SwitchFiles) -> None:
    """All that a switch does to the files."""
    for step in STEPS:
        files.journal.begin(step)
        forward(files, step)
        files.restore_folders()
        files.journal.finish(step)


def go_back(files: SwitchFiles) -> None:
    for step in reversed(STEPS):
        if step in files.journal.begun:
            back(files, step)
            files.journal.undo(step)
    files.restore_folders(whole=True)
    files.drop()


def put_right(root: Path) -> None:
    """What the next run does with the files of one that was killed."""
    left = SwitchFiles.left_over(str(root))
    if left:
        go_back(left)
    else:
        assert WayBack.left_over(str(root)) is None


def test_preparing_changes_nothing(store) -> None:
    root = store[0]
    before = tree(root)
    files = prepare(*store)
    found = tree(root)
    assert {path: found[path] for path in before} == before
    assert stat.S_IMODE(found[OWN_FOLDER][0]) == stat.S_IMODE(found[WAY_BACK][0]) == 0o700
    assert files.journal["phase"] == UNDER_WAY
    files.drop()
    assert (tree(root), os.stat(root / MODEL).st_nlink) == (before, 1)


def test_the_first_step_is_code_and_the_second_configuration(store) -> None:
    root = store[0]
    before = contents(root)
    files = prepare(*store)
    forward(files, "code")
    assert contents(root) == {**STAGED, EVENTS: before[EVENTS]}
    forward(files, "configuration")
    assert contents(root) == STAGED
    assert not (root / GONE).parent.exists(), "the folder of the last file that went was left"


def test_what_is_not_switched_stays_as_it_is(store) -> None:
    root, staged = store
    (root / "generated/metadata/same.php").write_text("same")
    (staged / "generated/metadata/same.php").write_text("same")
    os.utime(root / "generated/metadata/same.php", (LONG_AGO, LONG_AGO))
    os.utime(root / "generated/metadata", (LONG_AGO, LONG_AGO))
    before = tree(root)
    switch(prepare(*store))
    after = tree(root)
    switched = {EVENTS, MODEL, METADATA, GONE, FACTORY}
    # The last file of its folder takes that with it.
    gone = {os.path.dirname(GONE)}
    assert {path: found for path, found in before.items() if path not in switched | gone} == {
        path: found for path, found in after.items() if path in before and path not in switched
    }


def test_a_file_is_there_at_every_moment(store, monkeypatch) -> None:
    root = store[0]
    files = prepare(*store)
    rename = os.rename

    def watched(*given):
        assert all((root / path).exists() for path in (EVENTS, MODEL, METADATA))
        rename(*given)
        assert all((root / path).exists() for path in (EVENTS, MODEL, METADATA))

    monkeypatch.setattr(switch_files.os, "rename", watched)
    switch(files)
    go_back(files)


def test_a_changed_file_is_as_the_one_before_but_newer(store) -> None:
    root, staged = store
    os.chmod(root / MODEL, 0o2751)
    os.setxattr(root / MODEL, "user.origin", b"shop")
    os.chmod(staged / MODEL, 0o600)
    before = os.stat(root / MODEL)
    files = prepare(*store)
    switch(files)
    files.give_times()
    after = os.stat(root / MODEL)
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert os.getxattr(root / MODEL, "user.origin") == b"shop"
    assert after.st_mtime > time.time() - 60


def test_a_changed_file_has_the_times_of_the_one_before_until_no_request_of_before_is_left(store) -> None:
    root = store[0]
    os.utime(root / MODEL, ns=(LONG_AGO * 10**9 + 1, LONG_AGO * 10**9 + 2))
    files = prepare(*store)
    switch(files)
    assert os.stat(root / MODEL).st_mtime_ns == LONG_AGO * 10**9 + 2
    assert "new" in contents(root)[MODEL]


@pytest.mark.parametrize("times_given", [False, True])
def test_both_times_of_a_file_are_known_to_be_ours(store, times_given) -> None:
    root = store[0]
    before = os.stat(root / MODEL)
    files = prepare(*store)
    switch(files)
    if times_given:
        files.give_times()
    assert all(files.in_place(step) for step in STEPS)
    go_back(SwitchFiles.left_over(str(root)))
    after = os.stat(root / MODEL)
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_new_file_has_the_group_of_its_folder_and_the_mode_of_the_staged_one(store, monkeypatch) -> None:
    root, staged = store
    os.chmod(staged / NEW, 0o664)
    os.chmod((root / NEW).parent.parent, 0o2771)
    given = []
    chown = os.chown
    monkeypatch.setattr(switch_files.os, "chown", lambda path, *ids: given.append((path, ids)) or chown(path, *ids))
    switch(prepare(*store))
    assert stat.S_IMODE(os.stat(root / NEW).st_mode) == 0o664
    assert stat.S_IMODE(os.stat(root / NEW).st_mode) == 0o664
    assert stat.S_IMODE(os.stat((root / NEW).parent).st_mode) == 0o2771
    owner, group = os.stat(root).st_uid if os.geteuid() == 0 else -1, os.stat(root).st_gid
    assert (str((root / NEW).parent), (owner, group)) in given


@pytest.mark.parametrize("reread", [False, True])
def test_a_switch_is_taken_back_whole(store, reread: bool) -> None:
    root = store[0]
    before = store_tree(root)
    numbers = {path: (root / path).stat().st_ino for path in (EVENTS, MODEL, METADATA, GONE)}
    files = prepare(*store)
    switch(files)
    go_back(SwitchFiles.left_over(str(root)) if reread else files)
    assert store_tree(root) == before
    assert not (root / OWN_FOLDER).exists()
    # The very files of before, with whatever else they have.
    assert {path: (root / path).stat().st_ino for path in numbers} == numbers


def test_the_way_back_is_the_mirror_of_the_way_in(store) -> None:
    files = prepare(*store)
    switch(files)
    assert back(files, "configuration") == [EVENTS]
    assert back(files, "code") == [FACTORY, GONE, METADATA, MODEL, MADE, NEW]
    assert back(files, "code") == []


def test_a_run_that_is_killed_anywhere_is_put_right_by_the_next(tmp_path: Path, monkeypatch) -> None:
    # What lies on another file system has to be found again too.
    monkeypatch.setattr(switch_files, "mount_points", lambda dummy: ("generated",))
    number, came_so_far = 0, True
    while came_so_far:
        root, staged = make_store(tmp_path / str(number))
        before = store_tree(root)

        def work(root=root, staged=staged):
            files = prepare(root, staged)
            switch(files)
            go_back(files)

        came_so_far = killed_before(monkeypatch, number, work)
        put_right(root)
        found = store_tree(root)
        # A kill between two acts on one folder leaves its new time.
        assert {path: of for path, of in found.items() if of[-1]} == {path: of for path, of in before.items() if of[-1]}
        assert found.keys() == before.keys(), f"killed before call {number}"
        assert not (root / OWN_FOLDER).exists()
        number += 1
    assert number > 40


def test_putting_right_may_be_killed_anywhere_too(tmp_path: Path, monkeypatch) -> None:
    number, came_so_far = 0, True
    while came_so_far:
        root, staged = make_store(tmp_path / str(number))
        before = store_tree(root)
        switch(prepare(root, staged))
        came_so_far = killed_before(monkeypatch, number, lambda root=root: put_right(root))
        put_right(root)
        found = store_tree(root)
        assert {path: of for path, of in found.items() if of[-1]} == {path: of for path, of in before.items() if of[-1]}
        assert not (root / OWN_FOLDER).exists()
        number += 1
    assert number > 20


def test_a_file_that_somebody_else_has_written_since_is_not_touched(store) -> None:
    root = store[0]
    files = prepare(*store)
    switch(files)
    (root / MODEL).write_text("<?php // deployed")
    with pytest.raises(CommerceError, match="somebody else") as raised:
        back(files, "code")
    assert (raised.value.code, raised.value.on) == ("live_changed", str(root / MODEL))
    assert contents(root) == {**STAGED, MODEL: "<?php // deployed"}


def test_a_disk_that_is_full_leaves_nothing(store, monkeypatch) -> None:
    root = store[0]
    before = store_tree(root)

    def full(*dummy):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(switch_files, "take_over", full)
        with pytest.raises(CommerceError, match="No space left on device") as raised:
            prepare(*store)
    assert raised.value.code == "no_way_back"
    assert store_tree(root) == before
    assert not (root / OWN_FOLDER).exists()


def test_a_disk_that_is_full_does_not_stop_the_way_back(store, monkeypatch) -> None:
    root = store[0]
    before = store_tree(root)
    files = prepare(*store)
    switch(files)

    def full(*dummy):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        go_back(files)
    assert store_tree(root) == before


def test_where_a_second_name_is_refused_a_copy_does(store, monkeypatch) -> None:
    root = store[0]
    before = store_tree(root)

    def refuse(*dummy, **options):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(switch_files.os, "link", refuse)
    files = prepare(*store)
    switch(files)
    go_back(files)
    assert store_tree(root) == before


def test_a_staged_file_that_is_not_what_was_built_is_refused(store) -> None:
    root, staged = store
    before = store_tree(root)
    files = files_of_patch(root, staged)
    (staged / MODEL).write_text("<?php // else")
    with pytest.raises(CommerceError) as raised:
        SwitchFiles.prepare(str(root), files, lambda path: str(staged / path), ENTRIES)
    assert (raised.value.code, raised.value.on) == ("stage_changed", str(staged / MODEL))
    assert store_tree(root) == before


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda root: (root / NEW).parent.mkdir() or (root / NEW).write_text("somebody's"), "live_changed"),
        (lambda root: (root / "elsewhere").mkdir() or (root / NEW).parent.symlink_to(root / "elsewhere"), "linked"),
        (lambda root: (root / EVENTS).rename(root / "moved") and (root / EVENTS).symlink_to(root / "moved"), "linked"),
    ],
)
def test_what_cannot_be_switched_is_refused_beforehand(store, make, code: str) -> None:
    root, staged = store
    files = files_of_patch(root, staged)
    make(root)
    before = store_tree(root)
    with pytest.raises(CommerceError) as raised:
        SwitchFiles.prepare(str(root), files, lambda path: str(staged / path), ENTRIES)
    assert raised.value.code == code
    assert (store_tree(root), (root / OWN_FOLDER).exists()) == (before, False)


def test_a_file_of_another_user_is_refused_as_nobody_but_root_could_give_it_back(store, monkeypatch) -> None:
    root = store[0]
    monkeypatch.setattr(switch_files.os, "geteuid", lambda: os.stat(root).st_uid + 1)
    with pytest.raises(CommerceError) as raised:
        prepare(*store)
    assert raised.value.code == "foreign_owner"


def test_a_mount_point_is_refused_and_below_one_the_files_lie_on_its_own_file_system(store, monkeypatch) -> None:
    root = store[0]
    before = store_tree(root)
    monkeypatch.setattr(switch_files, "mount_points", lambda dummy: ("generated", "pub/media"))
    files = prepare(*store)
    place = root / "generated" / f".storefleet-{ENTRIES['id']}"
    assert files.journal["mounts"] == ["generated"]
    assert files.kept(METADATA) == str(place / "before" / METADATA)
    assert (place / "ready" / METADATA).exists()
    assert stat.S_IMODE(os.stat(place).st_mode) & 0o777 == 0o700
    assert (root / "generated").stat().st_mtime == LONG_AGO
    switch(files)
    assert contents(root) == STAGED
    go_back(SwitchFiles.left_over(str(root)))
    assert store_tree(root) == before
    monkeypatch.setattr(switch_files, "mount_points", lambda dummy: (MODEL,))
    with pytest.raises(CommerceError) as raised:
        prepare(*store)
    assert raised.value.code == "mounted"


@pytest.mark.parametrize("done", [(), ("code",), ("code", "configuration")])
def test_what_is_left_to_do_by_hand_does_it(store, done) -> None:
    root = store[0]
    before = contents(root)
    files = prepare(*store)
    for step in done:
        files.journal.begin(step)
        forward(files, step)
    text = files.by_hand()
    assert text.startswith("As the store's owner: cd ")
    assert text.endswith(". Then reload php-fpm.")
    commands = text.partition(": ")[2].partition(". Then ")[0].split(" && ")
    own = [command for command in commands if command.split()[0] in ("cd", "cp", "rm", "mkdir")]
    assert [command for command in commands if command not in own] == [
        "php bin/magento cache:clean config compiled_config"
    ]
    assert commands[-1] == f"rm -rf {OWN_FOLDER}"
    subprocess.run(["sh", "-euc", "\n".join(own)], check=True)
    assert contents(root) == before


def test_an_exact_switch_gives_the_attributes_of_its_source(store) -> None:
    root, staged = store
    os.chmod(staged / MODEL, 0o600)
    os.utime(staged / MODEL, (LONG_AGO + 5, LONG_AGO + 5))
    files = files_of_patch(root, staged)
    prepared, dummy = SwitchFiles.prepare(str(root), files, lambda path: str(staged / path), ENTRIES, exact=True)
    forward(prepared, "code")
    forward(prepared, "configuration")
    prepared.give_times()
    found = os.stat(root / MODEL)
    assert (stat.S_IMODE(found.st_mode), found.st_mtime) == (0o600, LONG_AGO + 5)


def test_whether_all_is_in_place_is_seen_step_by_step(store) -> None:
    files = prepare(*store)
    assert [files.in_place(step) for step in STEPS] == [False, False]
    forward(files, "code")
    assert [files.in_place(step) for step in STEPS] == [True, False]
    forward(files, "configuration")
    assert [files.in_place(step) for step in STEPS] == [True, True]


def test_two_switches_at_a_time_do_not_go_over_each_other(store) -> None:
    root = store[0]
    prepare(*store)
    with pytest.raises(CommerceError, match="File exists"):
        prepare(*store)
    assert SwitchFiles.left_over(str(root)) is not None


def test_the_journal_of_a_change_in_place_is_not_taken_for_a_switch(store) -> None:
    root, dummy = store
    assert SwitchFiles.left_over(str(root)) is None
    WayBack.keep(str(root), [MODEL])
    assert SwitchFiles.left_over(str(root)) is None
    assert StagedFile(MODEL, None, None) not in files_of_patch(*store)


CHANGED_MODEL = "<?php\nnamespace Vendor\\X\\Model;\n\nclass Login\n{\n    // new\n}\n"


def test_classes_that_the_store_has_made_meanwhile_go_with_what_they_were_made_from(store) -> None:
    root, staged = store
    (root / METADATA).unlink()
    (staged / MODEL).write_text(CHANGED_MODEL)
    before = tree(root)
    stale = StagedFile(FACTORY, git_blob((root / FACTORY).read_bytes()), None)
    changed = [*files_of_patch(root, staged), stale]
    files = SwitchFiles.prepare(str(root), changed, lambda path: str(staged / path), ENTRIES)[0]
    switch(files)
    for path in (FACTORY, MADE):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("<?php // made since")
    note_proven(files, 60, {})
    settle(str(root), files)
    kept = switch_source.kept(str(root), ENTRIES["patches"])
    switch(SwitchFiles.prepare(str(root), kept.files, kept.place, ENTRIES, kept.exact)[0])
    found = tree(root)
    assert not (root / MADE).exists()
    assert {path: entry[4] for path, entry in found.items() if path in before} == {
        path: entry[4] for path, entry in before.items()
    }


def test_classes_of_a_compiled_store_are_those_that_were_switched(store) -> None:
    root, staged = store
    (staged / MODEL).write_text(CHANGED_MODEL)
    files = prepare(*store)
    switch(files)
    (root / FACTORY).write_text("<?php // somebody's")
    note_proven(files, 60, {})
    settle(str(root), files)
    kept = {file.path: file.before for file in switch_source.kept(str(root), ENTRIES["patches"]).files}
    assert kept[FACTORY] is None


def attributes(root: Path) -> dict[str, dict[str, bytes]]:
    """Extended attributes of the store's files, access lists and SELinux contexts among them."""
    paths = [path for path in root.rglob("*") if path.is_file() and OWN_FOLDER not in path.relative_to(root).parts]
    return {
        str(path.relative_to(root)): {name: os.getxattr(path, name) for name in os.listxattr(path)} for path in paths
    }


CONTEXT = {"security.selinux": b"system_u:object_r:httpd_sys_content_t:s0"} if os.geteuid() == 0 else {}


def test_access_lists_and_attributes_are_kept_on_both_ways(store) -> None:
    root, staged = store
    wanted = {ACCESS: access_list(), "user.note": b"kept", **CONTEXT}
    for path in (EVENTS, METADATA, GONE):
        for name, value in wanted.items():
            os.setxattr(root / path, name, value)
    # What lies ready, in our folder, begins with what the root says; what is made in the copy with its folder's.
    os.setxattr(root, DEFAULT, access_list(user=2000))
    for folder in (path for path in root.rglob("*") if path.is_dir()):
        os.setxattr(folder, DEFAULT, access_list(user=1000))
    os.setxattr(staged / NEW, ACCESS, access_list(user=1000))
    before = attributes(root)
    files = prepare(root, staged)
    switch(files)
    now = attributes(root)
    assert contents(root) == STAGED
    assert (now[EVENTS], now[METADATA], now[MODEL]) == (wanted, wanted, {})
    assert now[NEW] == {ACCESS: access_list(user=1000)}
    note_proven(files, 60, {})
    settle(str(root), files)
    kept = switch_source.kept(str(root), ENTRIES["patches"])
    switch(SwitchFiles.prepare(str(root), kept.files, kept.place, ENTRIES, kept.exact)[0])
    assert attributes(root) == before


def test_access_lists_and_attributes_are_as_before_after_the_way_back(store) -> None:
    root, staged = store
    for path in (EVENTS, MODEL, METADATA, GONE):
        for name, value in {ACCESS: access_list(), "user.note": b"kept", **CONTEXT}.items():
            os.setxattr(root / path, name, value)
    before = attributes(root)
    files = prepare(root, staged)
    switch(files)
    go_back(files)
    assert attributes(root) == before
