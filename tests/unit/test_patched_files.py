# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a patch changes: read, tried for writing, and given their group and mode back."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import patched_files
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.patched_files import (
    attributes,
    content,
    keep_attributes,
    require_writable,
)

FILE = "vendor/x/Model.php"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A store with one file and an empty folder that has the set-group-id bit."""
    (tmp_path / "vendor/x").mkdir(parents=True)
    (tmp_path / FILE).write_bytes(b"\xff\r\n")
    os.chmod(tmp_path / FILE, 0o2640)
    (tmp_path / "vendor/new").mkdir()
    os.chmod(tmp_path / "vendor/new", 0o2775)
    return tmp_path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(("path", "found"), [(FILE, b"\xff\r\n"), ("vendor/x/gone.php", None), (f"{FILE}/x", None)])
def test_content_is_bytes_and_none_where_there_is_no_file(root: Path, path: str, found: bytes | None) -> None:
    assert content(str(root), path) == found


def test_a_file_that_cannot_be_read_is_named(root: Path) -> None:
    with pytest.raises(CommerceError) as raised:
        content(str(root), "vendor/x")
    assert (raised.value.code, raised.value.on) == ("unreadable", str(root / "vendor/x"))
    assert raised.value.came_back == "Is a directory"


@pytest.fixture
def allowed(monkeypatch):
    """Names the folders that may not be written to, and keeps the others that were asked for."""

    def only(*closed: Path) -> list[str]:
        asked = []

        def access(path, how):
            assert how == os.W_OK
            asked.append(path)
            return Path(path) not in closed

        monkeypatch.setattr(patched_files.os, "access", access)
        return asked

    return only


def test_a_file_is_replaced_in_its_folder_so_that_one_counts(root: Path, allowed) -> None:
    asked = allowed()
    require_writable(str(root), [FILE, "vendor/new/a/b/C.php", "Top.php"])
    # Of folders to come, the one they are made in.
    assert asked == [str(root / "vendor/x"), str(root / "vendor/new"), str(root)]


def test_a_folder_that_is_closed_is_named_wherever_it_stands_in_the_list(root: Path, allowed) -> None:
    allowed(root / "vendor/new")
    require_writable(str(root), [FILE])
    with pytest.raises(CommerceError) as raised:
        require_writable(str(root), [FILE, "vendor/new/a/b/C.php"])
    assert (raised.value.code, raised.value.on) == ("not_writable", str(root / "vendor/new"))


def test_a_file_to_come_gets_its_folders_group_and_mode_without_the_search_bits(root: Path) -> None:
    group = root.stat().st_gid
    assert attributes(str(root), [FILE, "vendor/new/New.php", "vendor/none/New.php"]) == {
        FILE: (group, 0o2640),
        "vendor/new/New.php": (group, 0o664),
        "vendor/none/New.php": None,
    }


@pytest.fixture
def changed(monkeypatch) -> list[tuple]:
    """What is changed of files; done is only the mode, as a group of another kind takes root."""
    seen, chmod = [], os.chmod
    monkeypatch.setattr(patched_files.os, "chown", lambda path, *ids: seen.append((Path(path).name, *ids)))
    monkeypatch.setattr(
        patched_files.os, "chmod", lambda path, bits: (seen.append((Path(path).name, oct(bits))), chmod(path, bits))
    )
    return seen


def test_a_file_that_git_wrote_anew_is_given_group_and_mode_back(root: Path, changed) -> None:
    group = root.stat().st_gid
    kept = {FILE: (group + 1, 0o2640), "vendor/new/New.php": (group, 0o664)}
    (root / FILE).unlink()
    for path in kept:
        (root / path).write_text("")
        os.chmod(root / path, 0o600)
    changed.clear()
    keep_attributes(str(root), kept)
    # The group first: a change of group takes the set-group-id bit away.
    assert changed == [
        ("Model.php", -1, group + 1),
        ("Model.php", "0o2640"),
        ("New.php", -1, group),
        ("New.php", "0o664"),
    ]
    assert mode(root / FILE) == 0o2640


def test_a_file_that_is_right_or_gone_or_was_unknown_is_left_alone(root: Path, changed) -> None:
    (root / "vendor/new/New.php").write_text("")
    kept = attributes(str(root), [FILE])
    keep_attributes(str(root), {**kept, "vendor/x/gone.php": (1, 0o600), "vendor/new/New.php": None})
    assert changed == []


def test_another_users_file_is_left_alone(root: Path, changed, monkeypatch) -> None:
    monkeypatch.setattr(patched_files.os, "geteuid", lambda: (root / FILE).stat().st_uid + 1)
    keep_attributes(str(root), {FILE: (1, 0o600)})
    assert changed == []


def test_a_group_that_is_not_ours_to_give_does_not_stop_the_others(root: Path, monkeypatch) -> None:
    (root / "vendor/new/New.php").write_text("")
    os.chmod(root / "vendor/new/New.php", 0o600)
    group = root.stat().st_gid

    def chown(path, dummy, wanted):
        if wanted != group:
            raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(patched_files.os, "chown", chown)
    keep_attributes(str(root), {FILE: (group + 1, 0o600), "vendor/new/New.php": (group, 0o664)})
    assert mode(root / "vendor/new/New.php") == 0o664
