# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines that say that a long task is at work."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.storefleet.commerce.plugins.plugin_utils.progress import PAUSE, shown


def test_a_line_comes_again_and_again_until_the_work_is_done() -> None:
    lines: list[str] = []
    enough = threading.Event()

    def show(line: str) -> None:
        lines.append(line)
        if len(lines) == 3:
            enough.set()

    with shown("shop-at: building", show, pause=0.01):
        assert enough.wait(10)
    count = len(lines)
    assert set(lines) == {"shop-at: building, 0 s"}
    assert not threading.Event().wait(0.05)
    assert len(lines) == count


def test_short_work_says_nothing() -> None:
    lines: list[str] = []
    with shown("shop-at: building", lines.append):
        pass
    assert lines == []


def test_work_that_fails_ends_the_lines() -> None:
    before = threading.active_count()
    with pytest.raises(ValueError, match="it fails"), shown("x", lambda dummy: None):
        raise ValueError("it fails")
    assert threading.active_count() == before


def test_ten_seconds_never_pass_without_a_line() -> None:
    assert PAUSE < 10
