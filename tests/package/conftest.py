# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as a user gets it: built, and installed into the empty home of someone who has no checkout."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class User:
    """Someone with an empty home and no configuration; the installed collection is all that Ansible finds."""

    home: Path

    @property
    def collection(self) -> Path:
        return self.home / ".ansible/collections/ansible_collections/storefleet/commerce"

    def run(self, *argv: str, status: int = 0) -> str:
        """Standard output of a command, started in the home folder. Another status fails the test with all output."""
        done = subprocess.run(
            argv,
            cwd=self.home,
            env={"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, f"{' '.join(argv)} ended {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="session")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    subprocess.run(
        ["ansible-galaxy", "collection", "build", "--output-path", str(folder), str(CHECKOUT)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("storefleet-commerce-*.tar.gz")
    return built


@pytest.fixture(scope="session")
def user(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> User:
    user = User(home=tmp_path_factory.mktemp("home"))
    user.run("ansible-galaxy", "collection", "install", "--offline", str(tarball))
    return user
