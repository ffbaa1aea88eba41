# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Composer as a program: its environment, and what it says when it fails."""

from __future__ import annotations

import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.composer import (
    composer_argv,
    failure_of,
    network_environment,
    secrets_in,
    words_of,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError


def test_the_named_composer_counts_and_has_to_be_there(tmp_path) -> None:
    (tmp_path / "own").write_text("#!/usr/bin/env php\n")
    argv = composer_argv(str(tmp_path), ("php8.2",), "x", "", str(tmp_path / "own"))
    assert argv == ["php8.2", "-d", "memory_limit=-1", str(tmp_path / "own")]
    with pytest.raises(CommerceError, match="there is no /nowhere/composer") as caught:
        composer_argv(str(tmp_path), ("php",), "install it", "", "/nowhere/composer", "Name it.")
    assert (caught.value.code, caught.value.next_step) == ("no_composer", "Name it.")


def test_keys_go_by_the_environment() -> None:
    auth = {"http-basic": {"packages.example.com": {"username": "u", "password": "p"}}}
    found = network_environment(auth, {"https_proxy": "http://proxy", "COMPOSER_HOME": "/x", "COMPOSER_NO_AUDIT": "0"})
    assert json.loads(found.pop("COMPOSER_AUTH")) == auth
    assert found == {
        "https_proxy": "http://proxy",
        "COMPOSER_DISABLE_NETWORK": "0",
        "COMPOSER_NO_INTERACTION": "1",
        "COMPOSER_NO_AUDIT": "1",
        "COLUMNS": "10000",
    }
    # Those that the operator's variables hold are not taken away.
    assert network_environment({}, {"COMPOSER_AUTH": "{}"})["COMPOSER_AUTH"] == "{}"


@pytest.mark.parametrize(
    ("rc", "words", "code"),
    [
        (255, "The 'https://p.example/packages.json' URL required authentication (HTTP 401).", "no_keys"),
        (255, "The 'https://p.example/packages.json' URL could not be accessed (HTTP 403): HTTP/1.0 403 x", "no_keys"),
        (100, 'The "https://p.example/packages.json" file could not be downloaded (HTTP/2 403 )', "no_keys"),
        (1, "Invalid credentials for 'https://p.example/packages.json', aborting.", "no_keys"),
        (1, "curl error 7 while downloading https://p.example/packages.json: Failed to connect", "no_egress"),
        (100, "curl error 28 while downloading https://p.example/p2/x.json: timed out", "no_egress"),
        (1, "Network disabled, request canceled: https://p.example", "no_egress"),
        (255, 'The "https://p.example/x" file could not be downloaded (HTTP/1.0 404 Not Found)', "composer_failed"),
        (1, "Could not delete /srv/x", "composer_failed"),
        (2, "Problem 1: a curl error 7 package", "unsolved"),
        (
            1,
            'The temporary constraint "a" for "b" must be a subset of the constraint in your composer.json',
            "unsolved",
        ),
    ],
)
def test_why_composer_failed_is_known_by_its_words(rc: int, words: str, code: str) -> None:
    assert failure_of(Result(rc, "", words)) == code


def test_no_secret_is_in_the_words() -> None:
    secrets = list(secrets_in({"a": {"b": "geheim", "c": ["geheimer"], "d": "the"}, "n": 1}, {"X": "verborgen"}))
    assert secrets == ["geheim", "geheimer", "verborgen"]
    said = "https://u:pw@p.example/x\n  geheimer geheim\nupdate [--x]\n"
    words = words_of(Result(1, "the verborgen", said), secrets)
    assert words == "Composer ended with status 1: https://***@p.example/x *** *** the ***"
    assert words_of(Result(1, "", ""), []) == "Composer ended with status 1: no output"
