# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exceptions of the core. CommerceError says what was tried, on what, what came back and what to do now."""

from __future__ import annotations


class UnclearFile(ValueError):
    """A text that is not to be changed by a program; the message says why, as the end of a sentence."""


class CommerceError(Exception):
    """Something could not be done on a store.

    tried: what was attempted, as an infinitive ("read the database settings").
    on: the thing it was attempted on, a path, host or URL.
    came_back: what happened instead, in the other side's own words where there are any.
    next_step: what the operator can do now, a sentence.
    code: a short identifier of the case for callers and reports, snake_case.
    facts: what a module returns with it, by name, for callers that go by more than the code.
    """

    def __init__(self, tried, on, came_back, next_step, code="failed", facts=None):
        super().__init__(tried, on, came_back, next_step, code)
        self.tried = tried
        self.on = on
        self.came_back = came_back
        self.next_step = next_step
        self.code = code
        self.facts = facts or {}

    def __str__(self):
        return "Could not {0} on {1}: {2}. {3}".format(
            self.tried, self.on, str(self.came_back).rstrip("."), self.next_step
        )

    def as_dict(self):
        """The parts by name, for results and for the way between two processes."""
        parts = {
            "tried": self.tried,
            "on": self.on,
            "came_back": self.came_back,
            "next_step": self.next_step,
            "code": self.code,
        }
        return dict(parts, facts=self.facts) if self.facts else parts


class MissingLibrary(CommerceError):
    """A Python library that this work needs cannot be imported on the host."""

    def __init__(self, library, interpreter):
        super().__init__(
            "import the Python library {0}".format(library),
            interpreter,
            "it is not installed there",
            "Install it on the host, or fetch the wheels that the control node takes along: see the README.",
            code="missing_library",
        )
        self.library = library
