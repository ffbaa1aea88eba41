# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a Commerce Cloud project lists the patches that its build applies."""

from __future__ import annotations

from typing import Dict, Optional, Sequence

from .build_project import Project, read_project, refused
from .composer_packages import LOCK, MANIFEST
from .listed_patches import Contents, PatchList
from .magento_env_yaml import EVERYTHING, KEYS, listed_in, with_patches, without_patches
from .patch_ids import Listed
from .store import ECE_TOOLS

ENVIRONMENT = ".magento.env.yaml"


class CloudPatches(PatchList):
    """stage.build.QUALITY_PATCHES of .magento.env.yaml, which ece-tools reads."""

    name = ".".join(KEYS)
    title = KEYS[-1]
    path = ENVIRONMENT
    files = (ENVIRONMENT, MANIFEST, LOCK)
    everything = EVERYTHING

    def listed(self, held: Contents) -> Listed:
        """See PatchList."""
        return listed_in(held[ENVIRONMENT])

    def edited(self, held: Contents, add: Sequence[str], remove: Sequence[str]) -> Dict[str, Optional[str]]:
        """See PatchList."""
        text = held[ENVIRONMENT]
        return {ENVIRONMENT: with_patches(text, add) if add else without_patches(text, remove)}

    def read_project(self, folder: str, checkout: str) -> Project:
        """See build_project; and CommerceError no_cloud_project."""
        project = read_project(folder, checkout)
        if ECE_TOOLS not in project.packages:
            words = "{0} does not list {1}, which applies the patches at the build".format(LOCK, ECE_TOOLS)
            raise refused(checkout, words, "Give the checkout of a Commerce Cloud project.", "no_cloud_project")
        return project

    def by_hand(self, ids: str) -> str:
        """See PatchList."""
        return "Write it by hand, on lines of their own: stage:, in it build:, in it QUALITY_PATCHES:, in it - " + ids
