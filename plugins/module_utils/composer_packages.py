# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Composer's files in a store's root say, in all the shapes that they come in."""

from __future__ import annotations

import json
import os
import re
import stat
from typing import Any, Dict, Iterator, Mapping, NamedTuple, Optional, Tuple

from .errors import CommerceError

INSTALLED = "vendor/composer/installed.json"
LOCK = "composer.lock"
MANIFEST = "composer.json"
BASE = "magento/magento2-base"
# What stands in vendor even where Composer's own list was left out of an artifact.
BASE_MANIFEST = "vendor/{0}/composer.json".format(BASE)

# One release; everything else that may stand there ("^2.4", "2.4.*", "2.4.6 || 2.4.7", "self.version") names none.
_NUMBER = re.compile(r"v?\d+\.\d+\.\d+(?:\.\d+)?(?:-[A-Za-z]+\d*)?")


class Listing(NamedTuple):
    """What one file lists.

    packages: name -> version. replaced: name -> (by which package, the version it claims to be), as their "replace"
    says. upstream: the release of Magento that a package says it was made from (Mage-OS).
    """

    packages: Mapping[str, str]
    replaced: Mapping[str, Tuple[str, str]] = {}
    upstream: Optional[str] = None


class ComposerFiles(NamedTuple):
    """Composer's files of one root.

    listings: file -> what it lists, the most trustworthy first; empty for a file that is not there.
    missing: the files that are not there. name: of the root package. replaced: names that the root package replaces.
    dev: whether development packages are installed, None where no file says. platform_php: config.platform.php.
    """

    listings: Mapping[str, Listing]
    missing: Tuple[str, ...]
    name: str
    replaced: Tuple[str, ...]
    dev: Optional[bool]
    platform_php: Optional[str]


def read_composer_files(root: str) -> ComposerFiles:
    """Read them. One that cannot be read or is not what Composer writes raises CommerceError unreadable."""
    installed, lock, manifest = read_json(root, INSTALLED), read_json(root, LOCK), read_json(root, MANIFEST)
    if isinstance(installed, list):
        # Composer 1.
        installed = {"packages": installed}
    contents = {INSTALLED: installed, LOCK: lock, MANIFEST: manifest}
    for path, content in contents.items():
        if content is not None and not isinstance(content, dict):
            raise _unreadable(root, path, "it holds a {0}, not an object".format(type(content).__name__))
    installed, lock, manifest = installed or {}, lock or {}, manifest or {}
    listings = {
        INSTALLED: _listing(installed.get("packages")),
        BASE_MANIFEST: Listing({}),
        LOCK: _listing(lock.get("packages"), lock.get("packages-dev")),
        MANIFEST: Listing(_pinned(manifest)),
    }
    if contents[INSTALLED] is None:
        listings[BASE_MANIFEST] = _listing([read_json(root, BASE_MANIFEST)])
    platform = _object(_object(manifest.get("config")).get("platform"))
    return ComposerFiles(
        listings=listings,
        missing=tuple(path for path, content in contents.items() if content is None),
        name=str(manifest.get("name") or ""),
        replaced=tuple(_object(manifest.get("replace"))),
        dev=installed["dev"] if isinstance(installed.get("dev"), bool) else None,
        platform_php=str(platform["php"]) if platform.get("php") else None,
    )


def is_number(text: Any) -> bool:
    """Whether the text names one release, and not a range or a branch."""
    return isinstance(text, str) and bool(_NUMBER.fullmatch(text))


def read_json(root: str, path: str) -> Any:
    """The content of a JSON file of Composer's, None where there is no such file; CommerceError unreadable."""
    full = os.path.join(root, path)
    try:
        # Opening a named pipe would wait for its writer for ever.
        if not stat.S_ISREG(os.stat(full).st_mode):
            raise _unreadable(root, path, "it is not a file")
        with open(full, encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(root, path, error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(root, path, "it is not valid JSON") from error


def _listing(*lists: Any) -> Listing:
    packages: Dict[str, str] = {}
    replaced: Dict[str, Tuple[str, str]] = {}
    upstream = None
    for entry in _entries(lists):
        name = entry["name"]
        packages[name] = str(entry.get("version") or "")
        for other, version in _object(entry.get("replace")).items():
            replaced[other] = (name, str(version))
        upstream = upstream or _object(entry.get("extra")).get("magento_version")
    return Listing(packages, replaced, upstream if is_number(upstream) else None)


def _entries(lists) -> Iterator[Dict[str, Any]]:
    for entries in lists:
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                yield entry


def _pinned(manifest) -> Dict[str, str]:
    """Packages that composer.json pins to one release, the root itself among them."""
    packages = {name: text for name, text in _object(manifest.get("require")).items() if is_number(text)}
    if is_number(manifest.get("version")) and manifest.get("name"):
        packages[str(manifest["name"])] = manifest["version"]
    return packages


def _object(value) -> Dict[str, Any]:
    # PHP writes an empty object as a list, and people write null.
    return value if isinstance(value, dict) else {}


def _unreadable(root, path, came_back):
    return CommerceError(
        "read what Composer installed",
        os.path.join(root, path),
        came_back,
        "Check the file; composer install writes it anew."
        if path == INSTALLED
        else "Check the file, and that the store's owner may read it.",
        code="unreadable",
    )
