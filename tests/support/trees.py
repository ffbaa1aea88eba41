# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store's tree, seen from inside its container as root: what has to be equal before and after."""

from __future__ import annotations

import json

# Written by the store itself all the time, and by every command of its own.
RUNTIME = ("var/cache", "var/log", "var/page_cache", "var/report", "var/session", "var/tmp")

WALK = """
import hashlib, json, os, stat, sys
root, runtime = sys.argv[1], tuple(sys.argv[2:])
seen = {}
for folder, folders, files in os.walk(root):
    here = os.path.relpath(folder, root)
    folders[:] = [name for name in folders if os.path.normpath(os.path.join(here, name)) not in runtime]
    for name in ['.'] * (folder == root) + folders + files:
        path = os.path.join(folder, name)
        entry = os.lstat(path)
        kind = stat.S_IFMT(entry.st_mode)
        seen[os.path.normpath(os.path.join(here, name))] = {
            'type': oct(kind), 'mode': oct(stat.S_IMODE(entry.st_mode)), 'uid': entry.st_uid, 'gid': entry.st_gid,
            'mtime': entry.st_mtime_ns, 'links': entry.st_nlink if kind == stat.S_IFREG else None,
            'target': os.readlink(path) if kind == stat.S_IFLNK else None,
            'content': hashlib.sha256(open(path, 'rb').read()).hexdigest() if kind == stat.S_IFREG else None,
            'xattrs': {
                name: os.getxattr(path, name, follow_symlinks=False).hex()
                for name in os.listxattr(path, follow_symlinks=False)
            },
        }
json.dump(seen, sys.stdout)
"""


def snapshot(store, root: str, runtime: tuple[str, ...] = RUNTIME) -> dict[str, dict]:
    """Path -> type, mode, owner, times, content, … of everything below root but the folders that runtime names."""
    return json.loads(store.run("python3", "-c", WALK, root, *runtime))


def differences(before: dict[str, dict], after: dict[str, dict], keys: tuple[str, ...] | None = None) -> list[str]:
    """What differs, a line each; with keys only these are compared, and only of what is on both sides."""
    paths = sorted(before.keys() & after.keys() if keys else before.keys() | after.keys())
    found = []
    for path in paths:
        old, new = before.get(path), after.get(path)
        if old is None or new is None:
            found.append(f"{path}: {'new' if old is None else 'gone'}")
            continue
        found.extend(f"{path}: {key} was {old[key]}, is {new[key]}" for key in keys or old if old[key] != new[key])
    return found
