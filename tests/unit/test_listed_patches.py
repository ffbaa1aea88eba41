# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids listed in a project's checkout, committed and pushed by the real git; and nothing left of what went wrong."""

from __future__ import annotations

import json
import os

import pytest
from support.cloud_project import ENVIRONMENT, LISTED, CloudProject

from ansible_collections.storefleet.commerce.plugins.module_utils.cloud_patches import CloudPatches
from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.git_checkout import Author
from ansible_collections.storefleet.commerce.plugins.module_utils.interruptions import Interrupted
from ansible_collections.storefleet.commerce.plugins.module_utils.listed_patches import Request, ensure

OURS = "ACSD-61103"
FILE = ".magento.env.yaml"


@pytest.fixture
def project(tmp_path) -> CloudProject:
    return CloudProject(tmp_path / "project")


def act(project: CloudProject, check: bool = False, variables: dict[str, str] | None = None, **wanted):
    runner = LocalRunner(variables or {}, home=str(project.home))
    wanted = {"patches": [OURS], "composer": (str(project.folder / "composer"),), **wanted}
    return ensure(CloudPatches(), Request(path=str(project.root), **wanted), runner, check)


def refused(project: CloudProject, **wanted) -> CommerceError:
    """The error of a run that has to leave everything as it was."""
    before = project.state(times=False)
    with pytest.raises(CommerceError) as caught:
        act(project, **wanted)
    assert project.state(times=False) == before
    return caught.value


def test_an_id_is_added_committed_and_pushed(project) -> None:
    before = project.at("main")
    result = act(project, remote="origin")
    assert project.read(FILE) == LISTED
    assert project.remote() == project.at("main") == result["commit"]
    assert project.at("main~1") == before
    assert project.git("show", "--name-only", "--format=%an <%ae>%n%cn%n%B").split("\n") == [
        "Ada <ada@example.com>", "Ada", f"Add {OURS} to QUALITY_PATCHES", "", "", FILE, "",
    ]  # fmt: skip
    assert result["changed"]
    assert result["pushed"]
    assert result["patches"] == [
        {
            "id": OURS,
            "before": "not_listed",
            "after": "listed",
            "in_range": True,
            "rule": "magento/magento2-base >=2.4.6 <2.4.7",
        }
    ]
    assert (result["version"], result["branch"], result["files"]) == ("2.4.6-p8", "main", [FILE])
    assert result["tool"] == {"before": "1.1.82", "after": "1.1.82"}
    assert result["actions"] == [
        f"added {OURS} to stage.build.QUALITY_PATCHES", "committed on main", "pushed main to origin",
    ]  # fmt: skip
    assert result["diff"] == [{"before_header": FILE, "after_header": FILE, "before": ENVIRONMENT, "after": LISTED}]


def test_a_second_run_changes_nothing(project) -> None:
    act(project, remote="origin")
    before = project.state()
    result = act(project, remote="origin")
    assert project.state() == before
    assert (result["changed"], result["commit"], result["pushed"], result["actions"]) == (False, None, False, [])


@pytest.mark.parametrize("wanted", [{}, {"branch": "patches", "remote": "origin"}, {"branch": "patches"}])
def test_check_mode_writes_nothing_and_predicts(project, wanted: dict) -> None:
    before = project.state()
    git = {path: path.stat().st_mtime_ns for path in (project.root / ".git").rglob("*")}
    predicted = act(project, check=True, **wanted)
    assert project.state() == before
    assert {path: path.stat().st_mtime_ns for path in (project.root / ".git").rglob("*")} == git
    real = act(project, **wanted)
    assert [f"would have {each}" for each in real["actions"]] == predicted["actions"]
    same = ("changed", "patches", "version", "tool", "branch", "files", "diff")
    assert {name: predicted[name] for name in same} == {name: real[name] for name in same}
    assert not act(project, check=True, **wanted)["changed"]


def test_without_a_remote_nothing_is_pushed(project) -> None:
    before = project.remote()
    result = act(project)
    assert project.remote() == before != project.at("main")
    assert not result["pushed"]
    # And made up for as soon as one is given.
    assert act(project, check=True, remote="origin")["actions"] == ["would have pushed main to origin"]
    assert project.remote() == before
    result = act(project, remote="origin")
    assert (result["changed"], result["pushed"], result["commit"]) == (True, True, None)
    assert project.remote() == project.at("main")


def test_a_removed_id(project) -> None:
    project.write(FILE, LISTED)
    project.commit("Listed")
    result = act(project, state="absent")
    assert project.read(FILE) == ENVIRONMENT
    assert (result["patches"][0]["before"], result["patches"][0]["after"]) == ("listed", "not_listed")
    assert project.git("log", "-1", "--format=%s").strip() == f"Remove {OURS} from QUALITY_PATCHES"
    assert not act(project, state="absent")["changed"]


def test_a_file_that_is_made_and_goes_again(project) -> None:
    (project.root / FILE).unlink()
    before = project.commit("No file")
    act(project)
    assert project.read(FILE) == f"stage:\n  build:\n    QUALITY_PATCHES:\n      - {OURS}\n"
    act(project, state="absent")
    assert not (project.root / FILE).exists()
    assert project.git("diff", "--stat", before) == ""


def test_line_breaks_of_the_checkout_stay(project) -> None:
    project.write(".gitattributes", f"{FILE} text eol=crlf\n")
    project.commit("Line breaks")
    project.git("rm", "--quiet", "--cached", FILE)
    project.git("reset", "--hard", "--quiet")
    (project.root / FILE).unlink()
    project.git("checkout", "--", FILE)
    assert "\r\n" in project.read(FILE)
    act(project)
    assert project.read(FILE) == LISTED.replace("\n", "\r\n")


@pytest.mark.parametrize("text", [ENVIRONMENT + "# ÄÖ\n", "\ufeff" + ENVIRONMENT])
def test_bytes_stay(project, text: str) -> None:
    project.write(FILE, text)
    project.commit("Text")
    (project.root / FILE).chmod(0o600)
    act(project)
    assert project.read(FILE).replace(f"    QUALITY_PATCHES:\n      - {OURS}\n", "") == text
    assert (project.root / FILE).stat().st_mode & 0o777 == 0o600


class TestBranches:
    def test_a_new_one_begins_here_and_what_was_checked_out_is_so_again(self, project) -> None:
        before = project.at("main")
        result = act(project, branch="patches", remote="origin")
        assert project.remote("patches") == project.at("patches") == result["commit"]
        assert project.at("patches~1") == project.at("main") == before
        assert project.git("branch", "--show-current").strip() == "main"
        assert project.read(FILE) == ENVIRONMENT
        assert not act(project, branch="patches", remote="origin")["changed"]

    def test_an_existing_one_goes_on(self, project) -> None:
        project.git("checkout", "--quiet", "-b", "patches")
        project.write("README", "on it")
        there = project.commit("On it")
        project.git("checkout", "--quiet", "main")
        act(project, branch="patches")
        assert project.at("patches~1") == there
        assert project.git("show", f"patches:{FILE}") == LISTED

    def test_one_that_only_the_remote_has_goes_on_there(self, project) -> None:
        act(project, branch="patches", remote="origin")
        pushed = project.remote("patches")
        project.git("branch", "-D", "patches")
        assert not act(project, branch="patches", remote="origin")["changed"]
        result = act(project, branch="patches", remote="origin", patches=[OURS, "ACSD-62332"])
        assert project.at("patches~1") == pushed
        assert project.remote("patches") == result["commit"]

    def test_one_whose_remote_is_not_known_here_is_refused(self, project) -> None:
        act(project, branch="patches", remote="origin")
        project.git("branch", "-D", "patches")
        project.git("update-ref", "-d", "refs/remotes/origin/patches")
        project.git("commit", "--quiet", "--allow-empty", "--message", "Other")
        project.git("gc", "--quiet", "--prune=now")
        assert refused(project, branch="patches", remote="origin").code == "behind"

    def test_a_commit_beside_branches(self, project) -> None:
        project.git("checkout", "--quiet", "--detach")
        assert refused(project).code == "detached"
        act(project, branch="patches")
        assert project.git("branch", "--show-current") == ""
        assert project.at("patches~1") == project.at("HEAD")

    @pytest.mark.parametrize("name", ["-f", "a..b", "a b"])
    def test_what_is_no_name(self, project, name: str) -> None:
        assert refused(project, branch=name).code == "bad_branch"


class TestRange:
    """The store has left the versions that the patch is for."""

    @pytest.mark.parametrize("version", ["2.4.7", "2.4.8", "2.4.5-p1"])
    def test_an_id_is_not_added(self, project, version: str) -> None:
        project.lock(version)
        project.commit("Another version")
        before = project.state()
        result = act(project, remote="origin", branch="new")
        assert project.state() == before
        assert (result["failed"], result["changed"], result["code"]) == (True, False, "out_of_range")
        assert f"Magento {version} is out of its range, and the build would fail" in result["msg"]
        assert result["patches"][0]["in_range"] is False

    def test_an_id_that_stands_there_is_removed(self, project) -> None:
        project.write(FILE, LISTED)
        project.lock("2.4.8")
        project.commit("Upgraded")
        predicted = act(project, check=True, commit_message="Add it")
        assert f"{OURS} stood there and would be removed" in predicted["msg"]
        result = act(project, remote="origin", commit_message="Add it")
        assert (result["failed"], result["changed"], result["code"]) == (True, True, "out_of_range")
        assert f"{OURS} stood there and was removed" in result["msg"]
        assert project.read(FILE) == ENVIRONMENT
        assert project.remote() == project.at("main")
        assert project.git("log", "-1", "--format=%B").startswith(
            f"Remove {OURS} from QUALITY_PATCHES\n\nMagento 2.4.8"
        )
        again = act(project, remote="origin")
        assert (again["failed"], again["changed"]) == (True, False)

    def test_nothing_is_added_beside_one_that_is_refused(self, project) -> None:
        project.lock("2.4.7")
        project.commit("Upgraded")
        result = act(project, patches=["ACSD-1", OURS])
        assert not result["changed"]
        assert [patch["in_range"] for patch in result["patches"]] == [None, False]

    def test_absent_does_not_ask_for_the_version(self, project) -> None:
        project.write(FILE, LISTED)
        (project.root / "composer.lock").unlink()
        project.commit("Broken")
        assert act(project, state="absent")["changed"]
        assert project.read(FILE) == ENVIRONMENT

    @pytest.mark.parametrize(("rule", "in_range"), [(">=2.4.6 <2.4.9", True), (">=2.4.6 <2.4.7", False), (None, False)])
    def test_the_tool_that_is_locked_and_installed_decides(self, project, rule: str | None, in_range: bool) -> None:
        project.lock("2.4.8")
        entries = {OURS: {"packages": {"magento/magento2-base": {rule: {"file": "a.patch"}}}}} if rule else {}
        project.write("vendor/magento/quality-patches/support-patches.json", json.dumps(entries))
        self.install(project, "1.1.82")
        project.commit("Vendor is committed here")
        assert act(project)["patches"][0]["in_range"] is in_range

    def test_another_one_than_the_locked_decides_nothing(self, project) -> None:
        project.write("vendor/magento/quality-patches/support-patches.json", "{}")
        self.install(project, "1.1.60")
        project.commit("Vendor is committed here")
        assert act(project)["patches"][0]["rule"] == "magento/magento2-base >=2.4.6 <2.4.7"

    def install(self, project, tool: str) -> None:
        packages = [{"name": "magento/quality-patches", "version": tool}]
        project.write("vendor/composer/installed.json", json.dumps({"packages": packages}))


class TestTool:
    """magento/quality-patches is too old for the patch."""

    @pytest.fixture
    def project(self, tmp_path) -> CloudProject:
        project = CloudProject(tmp_path / "project", tool="1.1.53")
        project.composer()
        return project

    VARIABLES = {"FROM": "1.1.53", "TOOL": "1.1.82", "FAILS": ""}  # noqa: RUF012

    def test_composer_raises_it(self, project) -> None:
        result = act(project, variables=self.VARIABLES)
        options = "--no-plugins --no-scripts --no-ansi --no-progress"
        assert project.composer_calls() == [
            f"require magento/quality-patches:^1.1.54 --no-update {options}",
            f"update magento/quality-patches --with-dependencies --no-install {options}",
        ]
        assert result["tool"] == {"before": "1.1.53", "after": "1.1.82"}
        assert result["files"] == [FILE, "composer.json", "composer.lock"]
        assert project.git("status", "--porcelain") == ""
        assert not act(project, variables=self.VARIABLES)["changed"]

    def test_the_packages_of_the_cloud_move_along_where_it_takes_that(self, project) -> None:
        act(project, variables={**self.VARIABLES, "FAILS": "once"})
        assert len(project.composer_calls()) == 3
        assert "magento/magento-cloud-patches magento/ece-tools --with-all-dependencies" in project.composer_calls()[2]

    def test_what_composer_refuses_leaves_everything_as_it_was(self, project) -> None:
        error = refused(project, variables={**self.VARIABLES, "FAILS": "always"})
        assert error.code == "composer_failed"
        assert "Your requirements could not be resolved" in error.came_back
        assert "composer require magento/quality-patches:^1.1.54" in error.next_step

    def test_a_lock_that_composer_did_not_raise(self, project) -> None:
        error = refused(project, variables={**self.VARIABLES, "TOOL": "1.1.53"}, branch="patches")
        assert (error.code, "composer.lock has 1.1.53 now" in error.came_back) == ("composer_failed", True)

    def test_no_composer(self, project) -> None:
        error = refused(project, composer=("/nowhere/composer",))
        assert error.code == "composer_missing"
        assert "composer require magento/quality-patches:^1.1.54 --no-install" in error.next_step

    def test_it_is_raised_for_an_id_that_is_listed_already(self, project) -> None:
        project.write(FILE, LISTED)
        project.commit("Listed")
        result = act(project, variables=self.VARIABLES)
        assert result["files"] == ["composer.json", "composer.lock"]
        assert project.git("log", "-1", "--format=%s").strip() == "Raise magento/quality-patches to 1.1.54"

    def test_check_mode_does_not_start_composer(self, project) -> None:
        result = act(project, check=True)
        assert project.composer_calls() == []
        assert result["tool"] == {"before": "1.1.53", "after": "1.1.54"}
        assert "would have raised magento/quality-patches to 1.1.54 or later" in result["actions"]

    def test_what_the_old_tool_knows_does_not_count(self, project) -> None:
        packages = [{"name": "magento/quality-patches", "version": "1.1.53"}]
        project.write("vendor/composer/installed.json", json.dumps({"packages": packages}))
        project.write("vendor/magento/quality-patches/support-patches.json", "{}")
        project.commit("Vendor is committed here")
        assert act(project, check=True)["patches"][0]["in_range"] is True

    @pytest.mark.parametrize(("tool", "raised"), [(None, True), ("dev-main", False), ("1.1.54", False)])
    def test_which_are_raised(self, project, tool: str | None, raised: bool) -> None:
        project.lock("2.4.6-p8", tool)
        project.commit("Tool")
        assert any("raised" in action for action in act(project, check=True)["actions"]) is raised

    def test_another_patch_needs_no_release_that_we_know(self, project) -> None:
        result = act(project, patches=["ACSD-1"])
        assert (result["files"], result["patches"][0]["in_range"]) == ([FILE], None)


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "text"), [(FILE, LISTED), ("composer.lock", "{}"), ("README", "changed"), ("new", None)]
    )
    def test_changes_that_are_not_committed(self, project, name: str, text: str | None) -> None:
        project.write("README", "read me")
        project.commit("More")
        project.write(name, text or "not known to git")
        if text is None:
            assert act(project)["changed"]
        else:
            error = refused(project)
            assert (error.code, name in error.came_back) == ("dirty", True)

    def test_a_file_that_git_does_not_know(self, project) -> None:
        project.git("rm", "--quiet", "--cached", FILE)
        project.write(".gitignore", FILE)
        project.commit("Ignored")
        assert refused(project).code == "dirty"

    def test_nobody_to_commit_as(self, project) -> None:
        project.git("config", "--unset", "user.email")
        assert refused(project).code == "no_author"
        act(
            project, author=Author("Grace", "grace@example.com"), change_id="CHG-1", commit_message="Because\n\nof it\n"
        )
        assert project.git("log", "-1", "--format=%an %ae %cn %ce").split() == ["Grace", "grace@example.com"] * 2
        assert project.git("log", "-1", "--format=%B").strip() == "Because\n\nof it\n\nChange: CHG-1"

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("stage:\n  build: {A: 1}\n", "lines of its own"),
            ("stage:\n  build:\n    QUALITY_PATCHES: A-1\n", "where a list belongs"),
            (b"stage: '\xff'\n", "not UTF-8"),
        ],
    )
    def test_a_file_that_is_not_clear(self, project, text, words: str) -> None:
        project.write(FILE, text)
        project.commit("Unclear")
        error = refused(project)
        assert (error.code, words in error.came_back, OURS in error.next_step) == ("cannot_edit", True, True)

    def test_everything_is_listed(self, project) -> None:
        project.write(FILE, "stage:\n  build:\n    QUALITY_PATCHES: ['*']\n")
        project.commit("All")
        result = act(project)
        assert (result["changed"], result["patches"][0]["before"]) == (False, "everything")
        assert refused(project, state="absent").code == "all_patches"

    def test_a_link_in_the_files_place(self, project) -> None:
        (project.root / FILE).rename(project.root / "other")
        (project.root / FILE).symlink_to("other")
        project.commit("Link")
        assert refused(project).code == "not_a_file"

    @pytest.mark.parametrize(
        ("packages", "code"),
        [({"magento/ece-tools": ""}, "no_cloud_project"), ({"magento/magento2-base": ""}, "no_version")],
    )
    def test_a_lock_that_does_not_tell(self, project, packages: dict, code: str) -> None:
        project.lock("2.4.6", **packages)
        project.commit("Lock")
        assert refused(project).code == code

    def test_no_lock(self, project) -> None:
        (project.root / "composer.lock").unlink()
        project.commit("No lock")
        assert refused(project).code == "no_lock"

    def test_no_checkout(self, project) -> None:
        with pytest.raises(CommerceError) as caught:
            ensure(
                CloudPatches(),
                Request(str(project.folder), [OURS]),
                LocalRunner({"GIT_CEILING_DIRECTORIES": str(project.folder.parent)}),
            )
        assert caught.value.code == "no_checkout"

    def test_a_strange_id(self, project) -> None:
        assert refused(project, patches=["x: y"]).code == "bad_patch_id"


class TestHooks:
    def test_they_run(self, project) -> None:
        project.hook("pre-commit", "echo ran >>../ran")
        project.hook("pre-push", "echo ran >>../ran")
        act(project, remote="origin")
        assert (project.folder / "ran").read_text() == "ran\nran\n"

    @pytest.mark.parametrize("branch", [None, "patches"])
    @pytest.mark.parametrize("hook", ["pre-commit", "commit-msg", "pre-push"])
    def test_one_that_refuses_leaves_everything_as_it_was(self, project, hook: str, branch: str | None) -> None:
        project.hook(hook, "echo 'Not on a Friday' >&2; exit 1")
        error = refused(project, branch=branch, remote="origin")
        assert "Not on a Friday" in error.came_back

    @pytest.mark.parametrize("hook", ["post-checkout", "pre-commit", "pre-push"])
    def test_an_end_that_is_asked_for_meanwhile_leaves_everything_as_it_was(self, project, hook: str) -> None:
        project.hook(hook, f"kill -TERM {os.getpid()}; sleep 2")
        before = project.state(times=False)
        with pytest.raises(Interrupted):
            act(project, branch="patches", remote="origin")
        (project.root / ".git/hooks" / hook).unlink()
        assert project.state(times=False) == before

    def test_one_that_refuses_a_checkout(self, project) -> None:
        project.hook("post-checkout", "[ $(git branch --show-current) = main ]")
        assert refused(project, branch="patches").code == "git_failed"

    def test_one_that_takes_the_id_out_again(self, project) -> None:
        project.hook("pre-commit", f"git show HEAD:{FILE} >{FILE}; echo '# x' >>{FILE}; git add {FILE}")
        assert refused(project).code == "changed_by_hook"


class TestRemotes:
    def test_a_push_that_is_rejected_is_taken_back(self, project) -> None:
        project.hook("pre-receive", "echo 'Frozen until Monday'; exit 1", bare=True)
        error = refused(project, remote="origin", branch="patches")
        assert error.code == "push_failed"
        assert "Frozen until Monday" in error.came_back

    def test_a_push_is_never_forced(self, project) -> None:
        other = project.folder / "other"
        project._git("clone", "--quiet", str(project.bare), str(other), cwd=project.folder)
        project._git("-c", "user.name=B", "-c", "user.email=b@example.com", "commit", "--quiet", "--allow-empty",
                     "--message=Theirs", cwd=other)  # fmt: skip
        project._git("push", "--quiet", "origin", "main", cwd=other)
        theirs = project.remote()
        assert refused(project, remote="origin").code == "behind"
        project.git("config", "remote.origin.push", "+refs/heads/*:refs/heads/*")
        assert refused(project, remote="origin").code == "behind"
        assert project.remote() == theirs

    def test_what_the_remote_says_is_told(self, project) -> None:
        project.hook("post-receive", "echo 'Building'; echo 'Deployed'", bare=True)
        assert act(project, remote="origin")["remote_said"] == ["Building", "Deployed"]

    def test_a_connection_that_ends_after_the_commit_was_taken(self, project) -> None:
        project.git("config", "remote.origin.receivepack", "sh -c 'git-receive-pack \"$0\"; exit 1'")
        project.hook("post-receive", "kill -9 $PPID", bare=True)
        result = act(project, remote="origin")
        assert project.remote() == project.at("main") == result["commit"]

    def test_a_login_is_never_told(self, project) -> None:
        address = "https://fleet:s3cr3t@localhost:1/shop.git"
        error = refused(project, remote=address)
        assert error.code == "remote_failed"
        assert "s3cr3t" not in str(error)
        project.git("remote", "add", "cloud", address)
        assert "s3cr3t" not in str(refused(project, remote="cloud"))
        # git hides it in its own words, and not in those of others.
        project.hook("pre-commit", f"echo 'No {address}' >&2; exit 1")
        assert "No https://localhost:1/shop.git" in refused(project).came_back

    def test_a_remote_that_looks_like_an_option(self, project) -> None:
        assert refused(project, remote="--upload-pack=touch ../touched").code == "remote_failed"
        assert not (project.folder / "touched").exists()
