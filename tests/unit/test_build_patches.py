# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patches that the build of a repository applies, by Composer's scripts or as hot fixes, committed by the real git."""

from __future__ import annotations

import json

import pytest
from support.cloud_project import CloudProject

from ansible_collections.storefleet.commerce.plugins.module_utils.build_patches import BuildScripts, Hotfixes
from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.composer_scripts import listed_in
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.listed_patches import Request, ensure

OURS, OTHER = "ACSD-61103", "ACSD-62332"
MANIFEST = '{\n  "name": "acme/shop",\n  "scripts": {\n    "test": "x"\n  }\n}\n'
PLACE = f"m2-hotfixes/{OURS}.patch"
PATCH = "".join(
    f"{line}\n"
    for line in (
        "diff --git a/vendor/a/b/F.php b/vendor/a/b/F.php",
        *("--- a/vendor/a/b/F.php", "+++ b/vendor/a/b/F.php", "@@ -1 +1 @@", "-a", "+b"),
    )
)
# Locks a later tool, and requires it in the file as it is.
COMPOSER = """#!/bin/sh
printf '%s\\n' "$*" >>"$0.calls"
[ "$1" = update ] || { sed -i '1a\\  "require": {"magento/quality-patches": "^1.1.54"},' composer.json; exit 0; }
sed -i 's|1.1.53|1.1.82|' composer.lock
"""
RULE = {"magento/magento2-base": {">=2.4.6 <2.4.7": {"file": "os/ours.patch"}}}


@pytest.fixture
def project(tmp_path) -> CloudProject:
    """One that a pipeline builds, whose vendor folder git does not know."""
    made = CloudProject(tmp_path / "project")
    made.git("rm", "--quiet", ".magento.env.yaml")
    made.lock("2.4.6-p8", **{"magento/ece-tools": ""})
    made.write("composer.json", MANIFEST)
    made.write(".gitignore", "vendor\n")
    made.commit("A pipeline builds it")
    made.git("push", "--quiet", "origin", "main")
    return made


def act(project: CloudProject, patch_list=None, check: bool = False, **wanted) -> dict:
    runner = LocalRunner({}, home=str(project.home))
    wanted = {"patches": [OURS], "composer": (str(project.folder / "composer"),), **wanted}
    return ensure(patch_list or BuildScripts(), Request(path=str(project.root), **wanted), runner, check)


def refused(project: CloudProject, patch_list=None, **wanted) -> CommerceError:
    """The error of a run that has to leave everything as it was."""
    before = project.state(times=False)
    with pytest.raises(CommerceError) as caught:
        act(project, patch_list, **wanted)
    assert project.state(times=False) == before
    return caught.value


def install_tool(project: CloudProject, version: str = "1.1.82") -> None:
    """The tool in the checkout's vendor folder, with our patch."""
    folder = "vendor/magento/quality-patches"
    installed = {"packages": [{"name": "magento/quality-patches", "version": version}]}
    project.write("vendor/composer/installed.json", json.dumps(installed))
    project.write(f"{folder}/support-patches.json", json.dumps({OURS: {"title": "t", "packages": RULE}}))
    project.write(f"{folder}/patches/os/ours.patch", PATCH)


class TestScripts:
    def test_they_apply_it_and_are_committed_and_pushed(self, project) -> None:
        result = act(project, remote="origin")
        assert project.remote() == project.at("main") == result["commit"]
        assert listed_in(project.read("composer.json")).ids == (OURS,)
        assert project.read("composer.json").startswith(MANIFEST.partition("\n  }\n}")[0])
        assert result["files"] == ["composer.json"]
        assert result["actions"][0] == f"added {OURS} to scripts of composer.json"
        subject = project.git("log", "-1", "--format=%s").strip()
        assert subject == f"Add {OURS} to the scripts after composer install"
        assert act(project, remote="origin")["changed"] is False

    def test_they_go_again_and_leave_the_file_as_it_was(self, project) -> None:
        act(project)
        assert act(project, state="absent")["patches"][0]["after"] == "not_listed"
        assert project.read("composer.json") == MANIFEST

    def test_check_mode_shows_it_and_does_nothing(self, project) -> None:
        before = project.state()
        result = act(project, check=True)
        (diff,) = result["diff"]
        assert (diff["before"], OURS in diff["after"]) == (MANIFEST, True)
        assert project.state() == before

    def test_a_tool_that_lacks_comes_with_them(self, project) -> None:
        project.lock("2.4.6-p8", "1.1.53", **{"magento/ece-tools": ""})
        project.commit("An old tool")
        project.composer().write_text(COMPOSER)
        assert act(project)["tool"] == {"before": "1.1.53", "after": "1.1.82"}
        assert (listed_in(project.read("composer.json")).ids, "^1.1.54" in project.read("composer.json")) == (
            (OURS,),
            True,
        )
        assert project.composer_calls()[0].startswith("require magento/quality-patches:^1.1.54 --no-update")

    def test_a_version_that_has_left_the_range(self, project) -> None:
        act(project)
        project.lock("2.4.8", **{"magento/ece-tools": ""})
        project.commit("Upgrade")
        result = act(project)
        assert (result["failed"], result["code"], result["changed"]) == (True, "out_of_range", True)
        assert listed_in(project.read("composer.json")).ids == ()
        assert project.read("composer.json") == MANIFEST

    def test_a_project_of_the_cloud_is_told_its_own_way(self, project) -> None:
        project.lock("2.4.6-p8")
        project.write(".magento.app.yaml", "name: shop\n")
        project.commit("Into the cloud")
        error = refused(project)
        assert (error.code, "cloud.yml" in error.next_step) == ("cloud_project", True)

    @pytest.mark.parametrize(("text", "code"), [('{"scripts": []}\n', "cannot_edit"), ("{\n", "cannot_edit")])
    def test_a_file_that_no_program_changes(self, project, text: str, code: str) -> None:
        project.write("composer.json", text)
        project.commit("Strange")
        error = refused(project)
        assert (error.code, "magento-patches apply" in error.next_step) == (code, True)

    def test_no_composer_json(self, project) -> None:
        project.git("rm", "--quiet", "composer.json")
        project.commit("None")
        error = refused(project)
        assert (error.code, "magento-patches apply" in error.next_step) == ("cannot_edit", True)


class TestHotfixes:
    def test_the_tools_own_patch_file_is_committed_and_goes_again(self, project) -> None:
        install_tool(project)
        result = act(project, Hotfixes([OURS]), remote="origin")
        assert (project.read(PLACE), result["files"]) == (PATCH, [PLACE])
        assert project.remote() == result["commit"]
        assert act(project, Hotfixes([OURS]))["changed"] is False
        assert act(project, Hotfixes([OURS]), state="absent")["files"] == [PLACE]
        assert not (project.root / PLACE).exists()

    @pytest.mark.parametrize("version", [None, "1.1.60"])
    def test_without_the_locked_tool_there_is_no_patch_file(self, project, version) -> None:
        if version:
            install_tool(project, version)
        error = refused(project, Hotfixes([OURS]))
        assert (error.code, "composer install" in error.next_step) == ("no_patch_file", True)

    def test_one_that_the_tool_does_not_have(self, project) -> None:
        install_tool(project)
        before = project.state(times=False)
        result = act(project, Hotfixes([OURS, OTHER]), patches=[OURS, OTHER])
        assert (result["code"], result["changed"]) == ("out_of_range", False)
        assert project.state(times=False) == before
