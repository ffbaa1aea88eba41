# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module does about libraries that its host lacks."""

from __future__ import annotations

import importlib
import os
import sys
import zipfile
from pathlib import Path

import pytest
from support.fake_module import Ended, FakeModule

from ansible_collections.storefleet.commerce.plugins.module_utils import libraries
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import MissingLibrary

LACKING = "Storefleet_Lacks_This"


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> FakeModule:
    """A module without what an action plugin may give it."""
    monkeypatch.setattr(FakeModule, "given", {})
    monkeypatch.setattr(sys, "path", list(sys.path))
    return FakeModule(libraries.WHEELS_ARGUMENTS, supports_check_mode=True)


def test_a_library_that_the_host_lacks_is_named_without_loading_another(module: FakeModule, monkeypatch) -> None:
    monkeypatch.delitem(sys.modules, "this", raising=False)
    with pytest.raises(Ended) as caught:
        libraries.find_or_fail(module, "this", LACKING)
    failed, result = caught.value.args
    assert (failed, result["code"]) == (True, "missing_library")
    assert LACKING in result["msg"]
    assert result["next_step"]
    assert "this" not in sys.modules


def test_what_the_host_has_is_enough_whatever_its_case(module: FakeModule) -> None:
    libraries.find_or_fail(module, "JSON", "zipfile")


def test_what_was_taken_along_is_not_looked_for_on_the_host(module: FakeModule) -> None:
    module.params["_wheels"] = "/tmp/wheels.zip"
    libraries.find_or_fail(module, LACKING)


@pytest.mark.parametrize("writable", [True, False])
def test_what_was_taken_along_is_unpacked_where_that_is_allowed(
    module: FakeModule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writable: bool
) -> None:
    monkeypatch.setattr(
        libraries.os, "access", lambda path, mode: writable and (path, mode) == (str(tmp_path), os.W_OK)
    )
    name = f"storefleet_taken_{writable}"
    with zipfile.ZipFile(tmp_path / "wheels.zip", "w") as wheels:
        wheels.writestr(f"{name}/__init__.py", "from . import inner")
        wheels.writestr(f"{name}/inner.py", "")
    module.params["_wheels"] = str(tmp_path / "wheels.zip")
    libraries.load_or_fail(module, lambda: importlib.import_module(name))
    place = Path(sys.modules[f"{name}.inner"].__file__).parents[1]
    assert place == tmp_path / ("wheels" if writable else "wheels.zip")


@pytest.mark.parametrize("no_wheels", [None, "Fetch them once."])
def test_a_library_that_cannot_be_loaded_ends_the_module(module: FakeModule, no_wheels: str | None) -> None:
    def load():
        raise MissingLibrary("PyMySQL", "/usr/bin/python3")

    module.params["_no_wheels"] = no_wheels
    with pytest.raises(Ended) as caught:
        libraries.load_or_fail(module, load)
    failed, result = caught.value.args
    assert (failed, result["code"]) == (True, "missing_library")
    assert "PyMySQL" in result["msg"] if no_wheels is None else result["msg"] == result["next_step"] == no_wheels
