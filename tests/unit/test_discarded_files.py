# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a repair replaces, kept."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.discarded_files import keep_discarded
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "vendor/a/b").mkdir(parents=True)
    (tmp_path / "vendor/a/b/F.php").write_text("mine")
    (tmp_path / "vendor/a/b/F.php").chmod(0o640)
    (tmp_path / "vendor/a/b/link").symlink_to("F.php")
    (tmp_path / "var").mkdir()
    return tmp_path


def test_they_are_kept_with_their_modes_for_the_owner_alone(root: Path) -> None:
    place = keep_discarded(str(root), ["vendor/a/b/F.php", "vendor/a/b/link"])
    assert re.fullmatch(r"var/storefleet/discarded/\d{8}T\d{6}Z", place)
    kept = root / place
    assert kept.stat().st_mode & 0o777 == 0o700
    assert (kept / "vendor/a/b/F.php").read_text() == "mine"
    assert (kept / "vendor/a/b/F.php").stat().st_mode & 0o777 == 0o640
    assert os.readlink(kept / "vendor/a/b/link") == "F.php"
    assert (root / "vendor/a/b/F.php").read_text() == "mine"


def test_half_a_copy_is_none(root: Path) -> None:
    with pytest.raises(CommerceError) as caught:
        keep_discarded(str(root), ["vendor/a/b/F.php", "vendor/a/b/gone"])
    assert (caught.value.code, list((root / "var/storefleet/discarded").iterdir())) == ("no_backup", [])


def test_two_in_one_second_do_not_mix(root: Path, monkeypatch) -> None:
    monkeypatch.setattr("time.gmtime", lambda: (2026, 1, 31, 12, 0, 0, 0, 31, 0))
    first = keep_discarded(str(root), ["vendor/a/b/F.php"])
    with pytest.raises(CommerceError) as caught:
        keep_discarded(str(root), ["vendor/a/b/link"])
    assert caught.value.code == "no_backup"
    assert (root / first / "vendor/a/b/F.php").read_text() == "mine"
