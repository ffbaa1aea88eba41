# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the files of Commerce's packages are: below vendor/magento, or, in a clone of the vendor's repository, not."""

from __future__ import annotations

import re
from typing import Tuple

COMPOSER = "composer"
GIT = "git"

# Package below vendor/magento -> folder of a clone (magento/magento2), as the vendor's own tool converts its patches.
_IN_CLONE: Tuple[Tuple[str, str], ...] = (
    (r"module-([\w-]+)", "app/code/Magento/{name}"),
    (r"theme-(adminhtml|frontend)-([\w-]+)", "app/design/{area}/Magento/{theme}"),
    (r"framework-([\w-]+)", "lib/internal/Magento/Framework/{name}"),
    (r"framework", "lib/internal/Magento/Framework"),
    (r"magento2-base", ""),
)


def in_layout(layout: str, path: str) -> str:
    """The place of a file that Composer puts at path (relative to the root, below vendor/magento) in that layout."""
    found = re.fullmatch(r"vendor/magento/([\w-]+)/(.+)", path)
    if layout != GIT or not found:
        return path
    package, rest = found.groups()
    for pattern, folder in _IN_CLONE:
        names = re.fullmatch(pattern, package)
        if names:
            return "/".join(part for part in (_folder(folder, names.groups()), rest) if part)
    return path


def _folder(folder, names) -> str:
    if len(names) == 2:
        return folder.format(area=names[0], theme=names[1])
    return folder.format(name="".join(word.capitalize() for word in "".join(names).split("-")))
