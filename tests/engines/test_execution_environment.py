# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The context of the execution environment, as ansible-builder makes it: what is in the image, and where."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
LIBRARIES = ["charset_normalizer", "idna", "pymysql", "requests", "urllib3"]


class Context(NamedTuple):
    """folder: of the context. lines: of its Containerfile, those of the last stage alone."""

    folder: Path
    lines: list[str]

    def environment(self) -> dict[str, str]:
        return dict(line.removeprefix("ENV ").split("=", 1) for line in self.lines if line.startswith("ENV "))

    def copied_to(self, folder: str) -> list[Path]:
        """What of the context is in that folder of the image."""
        (source,) = (line.split()[1] for line in self.lines if re.fullmatch(rf"COPY _build/\S+ {folder}", line))
        return sorted((self.folder / source).iterdir())


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder = tmp_path_factory.mktemp("image") / "context"
    subprocess.run([CHECKOUT / "tools/execution-environment", str(folder)], check=True, capture_output=True)
    last_stage = (folder / "Containerfile").read_text().rpartition("\nFROM ")[2]
    return Context(folder, last_stage.splitlines())


@pytest.fixture(scope="module")
def installed(context: Context, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collections that the image's stage galaxy installs, as it does it: from the folder of the context."""
    folder = tmp_path_factory.mktemp("collections")
    subprocess.run(
        [
            "ansible-galaxy",
            "collection",
            "install",
            "--offline",
            "--force",
            "-p",
            str(folder),
            "-r",
            "requirements.yml",
        ],
        cwd=context.folder / "_build",
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(folder)},
        check=True,
        capture_output=True,
    )
    return folder


def test_the_collection_is_in_it(context: Context, installed: Path) -> None:
    manifest = yaml.safe_load((installed / "ansible_collections/storefleet/commerce/MANIFEST.json").read_text())
    assert manifest["collection_info"]["name"] == "commerce"
    assert manifest["collection_info"]["dependencies"] == {}


def test_the_wheels_are_where_the_plugins_look_for_them(context: Context) -> None:
    wheels = context.copied_to(context.environment()["STOREFLEET_WHEELS"])
    assert sorted(wheel.name.split("-")[0] for wheel in wheels) == LIBRARIES
    assert all(wheel.name.endswith("-none-any.whl") and wheel.stat().st_size > 10_000 for wheel in wheels)


def test_reports_go_to_a_folder_that_any_user_can_write_to(context: Context) -> None:
    folder = context.environment()["STOREFLEET_REPORT_DIR"]
    assert f"RUN mkdir -p {folder} && chmod 1777 {folder}" in context.lines


def test_the_base_image_is_the_users_own(context: Context) -> None:
    text = (context.folder / "Containerfile").read_text()
    assert text.startswith('ARG EE_BASE_IMAGE="ee-base:latest"\n')
    assert "FROM $EE_BASE_IMAGE AS base" in text


def test_what_the_collection_needs_is_found(installed: Path) -> None:
    found = subprocess.run(
        ["ansible-builder", "introspect", str(installed)], check=True, capture_output=True, text=True
    ).stdout
    needs = yaml.safe_load(found)
    assert [line.split()[0] for line in needs["python"]] == ["tzdata"]
    assert [line.split()[0] for line in needs["system"]] == ["openssh-clients", "openssh-client"]


def test_nothing_of_the_checkout_alone_is_in_the_collection(context: Context) -> None:
    with tarfile.open(context.folder / "_build/collection/storefleet-commerce.tar.gz") as archive:
        names = archive.getnames()
    assert "meta/execution-environment.yml" in names
    assert not [name for name in names if name.startswith(("tests/", "tools/", "."))]
