# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Composer as a program: which one, and what its end says."""

from __future__ import annotations

import json
import os
import re
import shutil
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence

from .command import PATH, Result
from .errors import CommerceError

# Composer's own.
UNSOLVED = 2

# What a call may take.
SECONDS = 1800
# Plugins would copy the base files of Commerce over the release's own, and ask the store to forget its generated code.
# Both they and scripts are programs that nobody asked for here.
QUIET = ("--no-interaction", "--no-ansi", "--no-plugins", "--no-scripts")

# What to do about a failure that is none of the packages'.
NEXT_STEPS = {
    "no_keys": (
        "Give the keys of the package repository in commerce_composer_auth, or in an auth.json of the store or of its "
        "owner's Composer."
    ),
    "no_egress": (
        "Let the host reach the store's package repositories, by a proxy perhaps (https_proxy in "
        "commerce_composer_environment)."
    ),
    "composer_failed": "Mend what Composer names.",
}

_LONGEST = 600
# A secret that is shorter would take words out of every sentence.
_SHORTEST_SECRET = 4
_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]+@")

_NO_KEYS = re.compile(
    r"HTTP(?:/[\d.]+)?\s+40[13]\b|\b40[13] (?:Unauthorized|Forbidden)|could not authenticate|invalid credentials"
    r"|bad credentials|required authentication|authentication required|must be using the interactive console",
    re.IGNORECASE,
)
_NO_EGRESS = re.compile(
    r"curl error \d+|could not resolve host|failed to connect|connection (?:timed out|refused)|network is unreachable"
    r"|failed to open stream|network disabled",
    re.IGNORECASE,
)
_NO_PART = re.compile(r"temporary constraint .* must be a subset of")
# What a command that failed says last: how it is to be called.
_USAGE = re.compile(r"^(?:update|require) \[.*$", re.MULTILINE)


def composer_argv(
    tree: str, php: Sequence[str], tried: str, why: str, given: Optional[str] = None, next_step: str = ""
) -> List[str]:
    """Composer: the given one, the machine's, the release's own, or the one that Commerce brings as a library.

    tried, why, next_step: of the CommerceError no_composer.
    """
    inside = [os.path.join(tree, name) for name in ("composer.phar", "vendor/bin/composer")]
    places = [given] if given else [shutil.which("composer", path=PATH), *inside]
    found = next((path for path in places if path and os.path.isfile(path)), None)
    if found is None:
        raise CommerceError(
            tried,
            tree,
            "there is no {0}".format(given) if given else "Composer is neither on the host nor in the release" + why,
            next_step
            or "Install Composer on the host (as /usr/local/bin/composer), or put composer.phar into the release.",
            code="no_composer",
        )
    # With the store's PHP, unless it is a program of another kind that starts PHP itself.
    with open(found, "rb") as file:
        is_php = b"php" in file.readline(200)
    return [*php, "-d", "memory_limit=-1", found] if is_php else [found]


def network_environment(auth: Mapping[str, Any], given: Mapping[str, str]) -> Dict[str, str]:
    """The variables for a Composer that may use the network. auth: as in auth.json; given: the operator's variables."""
    own = {
        "COMPOSER_DISABLE_NETWORK": "0",
        "COMPOSER_NO_INTERACTION": "1",
        # It would ask one more server, and its answer is about packages that are none of our business.
        "COMPOSER_NO_AUDIT": "1",
        # Else it breaks its errors in the middle of words.
        "COLUMNS": "10000",
    }
    if auth:
        own["COMPOSER_AUTH"] = json.dumps(auth)
    return dict({name: value for name, value in given.items() if name != "COMPOSER_HOME"}, **own)


def failure_of(result: Result) -> str:
    """Why a Composer failed: unsolved (composer.json lets nothing in), no_keys, no_egress, or composer_failed."""
    text = result.err + "\n" + result.out
    if result.rc == UNSOLVED or _NO_PART.search(text):
        return "unsolved"
    if _NO_KEYS.search(text):
        return "no_keys"
    return "no_egress" if _NO_EGRESS.search(text) else "composer_failed"


def words_of(result: Result, secrets: Iterable[str]) -> str:
    """The last words of a Composer's call on one line, without any of the secrets."""
    text = " ".join(_USAGE.sub("", result.err + "\n" + result.out).split())
    for secret in sorted(set(secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    text = _IN_ADDRESS.sub("***@", text)
    return "Composer ended with status {0}: {1}".format(result.rc, text[-_LONGEST:] or "no output")


def secrets_in(*values: Any) -> Iterator[str]:
    """The texts in nested values, as far as they are long enough to be secrets."""
    for value in values:
        if isinstance(value, Mapping):
            yield from secrets_in(*value.values())
        elif isinstance(value, (list, tuple)):
            yield from secrets_in(*value)
        elif isinstance(value, str) and len(value) >= _SHORTEST_SECRET:
            yield value
