# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Quality Patches Tool chosen by Composer: composer.json and composer.lock of a folder, and nothing else of it."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .command import Result, Runner
from .composer import (
    NEXT_STEPS,
    QUIET,
    SECONDS,
    UNSOLVED,
    composer_argv,
    failure_of,
    network_environment,
    secrets_in,
    words_of,
)
from .composer_packages import LOCK, MANIFEST, read_json
from .errors import CommerceError
from .package_changes import PackageChange, entries_of, others, package_changes
from .patched_files import content
from .store import CLOUD_PATCHES, QUALITY_PATCHES
from .tool_plan import ToolPlan, ToolWish, refused
from .tool_releases import is_within

_NEXT_STEPS = dict(
    NEXT_STEPS,
    pinned="Set commerce_tool_version, which composer.json is then given, or change the constraint there.",
)
_HINTS = {"no_keys": "the package repository refuses the keys, or none were given. ", "no_egress": "no way out. "}


class Choice(NamedTuple):
    """What Composer chose. after: release of the tool. packages: what differs in composer.lock."""

    after: str
    packages: Tuple[PackageChange, ...]


class Chooser:
    """Composer in a folder that has the composer.json and composer.lock of the release at root, by its owner."""

    def __init__(
        self, root: str, folder: str, plan: ToolPlan, wish: ToolWish, patches: Sequence[str], php: Sequence[str]
    ):
        self._root = root
        self._folder = folder
        self._plan = plan
        self._wish = wish
        self._patches = patches
        self._before = lock_of(root)
        error = refused("no_composer", root, "", "Name it in commerce_composer, or install it on the host.", patches)
        self._argv = composer_argv(folder, php, error.tried, "", wish.composer, error.next_step)

    def choose(self, runner: Runner, options: Sequence[str]) -> Choice:
        """Let Composer do it; options: further ones of its update.

        CommerceError no_keys, no_egress, pinned, composer_failed; lock_changed where other packages would move.
        """
        plan = self._plan
        if plan.require is not None:
            words = ["require", "--no-update", *(["--dev"] if plan.is_dev else ())]
            result = self._run(runner, [*words, "{0}:{1}".format(QUALITY_PATCHES, plan.require)])
            if result.rc != 0:
                raise self._failed(result)
        narrowed = ["--with={0}:{1}".format(QUALITY_PATCHES, plan.narrowed)] if plan.narrowed else []
        # As little as will do: what carries out the patches may move only where the tool does not do without.
        for names in ((QUALITY_PATCHES,), (QUALITY_PATCHES, CLOUD_PATCHES)):
            result = self._run(runner, ["update", *names, *narrowed, "--no-progress", *options])
            if result.rc != UNSOLVED:
                break
        if result.rc != 0:
            raise self._failed(result)
        return self._choice()

    def _choice(self) -> Choice:
        lock = lock_of(self._folder)
        packages = package_changes(self._before, lock)
        self.require_only_the_tool(packages, lock)
        after = str(lock.get(QUALITY_PATCHES, {}).get("version"))
        if not is_within(after, self._plan.allowed):
            raise self.refused(
                "composer_failed", "Composer chose {0} {1}".format(QUALITY_PATCHES, after), _NEXT_STEPS["pinned"]
            )
        return Choice(after, packages)

    def require_only_the_tool(self, packages: Sequence[PackageChange], after: Mapping[str, Mapping[str, Any]]) -> None:
        """Raise CommerceError lock_changed where more than the tool and what it needs would be another."""
        strange = others(packages, after)
        if strange:
            raise self.refused(
                "lock_changed",
                "other packages would change with it: {0}".format(", ".join(map(str, strange))),
                "Bring composer.json, composer.lock and vendor into line (composer validate, composer install in a "
                "copy), then run again.",
            )

    def refused(self, code: str, came_back: str, next_step: str) -> CommerceError:
        """The error that says why this cannot be done, with the other ways."""
        return refused(code, self._root, came_back, next_step, self._patches)

    def _run(self, runner, words) -> Result:
        environment = network_environment(self._wish.auth, self._wish.environment)
        return runner.run([*self._argv, *words, *QUIET], self._folder, environment, SECONDS)

    def _failed(self, result) -> CommerceError:
        code = failure_of(result)
        if code == "unsolved":
            code = "pinned" if self._wish.version is None else "composer_failed"
        words = words_of(result, secrets_in(self._wish.auth, self._wish.environment))
        return self.refused(code, _HINTS.get(code, "") + words, _NEXT_STEPS[code])


def lock_of(folder: str) -> Dict[str, Mapping[str, Any]]:
    """The packages that composer.lock of a folder has, those for development too."""
    lock = read_json(folder, LOCK) or {}
    return entries_of(lock.get("packages"), lock.get("packages-dev"))


def choice_as_result(plan: ToolPlan, choice: Choice) -> Dict[str, Any]:
    """What a module returns of it."""
    packages = [change._asdict() for change in choice.packages]
    return {"before": plan.before, "after": choice.after, "packages": packages}


def choice_as_diff(root: str, folder: str, choice: Choice) -> List[Dict[str, str]]:
    """What it changes as Ansible shows a difference: composer.json, and the packages of composer.lock line by line."""

    def entry(path, before, after):
        return {"before_header": path, "after_header": path, "before": before, "after": after}

    def lines(versions):
        return "".join("{0} {1}\n".format(name, version) for name, version in versions if version is not None)

    texts = [(content(where, MANIFEST) or b"").decode("utf-8", "replace") for where in (root, folder)]
    shown = [entry(MANIFEST, *texts)] if texts[0] != texts[1] else []
    before = lines((change.name, change.before) for change in choice.packages)
    after = lines((change.name, change.after) for change in choice.packages)
    return shown + [entry("{0}, packages".format(LOCK), before, after)]


def without_development(root: str, dev: Optional[bool]) -> bool:
    """Whether packages for development are not installed; dev: what installed.json says, None for nothing."""
    if dev is not None:
        return not dev
    lock = read_json(root, LOCK) or {}
    names = entries_of(lock.get("packages-dev"))
    return not any(os.path.isdir(os.path.join(root, "vendor", name)) for name in names)
