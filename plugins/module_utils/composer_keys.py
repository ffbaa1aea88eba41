# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Composer's keys and settings lent to a copy of a release: by link, so that nothing secret is written anywhere."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import Iterator, List, Mapping, Tuple

_KEYS, _SETTINGS = "auth.json", "config.json"


@contextmanager
def composer_keys(root: str, folder: str, home: str, owner_home: str, environment: Mapping[str, str]) -> Iterator[None]:
    """For the length of a with block, folder and Composer's home there have what the owner's Composer goes by.

    root: the live release, which may have keys of its own. environment: COMPOSER_HOME in it says where the owner's are.
    """
    made: List[str] = []
    try:
        for source, link in _links(root, folder, home, owner_home, environment):
            os.symlink(source, link)
            made.append(link)
        yield
    finally:
        for link in made:
            with suppress(FileNotFoundError):
                os.unlink(link)


def _links(root, folder, home, owner_home, environment) -> Iterator[Tuple[str, str]]:
    """What there is to link: source and link."""
    own = os.path.join(root, _KEYS)
    if os.path.isfile(own):
        yield own, os.path.join(folder, _KEYS)
    # In Composer's order.
    usual = (os.path.join(owner_home, ".config", "composer"), os.path.join(owner_home, ".composer"))
    given = environment.get("COMPOSER_HOME")
    for name in (_KEYS, _SETTINGS):
        places = (os.path.join(place, name) for place in ((given,) if given else usual))
        found = next((place for place in places if os.path.isfile(place)), None)
        if found:
            yield found, os.path.join(home, name)
