# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a live release is at one moment, so that a later moment can tell whether somebody has changed it since."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from .blobs import git_blob
from .deployment import release_bases
from .store import METADATA

# What every deploy, every Composer run and every module:enable changes. Small files: their content is compared.
HASHED = (
    "app/etc/config.php",
    "composer.lock",
    "vendor/autoload.php",
    "vendor/composer/autoload_real.php",
    "vendor/composer/installed.json",
)
# Never its content: not even a hash of a secret leaves the host.
ENV = "app/etc/env.php"

# Of a digest: enough to tell releases apart, and every audit carries one.
_DIGITS = 32

# Deployer's, and those of the usual Capistrano recipes, below the folder that holds the releases.
_LOCKS = (".dep/deploy.lock", "deploy.lock", "shared/deploy.lock", "tmp/deploy.lock")


def fingerprint_of(given_root: str, root: str, paths: Iterable[str]) -> Dict[str, Any]:
    """What the release at root (a real path) is now; given_root is the path it was found by, a link perhaps.

    paths: files that a change is about, relative to root. The result is the same after a way through JSON. What cannot
    be read counts as what it shows: nothing. For the store's owner.
    """
    return {
        "root": os.path.realpath(given_root),
        "folders": {name: _identity(os.path.join(root, name)) for name in ("", "generated")},
        "metadata": _status(os.path.join(root, METADATA)),
        "env": _status(os.path.join(root, ENV)),
        "hashes": {path: _sha256(os.path.join(root, path)) for path in HASHED},
        "blobs": {path: blob_of(os.path.join(root, path)) for path in paths},
    }


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Tuple[str, ...]:
    """What has changed between two fingerprints, a sentence each; empty where nothing has."""
    found: List[str] = []
    if before["root"] != now["root"]:
        found.append("The root leads to {0} now, and led to {1}.".format(now["root"], before["root"]))
    for name, identity in before["folders"].items():
        if identity != now["folders"].get(name):
            found.append("{0} is another folder.".format(name or "The root"))
    for key, path in (("metadata", METADATA), ("env", ENV)):
        if before[key] != now[key]:
            found.append("{0} was written again.".format(path))
    for key in ("hashes", "blobs"):
        changed = [path for path in before[key] if before[key][path] != now[key].get(path)]
        found.extend("{0} has another content.".format(path) for path in sorted(changed))
    return tuple(found)


def digest_of(fingerprint: Mapping[str, Any]) -> str:
    """A short text that is another one when another release is there: another deploy, package, module or patch.

    It stays the same for days: what a working store writes again, such as env.php, and the numbers of files on their
    disk are left out. Of what is compiled only counts whether it is there.
    """
    release = {name: fingerprint[name] for name in ("root", "hashes", "blobs")}
    text = json.dumps(dict(release, compiled=fingerprint["metadata"] is not None), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:_DIGITS]


def foreign_lock(root: str, given_root: str) -> Optional[str]:
    """The path of a lock by which a deploy tool says that it is at work on this store; None if there is none."""
    paths = (os.path.join(base, lock) for base in release_bases(root, given_root) for lock in _LOCKS)
    return next((path for path in paths if os.path.lexists(path)), None)


def blob_of(path: str) -> Optional[str]:
    """The id that git gives to a file's content; None where there is no file that can be read."""
    content = _content(path)
    return None if content is None else git_blob(content)


def _sha256(path) -> Optional[str]:
    content = _content(path)
    return None if content is None else hashlib.sha256(content).hexdigest()


def _content(path) -> Optional[bytes]:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _identity(path) -> Optional[List[int]]:
    """Device and inode of what a path leads to."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_dev, status.st_ino]


def _status(path) -> Optional[List[int]]:
    """Size, time of change in ns and inode of what a path leads to."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ino]
