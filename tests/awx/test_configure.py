# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""extensions/awx/configure.yml with the real modules of awx.awx, against a stand-in for the API of AWX."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from support.controller_api import Controller

CHECKOUT = Path(__file__).resolve().parents[2]
COLLECTIONS = Path(os.environ["COMMERCE_CACHE"]) / "awx"
FOLDER = CHECKOUT / "extensions" / "awx"
GIVEN = ("commerce_awx_repository=ssh://git.example.com/fleet.git", "commerce_awx_image=fleet/ee:1")


@pytest.fixture(scope="module")
def controller():
    with Controller() as running:
        yield running


def configure(controller: Controller, playbook: Path, collections: Path, *given: str, status: int = 0) -> str:
    """What the play says."""
    environment = {name: value for name, value in os.environ.items() if name != "ANSIBLE_CONFIG"}
    environment.update(ANSIBLE_COLLECTIONS_PATH=str(collections), CONTROLLER_HOST=controller.address)
    environment.update(CONTROLLER_OAUTH_TOKEN="none")
    done = subprocess.run(
        ["ansible-playbook", str(playbook), *(f"--extra-vars={one}" for one in given)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def configured(controller: Controller) -> Controller:
    configure(controller, FOLDER / "configure.yml", COLLECTIONS, *GIVEN)
    return controller


def follow(controller: Controller, workflow: str) -> dict[str, tuple[list[str], list[str]]]:
    """Of each node by its identifier, which follow it always, and which after success."""
    number = controller.named("workflow_job_templates")[workflow]["id"]
    nodes = [node for node in controller.all("workflow_job_template_nodes") if node["workflow_job_template"] == number]
    names = {node["id"]: node["identifier"] for node in nodes}
    return {
        node["identifier"]: tuple([names[other] for other in node[end]] for end in ("always_nodes", "success_nodes"))
        for node in nodes
    }


def survey(controller: Controller, name: str) -> list[str]:
    number = controller.named("job_templates")[name]["id"]
    found = controller.surveys.get(f"/api/v2/job_templates/{number}/survey_spec/", {"spec": []})
    return [question["variable"] for question in found["spec"]]


def test_the_templates_are_there_and_nothing_but_the_audit_is_sliced(configured: Controller) -> None:
    templates = configured.named("job_templates")
    assert {name.removeprefix("Commerce: "): made["job_slice_count"] for name, made in templates.items()} == {
        "audit": 4,
        "merge": 1,
        "plan": 1,
        "remediate": 1,
        "rollback": 1,
    }
    assert {made["ask_job_slice_count_on_launch"] for made in templates.values()} == {False}
    assert templates["Commerce: merge"]["playbook"] == "report.yml"
    inventory = configured.named("inventories")["Commerce: stores"]["id"]
    image = configured.named("execution_environments")["Commerce: execution environment"]
    assert {(made["inventory"], made["execution_environment"]) for made in templates.values()} == {
        (inventory, image["id"])
    }
    assert image["image"] == "fleet/ee:1"


def test_the_surveys_are_there(configured: Controller) -> None:
    assert survey(configured, "Commerce: audit") == []
    assert survey(configured, "Commerce: remediate") == [
        "commerce_change_id",
        "commerce_batches",
        "commerce_max_lost",
        "commerce_window",
        "commerce_on_stop",
        "commerce_soak_seconds",
        "commerce_plan",
    ]


def test_the_workflows_are_there(configured: Controller) -> None:
    assert follow(configured, "Commerce: audit of the fleet") == {"audit": (["merge"], []), "merge": ([], [])}
    assert follow(configured, "Commerce: repair of the fleet") == {
        "plan": ([], ["approval"]),
        "approval": ([], ["remediate"]),
        "remediate": ([], []),
    }
    (approval,) = configured.all("workflow_approval_templates")
    assert approval["name"] == "The plan is as it should be"


def test_the_same_again_changes_nothing_by_the_modules_of_automation_platform_too(
    configured: Controller, tmp_path: Path
) -> None:
    """The modules of ansible.controller are those of awx.awx by another name, and so is the play."""
    shutil.copytree(FOLDER, tmp_path / "awx")
    play = tmp_path / "awx/configure.yml"
    play.write_text(play.read_text().replace("awx.awx.", "ansible.controller."))
    renamed = tmp_path / "collections/ansible_collections/ansible/controller"
    shutil.copytree(COLLECTIONS / "ansible_collections/awx/awx", renamed)
    configured.writes.clear()
    said = configure(configured, play, tmp_path / "collections", *GIVEN)
    assert configured.writes == []
    assert "changed=0" in said


def test_what_cannot_be_guessed_is_asked_for(configured: Controller) -> None:
    configured.writes.clear()
    said = configure(configured, FOLDER / "configure.yml", COLLECTIONS, GIVEN[0], status=2)
    assert "commerce_awx_image, the name of" in said
    assert configured.writes == []
