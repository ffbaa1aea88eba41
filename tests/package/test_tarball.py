# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
# Made by the build itself.
LISTS = {"MANIFEST.json", "FILES.json"}


@pytest.fixture(scope="module")
def packaged(tarball: Path) -> set[str]:
    with tarfile.open(tarball) as archive:
        return {member.name for member in archive if not member.isdir()} - LISTS


def git_files() -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {name for name in listed.split("\0") if name}


def test_holds_what_a_user_needs_and_nothing_of_the_workshop(packaged: set[str]) -> None:
    assert {name.split("/")[0] for name in packaged} == {
        "CHANGELOG.rst",
        "LICENSE",
        "README.md",
        "changelogs",
        "docs",
        "extensions",
        "meta",
        "playbooks",
        "plugins",
        "requirements-stores.txt",
        "roles",
    }


def test_holds_no_file_that_git_does_not_know(packaged: set[str]) -> None:
    assert packaged - git_files() == set()


@pytest.mark.parametrize("folder", ["docs", "extensions", "meta", "playbooks", "plugins", "roles"])
def test_holds_each_folder_wholly(packaged: set[str], folder: str) -> None:
    present = {name for name in git_files() if name.startswith(f"{folder}/") and (CHECKOUT / name).exists()}
    assert present - packaged == set()
