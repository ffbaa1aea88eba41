# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lease as a file: what it says, whether it still counts, and what becomes of one that cannot be read."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from support.live_root import make_root, tree

from ansible_collections.storefleet.commerce.plugins.module_utils import lease_file
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.lease_file import (
    LeaseFile,
    create_lease_file,
    read_lease_file,
    remove_lease_file,
    replace_lease_file,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.processes import Process

PLAYBOOK, CALL = Process(10, 1000, "ops"), Process(20, 2000, "web")
LEASE = LeaseFile("ops:1", "ops", PLAYBOOK, "web1", "web1.example.com", CALL, 1000.0, 1600.0, 600)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_root(tmp_path)


def test_it_is_read_as_it_was_written_and_only_by_its_owner(root: Path) -> None:
    def modes() -> dict[str, str]:
        return {path.name: oct(path.stat().st_mode & 0o777) for path in (root / ".storefleet").iterdir()}

    create_lease_file(str(root), LEASE)
    assert read_lease_file(str(root)) == LEASE
    assert modes() == {"lease.json": "0o600"}
    later = LEASE._replace(expires=2200.0)
    replace_lease_file(str(root), later)
    assert read_lease_file(str(root)) == later
    assert modes() == {"lease.json": "0o600"}
    assert oct((root / ".storefleet").stat().st_mode & 0o777) == "0o700"


def test_the_second_to_write_it_is_told_and_the_first_keeps_it(root: Path) -> None:
    create_lease_file(str(root), LEASE)
    with pytest.raises(FileExistsError):
        create_lease_file(str(root), LEASE._replace(run="ops:2"))
    assert read_lease_file(str(root)) == LEASE


def test_nothing_is_left_of_it_and_what_else_is_kept_there_stays(root: Path) -> None:
    before = tree(root)
    create_lease_file(str(root), LEASE)
    assert remove_lease_file(str(root))
    assert tree(root).keys() == before.keys()
    assert not remove_lease_file(str(root))
    create_lease_file(str(root), LEASE)
    (root / ".storefleet/kept").mkdir()
    assert remove_lease_file(str(root))
    assert [path.name for path in (root / ".storefleet").iterdir()] == ["kept"]


@pytest.mark.parametrize("text", ["", '{"version": 1, "run": "op'])
def test_one_that_was_cut_while_it_was_written_is_nobodys(root: Path, text: str) -> None:
    create_lease_file(str(root), LEASE)
    (root / ".storefleet/lease.json").write_text(text)
    assert read_lease_file(str(root)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"process": 5},
        {"process": [1]},
        {"surplus": 1},
    ],
)
def test_one_of_another_version_is_somebodys(root: Path, change: dict) -> None:
    create_lease_file(str(root), LEASE)
    path = root / ".storefleet/lease.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(CommerceError) as raised:
        read_lease_file(str(root))
    assert raised.value.code == "no_lease"
    assert "force" in raised.value.next_step


def test_one_that_cannot_be_opened_is_somebodys(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".storefleet").mkdir()
    (root / ".storefleet/lease.json").mkdir()
    with pytest.raises(CommerceError, match="Is a directory") as raised:
        read_lease_file(str(root))
    assert raised.value.code == "no_lease"


@pytest.mark.parametrize("write", [create_lease_file, replace_lease_file])
def test_a_full_disk_leaves_nothing_new(root: Path, monkeypatch: pytest.MonkeyPatch, write) -> None:
    if write is replace_lease_file:
        create_lease_file(str(root), LEASE)
    before = tree(root).keys()

    def full(dummy):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(lease_file.os, "fsync", full)
    with pytest.raises(CommerceError, match="No space left") as raised:
        write(str(root), LEASE._replace(expires=9.0))
    assert raised.value.code == "no_lease"
    assert tree(root).keys() == before
    assert read_lease_file(str(root)) == (LEASE if write is replace_lease_file else None)


NOW_OVER = LEASE.expires
# Whether the run's last call on the node runs, and the run itself; what the asking run knows; when; stale or not.
STALE = [
    (False, False, "", 1001, True),
    (None, False, "", 1001, True),
    (True, False, "", NOW_OVER, False),
    (True, None, "ops:1", NOW_OVER, False),
    (False, True, "", NOW_OVER, False),
    (False, None, "", NOW_OVER - 1, False),
    (False, None, "", NOW_OVER, True),
    (None, None, "", NOW_OVER, True),
    (None, None, "", NOW_OVER - 1, False),
    (False, None, "ops:1", 1001, True),
    (False, None, "ops:2", 1001, False),
]


@pytest.mark.parametrize(("call", "run", "ended", "now", "stale"), STALE)
def test_when_it_is_stale(call: bool | None, run: bool | None, ended: str, now: float, stale: bool) -> None:
    assert LEASE.is_stale(now, {CALL: call, PLAYBOOK: run}.__getitem__, ended) is stale


def test_an_operator_reads_who_has_it() -> None:
    assert LEASE.in_words() == (
        "the run ops:1 of ops (process 10) has had it since 1970-01-01 00:16:40 UTC, until 1970-01-01 00:26:40 UTC "
        "(last from web1.example.com)"
    )
    assert (
        LEASE._replace(operator="alice", change_id="CHG-7")
        .in_words()
        .startswith("the run ops:1 by alice for CHG-7 of ops")
    )
