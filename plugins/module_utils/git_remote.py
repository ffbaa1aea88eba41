# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A branch on a remote of a checkout: where it is, and a push that never forces."""

from __future__ import annotations

import re
from typing import NamedTuple, Optional, Tuple

from .errors import CommerceError
from .git_checkout import Branch, Checkout
from .logins import without_login

_REMOTE_SAYS = re.compile(r"^remote:[ \t]?(.*?)[ \t]*$", re.MULTILINE)
_LOOK_SECONDS = 120


class Remote(NamedTuple):
    """A remote by its name or address."""

    checkout: Checkout
    name: str

    @property
    def shown(self) -> str:
        """The same to be told: an address without a login."""
        return without_login(self.name)

    def head(self, branch: str) -> Optional[str]:
        """The commit that the remote's branch is at, None where it has none of that name. Nothing is fetched."""
        found = self.checkout.git(
            "ls-remote",
            "--",
            self.name,
            "refs/heads/" + branch,
            tried="ask the remote {0} for {1}".format(self.shown, branch),
            code="remote_failed",
            timeout=_LOOK_SECONDS,
        )
        return found.out.split()[0] if found.out.strip() else None

    def require_part(self, branch: Branch, head: Optional[str]) -> None:
        """Refuse a branch that lacks what the remote has: its push would be rejected."""
        if head and not self.checkout.has(head, branch.revision):
            raise CommerceError(
                "work on the branch {0}".format(branch.name),
                self.checkout.path,
                "the remote {0} has it at {1}, which is not a part of it here".format(self.shown, head[:12]),
                "Get it first: git fetch, then git merge or git rebase; or begin with a new checkout.",
                code="behind",
            )

    def push(self, branch: str, seconds: float) -> Tuple[str, ...]:
        """Push the branch, as a build may follow with much time; what the remote said of it, line by line.

        A push that failed raises CommerceError push_failed with git's words, unless the remote has the commit anyway.
        """
        reference = "refs/heads/" + branch
        tried = "push {0} to the remote {1}".format(branch, self.shown)
        try:
            result = self.checkout.git(
                "push", "--", self.name, "{0}:{0}".format(reference), tried=tried, code="push_failed", timeout=seconds
            )
        except CommerceError as error:
            if not self._has_it(branch):
                raise
            words = error.came_back
        else:
            words = without_login(result.err)
        return tuple(line for line in _REMOTE_SAYS.findall(words) if line)

    def _has_it(self, branch: str) -> bool:
        # The connection may have ended after the remote took the commit.
        try:
            head = self.head(branch)
        except CommerceError:
            return False
        return head == self.checkout.git("rev-parse", "refs/heads/" + branch).out.strip()
