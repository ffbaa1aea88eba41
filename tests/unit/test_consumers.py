# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The consumers of a store's queues are told to start anew; a store that cannot is no failure."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.consumers import restart_consumers
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError


class Runner:
    def __init__(self, result: Result | CommerceError):
        self._result = result
        self.argv: list[str] = []

    def run(self, argv, **options):
        self.argv = list(argv)
        assert options == {"cwd": "/s", "timeout": 7}
        if isinstance(self._result, CommerceError):
            raise self._result
        return self._result


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Result(0, "", ""), "restarted the queue consumers"),
        (Result(1, '\n  Command "queue:consumers:restart" is not\n  defined.\n', ""), "left queue consumers alone"),
        (Result(1, "", 'There are no commands defined in the "queue" namespace.'), "left queue consumers alone"),
        (Result(255, "", "SQLSTATE secret"), "could not restart the queue consumers (status 255)"),
        (CommerceError("run", "/s", "no end within 7 s", ""), "could not restart the queue consumers (no end"),
    ],
)
def test_what_became_of_it_is_told_in_words(result: Result | CommerceError, words: str) -> None:
    runner = Runner(result)
    told = restart_consumers("/s", ("php8.2",), runner, 7)
    assert told.startswith(words)
    assert "secret" not in told
    assert runner.argv == ["php8.2", "bin/magento", "queue:consumers:restart", "--no-ansi", "--no-interaction"]
