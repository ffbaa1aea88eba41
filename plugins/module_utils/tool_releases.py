# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases of magento/quality-patches: which ones do, for which Commerce."""

from __future__ import annotations

import re
from typing import NamedTuple, Optional, Sequence, Tuple

from .advisory import ADVISORIES
from .errors import CommerceError
from .version import Version, satisfies


class BadRelease(NamedTuple):
    """A release that must not be installed. commerce: the constraint on magento/magento2-base under which it is bad."""

    release: str
    commerce: str
    why: str


BAD_RELEASES = (BadRelease("1.1.56", ">=2.4.4 <2.4.6", "each of its commands fails with Commerce 2.4.4 and 2.4.5"),)


def least_release(patches: Sequence[str]) -> str:
    """The first release that has all of the patches; that has every advisory's patch where none of these is known."""
    known = [ADVISORIES[patch_id] for patch_id in patches if patch_id in ADVISORIES] or list(ADVISORIES.values())
    return max((advisory.minimum_tool for advisory in known), key=Version.parse)


def bad_releases(base_version: Optional[str]) -> Tuple[BadRelease, ...]:
    """The releases that are bad for this magento/magento2-base; all of them where it is not known."""
    return tuple(bad for bad in BAD_RELEASES if base_version is None or _is_within(base_version, bad.commerce))


def is_within(release: Optional[str], constraint: str) -> bool:
    """Whether an installed release lies within a constraint; a branch lies within none but its own."""
    return release is not None and _is_within(release, constraint)


def without_bad(constraint: str, base_version: Optional[str]) -> str:
    """The constraint but for the releases that are bad for this magento/magento2-base."""
    words = "".join(" !={0}".format(bad.release) for bad in bad_releases(base_version))
    return " || ".join(part.strip() + words for part in constraint.split("||"))


def narrowed(constraint: Optional[str], allowed: str) -> Optional[str]:
    """The part of a constraint that is allowed, each with alternatives; None where it names a branch or a stability.

    Composer takes no further constraint for one update but a part of what composer.json has.
    """
    if constraint is None:
        return allowed
    if re.search(r"[@#]|dev| as ", constraint):
        return None
    alternatives = [part.strip() for part in re.split(r"\|\|?", constraint)]
    return " || ".join("{0} {1}".format(part, other.strip()) for part in alternatives for other in allowed.split("||"))


def _is_within(version: str, constraint: str) -> bool:
    try:
        return satisfies(version, constraint)
    except CommerceError:
        return False
