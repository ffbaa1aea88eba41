# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run is told to be a slice of an audit, and how its report is handed over."""

from __future__ import annotations

import base64
import json
import string
import zlib
from pathlib import Path
from typing import Any

import pytest
from support import reports as r

from ansible_collections.storefleet.commerce.plugins.lookup import slice_report
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import events, publishing
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.errors import ReportError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.handed_over import packed, unpacked
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.slices import is_slice_of_platform, slice_of


@pytest.mark.parametrize("text", [None, "", "2", "0/4", "2/x", "a2/4"])
def test_other_words_are_no_slice(text: Any) -> None:
    assert slice_of(text) is None


@pytest.mark.parametrize(
    ("told", "is_slice"),
    [
        ({}, False),
        ({"awx_job_template_name": "Audit"}, False),
        ({"awx_job_template_name": "Audit", "awx_workflow_job_name": "Nightly"}, False),
        ({"awx_job_template_name": "", "awx_workflow_job_name": ""}, False),
        ({"awx_job_template_name": "Audit", "awx_workflow_job_name": "Audit"}, True),
        ({"tower_job_template_name": "Audit", "tower_workflow_job_name": "Audit"}, True),
    ],
)
def test_a_workflow_that_is_called_as_the_template_is_one_of_slices(told: dict[str, str], is_slice: bool) -> None:
    assert is_slice_of_platform(told) is is_slice


def test_a_report_comes_back_as_it_was_handed_over() -> None:
    assert unpacked(packed(r.sample())) == r.sample()
    assert set(packed(r.sample())) <= set(string.ascii_letters + string.digits + "+/=")


def test_a_large_report_fits_into_a_variable() -> None:
    # 250 stores: a quarter of 1,000.
    assert len(packed(r.many(250))) < 100_000


@pytest.mark.parametrize("text", ["", "???", "nonsense", base64.b64encode(zlib.compress(b"[]")).decode()])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ReportError) as caught:
        unpacked(text)
    assert caught.value.code == "bad_report"


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """What the lookup returns in a run that is about such a slice and has found one store patched."""
    options = {"directory": str(tmp_path), "formats": [], "keep": 5}
    monkeypatch.setattr(slice_report, "callback_options", lambda: options)

    def ask(cut: dict[str, int | None] | None) -> list[str]:
        place = publishing.Place(**options)
        begun = place.begin()
        for event in (r.run([r.host("at"), r.host("be")], slice=cut), r.audit("at", "patched")):
            events.append(begun.file, event)
        lookup = slice_report.LookupModule()
        monkeypatch.setattr(lookup, "set_options", lambda **_: None)
        return lookup.run([])

    return ask


@pytest.mark.parametrize("cut", [{"number": None, "count": None}, {"number": 2, "count": 4}])
def test_a_slice_hands_over_what_it_has_found(handed_over, cut: dict[str, int | None]) -> None:
    (text,) = handed_over(cut)
    report = unpacked(text)
    assert {entry["name"]: entry["state"] for entry in report["stores"]} == {"at": "audited", "be": "not_started"}
    assert report["run"]["aborted"] is False
    assert json.dumps(report["scope"]["slice"])


def test_a_run_of_the_whole_fleet_hands_over_nothing(handed_over) -> None:
    assert handed_over(None) == []


def test_a_run_about_no_stores_hands_over_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        slice_report, "callback_options", lambda: {"directory": str(tmp_path), "formats": [], "keep": 5}
    )
    lookup = slice_report.LookupModule()
    monkeypatch.setattr(lookup, "set_options", lambda **_: None)
    assert lookup.run([]) == []
