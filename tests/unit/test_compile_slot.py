# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many compiles there are at once, and what stands in the way of counting them."""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.compile_slot import compile_slot
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder for everybody, as /run/lock is."""
    tmp_path.chmod(0o1777)
    return str(tmp_path)


def refused(folder: str, count: int = 1) -> str:
    with pytest.raises(CommerceError) as caught, compile_slot(count, 0, [folder]):
        pass
    return caught.value.code


@pytest.mark.parametrize("count", [1, 3])
def test_there_are_as_many_at_once_as_the_machine_bears(folder: str, count: int) -> None:
    with ExitStack() as held:
        for dummy in range(count):
            held.enter_context(compile_slot(count, 0, [folder]))
        assert refused(folder, count) == "busy"
    with compile_slot(count, 0, [folder]) as waited:
        assert waited < 1


def test_who_waits_gets_the_slot_that_is_given_back(folder: str) -> None:
    pauses = []
    with ExitStack() as first:
        first.enter_context(compile_slot(1, 0, [folder]))

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                first.close()

        with compile_slot(1, 60, [folder], pause):
            assert len(pauses) == 3


def test_a_slot_ends_with_its_process(folder: str) -> None:
    child = os.fork()
    if child == 0:
        compile_slot(1, 0, [folder]).__enter__()
        os._exit(0)
    os.waitpid(child, 0)
    with compile_slot(1, 0, [folder]):
        pass


def test_every_user_of_the_machine_can_open_it_and_nobody_write_to_it(folder: str) -> None:
    mask = os.umask(0o077)
    try:
        with compile_slot(1, 0, [folder]):
            pass
    finally:
        os.umask(mask)
    (path,) = os.listdir(folder)
    assert stat.S_IMODE(os.stat(os.path.join(folder, path)).st_mode) == 0o444


def test_a_link_in_the_place_of_a_slot_is_not_followed(folder: str, tmp_path_factory) -> None:
    with compile_slot(1, 0, [folder]):
        pass
    (path,) = Path(folder).iterdir()
    path.unlink()
    target = tmp_path_factory.mktemp("other") / "there"
    target.touch()
    path.symlink_to(target)
    assert refused(folder) == "no_slot"


def test_a_pipe_in_the_place_of_a_slot_keeps_nobody_waiting(folder: str) -> None:
    with compile_slot(1, 0, [folder]):
        pass
    (path,) = Path(folder).iterdir()
    path.unlink()
    os.mkfifo(path)
    with compile_slot(1, 0, [folder]):
        pass


def test_a_folder_in_which_others_could_swap_a_slot_is_passed_over(folder: str, tmp_path_factory) -> None:
    other = tmp_path_factory.mktemp("open")
    other.chmod(0o777)
    with compile_slot(1, 0, ["/does/not/exist", str(other), folder]):
        assert os.listdir(other) == []
        assert len(os.listdir(folder)) == 1
    assert refused(str(other)) == "no_slot"
