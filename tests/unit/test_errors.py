# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core's errors: what an operator reads, and what a result and another process get of them."""

from __future__ import annotations

import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError, MissingLibrary

PARTS = {
    "tried": "read the settings",
    "on": "/srv/store",
    "came_back": "Permission denied",
    "next_step": "Let the owner read it.",
    "code": "unreadable",
}


def test_the_text_is_two_sentences() -> None:
    text = "Could not read the settings on /srv/store: Permission denied. Let the owner read it."
    assert str(CommerceError(**PARTS)) == text


@pytest.mark.parametrize(
    ("came_back", "told"),
    [
        ("it ended.", ": it ended. Let"),
        ("waiting...", ": waiting. Let"),
        ("exit 1.5", ": exit 1.5. Let"),
        (OSError("no such host."), ": no such host. Let"),
        (404, ": 404. Let"),
    ],
)
def test_what_came_back_ends_with_one_full_stop(came_back, told: str) -> None:
    assert told in str(CommerceError(**{**PARTS, "came_back": came_back}))


def test_the_parts_go_to_another_process_and_come_back() -> None:
    error = CommerceError(**PARTS)
    assert error.as_dict() == PARTS
    again = CommerceError(**json.loads(json.dumps(error.as_dict())))
    assert (str(again), again.as_dict()) == (str(error), error.as_dict())


def test_facts_go_along() -> None:
    error = CommerceError(**PARTS, facts={"side_effects": [{"id": "ACSD-1"}]})
    again = CommerceError(**json.loads(json.dumps(error.as_dict())))
    assert again.facts == {"side_effects": [{"id": "ACSD-1"}]}
    assert CommerceError(**PARTS).facts == {}


def test_an_error_without_a_code_has_the_general_one() -> None:
    assert CommerceError("do it", "it", "no", "Again.").code == "failed"


def test_a_missing_library_is_named_with_the_interpreter_that_lacks_it() -> None:
    error = MissingLibrary("PyMySQL", "/usr/bin/python3.8")
    assert isinstance(error, CommerceError)
    assert (error.library, error.code, error.on) == ("PyMySQL", "missing_library", "/usr/bin/python3.8")
    assert str(error).startswith("Could not import the Python library PyMySQL on /usr/bin/python3.8: ")
    # A result crosses to the process that kept root by its parts.
    assert set(error.as_dict()) == set(PARTS)
