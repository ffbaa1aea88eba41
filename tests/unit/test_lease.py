# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may change a store: one run at a time, and nothing is left of it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from support.live_root import make_root, tree

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Lease


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_root(tmp_path)


def taken(root: Path) -> bool:
    """Whether somebody has the lease now."""
    try:
        with Lease(str(root)):
            return False
    except CommerceError:
        return True


def test_a_second_taker_is_told_to_wait(root: Path) -> None:
    with Lease(str(root)):
        with pytest.raises(CommerceError, match="another run is changing this store now") as raised, Lease(str(root)):
            raise AssertionError("two at a time")
        # A refused taker took nothing away from the first one.
        assert taken(root)
    assert (raised.value.code, raised.value.on) == ("leased", str(root))
    assert "Wait" in raised.value.next_step


def test_it_is_given_back_at_the_end_and_after_an_error(root: Path) -> None:
    lease = Lease(str(root))
    for dummy in range(2):
        with pytest.raises(ValueError, match="of the store"), lease:
            raise ValueError("of the store")
        assert not taken(root)


def test_it_dies_with_its_process(root: Path) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with Lease(str(root)):
            os.write(writing, b"taken")
            signal.pause()
        os._exit(0)
    try:
        assert os.read(reading, 5) == b"taken"
        assert taken(root)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)
    assert not taken(root)


def test_stores_beside_each_other_do_not_wait_for_each_other(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with Lease(str(tmp_path / "one")):
        assert not taken(tmp_path / "two")


def test_the_same_folder_by_another_name_is_the_same_store(root: Path, tmp_path_factory) -> None:
    link = tmp_path_factory.mktemp("links") / "current"
    link.symlink_to(root)
    with Lease(str(root)):
        assert taken(link)


def test_nothing_is_written_and_no_descriptor_stays_open(root: Path) -> None:
    before, descriptors = tree(root), len(list(Path("/proc/self/fd").iterdir()))
    with Lease(str(root)):
        assert tree(root) == before
        assert taken(root)
    assert tree(root) == before
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors
