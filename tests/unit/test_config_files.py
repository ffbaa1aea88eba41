# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's configuration files, with and without the right to read them."""

from __future__ import annotations

import builtins
import os

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import config_files
from ansible_collections.storefleet.commerce.plugins.module_utils.config_files import ConfigFiles


@pytest.fixture
def files(tmp_path):
    (tmp_path / "etc/d").mkdir(parents=True)
    for name in ("b", "a"):
        (tmp_path / f"etc/d/{name}.conf").write_text(name)
    return ConfigFiles(str(tmp_path))


def test_paths_are_below_the_prefix_and_come_without_it(files, tmp_path):
    assert files.glob("/etc/*/*.conf") == ["/etc/d/a.conf", "/etc/d/b.conf"]
    assert files.read("/etc/d/a.conf") == "a"
    assert files.real("/etc/d/../d") == str((tmp_path / "etc/d").resolve())


def test_a_relative_path_is_no_place(files, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert (files.real("etc"), ConfigFiles().real("etc")) == ("", "")


def test_the_whole_host_has_no_prefix():
    assert ConfigFiles().glob("/etc/pass[w]d") == ["/etc/passwd"]


def test_what_is_not_there_is_empty(files):
    assert (files.read("/etc/away"), files.glob("/etc/away"), files.glob("/away/*"), files.unreadable) == (
        "",
        [],
        [],
        [],
    )


def test_a_path_without_a_pattern_is_itself_if_it_is_there(files):
    assert files.glob("/etc/d/a.conf") == ["/etc/d/a.conf"]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_empty(files, tmp_path, make):
    make(tmp_path / "etc/odd")
    assert (files.read("/etc/odd"), files.unreadable) == ("", [])


def test_bytes_that_are_no_text_are_read(files, tmp_path):
    (tmp_path / "etc/odd").write_bytes(b"a\xffb")
    assert files.read("/etc/odd") == "a\ufffdb"


def test_a_file_that_may_not_be_read_is_remembered_once(files, monkeypatch):
    asked = []

    def refuse(path, *_, **__):
        asked.append(path)
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(builtins, "open", refuse)
    assert (files.read("/etc/d/a.conf"), files.read("/etc/d/a.conf")) == ("", "")
    assert files.unreadable == ["/etc/d/a.conf"]
    assert len(asked) == 1


def test_a_folder_that_may_not_be_listed_is_remembered(files, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(config_files.os, "listdir", refuse)
    assert files.glob("/etc/d/*.none") == files.glob("/etc/d/*.never") == []
    assert files.unreadable == ["/etc/d"]
