# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rights of a file given to another, and who may read by them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import file_rights
from ansible_collections.storefleet.commerce.plugins.module_utils.file_rights import give_rights, may_read
from ansible_collections.storefleet.commerce.plugins.module_utils.identity import Identity

WEB = Identity("web", 33, 33, (33, 1000), "/var/www")


@pytest.mark.parametrize("mode", [0o640, 0o2664, 0o400])
def test_mode_and_group_are_those_of_the_model(tmp_path: Path, monkeypatch, mode: int) -> None:
    (tmp_path / "model").touch()
    (tmp_path / "copy").touch()
    groups = []
    real = os.stat

    def other_group(path):
        status = real(path)
        shown = {"st_gid": 7 if str(path).endswith("model") else 8, "st_mode": status.st_mode}
        return SimpleNamespace(**shown)

    monkeypatch.setattr(file_rights.os, "stat", other_group)
    monkeypatch.setattr(file_rights.os, "chown", lambda path, owner, group: groups.append((path, owner, group)))
    os.chmod(tmp_path / "model", mode)
    give_rights(str(tmp_path / "model"), str(tmp_path / "copy"))
    assert stat.S_IMODE(real(tmp_path / "copy").st_mode) == mode
    assert groups == [(str(tmp_path / "copy"), -1, 7)]


def test_a_group_that_is_not_ours_is_no_error(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "copy").mkdir()
    os.chmod(tmp_path / "model", 0o2750)

    def chown(*dummy):
        raise PermissionError

    gids = iter((1, 2))
    monkeypatch.setattr(file_rights.os, "chown", chown)
    monkeypatch.setattr(
        file_rights.os, "stat", lambda dummy: SimpleNamespace(st_gid=next(gids), st_mode=stat.S_IFDIR | 0o2750)
    )
    give_rights(str(tmp_path / "model"), str(tmp_path / "copy"))
    monkeypatch.undo()
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o2750


def test_access_lists_are_taken_over(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "copy").mkdir()
    given = []

    def getxattr(path, name):
        if name.endswith("access"):
            raise OSError("no such attribute")
        return b"list of " + os.path.basename(path).encode()

    monkeypatch.setattr(file_rights.os, "getxattr", getxattr)
    monkeypatch.setattr(file_rights.os, "setxattr", lambda *arguments: given.append(arguments))
    give_rights(str(tmp_path / "model"), str(tmp_path / "copy"))
    assert given == [(str(tmp_path / "copy"), "system.posix_acl_default", b"list of model")]


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "expected"),
    [
        (stat.S_IFREG | 0o400, 33, 1, True),
        (stat.S_IFREG | 0o044, 33, 33, False),
        (stat.S_IFREG | 0o040, 1, 1000, True),
        (stat.S_IFREG | 0o604, 1, 1000, False),
        (stat.S_IFREG | 0o604, 1, 1, True),
        (stat.S_IFREG | 0o660, 1, 1, False),
        (stat.S_IFDIR | 0o750, 1, 33, True),
        (stat.S_IFDIR | 0o740, 1, 33, False),
        (stat.S_IFDIR | 0o710, 1, 33, False),
    ],
)
def test_who_may_read(monkeypatch, mode: int, uid: int, gid: int, expected: bool) -> None:
    status = SimpleNamespace(st_mode=mode, st_uid=uid, st_gid=gid)
    monkeypatch.setattr(file_rights.os, "stat", lambda dummy: status)
    monkeypatch.setattr(file_rights.os, "listxattr", lambda dummy: [])
    assert may_read(WEB, "a file") is expected
    assert may_read(WEB._replace(uid=0), "a file") is True
    monkeypatch.setattr(file_rights.os, "listxattr", lambda dummy: ["system.posix_acl_access"])
    assert may_read(WEB, "a file") is True
