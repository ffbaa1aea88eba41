# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file is besides its content, given to another."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from support.access_lists import ACCESS, access_list

from ansible_collections.storefleet.commerce.plugins.module_utils import file_attributes
from ansible_collections.storefleet.commerce.plugins.module_utils.file_attributes import arrive, take_over

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("source", "target"):
        (tmp_path / name).touch()
    return tmp_path / "source", tmp_path / "target"


@ROOT_ONLY
def test_owner_group_mode_and_attributes_are_given(both) -> None:
    source, target = both
    os.chown(source, 65534, 65533)
    os.chmod(source, 0o6751)
    os.setxattr(source, "user.a", b"1")
    os.setxattr(target, "user.more", b"1")
    assert take_over(str(source), str(target)) == ()
    found = target.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (65534, 65533, 0o6751)
    assert {name: os.getxattr(target, name) for name in os.listxattr(target)} == {"user.a": b"1"}


def attributes(path: Path) -> dict[str, bytes]:
    return {name: os.getxattr(path, name) for name in os.listxattr(path)}


@ROOT_ONLY
def test_a_new_file_is_as_if_it_had_been_made_in_its_folder(both, tmp_path: Path) -> None:
    source, target = both
    folder = tmp_path / "folder"
    folder.mkdir()
    os.chown(folder, 65534, 65533)
    os.setxattr(folder, "security.selinux", b"system_u:object_r:httpd_sys_content_t:s0")
    os.setxattr(folder, "user.of", b"the folder")
    os.setxattr(source, ACCESS, access_list(mask=7))
    os.setxattr(source, "user.of", b"the copy")
    os.setxattr(target, "security.selinux", b"other")
    assert arrive(str(source), str(folder), str(target)) == ()
    found = target.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (65534, 65533, 0o670)
    assert attributes(target) == {
        ACCESS: access_list(mask=7),
        "security.selinux": b"system_u:object_r:httpd_sys_content_t:s0",
    }


@ROOT_ONLY
def test_a_new_file_loses_the_access_list_of_where_it_was_made(both, tmp_path: Path) -> None:
    source, target = both
    source.chmod(0o644)
    os.setxattr(target, ACCESS, access_list())
    # Where the folder has none, there is none to give.
    os.setxattr(target, "security.selinux", b"its own")
    assert arrive(str(source), str(tmp_path), str(target)) == ()
    assert (attributes(target), stat.S_IMODE(target.stat().st_mode)) == ({"security.selinux": b"its own"}, 0o644)


def test_what_a_new_file_cannot_be_given_is_told(both, tmp_path: Path, monkeypatch) -> None:
    source, target = both
    os.setxattr(source, ACCESS, access_list())

    def refuse(*dummy):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(file_attributes.os, "chown", refuse)
    monkeypatch.setattr(file_attributes.os, "setxattr", refuse)
    assert arrive(str(source), str(tmp_path), str(target)) == ("the group of its folder", f"its attribute {ACCESS}")


def test_what_cannot_be_given_is_told(both, monkeypatch) -> None:
    source, target = both
    os.setxattr(source, "user.a", b"1")

    def refuse(*dummy):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(file_attributes.os, "chown", refuse)
    monkeypatch.setattr(file_attributes.os, "setxattr", refuse)
    assert take_over(str(source), str(target)) == ("its group", "its attribute user.a")


def test_another_user_gives_the_group_only(both, monkeypatch) -> None:
    source, target = both
    given = []
    monkeypatch.setattr(file_attributes.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(file_attributes.os, "chown", lambda path, *ids: given.append(ids))
    take_over(str(source), str(target))
    assert given == [(-1, source.stat().st_gid)]
