# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What extensions/awx makes, held against the playbooks and the variables that it is about."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.controller_job import PROJECT, Job, told

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "extensions" / "awx"


def load(name: str) -> Any:
    (value,) = yaml.safe_load((FOLDER / f"{name}.yml").read_text()).values()
    return value


QUESTIONS = {question["variable"]: question for question in load("questions")}
TEMPLATES = {template["name"]: template for template in load("templates")}
WORKFLOWS = {workflow["name"]: workflow for workflow in load("workflows")}
NODES = [(workflow, node) for workflow in WORKFLOWS.values() for node in workflow["nodes"]]
AUDIT = "Commerce: audit"


def task(module: str) -> dict[str, Any]:
    (play,) = yaml.safe_load((FOLDER / "configure.yml").read_text())
    return next(task[module] for task in play["tasks"] if module in task)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_runs_a_playbook_of_the_collection(template: dict[str, Any]) -> None:
    (play,) = yaml.safe_load((PROJECT / template["playbook"]).read_text())
    name = play["ansible.builtin.import_playbook"].removeprefix("storefleet.commerce.")
    assert (CHECKOUT / "playbooks" / f"{name}.yml").exists()
    assert template["playbook"] == f"{name}.yml"


def test_each_playbook_of_the_project_has_a_template() -> None:
    assert {template["playbook"] for template in TEMPLATES.values()} == {file.name for file in PROJECT.iterdir()}


def test_nothing_but_the_audit_is_sliced() -> None:
    assert {name: template["slices"] for name, template in TEMPLATES.items() if template["slices"] != 1} == {
        AUDIT: "{{ commerce_awx_slices }}"
    }
    made = task("awx.awx.job_template")
    assert made["job_slice_count"] == "{{ item.slices }}"
    assert made["ask_job_slice_count_on_launch"] is False


@pytest.mark.parametrize("variable", QUESTIONS)
def test_a_survey_asks_for_variables_that_are_documented(variable: str) -> None:
    assert f"`{variable}`" in (CHECKOUT / "README.md").read_text()
    assert any(variable in template["questions"] for template in TEMPLATES.values())


def test_surveys_ask_what_there_is_to_ask() -> None:
    asked = {name for owner in (*TEMPLATES.values(), *WORKFLOWS.values()) for name in owner["questions"]}
    assert asked == set(QUESTIONS)


def test_a_choice_is_one_that_the_playbooks_know() -> None:
    settings = yaml.safe_load((CHECKOUT / "playbooks/tasks/settings.yml").read_text())
    known = {item["name"]: item["known"] for item in settings[0]["loop"]}
    choices = {name: question["choices"] for name, question in QUESTIONS.items() if "choices" in question}
    assert choices == {"commerce_on_stop": known["commerce_on_stop"]}


def test_the_merge_is_the_last_node_after_the_slices_whatever_became_of_them() -> None:
    audit, merge = WORKFLOWS["Commerce: audit of the fleet"]["nodes"]
    assert (audit["template"], merge["template"]) == (AUDIT, "Commerce: merge")
    assert merge["after"] == {"node": "audit", "ends": "always"}


def test_a_repair_is_approved_of_and_does_what_the_plan_says() -> None:
    plan, approval, remediate = WORKFLOWS["Commerce: repair of the fleet"]["nodes"]
    assert approval["after"] == {"node": "plan", "ends": "success"}
    assert remediate["after"] == {"node": "approval", "ends": "success"}
    assert plan["answers"]["commerce_plan_file"] == remediate["answers"]["commerce_plan"]


@pytest.mark.parametrize(("workflow", "node"), NODES, ids=[node["identifier"] for dummy, node in NODES])
def test_a_node_is_of_a_template_and_answers_its_survey(workflow: dict[str, Any], node: dict[str, Any]) -> None:
    if "approval" in node:
        return
    asked = TEMPLATES[node["template"]]["questions"]
    # AWX drops what the survey of a template does not ask for.
    assert set(node.get("answers", {})) <= set(asked)
    for name in asked:
        assert name in node.get("answers", {}) or name in workflow["questions"] or "default" in QUESTIONS[name]


def test_no_workflow_is_called_as_a_template() -> None:
    assert set(WORKFLOWS).isdisjoint(TEMPLATES)


def test_the_plan_is_where_reports_outlive_a_job() -> None:
    image = (CHECKOUT / "extensions/execution_environment/execution-environment.yml").read_text()
    (folder,) = re.findall(r"STOREFLEET_REPORT_DIR=(\S+)", image)
    (play,) = yaml.safe_load((FOLDER / "configure.yml").read_text())
    assert play["vars"]["commerce_awx_plan"] == QUESTIONS["commerce_plan_file"]["default"] == f"{folder}/plan.json"


def test_a_survey_that_is_left_as_it_is_gives_a_rollout(fleet, tmp_path: Path) -> None:
    asked = TEMPLATES["Commerce: remediate"]["questions"]
    answers = {name: QUESTIONS[name].get("default", "CHG-4711") for name in asked}
    quiet = next(store for store in fleet.stores if store.state.name == "patched")
    common = fleet.inventory["commerce"]
    inventory = {"commerce": {**common, "hosts": {quiet.name: common["hosts"][quiet.name]}}}
    job = Job(tmp_path / "job", "remediate", inventory, {**told(1, "Commerce: remediate"), **answers})
    # Without a probe nobody knows whether it is well.
    assert job.wait() == 2, job.output
    assert f"{quiet.name}: unknown (not_run)" in job.output
    assert job.report()["run"]["change_id"] == "CHG-4711"
    assert job.report()["rollout"]["stages"] == []
