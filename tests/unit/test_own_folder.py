# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our folder: closed, without a trace in the root's times, and gone with the last of its files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ansible_collections.storefleet.commerce.plugins.module_utils.own_folder import leave_own_folder, make_own_folder


def test_it_comes_and_goes_without_a_trace(tmp_path: Path) -> None:
    os.utime(tmp_path, (1, 2))
    folder = Path(make_own_folder(str(tmp_path)))
    assert stat.S_IMODE(folder.stat().st_mode) & 0o777 == 0o700
    assert tmp_path.stat().st_mtime == 2
    (folder / "lease.json").touch()
    assert make_own_folder(str(tmp_path)) == str(folder)
    leave_own_folder(str(tmp_path))
    assert folder.exists()
    (folder / "lease.json").unlink()
    leave_own_folder(str(tmp_path))
    leave_own_folder(str(tmp_path))
    assert (folder.exists(), tmp_path.stat().st_mtime) == (False, 2)
