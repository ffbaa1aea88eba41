# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be at the path of a store's root."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.root_folder import statuses


def test_a_link_and_its_folder(tmp_path):
    (tmp_path / "current").symlink_to(tmp_path)
    link, folder = statuses(str(tmp_path / "current"))
    assert (link, folder) == ((tmp_path / "current").lstat(), tmp_path.stat())


@pytest.mark.parametrize(
    ("root", "code", "reason"),
    [
        ("shop", "relative_root", "relative path"),
        ("", "relative_root", "relative path"),
        ("{0}/none", "no_store", "No such file"),
        ("{0}/file", "no_store", "not a folder"),
        ("{0}/file/below", "no_store", "Not a directory"),
        ("{0}/loop", "symlink_loop", "Too many levels"),
        ("{0}/" + "x" * 300, "unreadable", "too long"),
    ],
)
def test_what_is_no_folder_is_told_as_such(tmp_path, root, code, reason):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").touch()
    with pytest.raises(CommerceError, match=reason) as caught:
        statuses(root.format(tmp_path))
    assert caught.value.code == code
