# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as JSON, and its published schema."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest
from support import reports

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import terms
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.merge import merged
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.render_json import SUFFIX, render

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "fleet-report.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SAMPLES = reports.samples()


def errors(report) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in VALIDATOR.iter_errors(report)]


def test_the_schema_is_one() -> None:
    VALIDATOR.check_schema(SCHEMA)


@pytest.mark.parametrize("name", SAMPLES)
def test_reports_are_as_the_schema_says(name) -> None:
    assert errors(json.loads(render(SAMPLES[name]))) == []


def test_a_report_of_many_stores_is_as_the_schema_says() -> None:
    assert errors(reports.many(200)) == []


def test_merged_reports_are_as_the_schema_says() -> None:
    assert errors(merged(list(SAMPLES.values())[1:], SAMPLES["first"])) == []
    assert errors(merged([SAMPLES["first"]])) == []


def test_the_samples_have_everything_that_can_be() -> None:
    entries = [entry for report in SAMPLES.values() for entry in report["stores"]]
    assert {entry["state"] for entry in entries} == set(terms.STATES)
    assert {entry["status"] for entry in entries} == set(terms.STATUSES)
    assert {entry["outcome"] for entry in entries} == {*terms.OUTCOMES, None}
    stages = [stage for report in SAMPLES.values() if report["rollout"] for stage in report["rollout"]["stages"]]
    assert {stage["state"] for stage in stages} == set(terms.STAGE_STATES)
    drift = SAMPLES["sample"]["drift"]
    assert all(drift[kind] for kind in ("gained", "lost", "recovered", "changed", "new", "gone", "same"))
    assert {entry["state"] for entry in SAMPLES["sample"]["stores"]} == set(terms.STATES)
    assert {entry["status"] for entry in SAMPLES["sample"]["stores"]} == set(terms.STATUSES)


def test_the_schema_has_the_words_of_the_code() -> None:
    entry = SCHEMA["$defs"]["entry"]["properties"]
    assert SCHEMA["properties"]["schema_version"]["const"] == terms.SCHEMA_VERSION
    assert SCHEMA["$defs"]["status"]["enum"] == list(terms.STATUSES)
    assert entry["state"]["enum"] == list(terms.STATES)
    assert entry["outcome"]["enum"] == [*terms.OUTCOMES, None]
    stage = SCHEMA["properties"]["rollout"]["anyOf"][1]["properties"]["stages"]["items"]
    assert stage["properties"]["state"]["enum"] == list(terms.STAGE_STATES)


def changed(path, value):
    report = copy.deepcopy(SAMPLES["sample"])
    *parents, last = path
    place = report
    for step in parents:
        place = place[step]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    return report


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["schema_version"], 2),
        (["surplus"], 1),
        (["run", "ended"], "yesterday"),
        (["run", "surplus"], 1),
        (["scope", "slice"], {"number": 1, "count": 4}),
        (["totals", "by_status", "waived"], KeyError),
        (["totals", "by_outcome"], {"forgotten": 1}),
        (["totals", "by_reason"], {"patched": 0}),
        (["stores", 0, "surplus"], 1),
        (["stores", 0, "next_step"], ""),
        (["stores", 0, "status"], "green"),
        (["stores", 0, "status"], None),
        (["stores", 0, "outcome"], "forgotten"),
        (["stores", 0, "audited"], None),
        (["stores", 0, "evidence"], None),
        (["stores", 0, "before"], {"status": "vulnerable"}),
        (["stores", 0, "carried"], {"status": "compliant"}),
        (["drift", "lost"], ["at", "at"]),
        (["drift", "was"], KeyError),
        (["rollout", "stages", 0, "state"], "begun"),
    ],
)
def test_what_is_not_in_the_schema_is_refused(path, value) -> None:
    assert errors(changed(path, value)) != []


def test_a_host_that_was_not_looked_at_is_never_green() -> None:
    index = next(at for at, entry in enumerate(SAMPLES["sample"]["stores"]) if entry["state"] == "not_selected")
    assert errors(changed(["stores", index, "status"], "compliant")) != []


def test_every_key_has_its_place_and_every_name_its_letters() -> None:
    text = render(SAMPLES["sample"])
    assert SUFFIX == ".json"
    assert text.endswith("\n}\n")
    assert list(json.loads(text)) == list(SCHEMA["properties"])
    assert list(json.loads(text)["stores"][0]) == list(SCHEMA["$defs"]["entry"]["properties"])
    assert json.loads(text) == SAMPLES["sample"]
    assert '"ä"' in render({"name": "ä"})
