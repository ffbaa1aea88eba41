# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of generated/ differ."""

from __future__ import annotations

import os
from pathlib import Path

from ansible_collections.storefleet.commerce.plugins.module_utils.blobs import git_blob
from ansible_collections.storefleet.commerce.plugins.module_utils.generated_files import differing


def test_new_changed_and_removed_files_are_found_by_their_content(tmp_path: Path) -> None:
    live, staged = tmp_path / "live", tmp_path / "staged"
    texts = {
        "generated/code/Same.php": ("same", "same"),
        "generated/code/Changed.php": ("one", "two"),
        "generated/code/deep/New.php": (None, "new"),
        "generated/metadata/Removed.php": ("old", None),
        # None of a compile's.
        "generated/.htaccess": ("Deny", None),
    }
    for path, both in texts.items():
        for root, text in zip((live, staged), both, strict=True):
            if text is not None:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
                # Size and time tell nothing.
                os.utime(root / path, (1, 1))
    found = {file.path: (file.before, file.after) for file in differing(str(live), str(staged))}
    assert found == {
        "generated/code/Changed.php": (git_blob(b"one"), git_blob(b"two")),
        "generated/code/deep/New.php": (None, git_blob(b"new")),
        "generated/metadata/Removed.php": (git_blob(b"old"), None),
    }
