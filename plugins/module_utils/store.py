# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store root: what is installed there, whose it is and in what state. Files only; nothing of the store is started."""

from __future__ import annotations

import grp
import json
import os
import pwd
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Tuple

from .errors import CommerceError

INSTALLED = "vendor/composer/installed.json"
LOCK = "composer.lock"
MANIFEST = "composer.json"
QUALITY_PATCHES = "magento/quality-patches"
# Commerce's: wiring comes from it where it is there; every request is answered with 503 while it is there.
METADATA = os.path.join("generated", "metadata", "global.php")
MAINTENANCE_FLAG = os.path.join("var", ".maintenance.flag")
# Ours: the files of before, while a change is under way.
WAY_BACK = ".storefleet"

# Packages whose number is Commerce's own; the numbers of modules are not.
_BASES = ("magento/magento2-base", "mage-os/magento2-base")

# Most telling first. From the names of the vendors' meta-packages.
_EDITIONS = (
    ("cloud", ("magento/magento-cloud-metapackage", "magento/ece-tools")),
    ("b2b", ("magento/extension-b2b",)),
    ("enterprise", ("magento/product-enterprise-edition", "magento/magento2ee")),
    ("mage-os", ("mage-os/product-community-edition",)),
    ("community", ("magento/product-community-edition", "magento/magento2ce")),
)

# The root package of a checkout of the vendor's repository.
_CLONES = ("magento/magento2ce", "magento/magento2ee")

DEFAULT_UMASK = 0o002


@dataclass(frozen=True)
class Store:
    """A store as its files show it.

    root: real path; given_root: as it was given, a link perhaps.
    version: of magento/magento2-base, as written by Composer ("2.4.6-p3").
    edition: cloud, b2b, enterprise, mage-os, community or unknown; editions: all of these that are installed.
    packages: name -> version from install_source, a path relative to root.
    versions: the base package's version by each source that names one; vendor wins where they disagree.
    linked: given_root itself is a link, as Deployer's current.
    layout: composer, or git for a clone of the vendor's repository.
    compiled: constructor wiring comes from generated/metadata, whatever the mode says.
    maintenance: the flag file is there.
    interrupted: a change is under way, or a run that was killed left one unfinished.
    owner, group: names, or the number where there is no name.
    """

    root: str
    given_root: str
    linked: bool
    version: str
    edition: str
    editions: Tuple[str, ...]
    packages: Mapping[str, str] = field(repr=False)
    install_source: str
    versions: Mapping[str, str]
    layout: str
    compiled: bool
    maintenance: bool
    interrupted: bool
    owner: str
    group: str
    qpt_version: Optional[str]

    @property
    def notes(self) -> Tuple[str, ...]:
        """What an operator should know before trusting the version or keeping a change."""
        notes = []
        others = {source: version for source, version in self.versions.items() if version != self.version}
        if others:
            named = ", ".join("{0} says {1}".format(*item) for item in sorted(others.items()))
            notes.append("{0} says {1}, but {2}.".format(self.install_source, self.version, named))
        if self.linked:
            notes.append(
                "{0} is a link to {1}: a change made there is lost when the link is moved to another release.".format(
                    self.given_root, self.root
                )
            )
        return tuple(notes)


def read_store(root: str) -> Store:
    """Look at the store at root. No store there, or unreadable: CommerceError no_store or unreadable."""
    real = os.path.realpath(root)
    if not os.path.isdir(os.path.join(real, "app", "etc")):
        raise _no_store(root, "there is no app/etc in it")
    manifest = _json(real, MANIFEST)
    sources = {
        INSTALLED: _listed(_json(real, INSTALLED)),
        LOCK: _locked(_json(real, LOCK)),
        MANIFEST: _required(manifest),
    }
    versions = {
        name: version for name, version in ((name, _base(listed)) for name, listed in sources.items()) if version
    }
    if not versions:
        raise _no_store(
            root,
            "neither vendor/composer/installed.json nor composer.lock nor composer.json names {0}".format(_BASES[0]),
        )
    source = next(name for name in sources if name in versions)
    packages = sources[source]
    editions = tuple(edition for edition, names in _EDITIONS if any(name in packages for name in names))
    status = os.stat(real)
    return Store(
        root=real,
        given_root=root,
        linked=os.path.islink(root.rstrip("/")),
        version=versions[source],
        edition=editions[0] if editions else "unknown",
        editions=editions,
        packages=packages,
        install_source=source,
        versions=versions,
        layout="git" if manifest and manifest.get("name") in _CLONES else "composer",
        compiled=os.path.isfile(os.path.join(real, METADATA)),
        maintenance=os.path.exists(os.path.join(real, MAINTENANCE_FLAG)),
        interrupted=os.path.isdir(os.path.join(real, WAY_BACK)),
        owner=_name(pwd.getpwuid, status.st_uid),
        group=_name(grp.getgrgid, status.st_gid),
        qpt_version=sources[INSTALLED].get(QUALITY_PATCHES),
    )


def magento_umask(root: str) -> int:
    """The umask that Commerce itself works with at root: the octal number in the file magento_umask, else 002."""
    try:
        with open(os.path.join(root, "magento_umask"), encoding="ascii") as file:
            return int(file.read().strip(), 8) & 0o777
    except (OSError, ValueError):
        return DEFAULT_UMASK


def _json(root: str, path: str) -> Any:
    """The content of a JSON file, None where there is no such file."""
    full = os.path.join(root, path)
    try:
        with open(full, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise CommerceError(
            "read what Composer installed",
            full,
            error.strerror or str(error) if isinstance(error, OSError) else "it is not valid JSON",
            "Check the file; composer install writes it anew.",
            code="unreadable",
        ) from error


def _listed(installed) -> Dict[str, str]:
    # Composer 2 writes an object, Composer 1 a bare list.
    entries = installed.get("packages", []) if isinstance(installed, dict) else installed or []
    return _versions(entries)


def _locked(lock) -> Dict[str, str]:
    if not lock:
        return {}
    return _versions(list(lock.get("packages", [])) + list(lock.get("packages-dev", [])))


def _versions(entries) -> Dict[str, str]:
    return {
        entry["name"]: str(entry.get("version", "")) for entry in entries if isinstance(entry, dict) and "name" in entry
    }


def _required(manifest) -> Dict[str, str]:
    """Packages that composer.json pins to one version, the root itself among them."""
    if not manifest:
        return {}
    packages = {name: version for name, version in manifest.get("require", {}).items() if version[:1].isdigit()}
    if manifest.get("name") and manifest.get("version"):
        packages[manifest["name"]] = manifest["version"]
    return packages


def _base(packages) -> Optional[str]:
    names = list(_BASES) + [
        name for dummy, group in _EDITIONS[1:] for name in group if "product-" in name or name in _CLONES
    ]
    return next((packages[name] for name in names if packages.get(name)), None)


def _name(lookup, number) -> str:
    try:
        return lookup(number)[0]
    except KeyError:
        return str(number)


def _no_store(root, came_back):
    return CommerceError(
        "find a Commerce store",
        root,
        came_back,
        "Set commerce_root to the folder that holds the store's app/etc and vendor.",
        code="no_store",
    )
