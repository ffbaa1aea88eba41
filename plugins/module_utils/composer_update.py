# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A later magento/quality-patches in composer.json and composer.lock, by Composer itself; nothing is installed."""

from __future__ import annotations

from typing import Sequence

from .command import Result, Runner
from .errors import CommerceError
from .logins import without_login
from .store import CLOUD_PATCHES, ECE_TOOLS, QUALITY_PATCHES

_ENVIRONMENT = {"COMPOSER_NO_INTERACTION": "1", "COMPOSER_ALLOW_SUPERUSER": "1"}
# Nothing of the project runs: no plugin, no script.
_OPTIONS = ("--no-plugins", "--no-scripts", "--no-ansi", "--no-progress")
_SECONDS = 900


def by_hand(minimum: str) -> str:
    """The command for a person."""
    return "composer require {0}:^{1} --no-install --with-all-dependencies".format(QUALITY_PATCHES, minimum)


def raise_tool(path: str, composer: Sequence[str], minimum: str, runner: Runner) -> None:
    """Let the project at path require the tool from a release on, and lock it.

    The packages of the cloud that bring it move along only where it cannot be had without. What Composer refuses raises
    CommerceError composer_failed with its words, no Composer composer_missing; the files may be changed by then.
    """
    tool = "{0}:^{1}".format(QUALITY_PATCHES, minimum)
    _succeed(path, minimum, _run(path, composer, minimum, runner, "require", tool, "--no-update"))
    alone = _run(path, composer, minimum, runner, "update", QUALITY_PATCHES, "--with-dependencies", "--no-install")
    if alone.rc:
        together = (QUALITY_PATCHES, CLOUD_PATCHES, ECE_TOOLS)
        result = _run(path, composer, minimum, runner, "update", *together, "--with-all-dependencies", "--no-install")
        _succeed(path, minimum, result)


def _run(path: str, composer: Sequence[str], minimum: str, runner: Runner, *arguments: str) -> Result:
    argv = tuple(composer) + arguments + _OPTIONS
    try:
        return runner.run(argv, cwd=path, environment=_ENVIRONMENT, timeout=_SECONDS)
    except CommerceError as error:
        if error.code != "not_started":
            raise
        raise CommerceError(
            "raise {0} with Composer".format(QUALITY_PATCHES),
            path,
            "{0} cannot be started: {1}".format(composer[0], error.came_back),
            "Install Composer or name it in the option composer; or run where there is one: {0}".format(
                by_hand(minimum)
            ),
            code="composer_missing",
        ) from error


def _succeed(path: str, minimum: str, result: Result) -> None:
    if result.rc:
        words = without_login((result.err + result.out).strip())
        raise CommerceError(
            "raise {0} to {1} with Composer".format(QUALITY_PATCHES, minimum),
            path,
            words[-2000:] or "Composer ended with status {0}".format(result.rc),
            "Put right what Composer says; by hand it is: {0}".format(by_hand(minimum)),
            code="composer_failed",
        )
