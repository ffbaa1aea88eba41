# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Composer's keys lent to a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.composer_keys import composer_keys


@pytest.fixture
def places(tmp_path: Path):
    for name in ("root", "folder", "home", "owner/.config/composer", "owner/.composer", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def lent(places: Path, **environment: str) -> dict[str, str]:
    names = [str(places / name) for name in ("root", "folder", "home", "owner")]
    with composer_keys(*names, environment):
        found = {
            str(path.relative_to(places)): str(path.resolve().relative_to(places))
            for folder in ("folder", "home")
            for path in (places / folder).iterdir()
        }
        assert all((places / path).is_symlink() for path in found)
    assert os.listdir(places / "folder") == os.listdir(places / "home") == []
    return found


def test_what_is_not_there_is_not_lent(places: Path) -> None:
    assert lent(places) == {}


def test_the_store_s_and_the_owner_s_are_lent_by_link(places: Path) -> None:
    for path in ("root/auth.json", "owner/.composer/auth.json", "owner/.composer/config.json"):
        (places / path).touch()
    (places / "owner/.config/composer/config.json").touch()
    assert lent(places) == {
        "folder/auth.json": "root/auth.json",
        "home/auth.json": "owner/.composer/auth.json",
        "home/config.json": "owner/.config/composer/config.json",
    }


def test_a_composer_home_that_is_named_counts_alone(places: Path) -> None:
    (places / "owner/.composer/auth.json").touch()
    (places / "elsewhere/config.json").touch()
    assert lent(places, COMPOSER_HOME=str(places / "elsewhere")) == {"home/config.json": "elsewhere/config.json"}


def test_they_are_gone_when_composer_fails(places: Path) -> None:
    (places / "root/auth.json").touch()
    with (
        pytest.raises(ValueError, match="it failed"),
        composer_keys(*(str(places / n) for n in ("root", "folder", "home", "owner")), {}),
    ):
        raise ValueError("it failed")
    assert os.listdir(places / "folder") == []
