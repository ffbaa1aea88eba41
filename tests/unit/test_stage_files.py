# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a switch has to change, by comparing the copy with live."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.blobs import git_blob
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_files import staged_files
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import StagedFile

FILES = ("app/etc/config.php", "app/etc/env.php", "vendor/a.php", "vendor/b.php", "vendor/gone.php", "generated/x.php")


@pytest.fixture
def roots(tmp_path: Path) -> tuple[Path, Path]:
    live, tree = tmp_path / "live", tmp_path / "tree"
    for path in FILES:
        for root in (live, tree):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
        (live / path).write_text("before")
        os.link(live / path, tree / path)
    return live, tree


def write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(text)


def blob(text: str) -> str:
    return git_blob(text.encode())


def test_files_that_changed_came_or_went(roots) -> None:
    live, tree = roots
    write(tree / "vendor/a.php", "after")
    write(tree / "vendor/new.php", "new")
    write(tree / "vendor/b.php", "before")
    (tree / "vendor/gone.php").unlink()
    paths = ["vendor/a.php", "vendor/b.php", "vendor/new.php", "vendor/gone.php", "vendor/never.php"]
    found = staged_files(str(live), str(tree), paths, ["generated/x.php", "generated/none.php"])
    assert found.changed == (
        StagedFile("vendor/a.php", blob("before"), blob("after")),
        StagedFile("vendor/gone.php", blob("before"), None),
        StagedFile("vendor/new.php", None, blob("new")),
        StagedFile("generated/x.php", blob("before"), None),
    )
    assert found.stray == ()


def test_what_nobody_asked_for_stays_behind_and_is_told(roots) -> None:
    live, tree = roots
    write(tree / "vendor/a.php", "after")
    write(tree / "vendor/new.php", "new")
    found = staged_files(str(live), str(tree), ["vendor/a.php"], ())
    assert [file.path for file in found.changed] == ["vendor/a.php"]
    assert found.stray == ("vendor/new.php",)


def test_the_copy_s_own_configuration_and_what_runs_wrote_are_no_changes(roots) -> None:
    live, tree = roots
    for path in ("app/etc/config.php", "app/etc/env.php", "generated/x.php", "var/log/patch.log", "pub/static/a.js"):
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        write(tree / path, "after")
    assert staged_files(str(live), str(tree), ["app/etc/env.php"], ()) == ((), ())
