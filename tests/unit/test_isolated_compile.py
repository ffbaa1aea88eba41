# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A compile in a copy, and one whose result is moved into the live release."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import compile_beside, isolated_compile
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.isolated_compile import (
    LOG,
    CompileLimits,
    compile_tree,
    remove_log,
)

LIMITS = CompileLimits(60, 2)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    (folder / "generated").mkdir(parents=True)
    (folder / "generated/.htaccess").write_text("Deny")
    (folder / "vendor").mkdir()
    os.chmod(folder / "generated", 0o2775)
    return folder


@pytest.fixture
def compiled(monkeypatch):
    """What was compiled with which limits; the compile empties generated/, as Commerce's does."""
    calls = []

    @contextmanager
    def slot(count, patience):
        calls.append((count, patience))
        yield 0.2

    def compile_copy(tree, php, dummy_runner, timeout, log):
        calls.append((tree, tuple(php), timeout, log))
        shutil.rmtree(tree + "/generated")
        for path in ("code/A/B.php", "metadata/global.php"):
            os.makedirs(os.path.dirname(f"{tree}/generated/{path}"), exist_ok=True)
            Path(f"{tree}/generated/{path}").write_text("<?php")
        return "compiled"

    monkeypatch.setattr(isolated_compile, "compile_slot", slot)
    monkeypatch.setattr(isolated_compile, "compile_copy", compile_copy)
    return calls


def test_a_copy_is_compiled_in_its_turn(root: Path, tmp_path: Path, compiled) -> None:
    tree = tmp_path / "stage"
    (tree / "generated").mkdir(parents=True)
    assert compile_tree(str(root), str(tree), ("php",), None, LIMITS) == ["compiled"]
    assert compiled == [(2, 60), (str(tree), ("php",), 60, str(root / LOG))]
    assert (tree / "generated/.htaccess").read_text() == "Deny"


def test_what_the_compile_makes_inherits_the_rights_of_live_s(root: Path, tmp_path: Path, monkeypatch) -> None:
    tree = tmp_path / "stage"
    (tree / "generated").mkdir(parents=True)
    seen = []
    monkeypatch.setattr(
        isolated_compile,
        "compile_copy",
        lambda tree, *dummy: seen.append(stat.S_IMODE(os.stat(tree + "/generated").st_mode)) or "compiled",
    )
    compile_tree(str(root), str(tree), ("php",), None, LIMITS)
    assert seen == [0o2775]


def test_a_long_wait_is_told(root: Path, tmp_path: Path, compiled, monkeypatch) -> None:
    @contextmanager
    def slot(*dummy):
        yield 41.7

    monkeypatch.setattr(isolated_compile, "compile_slot", slot)
    (tmp_path / "stage/generated").mkdir(parents=True)
    words = compile_tree(str(root), str(tmp_path / "stage"), ("php",), None, LIMITS)
    assert words == ["waited 42 s for another compile", "compiled"]


def test_the_log_of_an_earlier_compile_is_removed(root: Path) -> None:
    (root / ".storefleet").mkdir()
    (root / LOG).touch()
    remove_log(str(root))
    remove_log(str(root))
    assert os.listdir(root / ".storefleet") == []


@pytest.fixture
def beside(root: Path, monkeypatch):
    """Compiles beside the release whose generated/ of before is set aside."""
    aside = root / ".storefleet/way_back/generated"
    (aside / "metadata").mkdir(parents=True)
    (aside / "metadata/global.php").touch()
    os.chmod(aside / "metadata/global.php", 0o640)
    monkeypatch.setattr(compile_beside, "isolate", lambda *dummy: None)
    monkeypatch.setattr(compile_beside, "document_roots", lambda: ())
    place = SimpleNamespace(php=("php",))
    return lambda: compile_beside.compile_beside(place, str(root), str(aside), "production", LIMITS)


def test_what_was_compiled_beside_is_moved_into_live(root: Path, compiled, beside, monkeypatch) -> None:
    moved = []
    real = os.rename

    def rename(source, target):
        moved.append(os.path.basename(target))
        real(source, target)

    monkeypatch.setattr(compile_beside.os, "rename", rename)
    assert beside() == "compiled"
    assert (root / "generated/code/A/B.php").exists()
    assert stat.S_IMODE((root / "generated/metadata/global.php").stat().st_mode) == 0o640
    assert [name for name in moved if name in ("code", "metadata", ".htaccess")] == ["code", "metadata"]
    assert (root / "generated/.htaccess").read_text() == "Deny"
    assert os.listdir(root / ".storefleet") == ["way_back"]


def test_nothing_is_left_of_a_compile_beside_that_fails(root: Path, beside, monkeypatch) -> None:
    def fail(dummy_tree, dummy_php, dummy_runner, dummy_timeout, log):
        Path(log).write_text("words")
        raise CommerceError("compile", "it", "words", "Read.", code="compile_failed")

    monkeypatch.setattr(isolated_compile, "compile_copy", fail)
    with pytest.raises(CommerceError):
        beside()
    assert sorted(os.listdir(root / ".storefleet")) == ["compile.log", "way_back"]
    assert os.listdir(root / "generated") == [".htaccess"]


def test_a_generated_that_is_a_mount_point_is_told(root: Path, compiled, beside, monkeypatch) -> None:
    real = os.rename

    def rename(source, target):
        if target == str(root / "generated/code"):
            raise OSError(18, "Invalid cross-device link")
        real(source, target)

    monkeypatch.setattr(compile_beside.os, "rename", rename)
    with pytest.raises(CommerceError, match="Invalid cross-device link") as caught:
        beside()
    assert caught.value.code == "not_moved"
