# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small live root on this machine, and all that has to be equal in it when a change was taken back."""

from __future__ import annotations

import os
import stat
from pathlib import Path

EVENTS = "vendor/magento/module-x/etc/events.xml"
MODEL = "vendor/magento/module-x/Model/Login.php"
NEW = "vendor/magento/framework/New/Interface.php"
PATHS = (EVENTS, MODEL, NEW)
FACTORY = "generated/code/Vendor/X/Model/LoginFactory.php"
LONG_AGO = 1_600_000_000

FILES = {
    EVENTS: "<config/>",
    MODEL: "<?php\nnamespace Vendor\\X\\Model;\n\nclass Login\n{\n}\n",
    "vendor/magento/framework/Old.php": "<?php",
    "generated/.htaccess": "Deny",
    "generated/metadata/global.php": "<?php return ['old'];",
    FACTORY: "<?php // old",
    "var/log/system.log": "",
}


def make_root(root: Path) -> Path:
    """A compiled store whose files and folders were all written long ago."""
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    os.chmod(root / MODEL, 0o640)
    os.chmod(root / "generated", 0o2775)
    for folder, folders, names in os.walk(root, topdown=False):
        for name in (*names, *folders):
            os.utime(os.path.join(folder, name), (LONG_AGO, LONG_AGO))
    os.utime(root, (LONG_AGO, LONG_AGO))
    return root


def tree(root: Path) -> dict[str, tuple]:
    """Every path with all that has to be equal afterwards: mode, owner, group, time of change and content."""
    seen = {}
    for folder, folders, files in os.walk(root):
        for name in (".", *folders, *files):
            path = os.path.normpath(os.path.join(folder, name))
            entry = os.lstat(path)
            content = Path(path).read_bytes() if stat.S_ISREG(entry.st_mode) else b""
            # A folder's own size and link count follow from its entries.
            seen[os.path.relpath(path, root)] = (entry.st_mode, entry.st_uid, entry.st_gid, entry.st_mtime_ns, content)
    return seen


def make_change(root: Path) -> None:
    """One file written in place, one replaced, a new one in a new folder: what a patch does."""
    (root / EVENTS).write_text("<config><event/></config>")
    (root / MODEL).unlink()
    (root / MODEL).write_text("<?php\nnamespace Vendor\\X\\Model;\n\nclass Login\n{ /* new */ }\n")
    (root / NEW).parent.mkdir()
    (root / NEW).write_text("<?php interface")
