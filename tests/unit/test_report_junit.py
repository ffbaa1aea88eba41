# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as JUnit XML, read back by an XML parser."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

import pytest
from support.reports import many, sample, samples

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.render_junit import render

KINDS = ("failure", "error", "skipped")


def suite_of(report: dict) -> ElementTree.Element:
    suites = ElementTree.fromstring(render(report).encode())
    assert (suites.tag, len(suites)) == ("testsuites", 1)
    return suites[0]


def kind_of(case: ElementTree.Element) -> str:
    return next((kind for kind in KINDS if case.find(kind) is not None), "passed")


def kinds_of(report: dict) -> dict[str, str]:
    return {case.get("name"): kind_of(case) for case in suite_of(report)}


def case_of(report: dict, name: str) -> ElementTree.Element:
    return next(case for case in suite_of(report) if case.get("name") == name)


def test_what_becomes_of_each_status_and_state() -> None:
    assert kinds_of(sample()) == {
        **dict.fromkeys(("at", "be", "dk", "lu"), "passed"),
        **dict.fromkeys(("ch", "cz", "de-web1", "es", "fr", "is"), "failure"),
        **dict.fromkeys(("de-web2", "hu", "mt", "nl", "pt", "se"), "error"),
        **dict.fromkeys(("it", "pl"), "skipped"),
    }


@pytest.mark.parametrize("kind", samples())
def test_the_counts_are_those_of_the_test_cases(kind: str) -> None:
    suites = ElementTree.fromstring(render(samples()[kind]).encode())
    counted = Counter(kind_of(case) for case in suites[0])
    for element in (suites, suites[0]):
        assert int(element.get("tests")) == sum(counted.values())
        assert int(element.get("failures")) == counted["failure"]
        assert int(element.get("errors")) == counted["error"]
        assert int(element.get("skipped")) == counted["skipped"]


def test_each_host_is_a_test_case_of_its_store() -> None:
    report = sample()
    cases = [(case.get("classname"), case.get("name")) for case in suite_of(report)]
    assert cases == [(entry["store"], entry["name"]) for entry in report["stores"]]
    assert ("de", "de-web2") in cases


def test_times_are_seconds_and_the_moment_has_no_zone() -> None:
    suite = suite_of(sample())
    assert suite.get("name") == "storefleet.commerce.remediate"
    assert (suite.get("timestamp"), suite.get("time")) == ("2026-11-23T21:40:05", "170.000")
    assert suite.get("hostname") == "control-1"
    assert case_of(sample(), "at").get("time") == "43.201"
    assert case_of(sample(), "hu").get("time") == "0.000"


def test_a_failure_tells_what_it_rests_on() -> None:
    failure = case_of(sample(), "ch").find("failure")
    assert failure.get("type") == "unpatched"
    assert failure.get("message") == "vulnerable: unpatched. Apply ACSD-61103 with remediate.yml."
    lines = failure.text.split("\n")
    assert "soap: files unpatched, behaviour defective: failures_num is 1 after a right login" in lines
    assert "version 2.4.6" in lines
    assert "outcome taken_back" in lines
    assert "applied ACSD-61103" in lines
    assert lines[-1].endswith("Could not prove the store on https://store.example/: REST is broken. See the log.")


def test_an_error_tells_what_was_known_before() -> None:
    error = case_of(sample(), "hu").find("error")
    assert error.get("type") == "unreachable"
    assert "No route to host" in error.get("message")
    assert error.text.endswith("in the last full report compliant: patched, audited 2026-11-22T21:40:15Z")


def test_what_is_skipped_says_why() -> None:
    assert "closes in March" in case_of(sample(), "it").find("skipped").get("message")
    assert "limited" in case_of(sample(), "pl").find("skipped").get("message")


def test_a_host_that_passes_shows_its_evidence() -> None:
    assert "rest: files patched, behaviour fixed\n" in case_of(sample(), "at").find("system-out").text


def test_a_failure_of_the_audit_itself_is_told() -> None:
    report = sample()
    entry = next(entry for entry in report["stores"] if entry["name"] == "pt")
    entry["evidence"]["failures"] = ["Could not read the settings."]
    assert "Could not read the settings." in case_of(report, "pt").find("error").text.split("\n")


def test_an_aborted_run_is_an_error_of_its_own() -> None:
    report = samples()["aborted"]
    assert list(kinds_of(report).items())[-1] == ("The run came to its end", "error")
    well = samples()["first"]
    assert "The run came to its end" not in kinds_of(well)
    assert suite_of(report).get("time") == "0.000"


def test_after_a_rollback_a_vulnerable_store_is_as_it_was_wanted() -> None:
    assert kinds_of(samples()["rollback"]) == {"at": "passed", "be": "failure", "lu": "passed"}


def test_what_xml_cannot_write_is_left_out() -> None:
    report = sample()
    hostile = "a\x00b\x1b[31m\x0b\ufffe\ud800<c>&\"']]>\u2028é店\U0001f600\n\tend"
    report["stores"][0].update(next_step=hostile, name="n\x01", status="vulnerable")
    case = case_of(report, "n")
    cleaned = "ab[31m<c>&\"']]>\u2028é店\U0001f600\n\tend"
    assert cleaned in case.find("failure").text
    assert case.find("failure").get("message").endswith(cleaned)


def test_equal_reports_give_equal_bytes() -> None:
    assert render(many(50)) == render(many(50))
    assert render(sample()).startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')
