# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that say how the way back from a failed change went."""

from __future__ import annotations

from .behaviour import Behaviour, in_words, serves_as_before
from .errors import CommerceError

ROLLED_BACK, ROLLBACK_FAILED = "rolled_back", "rollback_failed"


def cause_of(error: BaseException) -> str:
    """Why a change failed, a sentence. Of an error that nobody foresaw the class alone: its words may hold secrets."""
    if isinstance(error, CommerceError):
        return str(error).strip()
    return "{0} while changing it.".format(type(error).__name__)


def require_as_before(root: str, before: Behaviour, after: Behaviour) -> None:
    """Raise CommerceError not_as_before if an API does not do what it did before the change."""
    if not serves_as_before(before, after):
        raise CommerceError(
            "prove that the store serves as before",
            root,
            "it now behaves so: {0}".format(in_words(after)),
            "",
            code="not_as_before",
        )


def rolled_back(tried: str, root: str, cause: str, after: Behaviour) -> CommerceError:
    """A change failed, and the store is as it was."""
    return CommerceError(
        tried,
        root,
        "{0} Everything was put back, and the store serves as before ({1})".format(cause, in_words(after)),
        "See {0}/var/log and the words above for the cause, then run again.".format(root),
        code=ROLLED_BACK,
    )


def rollback_failed(tried: str, root: str, cause: str, error: Exception, by_hand: str) -> CommerceError:
    """A change failed and the way back too; by_hand: what is left to do, as commands."""
    return CommerceError(
        tried, root, "{0} And going back failed: {1}".format(cause, error), by_hand, code=ROLLBACK_FAILED
    )


def not_testable(tried: str, root: str, before: Behaviour) -> CommerceError:
    """What is to be changed cannot be proven afterwards, so it is not changed."""
    return CommerceError(
        tried,
        root,
        "its behaviour cannot be tested now ({0})".format(in_words(before)),
        "Remove what hinders the probe, then run again: nothing has been changed.",
        code="not_testable",
    )


def not_effective(tried: str, root: str, came_back: str) -> CommerceError:
    """The change was made, and the store does not do what it is for."""
    return CommerceError(tried, root, came_back, "", code="not_effective")
