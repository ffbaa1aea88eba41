# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was lost in the first night, in each form of its report."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

pytestmark = pytest.mark.timeout(1800)
SCHEMA = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"], "docs", "fleet-report.schema.json")


@pytest.fixture
def told(first_night):
    return first_night.told


def test_the_terminal_has_it_before_everything_else(told):
    # Ansible's own recap ends with an empty line.
    summary = told.printed.rpartition("PLAY RECAP")[2].partition("\n\n")[2].splitlines()
    assert re.fullmatch(r"LOST since \d{4}-\d\d-\d\d: 2 hosts that had been compliant", summary[0])
    head = next(number for number, line in enumerate(summary) if line.startswith("audit: 5 hosts of 5 stores, 1 well"))
    named = [line.split(":")[0].strip() for line in summary[1:head] if re.match(r"  \S", line)]
    assert named == ["compiled", "developer-mode"]
    assert any(re.fullmatch(r"Since \d{4}-\d\d-\d\d: 2 lost, 2 changed, 1 new", line) for line in summary)


def test_the_terminal_shows_each_verdict_as_it_comes(told):
    assert re.search(r"^\[[1-5]/5\] compiled vulnerable: will_regress$", told.printed, re.MULTILINE)
    assert re.search(r"^\[[1-5]/5\] fixed-upstream unknown: unreachable$", told.printed, re.MULTILINE)


def test_the_json_is_what_its_schema_says(told):
    jsonschema.validate(told.report, json.loads(SCHEMA.read_text()))


def test_the_page_begins_with_it(told):
    page = told.text(".html")
    banners = re.findall(r'<section class="banner (\w+)">\s*<h2>([^<]*)</h2>', page)
    assert banners[0][0] == "alarm"
    assert banners[0][1].startswith("2 stores lost the fix since ")
    assert page.index("2 stores lost the fix") < page.index('id="stores"')


def test_the_table_has_a_row_for_each(told):
    rows = {row["host"]: row for row in csv.DictReader(io.StringIO(told.text(".csv")))}
    assert {name: (row["status"], row["reason"], row["known_status"]) for name, row in rows.items()} == {
        "accepted": ("vulnerable", "unpatched", ""),
        "compiled": ("vulnerable", "will_regress", ""),
        "developer-mode": ("vulnerable", "unpatched", ""),
        "fixed-upstream": ("unknown", "unreachable", "compliant"),
        "opened": ("compliant", "patched", ""),
    }
    assert (rows["compiled"]["rest_files"], rows["compiled"]["rest_behaviour"]) == ("unpatched", "fixed")


def test_the_test_report_fails(told):
    suite = ElementTree.fromstring(told.text(".junit.xml"))
    found = {case.get("name"): [(each.tag, each.get("type")) for each in case] for case in suite.iter("testcase")}
    assert found == {
        "accepted": [("failure", "unpatched")],
        "compiled": [("failure", "will_regress")],
        "developer-mode": [("failure", "unpatched")],
        "fixed-upstream": [("error", "unreachable")],
        "opened": [("system-out", None)],
    }


def test_the_metrics_have_it(told):
    lines = told.text(".prom").splitlines()
    assert 'storefleet_drift_hosts{change="lost"} 2' in lines
    assert 'storefleet_drift_hosts{change="new"} 1' in lines
    assert 'storefleet_store_well{host="compiled",store="compiled"} 0' in lines
    assert "storefleet_report_partial 0" in lines
