# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of a run: each in its file when it has happened, and what can be read of a file that a killed run left."""

from __future__ import annotations

import datetime
import os

import pytest

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.errors import ReportError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.events import append, read, timestamp


def test_what_was_appended_is_read_in_its_order(tmp_path) -> None:
    file = tmp_path / "run.jsonl"
    events = [{"event": "run", "time": "2026-11-23T21:40:05Z", "hosts": ["ä\n\u2028"]}, {"event": "end", "time": "x"}]
    for event in events:
        append(file, event)
    assert read(file) == events


def test_an_event_without_a_time_has_the_present_one(tmp_path) -> None:
    file = tmp_path / "run.jsonl"
    before = timestamp()
    append(file, {"event": "end", "time": None})
    append(file, {"event": "end"})
    times = [event["time"] for event in read(file)]
    assert len(times) == 2
    assert all(before <= time <= timestamp() for time in times)


def test_times_are_of_utc() -> None:
    east = datetime.timezone(datetime.timedelta(hours=2))
    assert timestamp(datetime.datetime(2026, 11, 24, 1, 2, 3, 999, tzinfo=east)) == "2026-11-23T23:02:03Z"


def test_only_its_owner_can_read_the_file(tmp_path) -> None:
    file = tmp_path / "run.jsonl"
    append(file, {"event": "end"})
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_link_is_not_followed(tmp_path) -> None:
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        append(tmp_path / "link.jsonl", {"event": "end"})
    assert not (tmp_path / "elsewhere").exists()


def test_bytes_of_a_host_that_are_no_text_are_kept_as_their_numbers(tmp_path) -> None:
    file = tmp_path / "run.jsonl"
    append(file, {"event": "lost", "message": os.fsdecode(b"\xff")})
    assert read(file)[0]["message"] == "\udcff"


@pytest.mark.parametrize("cut", range(1, 20))
def test_a_last_line_that_is_not_whole_is_left_out(tmp_path, cut) -> None:
    file = tmp_path / "run.jsonl"
    append(file, {"event": "run", "time": "t"})
    append(file, {"event": "end", "time": "t"})
    file.write_bytes(file.read_bytes()[:-cut])
    assert [event["event"] for event in read(file)] == ["run"]


@pytest.mark.parametrize("line", ["{", "[]", '{"event": "end"}', '{"time": "t"}', "\udcff", ""])
def test_a_line_that_is_no_event_is_told(tmp_path, line) -> None:
    file = tmp_path / "run.jsonl"
    file.write_bytes(b'{"event": "run", "time": "t"}\n' + os.fsencode(line) + b"\n")
    with pytest.raises(ReportError, match=r"run\.jsonl: line 2 is no event\. "):
        read(file)


def test_a_file_that_cannot_be_read_is_told(tmp_path) -> None:
    with pytest.raises(ReportError, match="No such file"):
        read(tmp_path / "run.jsonl")
