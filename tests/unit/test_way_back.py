# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of before: kept, put back from any point at which a run may be killed, and forgotten."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest
from support.killed import killed_before
from support.live_root import EVENTS, FACTORY, LONG_AGO, MODEL, NEW, PATHS, make_change, make_root, tree

from ansible_collections.storefleet.commerce.plugins.module_utils import way_back as way_back_module
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.store import MAINTENANCE_FLAG as FLAG
from ansible_collections.storefleet.commerce.plugins.module_utils.store import OWN_FOLDER
from ansible_collections.storefleet.commerce.plugins.module_utils.store import WAY_BACK as FOLDER
from ansible_collections.storefleet.commerce.plugins.module_utils.way_back import WayBack


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_root(tmp_path / "my store")


def without_folder(seen: dict[str, tuple]) -> dict[str, tuple]:
    """A tree but for what is kept in it, and for the time of the folder that this is in."""
    return {path: found for path, found in seen.items() if path.split("/")[0] not in (OWN_FOLDER, ".")}


def contents(seen: dict[str, tuple]) -> dict[str, tuple]:
    """A tree without what only a run that was not killed has right: folders' times, and a new folder, empty by then."""
    return {
        path: (*found[:3], None if stat.S_ISDIR(found[0]) else found[3], found[4])
        for path, found in without_folder(seen).items()
        if path != os.path.dirname(NEW)
    }


def change(root: Path, way_back: WayBack) -> None:
    """All that a change does to a compiled store."""
    way_back.enable_maintenance()
    way_back.set_generated_aside()
    make_change(root)
    (root / "generated/metadata").mkdir()
    (root / "generated/metadata/global.php").write_text("<?php return ['new'];")


def go_back(way_back: WayBack) -> None:
    way_back.put_back()
    way_back.disable_maintenance()
    way_back.drop()
    way_back.restore_folders()


def test_keeping_leaves_the_store_as_it_is(root: Path) -> None:
    (root / "linked.php").symlink_to(MODEL)
    # Of a program, as chown takes the bit from no other file.
    os.chmod(root / MODEL, 0o2750)
    os.utime(root / MODEL, (LONG_AGO, LONG_AGO))
    before = tree(root)
    WayBack.keep(str(root), [*PATHS, "linked.php"])
    after = tree(root)
    assert without_folder(after) == without_folder(before)
    assert stat.S_IMODE(after[FOLDER][0]) == 0o700
    for path in (EVENTS, MODEL, "linked.php"):
        assert after[f"{FOLDER}/files/{path}"][:3] == before[path][:3]
    for path in (EVENTS, MODEL):
        assert after[f"{FOLDER}/files/{path}"] == before[path]
    assert os.readlink(root / FOLDER / "files/linked.php") == MODEL
    assert f"{FOLDER}/files/{NEW}" not in after


@pytest.mark.parametrize("reread", [False, True])
def test_a_change_is_taken_back_whole(root: Path, reread: bool) -> None:
    before = tree(root)
    way_back = WayBack.keep(str(root), PATHS)
    change(root, way_back)
    (root / MODEL).unlink()
    go_back(WayBack.left_over(str(root)) if reread else way_back)
    assert tree(root) == before


def test_configuration_goes_back_before_code_and_what_is_new_goes_last(root: Path) -> None:
    way_back = WayBack.keep(str(root), [NEW, MODEL, EVENTS])
    change(root, way_back)
    assert way_back.put_back() == [EVENTS, MODEL, NEW, "generated"]
    assert way_back.put_back() == []


def test_a_run_that_is_killed_anywhere_is_put_right_by_the_next(tmp_path: Path, monkeypatch) -> None:
    points, number, came_so_far = {"left": 0, "nothing": 0}, 0, True
    while came_so_far:
        root = make_root(tmp_path / str(number))
        before = contents(tree(root))

        def work(root=root):
            way_back = WayBack.keep(str(root), PATHS)
            change(root, way_back)
            go_back(way_back)

        came_so_far = killed_before(monkeypatch, number, work)
        left = WayBack.left_over(str(root))
        points["left" if left else "nothing"] += 1
        if left:
            go_back(left)
        assert contents(tree(root)) == before, f"killed before call {number}"
        assert not (root / OWN_FOLDER).exists()
        assert not (root / FLAG).exists()
        number += 1
    # Both before the journal was there and after it were among them.
    assert min(points.values()) > 3


def test_the_way_back_itself_may_be_killed_anywhere(tmp_path: Path, monkeypatch) -> None:
    number, came_so_far = 0, True
    while came_so_far:
        root = make_root(tmp_path / str(number))
        before = contents(tree(root))
        way_back = WayBack.keep(str(root), PATHS)
        change(root, way_back)
        came_so_far = killed_before(monkeypatch, number, lambda way_back=way_back: go_back(way_back))
        left = WayBack.left_over(str(root))
        if left:
            go_back(left)
        assert contents(tree(root)) == before, f"killed before call {number}"
        number += 1
    assert number > 6


def test_a_change_that_is_proven_is_never_put_back(tmp_path: Path, monkeypatch) -> None:
    for number in range(2):
        root = make_root(tmp_path / str(number))
        way_back = WayBack.keep(str(root), PATHS)
        change(root, way_back)
        way_back.disable_maintenance()
        after = contents(tree(root))
        # The journal is the first to go; one call earlier the change is not known to be proven.
        assert (
            killed_before(monkeypatch, 1, way_back.drop) if number else not killed_before(monkeypatch, 9, way_back.drop)
        )
        assert WayBack.left_over(str(root)) is None
        assert contents(tree(root)) == after
        assert not (root / OWN_FOLDER).exists()


def test_what_cannot_be_forgotten_is_told(root: Path, monkeypatch) -> None:
    def refuse(*dummy):
        raise PermissionError(13, "Permission denied")

    way_back = WayBack.keep(str(root), PATHS)
    with monkeypatch.context() as patched:
        patched.setattr(way_back_module.shutil, "rmtree", refuse)
        with pytest.raises(CommerceError, match="Permission denied") as raised:
            way_back.drop()
    assert (raised.value.code, raised.value.on) == ("left_over", str(root / FOLDER))
    assert WayBack.left_over(str(root)) is None


def test_without_an_interrupted_run_nothing_is_left(root: Path) -> None:
    before = tree(root)
    assert WayBack.left_over(str(root)) is None
    assert tree(root) == before


def test_a_copy_that_was_never_finished_is_dropped(root: Path) -> None:
    (root / FOLDER / "files").mkdir(parents=True)
    assert WayBack.left_over(str(root)) is None
    assert not (root / OWN_FOLDER).exists()


def test_a_second_way_back_does_not_go_over_the_first(root: Path) -> None:
    WayBack.keep(str(root), PATHS)
    make_change(root)
    kept = tree(root / FOLDER)
    with pytest.raises(CommerceError, match="File exists") as raised:
        WayBack.keep(str(root), PATHS)
    assert raised.value.code == "no_way_back"
    assert tree(root / FOLDER) == kept


def test_files_that_cannot_be_kept_leave_nothing(root: Path) -> None:
    before = tree(root)
    with pytest.raises(CommerceError, match="Is a directory") as raised:
        WayBack.keep(str(root), [EVENTS, "generated"])
    assert (raised.value.code, raised.value.on) == ("no_way_back", str(root / "generated"))
    assert tree(root) == before


def test_a_movable_file_keeps_its_owner_as_it_is_never_copied(root: Path) -> None:
    number = (root / FACTORY).stat().st_ino
    way_back = WayBack.keep(str(root), PATHS, [FACTORY, "generated/code/Gone.php"])
    assert not (root / FOLDER / "files" / FACTORY).exists()
    assert way_back.set_aside(FACTORY)
    assert not way_back.set_aside("generated/code/Gone.php")
    assert not (root / FACTORY).exists()
    assert WayBack.left_over(str(root)).put_back() == [EVENTS, FACTORY, MODEL]
    assert (root / FACTORY).stat().st_ino == number


def test_a_folder_of_another_user_keeps_its_times(root: Path, monkeypatch) -> None:
    way_back = WayBack.keep(str(root), PATHS)
    make_change(root)
    way_back.put_back()
    times = (root / MODEL).parent.stat().st_mtime_ns
    with monkeypatch.context() as patched:
        patched.setattr(way_back_module.os, "geteuid", lambda: root.stat().st_uid + 1)
        way_back.restore_folders()
    assert (root / MODEL).parent.stat().st_mtime_ns == times
    # A folder that the change made goes in any case, as only its owner could make it.
    assert not (root / NEW).parent.exists()
    way_back.restore_folders()
    assert (root / MODEL).parent.stat().st_mtime == LONG_AGO


def test_a_new_folder_that_others_use_meanwhile_stays(root: Path) -> None:
    way_back = WayBack.keep(str(root), PATHS)
    make_change(root)
    (root / NEW).with_name("Foreign.php").touch()
    go_back(way_back)
    assert [path.name for path in (root / NEW).parent.iterdir()] == ["Foreign.php"]


def test_generated_that_is_set_aside_is_empty_but_as_well_guarded(root: Path) -> None:
    way_back = WayBack.keep(str(root), PATHS)
    before = (root / "generated").stat()
    way_back.set_generated_aside()
    assert [path.name for path in (root / "generated").iterdir()] == [".htaccess"]
    assert (root / "generated/.htaccess").read_text() == "Deny"
    after = (root / "generated").stat()
    assert (after.st_mode, after.st_gid) == (before.st_mode, before.st_gid)


def test_what_is_made_anew_has_the_group_of_before(root: Path, monkeypatch) -> None:
    given = []

    def chown(path, *ids, **dummy):
        given.append((os.path.relpath(path, root), *ids))

    monkeypatch.setattr(way_back_module.os, "chown", chown)
    WayBack.keep(str(root), PATHS).set_generated_aside()
    made = [f"{FOLDER}/files/{EVENTS}", f"{FOLDER}/files/{MODEL}", "generated"]
    assert given == [(path, -1, root.stat().st_gid) for path in made]


def test_generated_that_cannot_be_renamed_stays_where_it_is(root: Path, monkeypatch) -> None:
    def busy(*dummy):
        raise OSError(16, "Device or resource busy")

    before = tree(root / "generated")
    way_back = WayBack.keep(str(root), PATHS)
    with monkeypatch.context() as patched:
        patched.setattr(way_back_module.os, "rename", busy)
        with pytest.raises(CommerceError, match="busy") as raised:
            way_back.set_generated_aside()
    assert (raised.value.code, raised.value.on) == ("no_way_back", str(root / "generated"))
    for each in (way_back, WayBack.left_over(str(root))):
        assert "generated" not in each.put_back()
    assert tree(root / "generated") == before


def test_a_maintenance_flag_that_was_found_stays(root: Path) -> None:
    (root / FLAG).write_text("10.0.0.7")
    way_back = WayBack.keep(str(root), PATHS)
    way_back.enable_maintenance()
    assert not way_back.under_maintenance
    way_back.disable_maintenance()
    assert (root / FLAG).read_text() == "10.0.0.7"


def test_the_maintenance_flag_of_a_killed_run_is_known_as_its_own(root: Path) -> None:
    way_back = WayBack.keep(str(root), PATHS)
    assert not way_back.under_maintenance
    way_back.enable_maintenance()
    assert (root / FLAG).read_text() == ""
    left = WayBack.left_over(str(root))
    assert left.under_maintenance
    left.disable_maintenance()
    left.disable_maintenance()
    assert not (root / FLAG).exists()


@pytest.mark.parametrize("put_back", [False, True])
@pytest.mark.parametrize("compiled", [False, True])
def test_what_is_left_to_do_by_hand_does_it(root: Path, compiled: bool, put_back: bool) -> None:
    before = contents(tree(root))
    way_back = WayBack.keep(str(root), PATHS)
    if compiled:
        change(root, way_back)
    else:
        make_change(root)
    if put_back:
        way_back.put_back()
    text = way_back.by_hand()
    assert text.startswith("As the store's owner: cd ")
    assert text.endswith(". Then reload php-fpm.")
    commands = text.partition(": ")[2].partition(". Then ")[0].split(" && ")
    # The last one ends it: from then on nothing of before is there to go back to.
    assert commands.pop() == f"rm -rf {OWN_FOLDER}"
    own = [command for command in commands if command.split()[0] in ("cd", "cp", "rm", "mv")]
    assert [command for command in commands if command not in own] == [
        "php bin/magento cache:clean config compiled_config"
    ]
    # Twice, as an operator may: what has been done must not be undone by it.
    subprocess.run(["sh", "-euc", "\n".join(own)], check=True)
    assert {path: found[4] for path, found in contents(tree(root)).items() if stat.S_ISREG(found[0])} == {
        path: found[4] for path, found in before.items() if stat.S_ISREG(found[0])
    }
    assert contents(tree(root))[MODEL] == before[MODEL]
    assert "rm -rf generated" not in WayBack.left_over(str(root)).by_hand()
