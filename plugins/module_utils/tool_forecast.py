# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Composer would choose, in check mode: solved on copies of its two files outside of the store."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any, Dict, List, NamedTuple, Sequence

from .advisory import ADVISORIES
from .command import LocalRunner
from .composer_keys import composer_keys
from .composer_packages import LOCK, MANIFEST, read_json
from .patch_state import APPLIED, TOOL_MISSING, TOOL_TOO_OLD
from .quality_patches import Change, Outcome
from .store import QUALITY_PATCHES, Store
from .tool_choice import Chooser, choice_as_diff, choice_as_result
from .tool_plan import ToolPlan, ToolWish

# A repository of these kinds is a folder, which a path that is not absolute looks for in the release.
_FOLDERS = ("path", "artifact", "vcs", "git", "composer")


class ToolForecast(NamedTuple):
    """As ToolInstalled, of what a real run would do."""

    result: Dict[str, Any]
    diff: List[Dict[str, str]]
    actions: Sequence[str]


def forecast_tool(
    store: Store, plan: ToolPlan, wish: ToolWish, patches: Sequence[str], php: Sequence[str], owner_home: str
) -> ToolForecast:
    """Let Composer choose, by the store's owner, and leave nothing of it. CommerceError: those of tool_choice.Chooser.

    It solves for good and installs nothing, in a folder where there is nothing to install to: what a dry run prints
    would have to be read, and this leaves a composer.lock like the real one.
    """
    with tempfile.TemporaryDirectory(prefix="storefleet-") as folder:
        home = os.path.join(folder, "home")
        os.mkdir(home)
        for path in (MANIFEST, LOCK):
            shutil.copyfile(os.path.join(store.root, path), os.path.join(folder, path))
        _lend_repositories(store.root, folder)
        variables = {"TMPDIR": home, "COMPOSER_HOME": home, "GIT_CEILING_DIRECTORIES": folder}
        with composer_keys(store.root, folder, home, owner_home, wish.environment):
            chooser = Chooser(store.root, folder, plan, wish, patches, php)
            choice = chooser.choose(LocalRunner(variables, home=home), ["--no-install"])
        words = "would have let Composer install {0} {1}".format(QUALITY_PATCHES, choice.after)
        return ToolForecast(choice_as_result(plan, choice), choice_as_diff(store.root, folder, choice), (words,))


def expected_outcome(patches: Sequence[str], before: str) -> Outcome:
    """What the patches would change by all that is known without the release of the tool that has them.

    before: where they stand, tool_missing or tool_too_old.
    """
    changes = tuple(Change(each, before, APPLIED, _files_of(each)) for each in dict.fromkeys(patches))
    words = tuple("would have applied {0}, as far as it fits".format(change.id) for change in changes)
    return Outcome(bool(changes), changes, (), words)


def state_before(plan: ToolPlan) -> str:
    """Where a patch stands in a store whose tool has to be installed."""
    return TOOL_MISSING if plan.before is None else TOOL_TOO_OLD


def _files_of(patch_id):
    return ADVISORIES[patch_id].files if patch_id in ADVISORIES else ()


def _lend_repositories(root: str, folder: str) -> None:
    """Let repositories that are folders of the release be found."""
    repositories = (read_json(root, MANIFEST) or {}).get("repositories") or []
    entries = repositories.values() if isinstance(repositories, dict) else repositories
    for entry in entries:
        address = entry.get("url") if isinstance(entry, dict) and entry.get("type") in _FOLDERS else None
        if not isinstance(address, str) or "://" in address or os.path.isabs(address):
            continue
        first = os.path.normpath(address).split("/")[0]
        source, link = os.path.join(root, first), os.path.join(folder, first)
        if first not in ("", ".", "..") and os.path.isdir(source) and not os.path.lexists(link):
            os.symlink(source, link)
