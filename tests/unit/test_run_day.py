# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of Ansible goes by one day, whichever of its workers asks, and however long it takes."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.plugin_utils import run_day
from ansible_collections.storefleet.commerce.plugins.plugin_utils.run_day import day_of_run

EVENING = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
EAST = timezone(timedelta(hours=10))
WEST = timezone(timedelta(hours=-10))


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a run that nobody has asked in."""
    monkeypatch.setattr(run_day.constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    return tmp_path


def in_worker(now: datetime) -> date:
    """What a worker process of its own is told."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(day_of_run, (now,))


def test_the_first_worker_decides_for_all() -> None:
    assert in_worker(EVENING) == date(2026, 11, 23)
    assert in_worker(EVENING + timedelta(hours=3)) == date(2026, 11, 23)
    assert day_of_run() == date(2026, 11, 23)


def test_the_next_run_has_a_day_of_its_own(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    day_of_run(EVENING)
    (folder / "next").mkdir()
    monkeypatch.setattr(run_day.constants, "DEFAULT_LOCAL_TMP", str(folder / "next"))
    assert day_of_run(EVENING + timedelta(seconds=1)) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (EVENING, 23),
        # Clocks that already, or still, show another day.
        (datetime(2026, 11, 24, 9, 59, tzinfo=EAST), 23),
        (datetime(2026, 11, 22, 14, 0, tzinfo=WEST), 23),
    ],
)
def test_it_is_a_day_by_utc(now: datetime, day: int) -> None:
    assert day_of_run(now).day == day


def test_without_a_time_it_is_now() -> None:
    before = datetime.now(UTC).date()
    assert before <= day_of_run() <= datetime.now(UTC).date()
