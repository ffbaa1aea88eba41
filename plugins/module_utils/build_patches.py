# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a repository that a pipeline builds says which patches a build applies: scripts of Composer's, or hot fixes."""

from __future__ import annotations

import os
from typing import Dict, Optional, Sequence

from .build_project import Project, read_project, refused
from .composer_packages import LOCK, MANIFEST
from .composer_scripts import EVENTS, SCRIPTS, listed_in, with_patches, without_patches
from .errors import UnclearFile
from .listed_patches import Contents, PatchList
from .patch_files import read_sections
from .patch_ids import Listed
from .store import ECE_TOOLS

HOTFIXES = "m2-hotfixes"
_CLOUD = ".magento.app.yaml"


class BuildScripts(PatchList):
    """Scripts of composer.json, which Composer runs after each install and update unless it is told not to."""

    name = "{0} of {1}".format(SCRIPTS, MANIFEST)
    title = "the scripts after composer install"
    path = MANIFEST
    files = (MANIFEST, LOCK)

    def listed(self, held: Contents) -> Listed:
        """See PatchList."""
        return listed_in(_required(held[MANIFEST]))

    def edited(self, held: Contents, add: Sequence[str], remove: Sequence[str]) -> Dict[str, Optional[str]]:
        """See PatchList."""
        text = _required(held[MANIFEST])
        return {MANIFEST: with_patches(text, add) if add else without_patches(text, remove)}

    def read_project(self, folder: str, checkout: str) -> Project:
        """See build_project; and CommerceError cloud_project."""
        return _built(read_project(folder, checkout), checkout)

    def by_hand(self, ids: str) -> str:
        """See PatchList."""
        command = "php vendor/bin/magento-patches apply --no-interaction " + ids.replace(",", "")
        return "Let {0} run by hand-written scripts of {1}: {2}".format(MANIFEST, " and ".join(EVENTS), command)


class Hotfixes(PatchList):
    """Patch files in m2-hotfixes, which ece-patches and pipelines like it apply in the order of their names.

    They come from the tool that is installed in the checkout. CommerceError no_patch_file where it has none.
    """

    name = HOTFIXES
    title = HOTFIXES

    def __init__(self, ids: Sequence[str]):
        self._places = {patch_id: "{0}/{1}.patch".format(HOTFIXES, patch_id) for patch_id in dict.fromkeys(ids)}
        self.path = next(iter(self._places.values()), HOTFIXES)
        self.files = (*self._places.values(), MANIFEST, LOCK)
        # What each holds, known as soon as the project is.
        self._texts: Dict[str, str] = {}

    def listed(self, held: Contents) -> Listed:
        """See PatchList."""
        return Listed(tuple(patch_id for patch_id, place in self._places.items() if held[place] is not None))

    def edited(self, held: Contents, add: Sequence[str], remove: Sequence[str]) -> Dict[str, Optional[str]]:
        """See PatchList."""
        texts = {place: held[place] for place in self._places.values()}
        texts.update({self._places[patch_id]: self._texts[patch_id] for patch_id in add})
        texts.update({self._places[patch_id]: None for patch_id in remove})
        return texts

    def read_project(self, folder: str, checkout: str) -> Project:
        """See build_project; and CommerceError no_patch_file."""
        project = read_project(folder, checkout)
        if project.catalogue is None:
            words = "magento/quality-patches {0} is not what is installed in vendor, where the patch file lies".format(
                project.tool or "(none)"
            )
            raise refused(checkout, words, "Run composer install in the checkout, then again.", "no_patch_file")
        for patch_id in self._places:
            found = project.catalogue.patches(patch_id)
            parts = [part for patch in found for part in read_sections(patch.folder, patch.name)]
            self._texts[patch_id] = "".join(part.text for part in parts)
        return project

    def by_hand(self, ids: str) -> str:
        """See PatchList."""
        return "Put the patch file of {0} into {1} by hand".format(ids, HOTFIXES)


def _required(text: Optional[str]) -> str:
    if text is None:
        raise UnclearFile("it is not there")
    return text


def _built(project: Project, checkout: str) -> Project:
    if ECE_TOOLS in project.packages and os.path.exists(os.path.join(checkout, _CLOUD)):
        words = "{0} and {1} say that Commerce Cloud builds it, and that lists patches in a file of its own".format(
            _CLOUD, LOCK
        )
        raise refused(checkout, words, "Use cloud.yml, or the module cloud_quality_patch.", "cloud_project")
    return project
