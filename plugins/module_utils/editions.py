# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which release of which edition a store is, decided from what Composer's files say."""

from __future__ import annotations

import os
from typing import Dict, Mapping, NamedTuple, Optional, Tuple

from .composer_packages import BASE, INSTALLED, ComposerFiles, Listing, is_number
from .layout import COMPOSER, GIT

UNKNOWN = "unknown"

# Most telling first. From the names of the vendors' meta-packages.
_EDITIONS = (
    ("cloud", ("magento/magento-cloud-metapackage", "magento/ece-tools")),
    ("b2b", ("magento/extension-b2b",)),
    ("enterprise", ("magento/product-enterprise-edition", "magento/magento2ee")),
    ("mage-os", ("mage-os/product-community-edition", "mage-os/product-minimal-edition", "mage-os/magento2-base")),
    ("community", ("magento/product-community-edition", "magento/magento2ce")),
)
# The root package of a checkout of the vendor's repository.
_CLONES = ("magento/magento2ce", "magento/magento2ee")
# Modules of a clone that tell of what was linked into it.
_CLONED = (("b2b", "app/code/Magento/B2b"), ("enterprise", "app/code/Magento/Enterprise"))

# Packages that are numbered as the base package is. The cloud's meta-package is not: it leaves the p-level open.
_SAME_NUMBER = (BASE, "magento/product-enterprise-edition", "magento/product-community-edition") + _CLONES
_MAGE_OS = dict(_EDITIONS)["mage-os"]


class Release(NamedTuple):
    """Which release a store is.

    version: base_version, else mage_os_version, else "unknown".
    base_version: of magento/magento2-base, by which Adobe's rules go; None where nothing tells it.
    mage_os_version: Mage-OS' own number, None elsewhere.
    edition: cloud, b2b, enterprise, mage-os, community or unknown; editions: all of these that are installed.
    layout: composer, or git for a clone of the vendor's repository.
    source: the file that all of it comes from; versions: the version by each file that names one.
    packages: name -> version from that file.
    replaced: packages of Commerce that are not there because another package, or the root, says it replaces them.
    """

    version: str
    base_version: Optional[str]
    mage_os_version: Optional[str]
    edition: str
    editions: Tuple[str, ...]
    layout: str
    source: str
    versions: Mapping[str, str]
    packages: Mapping[str, str]
    replaced: Tuple[str, ...]


def release_of(root: str, files: ComposerFiles) -> Optional[Release]:
    """The release at root, None where nothing names Commerce at all."""
    layout = GIT if files.name in _CLONES else COMPOSER
    numbers: Dict[str, str] = {}
    for path, listing in files.listings.items():
        version = _base(listing) or _mage_os(listing)
        if version:
            numbers[path] = version
    source = next(iter(numbers), None)
    if source is None:
        # A clone of a branch that has no number yet, or an installation from such a branch.
        source = next((path for path, listing in files.listings.items() if _editions(listing)), None)
        if source is None and layout == COMPOSER:
            return None
        source = source or INSTALLED
    listing = files.listings[source]
    editions = _editions(listing, files.name)
    if layout == GIT:
        linked = tuple(name for name, folder in _CLONED if os.path.isdir(os.path.join(root, folder)))
        editions = linked + tuple(name for name in editions if name not in linked)
    return Release(
        version=numbers.get(source, UNKNOWN),
        base_version=_base(listing),
        mage_os_version=_mage_os(listing),
        edition=editions[0] if editions else UNKNOWN,
        editions=editions,
        layout=layout,
        source=source,
        versions=numbers,
        packages=listing.packages,
        replaced=_absent(listing, files, layout),
    )


def _base(listing: Listing) -> Optional[str]:
    told = [listing.packages.get(name) for name in _SAME_NUMBER]
    told += [listing.replaced[name][1] for name in _SAME_NUMBER if name in listing.replaced]
    told.append(listing.upstream)
    return next((text for text in told if text and is_number(text)), None) or listing.packages.get(BASE) or None


def _mage_os(listing: Listing) -> Optional[str]:
    return next((listing.packages[name] for name in _MAGE_OS if listing.packages.get(name)), None)


def _editions(listing: Listing, *names: str) -> Tuple[str, ...]:
    there = set(listing.packages).union(names)
    return tuple(edition for edition, telling in _EDITIONS if there.intersection(telling))


def _absent(listing, files, layout) -> Tuple[str, ...]:
    # A clone replaces the packages that it is made of; Mage-OS' packages are those they replace, under another vendor.
    by_root = () if layout == GIT else files.replaced
    by_others = [name for name, (by, dummy) in listing.replaced.items() if name.split("/")[-1] != by.split("/")[-1]]
    names = set(by_root).union(by_others).difference(listing.packages)
    return tuple(sorted(name for name in names if name.startswith("magento/")))
