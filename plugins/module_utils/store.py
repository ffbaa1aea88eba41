# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store root: what is installed there, whose it is and in what state. Files only; nothing of the store is started."""

from __future__ import annotations

import errno
import grp
import os
import pwd
from typing import List, Mapping, NamedTuple, Optional, Tuple

from .composer_packages import BASE, INSTALLED, LOCK, MANIFEST, ComposerFiles, read_composer_files
from .deployment import Deployment, deployment_of
from .editions import UNKNOWN, Release, release_of
from .errors import CommerceError
from .root_folder import no_store, statuses

QUALITY_PATCHES = "magento/quality-patches"
CLOUD_PATCHES = "magento/magento-cloud-patches"
ECE_TOOLS = "magento/ece-tools"
# Commerce's: wiring comes from it where it is there; every request is answered with 503 while it is there, but those
# from the addresses that the second file lists.
METADATA = os.path.join("generated", "metadata", "global.php")
MAINTENANCE_FLAG = os.path.join("var", ".maintenance.flag")
MAINTENANCE_ADDRESSES = os.path.join("var", ".maintenance.ip")
# Ours, closed to everybody but the owner; and in it the files of before, while a change is under way and afterwards.
OWN_FOLDER = ".storefleet"
WAY_BACK = os.path.join(OWN_FOLDER, "way_back")
KEPT = os.path.join(OWN_FOLDER, "kept")
LEASE_FILE = os.path.join(OWN_FOLDER, "lease.json")

DEFAULT_UMASK = 0o002


class Store(NamedTuple):
    """A store as its files show it.

    root: real path; given_root: as it was given, a link perhaps.
    linked: given_root itself is a link, as Deployer's current.
    version, base_version, mage_os_version, edition, editions, layout, versions, packages, replaced: see Release.
    install_source: the file that they come from.
    compiled: constructor wiring comes from generated/metadata, whatever the mode says.
    maintenance: the flag file is there; maintenance_allowed: addresses that it does not hold for.
    interrupted: a change is under way, or a run that was killed left one unfinished. leased: a run has taken the lease
    and has not given it back, whether it still goes on or not. kept: the files of before a change are kept.
    owner, group: names, or the number where there is no name.
    qpt_version, cloud_patches_version, ece_tools_version: of the installed packages, None where not installed.
    dev, platform_php, missing: see ComposerFiles.
    linked_vendor: folders of vendor that are links, relative to root. read_only: folders on a read-only file system.
    """

    root: str
    given_root: str
    linked: bool
    version: str
    base_version: Optional[str]
    mage_os_version: Optional[str]
    edition: str
    editions: Tuple[str, ...]
    packages: Mapping[str, str]
    replaced: Tuple[str, ...]
    install_source: str
    versions: Mapping[str, str]
    layout: str
    compiled: bool
    maintenance: bool
    maintenance_allowed: Tuple[str, ...]
    interrupted: bool
    leased: bool
    kept: bool
    owner: str
    group: str
    qpt_version: Optional[str]
    cloud_patches_version: Optional[str]
    ece_tools_version: Optional[str]
    dev: Optional[bool]
    platform_php: Optional[str]
    missing: Tuple[str, ...]
    linked_vendor: Tuple[str, ...]
    read_only: Tuple[str, ...]
    deployment: Deployment

    @property
    def notes(self) -> Tuple[str, ...]:
        """What an operator should know before trusting the version or keeping a change."""
        return tuple(note for note in _notes(self) if note)


def read_store(root: str) -> Store:
    """Look at the store at root, an absolute path.

    CommerceError: no_store, relative_root, symlink_loop, or unreadable, each naming the file.
    """
    dummy, status = statuses(root)
    real = os.path.realpath(root)
    if not _there(real, "app/etc"):
        raise no_store(root, "there is no app/etc in it")
    files = read_composer_files(real)
    release = release_of(real, files)
    if release is None:
        named = "names {0} or an edition of Commerce".format(BASE)
        raise no_store(root, "neither {0} nor {1} nor {2} {3}".format(INSTALLED, LOCK, MANIFEST, named))
    return _store(root, real, status, files, release)


def magento_umask(root: str) -> int:
    """The umask that Commerce itself works with at root: the octal number in the file magento_umask, else 002."""
    try:
        with open(os.path.join(root, "magento_umask"), encoding="ascii") as file:
            return int(file.read().strip(), 8) & 0o777
    except (OSError, ValueError):
        return DEFAULT_UMASK


def _store(root: str, real: str, status: os.stat_result, files: ComposerFiles, release: Release) -> Store:
    installed = files.listings[INSTALLED].packages
    maintenance = _there(real, MAINTENANCE_FLAG)
    return Store(
        root=real,
        given_root=root,
        linked=os.path.islink(root.rstrip("/")),
        version=release.version,
        base_version=release.base_version,
        mage_os_version=release.mage_os_version,
        edition=release.edition,
        editions=release.editions,
        packages=release.packages,
        replaced=release.replaced,
        install_source=release.source,
        versions=release.versions,
        layout=release.layout,
        compiled=_there(real, METADATA),
        maintenance=maintenance,
        maintenance_allowed=_addresses(real),
        interrupted=_there(real, WAY_BACK),
        leased=_there(real, LEASE_FILE),
        kept=_there(real, KEPT),
        owner=_name(pwd.getpwuid, status.st_uid),
        group=_name(grp.getgrgid, status.st_gid),
        qpt_version=installed.get(QUALITY_PATCHES),
        cloud_patches_version=installed.get(CLOUD_PATCHES),
        ece_tools_version=installed.get(ECE_TOOLS),
        dev=files.dev,
        platform_php=files.platform_php,
        missing=files.missing,
        linked_vendor=_linked_vendor(real),
        read_only=_read_only(real),
        deployment=deployment_of(real, root, os.environ),
    )


def _notes(store: Store) -> List[Optional[str]]:
    # composer.json of Mage-OS has a number of its own.
    own = (store.version, store.mage_os_version)
    others = {source: version for source, version in store.versions.items() if version not in own}
    named = ", ".join("{0} says {1}".format(*item) for item in sorted(others.items()))
    notes = ["{0} says {1}, but {2}.".format(store.install_source, store.version, named) if others else None]
    if store.version == UNKNOWN:
        notes.append("Nothing tells the version: the files decide alone.")
    elif store.base_version is None:
        notes.append("Mage-OS {0} does not tell which release of Magento it is made from.".format(store.version))
    if store.missing and store.layout != "git":
        notes.append("{0}: not there, and the Quality Patches Tool needs it.".format(" and ".join(store.missing)))
    if store.linked_vendor:
        links = ", ".join(store.linked_vendor[:3]) + (", …" if len(store.linked_vendor) > 3 else "")
        notes.append("{0}: a link, beyond which the Quality Patches Tool changes nothing.".format(links))
    if store.read_only:
        notes.append("{0}: on a read-only file system.".format(", ".join(store.read_only)))
    if store.replaced:
        notes.append("{0} packages of Commerce are replaced, and so not there.".format(len(store.replaced)))
    if store.maintenance and store.maintenance_allowed:
        notes.append("Maintenance is on, but not for {0}.".format(", ".join(store.maintenance_allowed)))
    if store.deployment.note:
        notes.append(store.deployment.note)
    elif store.linked:
        lost = "{0} is a link to {1}: a change made there is lost when the link is moved to another release."
        notes.append(lost.format(store.given_root, store.root))
    return notes


def _there(root: str, path: str) -> bool:
    """Whether there is something at a path. That nobody lets us look does not mean that there is nothing."""
    full = os.path.join(root, path)
    try:
        os.stat(full)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise CommerceError(
            "look at the store",
            full,
            error.strerror or str(error),
            "Check the links and the rights on the way there: the store's owner has to be able to read it.",
            code="symlink_loop" if error.errno == errno.ELOOP else "unreadable",
        ) from error
    return True


def _addresses(root: str) -> Tuple[str, ...]:
    path = os.path.join(root, MAINTENANCE_ADDRESSES)
    try:
        with open(path if os.path.isfile(path) else os.devnull, encoding="utf-8", errors="replace") as file:
            return tuple(part.strip() for part in file.read(4096).split(",") if part.strip())
    except OSError:
        return ()


def _linked_vendor(root: str) -> Tuple[str, ...]:
    for path in ("vendor", "vendor/magento"):
        if os.path.islink(os.path.join(root, path)):
            return (path,)
    try:
        with os.scandir(os.path.join(root, "vendor/magento")) as entries:
            return tuple(sorted("vendor/magento/" + entry.name for entry in entries if entry.is_symlink()))
    except OSError:
        return ()


def _read_only(root: str) -> Tuple[str, ...]:
    """Those of the root, generated and var that are on a file system which is mounted read-only."""
    found = []
    for path in (root, root + "/generated", root + "/var"):
        try:
            if os.statvfs(path).f_flag & os.ST_RDONLY:
                found.append(path)
        except OSError:
            continue
    return tuple(found)


def _name(lookup, number) -> str:
    try:
        return lookup(number)[0]
    except KeyError:
        return str(number)
