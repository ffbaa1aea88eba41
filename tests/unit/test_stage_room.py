# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a build takes of room and memory, and what is said where that is not there."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import stage_room
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.release_copy import copy_release
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_room import (
    NONE,
    Room,
    require_memory,
    require_room,
    room_of_copy,
    room_of_folder,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.untouched import snapshot

MIB = 1024 * 1024
BLOCK = 4096
OWN = "vendor/magento/module-x/Login.php"
# Bytes; a release without links, so that what is copied with its content is seen by the files' inodes.
FILES = {
    OWN: 5000,
    "vendor/magento/framework/A.php": 9000,
    "vendor/composer/installed.json": 20_000,
    "app/etc/config.php": 1,
    "app/etc/env.php": 30_000,
    "auth.json": 30_000,
    "composer.lock": 4096,
    "generated/metadata/global.php": 50_000,
    "var/cache/x": 70_000,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    for path, size in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"x" * size)
    (folder / "vendor/link").symlink_to("magento")
    return folder


def taken(root: Path, tree: Path) -> Room:
    """What a copy took, by its files."""
    own = [path for path in tree.rglob("*") if not (path.is_file() and path.stat().st_nlink > 1)]
    plain = [path for path in own if not path.is_symlink()]
    blocks = [BLOCK if path.is_dir() else -(-path.stat().st_size // BLOCK) * BLOCK for path in plain]
    return Room(sum(blocks), len(own))


@pytest.mark.parametrize("has_links", [True, False])
def test_it_is_what_a_copy_takes(root: Path, tmp_path: Path, monkeypatch, has_links: bool) -> None:
    def refused(*dummy, **more):
        raise PermissionError(1, "no links")

    tree = tmp_path / "tree"
    tree.mkdir()
    if not has_links:
        monkeypatch.setattr(os, "link", refused)
    expected = room_of_copy(snapshot(str(root), ()), [OWN], has_links)
    copy_release(str(root), str(tree), [OWN])
    found = taken(root, tree)
    # The top folder, which was there; var, generated, pub, pub/static and pub/media, which are there empty.
    assert (expected.size - found.size, expected.entries - found.entries) == ((1 - 5) * BLOCK, 1 - 5)


def test_a_folder_takes_all_that_is_in_it(root: Path, tmp_path: Path) -> None:
    assert room_of_folder(str(root / "generated")) == Room(2 * BLOCK + 13 * BLOCK, 3)
    assert room_of_folder(str(tmp_path / "none")) == NONE


def full(monkeypatch, size: int, inodes: int, all_inodes: int = 10**6) -> None:
    """File systems with so many bytes and inodes free for those who are not root."""
    found = SimpleNamespace(
        f_bavail=size // 512, f_frsize=512, f_bsize=7, f_bfree=10**9, f_files=all_inodes, f_favail=inodes, f_ffree=10**9
    )
    monkeypatch.setattr(stage_room.os, "statvfs", lambda dummy: found)


COPY, GENERATED = Room(100 * MIB, 10_000), Room(200 * MIB, 5000)
# A tenth more of copy and twice generated/, and a little besides.
SIZE, INODES = 566 * MIB, 22_200


def test_generated_counts_twice(root: Path, monkeypatch) -> None:
    full(monkeypatch, SIZE, INODES)
    require_room(str(root), str(root), COPY, GENERATED)


@pytest.mark.parametrize(
    ("size", "inodes", "says"),
    [
        (SIZE - MIB, INODES, "it takes up to 566 MiB of room, of which 565 are free"),
        (SIZE, INODES - 1, "it takes up to 22200 inodes, of which 22199 are free"),
        (0, 0, "it takes up to 566 MiB of room, of which 0 are free and 22200 inodes, of which 0 are free"),
    ],
)
def test_where_there_is_too_little_it_says_how_much_and_where(root: Path, monkeypatch, size, inodes, says) -> None:
    full(monkeypatch, size, inodes)
    with pytest.raises(CommerceError) as caught:
        require_room(str(root), str(root), COPY, GENERATED)
    assert (caught.value.code, caught.value.came_back) == ("no_room", says)
    assert caught.value.on == f"the file system of {root}"
    assert "commerce_stage_dir" in caught.value.next_step


def test_a_file_system_without_a_fixed_number_of_inodes_has_enough(root: Path, monkeypatch) -> None:
    full(monkeypatch, SIZE, 0, all_inodes=0)
    require_room(str(root), str(root), COPY, GENERATED)


def test_generated_on_a_file_system_of_its_own_needs_room_there_too(root: Path, monkeypatch) -> None:
    live, asked = str(root / "generated"), []
    shutil.rmtree(live)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        os.symlink(elsewhere, live)
        monkeypatch.setattr(stage_room, "_require", lambda folder, *rooms: asked.append((folder, rooms)))
        require_room(str(root), str(root), COPY, GENERATED)
    assert asked == [(str(root), (COPY, GENERATED)), (live, (GENERATED,))]


def test_a_compile_needs_some_memory(tmp_path: Path) -> None:
    table = tmp_path / "meminfo"
    table.write_text("MemTotal: 99 kB\nMemFree:  1 kB\nMemAvailable:   262144 kB\n")
    require_memory(str(table))
    table.write_text("MemTotal: 9999999 kB\nMemAvailable:   262143 kB\nSwapFree: 9999999 kB\n")
    with pytest.raises(CommerceError, match="255 MiB of memory are available, and a compile takes 256") as caught:
        require_memory(str(table))
    assert caught.value.code == "no_memory"


def test_a_system_that_does_not_tell_its_memory_is_tried(tmp_path: Path) -> None:
    require_memory(str(tmp_path / "none"))
    (tmp_path / "meminfo").write_text("MemFree: 1 kB\n")
    require_memory(str(tmp_path / "meminfo"))
