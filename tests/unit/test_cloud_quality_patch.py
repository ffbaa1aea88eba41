# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: what it gives to the core, as whom it works, how it ends, and what it never shows."""

from __future__ import annotations

import json
import os

import pytest
from support.cloud_project import LISTED, CloudProject
from support.real_module import runner

from ansible_collections.storefleet.commerce.plugins.module_utils import checkout_arguments
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.identity import owner_of_checkout
from ansible_collections.storefleet.commerce.plugins.modules import cloud_quality_patch


@pytest.fixture
def project(tmp_path) -> CloudProject:
    return CloudProject(tmp_path / "project")


@pytest.fixture
def run(monkeypatch, capsys, project):
    """Runs the module on the project's checkout."""
    start = runner(cloud_quality_patch.main, monkeypatch, capsys)
    return lambda **options: start(**{"path": str(project.root), **options})


@pytest.fixture
def asked(monkeypatch):
    """What the core was asked, in place of its work."""
    calls = []

    def ensure(patch_list, request, dummy_runner, check):
        calls.append((patch_list.path, request, check))
        return {"changed": True}

    monkeypatch.setattr(cloud_quality_patch, "ensure", ensure)
    return calls


def test_the_core_gets_the_options(run, asked, project) -> None:
    given = {
        "patches": ["ACSD-1"],
        "state": "absent",
        "branch": "b",
        "commit_message": "m",
        "change_id": "CHG-1",
        "push_timeout": 5,
        "remote": "origin",
    }
    run(**given, composer="/opt/c omposer", author_name="A", author_email="a@example.com", check=True)
    [(path, request, check)] = asked
    assert {name: getattr(request, name) for name in given} == given
    assert (path, request.path, request.composer, check) == (
        ".magento.env.yaml",
        str(project.root),
        ("/opt/c omposer",),
        True,
    )
    assert (request.author.name, request.author.email) == ("A", "a@example.com")


def test_defaults(run, asked) -> None:
    run()
    [(dummy, request, check)] = asked
    assert (request.patches, request.state, request.composer, check) == (
        ["ACSD-61103"],
        "present",
        ("composer",),
        False,
    )
    assert (request.branch, request.remote, request.push_timeout) == (None, None, 1800)


@pytest.mark.parametrize("options", [{"state": "gone"}, {"path": None}, {"root": "/"}])
def test_misuse_is_refused_before_anything_runs(run, asked, options: dict) -> None:
    assert run(**options)["failed"]
    assert asked == []


def test_it_works(run, project) -> None:
    result = run(remote="origin")
    assert (result["changed"], result["pushed"], project.read(".magento.env.yaml")) == (True, True, LISTED)
    assert not run(remote="origin")["changed"]


def test_a_refusal_that_changed_something_fails_and_says_so(run, project) -> None:
    project.write(".magento.env.yaml", LISTED)
    project.lock("2.4.8")
    project.commit("Upgraded")
    result = run()
    assert (result["failed"], result["changed"], result["code"]) == (True, True, "out_of_range")
    assert result["diff"][0]["before"] == LISTED
    assert result["next_step"]


def test_neither_logins_nor_the_environment_are_shown(run, project) -> None:
    result = run(remote="https://fleet:s3cr3t@localhost:1/shop.git", environment={"COMPOSER_AUTH": "t0k3n"})
    assert (result["failed"], result["code"]) == (True, "remote_failed")
    assert result["invocation"]["module_args"]["remote"] == "https://localhost:1/shop.git"
    assert "s3cr3t" not in json.dumps(result)
    assert "t0k3n" not in json.dumps(result)


def test_the_environment_reaches_git(run, project) -> None:
    project.hook("pre-commit", 'echo "$COMPOSER_AUTH $HOME" >../environment')
    run(environment={"COMPOSER_AUTH": "t0k3n"})
    assert (project.folder / "environment").read_text().startswith("t0k3n /")


def test_a_short_value_of_the_environment_does_not_spoil_the_result(run) -> None:
    result = run(environment={"COMPOSER_IGNORE_PLATFORM_REQS": "1", "STAGE": "main"})
    assert (result["branch"], result["version"]) == ("main", "2.4.6-p8")


def test_an_error_that_nobody_foresaw_tells_no_content(run, monkeypatch) -> None:
    monkeypatch.setattr(cloud_quality_patch, "ensure", lambda *dummy: {}["s3cr3t"])
    result = run()
    assert (result["code"], "s3cr3t" in json.dumps(result)) == ("defect", False)


def test_it_works_as_the_owner_of_the_checkout(project) -> None:
    me = os.geteuid()
    assert owner_of_checkout(str(project.root)).uid == me
    if me == 0:
        # Some user of the machine that owns nothing there yet.
        os.chown(project.root, 1, 1)
        assert owner_of_checkout(str(project.root)).uid == 1
    assert owner_of_checkout(str(project.root), "root").uid == 0


@pytest.mark.parametrize("path", ["relative", "/nowhere/at/all", "/etc/hostname"])
def test_what_is_no_folder_is_no_checkout(path: str) -> None:
    with pytest.raises(CommerceError) as caught:
        owner_of_checkout(path)
    assert (caught.value.code, "checkout" in caught.value.next_step) == ("no_checkout", True)


def test_root_drops_to_the_owner(run, project, monkeypatch) -> None:
    became = []

    def run_as(identity, work, dummy):
        became.append(identity.name)
        return work(None)

    monkeypatch.setattr(checkout_arguments, "run_as", run_as)
    run(user="daemon")
    assert became == ["daemon"]
