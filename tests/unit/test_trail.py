# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of a store's changes: a line each, which harms nothing when it cannot be written."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Holder
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import StagedFile
from ansible_collections.storefleet.commerce.plugins.module_utils.trail import (
    CHANGED,
    TAKEN_BACK,
    TRAIL,
    Change,
    files_after,
    files_before,
    note,
)

HOLDER = Holder("ops1:4711x", "ops1", 4711, 1, host="web1", operator="alice", change_id="CHG-7")
CHANGE = Change(
    "present",
    ("ACSD-61103",),
    CHANGED,
    ["switched the code"],
    [StagedFile("b.php", "1f", "2f"), StagedFile("a.php", None, "3f")],
)


def lines(root: Path) -> list[dict]:
    return [json.loads(line) for line in (root / TRAIL).read_text().splitlines()]


def test_the_whole_of_a_line(tmp_path: Path) -> None:
    assert note(str(tmp_path), CHANGE, HOLDER) == []
    (line,) = lines(tmp_path)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line.pop("time"))
    assert line == {
        "run": "ops1:4711x",
        "controller": "ops1",
        "operator": "alice",
        "change_id": "CHG-7",
        "host": "web1",
        "state": "present",
        "patches": ["ACSD-61103"],
        "outcome": "changed",
        "actions": ["switched the code"],
        "files": [
            {"path": "a.php", "before": None, "after": "3f"},
            {"path": "b.php", "before": "1f", "after": "2f"},
        ],
    }
    assert (tmp_path / TRAIL).stat().st_mode & 0o777 == 0o640


def test_a_change_comes_after_those_before(tmp_path: Path) -> None:
    for outcome in (CHANGED, TAKEN_BACK):
        note(str(tmp_path), CHANGE._replace(outcome=outcome), HOLDER)
    assert [line["outcome"] for line in lines(tmp_path)] == ["changed", "taken_back"]


def test_a_module_that_nobody_told_whose_run_it_is_says_so(tmp_path: Path) -> None:
    note(str(tmp_path), CHANGE, None)
    note(str(tmp_path), CHANGE, HOLDER._replace(operator="", change_id="", host=""))
    first, second = lines(tmp_path)
    assert [first[key] for key in ("run", "controller", "operator", "change_id", "host")] == [None] * 5
    assert [second[key] for key in ("run", "operator", "change_id", "host")] == ["ops1:4711x", None, None, None]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "var/log").mkdir(parents=True)
    (tmp_path / "other").write_text("")
    (tmp_path / TRAIL).symlink_to(tmp_path / "other")
    (words,) = note(str(tmp_path), CHANGE, HOLDER)
    assert words.startswith(f"could not write {tmp_path / TRAIL}: ")
    assert (tmp_path / "other").read_text() == ""


def test_a_log_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    (words,) = note(str(tmp_path), CHANGE, HOLDER)
    assert "could not write" in words


@pytest.mark.parametrize("content", ["<?php\n", ""])
def test_files_are_what_git_calls_them(tmp_path: Path, content: str) -> None:
    before = files_before(str(tmp_path), ["new.php"])
    assert before == [StagedFile("new.php", None, None)]
    (tmp_path / "new.php").write_text(content)
    git = subprocess.run(
        ["git", "hash-object", str(tmp_path / "new.php")], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert files_after(str(tmp_path), before) == [StagedFile("new.php", None, git)]
    assert files_before(str(tmp_path), ["new.php"]) == [StagedFile("new.php", git, None)]
