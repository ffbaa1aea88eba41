# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The marks of deploy tools."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.deployment import deployment_of


@pytest.fixture
def deployed(tmp_path):
    """The deployment of a root below a folder that has these files (folders where the name ends in a slash)."""

    def made(root, *names, given=None, environ=()):
        (tmp_path / root).mkdir(parents=True, exist_ok=True)
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir(exist_ok=True) if name.endswith("/") else path.write_text("")
        given_root = str(tmp_path / (given or root))
        return deployment_of(str((tmp_path / root).resolve()), given_root, dict.fromkeys(environ, "geheim"))

    return made


@pytest.mark.parametrize(
    ("root", "names", "tool"),
    [
        ("www/html", (), None),
        ("store/releases/12", (".keep",), "releases"),
        ("store/releases/12", ("store/shared/",), "releases"),
        ("store/releases/12", ("store/.dep/", "store/shared/"), "deployer"),
        ("store/releases/12", ("store/repo/HEAD",), "capistrano"),
        ("store/releases/12", ("store/revisions.log",), "capistrano"),
        ("store/html", ("store/.dep/",), "deployer"),
        ("store/html", ("store/releases/", "store/shared/"), "releases"),
        # Names that many a folder has.
        ("store/html", ("store/shared/",), None),
        ("store/html", ("store/releases/",), None),
        ("store/html", ("store/repo/HEAD",), None),
        ("store/html", ("store/repo/", "store/releases/"), None),
        ("store/html", ("store/html/.git/",), "git"),
        # A worktree or submodule.
        ("store/html", ("store/html/.git",), "git"),
        ("store/html", ("store/.git/",), None),
        ("store/releases/12", ("store/.dep/", "store/releases/12/.git/"), "deployer"),
        ("app", ("app/.magento.app.yaml", "app/.git/"), "cloud"),
        ("app", ("app/.magento.env.yaml",), "cloud"),
    ],
)
def test_tools(deployed, root, names, tool):
    found = deployed(root, *names)
    assert found.tool == tool
    assert (found.note is None) == (tool is None)
    assert bool(found.marks) == (tool is not None)


def test_marks_are_paths(deployed, tmp_path):
    found = deployed("store/releases/12", "store/.dep/", "store/shared/")
    assert set(found.marks) == {str(tmp_path / "store" / name) for name in (".dep", "releases", "shared")}


def test_the_link_leads_to_the_marks_too(deployed, tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store/current").symlink_to("../builds/12")
    assert deployed("builds/12", "store/.dep/", given="store/current").tool == "deployer"


def test_a_root_called_as_a_mark_is_none(deployed):
    assert deployed("srv/shared", "srv/releases/").tool is None


def test_clouds_variables_count_by_name_and_are_never_told(deployed):
    found = deployed("app", environ=["MAGENTO_CLOUD_PROJECT", "HOME"])
    assert (found.tool, found.marks) == ("cloud", ("MAGENTO_CLOUD_PROJECT",))
    assert "geheim" not in repr(found)


def test_the_note_says_what_becomes_of_a_change(deployed):
    assert "next deploy" in deployed("store/releases/12", "store/.dep/").note
