# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the tool: what is read, and what is refused without being read."""

from __future__ import annotations

import os

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_files import read_tool_file


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "patches"
    (inside / "os").mkdir(parents=True)
    (inside / "os/a.patch").write_text("a")
    (tmp_path / "secret").write_text("hunter2")
    return inside


def test_what_is_read(folder):
    assert read_tool_file(str(folder), "os/a.patch", 1) == b"a"
    (folder / "link").symlink_to("os/a.patch")
    assert read_tool_file(str(folder), "link", 1) == b"a"


def test_the_folder_may_be_a_link(folder, tmp_path):
    (tmp_path / "vendor").symlink_to(folder)
    assert read_tool_file(str(tmp_path / "vendor"), "os/a.patch", 1) == b"a"


@pytest.mark.parametrize("name", ["gone", "os/gone", "os/a.patch/below"])
def test_what_is_not_there(folder, name):
    with pytest.raises(FileNotFoundError):
        read_tool_file(str(folder), name, 1)


def test_the_limit(folder):
    (folder / "big").write_bytes(b"x" * 1024 * 1024)
    assert len(read_tool_file(str(folder), "big", 1)) == 1024 * 1024
    (folder / "big").write_bytes(b"x" * (1024 * 1024 + 1))
    assert "bigger than 1 MiB" in refused(folder, "big").came_back


def refused(folder, name):
    with pytest.raises(CommerceError) as caught:
        read_tool_file(str(folder), name, 1)
    assert caught.value.code == "tool_failed"
    assert "hunter2" not in caught.value.came_back
    return caught.value


@pytest.mark.parametrize(
    "name", ["../secret", "os/../../secret", "os/../os/a.patch", "link", "linked/secret", "ABSOLUTE"]
)
def test_what_leads_out(folder, name):
    (folder / "link").symlink_to("../secret")
    (folder / "linked").symlink_to("..")
    error = refused(folder, str(folder / "os/a.patch") if name == "ABSOLUTE" else name)
    assert "outside" in error.came_back
    assert error.on.endswith("a.patch" if name == "ABSOLUTE" else name)


def test_what_is_no_file(folder):
    os.mkfifo(folder / "pipe")
    assert "not a file" in refused(folder, "pipe").came_back
    assert refused(folder, "os").came_back
    assert refused(folder, "a\0b").came_back
    (folder / "loop").symlink_to("loop")
    assert refused(folder, "loop").came_back
    assert refused(folder, "x" * 300).came_back
