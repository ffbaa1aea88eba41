# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A project as its composer.lock says what a build of it installs, and which patches fit that."""

from __future__ import annotations

import os
from typing import Mapping, NamedTuple, Optional

from .advisory import ADVISORIES
from .catalogue import Catalogue, entries_at
from .composer_packages import INSTALLED, LOCK, read_composer_files
from .editions import release_of
from .errors import CommerceError
from .store import QUALITY_PATCHES
from .version import Version, satisfies


class Project(NamedTuple):
    """What composer.lock lists.

    version: of Commerce, by which the patches go. packages: name -> version. catalogue: what the tool knows that is
    locked, where just that one is installed in the checkout.
    """

    version: str
    packages: Mapping[str, str]
    catalogue: Optional[Catalogue] = None

    @property
    def tool(self) -> Optional[str]:
        """The locked version of magento/quality-patches."""
        return self.packages.get(QUALITY_PATCHES)


class Fit(NamedTuple):
    """Whether a patch fits the project's version; None: nothing here tells. rule: what decided, in words."""

    fits: Optional[bool]
    rule: str


def read_project(folder: str, checkout: str) -> Project:
    """The project whose composer.json and composer.lock stand in folder, as they are in a commit of the checkout.

    CommerceError: no_lock, no_version, unreadable.
    """
    files = read_composer_files(folder)
    locked = files.listings[LOCK].packages
    if LOCK in files.missing or not locked:
        words = "there is no {0} that lists packages".format(LOCK)
        raise refused(checkout, words, "Make one with composer update --no-install, and commit it.", "no_lock")
    release = release_of(folder, files._replace(listings={LOCK: files.listings[LOCK]}))
    if release is None or release.base_version is None:
        words = "{0} does not tell the version of Commerce".format(LOCK)
        raise refused(checkout, words, "Check what it says of magento/magento2-base.", "no_version")
    return Project(release.base_version, locked, _catalogue(checkout, locked))


def fit_of(project: Project, patch_id: str) -> Fit:
    """Whether the build can apply a patch: by the tool's own rules where they can be read, else by the advisory."""
    if project.catalogue is not None:
        rules = ", ".join("{0} {1}".format(*rule) for rule in project.catalogue.rules(patch_id))
        if not rules:
            return Fit(False, "magento/quality-patches {0} does not have it".format(project.tool))
        return Fit(bool(project.catalogue.patches(patch_id)), rules)
    advisory = ADVISORIES.get(patch_id)
    if advisory is None:
        return Fit(None, "")
    rule = "magento/magento2-base {0}".format(advisory.range)
    return Fit(satisfies(project.version, advisory.range), rule)


def tool_to_raise(project: Project, ids) -> Optional[str]:
    """The release of magento/quality-patches that the patches need, where an older one or none is locked."""
    needed = [ADVISORIES[patch_id].minimum_tool for patch_id in ids if patch_id in ADVISORIES]
    minimum = max(needed, key=Version.parse, default=None)
    if minimum is None or is_new_enough(project.tool, minimum):
        return None
    return minimum


def is_new_enough(version: Optional[str], minimum: str) -> bool:
    """Whether a version of the tool is the minimum or a later one. Of a branch nobody can tell: it is left alone."""
    return version is not None and (Version.parse(version).is_branch or satisfies(version, ">=" + minimum))


def _catalogue(checkout: str, locked: Mapping[str, str]) -> Optional[Catalogue]:
    installed = read_composer_files(checkout).listings[INSTALLED].packages.get(QUALITY_PATCHES)
    if installed is None or installed != locked.get(QUALITY_PATCHES):
        return None
    try:
        return Catalogue(entries_at(checkout), checkout, locked)
    except CommerceError:
        # It is the lock that the build goes by; vendor is only somebody's copy.
        return None


def refused(checkout: str, came_back: str, next_step: str, code: str) -> CommerceError:
    """The error that says what composer.lock does not."""
    return CommerceError(
        "find out what the build installs", os.path.join(checkout, LOCK), came_back, next_step, code=code
    )
