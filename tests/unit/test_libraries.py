# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module does about libraries that its host lacks."""

from __future__ import annotations

import importlib
import sys
import zipfile
from pathlib import Path

import pytest
from support.fake_module import Ended, FakeModule

from ansible_collections.storefleet.commerce.plugins.module_utils import libraries
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import MissingLibrary

LACKING = "Storefleet_Lacks_This"


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeModule:
    """A module without what an action plugin may give it, with a temporary folder."""
    monkeypatch.setattr(FakeModule, "given", {})
    monkeypatch.setattr(FakeModule, "tmpdir", str(tmp_path / "tmp"), raising=False)
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


def test_what_was_taken_along_is_imported_from_a_folder_of_the_task(module: FakeModule, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "wheels.zip", "w") as wheels:
        wheels.writestr("storefleet_taken/__init__.py", "from . import inner")
        wheels.writestr("storefleet_taken/inner.py", "")
    module.params["_wheels"] = str(tmp_path / "wheels.zip")
    libraries.load_or_fail(module, lambda: importlib.import_module("storefleet_taken"))
    inner = Path(sys.modules["storefleet_taken.inner"].__file__)
    assert inner.is_file()
    assert inner.is_relative_to(module.tmpdir)


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
