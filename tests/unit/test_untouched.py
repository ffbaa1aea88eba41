# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What proves that a release was touched, and what a live store writes itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.untouched import differences, snapshot

PATCHED = "vendor/magento/module-x/Login.php"
FILES = (PATCHED, "vendor/magento/framework/A.php", "app/etc/env.php", "generated/metadata/global.php", "pub/index.php")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("before")
    (tmp_path / "vendor/link").symlink_to("magento")
    return tmp_path


def rewritten(path: Path) -> None:
    """Other content of the same size, with the time of before: what only reading the content tells."""
    status = path.stat()
    path.write_text("beyond")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def relinked(path: Path) -> None:
    path.unlink()
    path.symlink_to("composer")


@pytest.mark.parametrize(
    ("path", "change"),
    [
        *((path, lambda file: file.write_text("afterwards")) for path in FILES),
        (PATCHED, rewritten),
        ("app/etc/env.php", rewritten),
        ("vendor/magento/framework/A.php", lambda file: os.utime(file, (1, 1))),
        ("vendor/magento/framework/A.php", lambda file: file.chmod(0o600)),
        ("vendor/magento/framework/A.php", lambda file: file.unlink()),
        ("vendor/new.php", lambda file: file.touch()),
        ("vendor/link", relinked),
        ("pub/index.php", lambda file: file.unlink()),
    ],
)
def test_a_file_that_was_touched_is_named(root: Path, path: str, change) -> None:
    before = snapshot(str(root), [PATCHED])
    change(root / path)
    assert differences(before, snapshot(str(root), [PATCHED])) == (path,)


@pytest.mark.parametrize(
    "path",
    [
        "var/cache/x",
        "pub/static/a.php",
        "pub/media/a.php",
        "pub/sitemap.xml",
        "generated/code/Acme/XFactory.php",
        ".git/index",
        ".storefleet/stage/vendor/a.php",
        "error.log",
    ],
)
def test_what_a_live_store_writes_proves_nothing(root: Path, path: str) -> None:
    before = snapshot(str(root), [PATCHED])
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text("")
    assert differences(before, snapshot(str(root), [PATCHED])) == ()


def test_a_hard_link_to_a_file_is_no_change_of_it(root: Path, tmp_path_factory) -> None:
    before = snapshot(str(root), [PATCHED])
    os.link(root / PATCHED, tmp_path_factory.mktemp("elsewhere") / "link")
    assert differences(before, snapshot(str(root), [PATCHED])) == ()
