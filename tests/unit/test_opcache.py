# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that a pool runs for us, where it lies, and what a pool says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from support.fastcgi_pool import answering, page

from ansible_collections.storefleet.commerce.plugins.module_utils import opcache
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.opcache import (
    Opcache,
    StatusScript,
    ask_opcache,
    roots_script,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.pool_config import Pool

STATE = {
    "enabled": True,
    "readable": True,
    "held": 3,
    "preloaded": False,
    "file_cache": "",
    "clearable": True,
    "reset": False,
    "emptying": False,
    "stale": [],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "var").mkdir()
    os.utime(tmp_path / "var", (1, 1))
    return tmp_path


def test_the_script_is_readable_for_the_pool_and_leaves_no_trace(root: Path) -> None:
    mask = os.umask(0o077)
    try:
        with StatusScript(str(root)) as path:
            assert Path(path).parent == root / "var"
            assert Path(path).stat().st_mode & 0o777 == 0o644
            assert Path(path).read_text() == opcache.OPCACHE_SCRIPT
    finally:
        os.umask(mask)
    assert list((root / "var").iterdir()) == []
    assert (root / "var").stat().st_mtime == 1


def test_what_a_killed_process_has_left_is_removed_and_nothing_else(root: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    names = [f".storefleet-{pid}-ab12.php" for pid in (gone.pid, os.getpid())] + [".storefleet-x.php", "other.php"]
    for name in names:
        (root / "var" / name).write_text("")
    with StatusScript(str(root)):
        pass
    assert sorted(path.name for path in (root / "var").iterdir()) == sorted(names[1:])


def test_a_folder_that_cannot_be_written_to_is_told_beforehand(root: Path) -> None:
    shutil.rmtree(root / "var")
    with pytest.raises(CommerceError, match="lay a script ready") as raised, StatusScript(str(root)):
        pass
    assert raised.value.code == "no_reload"


def test_a_script_that_is_gone_already_is_no_failure(root: Path) -> None:
    with StatusScript(str(root)) as path:
        os.unlink(path)


def test_roots_script_lies_where_nobody_else_writes(tmp_path: Path) -> None:
    mask = os.umask(0o077)
    try:
        with roots_script(str(tmp_path)) as path:
            folder = Path(path).parent
            assert (folder.parent, folder.stat().st_mode & 0o777) == (tmp_path, 0o755)
            assert Path(path).stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(mask)
    assert list(tmp_path.iterdir()) == []


def ask(tmp_path: Path, body: str, act: str = "status", paths=()) -> tuple[Opcache, dict[str, str]]:
    with answering(tmp_path / "pool", lambda params: page(body)) as server:
        state = ask_opcache(Pool("www", str(tmp_path / "pool"), "", ""), "/s", "/s/var/x.php", act, paths)
        return state, server.requests[0]


def test_a_pool_is_asked_about_the_store(tmp_path: Path) -> None:
    state, request = ask(tmp_path, json.dumps({**STATE, "stale": ["/s/a.php"]}), "stale", ["/s/a.php", "/s/b.php"])
    assert state == Opcache(**{**STATE, "stale": ("/s/a.php",)})
    assert (request["STOREFLEET_ROOT"], request["STOREFLEET_ACT"]) == ("/s", "stale")
    assert json.loads(request["STOREFLEET_PATHS"]) == ["/s/a.php", "/s/b.php"]


@pytest.mark.parametrize("body", ["", "File not found.", "[]", "{}", json.dumps({**STATE, "more": 1})])
def test_a_pool_that_says_something_else_is_not_understood(tmp_path: Path, body: str) -> None:
    with pytest.raises(CommerceError, match=r"below /s/var \(open_basedir") as raised:
        ask(tmp_path, body)
    assert raised.value.code == "pool_unreadable"


def test_the_script_does_without_opcache(tmp_path: Path) -> None:
    script = tmp_path / "x.php"
    script.write_text(opcache.OPCACHE_SCRIPT)
    for act in (opcache.STATUS, opcache.RESET, opcache.RESET_HELD, opcache.ASIDE, opcache.SWEEP, opcache.STALE):
        variables = {"STOREFLEET_ROOT": "/s", "STOREFLEET_ACT": act, "STOREFLEET_PATHS": "[]"}
        process = subprocess.run(
            ["php", "-n", str(script)], env={**os.environ, **variables}, capture_output=True, text=True, check=True
        )
        assert json.loads(process.stdout) == {**STATE, "enabled": False, "readable": False, "held": 0}, process.stderr
