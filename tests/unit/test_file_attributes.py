# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file is besides its content, given to another."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import file_attributes
from ansible_collections.storefleet.commerce.plugins.module_utils.file_attributes import take_over

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
