# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which wheels are taken along, in what form, and when."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from ansible import constants
from ansible.plugins.action import ActionBase

from ansible_collections.storefleet.commerce.plugins.plugin_utils import wheels

NAMES = ["alpha", "beta_gamma"]


def make_wheel(folder: Path, name: str, version: str = "1.0") -> None:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name.lower()}/__init__.py", f"VERSION = '{version}'\n")
        wheel.writestr(f"{name.lower()}/native.so", b"\0")
        wheel.writestr(f"{name}-{version}.dist-info/METADATA", "Name: x\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("Alpha", "beta_gamma"):
        make_wheel(tmp_path / "wheels", name)
    return tmp_path / "wheels"


def test_names_are_spelt_as_in_wheel_files(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# a comment\nAlpha==1.0\n\nbeta-gamma==2.0\n")
    assert wheels.required_names(requirements) == NAMES


def test_the_pinned_libraries_are_those_that_the_modules_load() -> None:
    assert {"pymysql", "requests", "urllib3", "idna", "charset_normalizer"} == set(wheels.required_names())


def test_a_folder_counts_only_with_all_wheels(folder: Path, tmp_path: Path) -> None:
    make_wheel(tmp_path / "half", "Alpha")
    found = wheels.find_wheels(NAMES, [tmp_path / "nowhere", tmp_path / "half", folder])
    assert [wheel.name for wheel in found] == ["Alpha-1.0-py3-none-any.whl", "beta_gamma-1.0-py3-none-any.whl"]
    assert {wheel.parent for wheel in found} == {folder}
    assert wheels.find_wheels(NAMES, [tmp_path / "half"]) is None


def test_a_named_folder_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREFLEET_WHEELS", "/srv/wheels")
    assert wheels.folders() == [Path("/srv/wheels")]
    assert "--dest /srv/wheels" in wheels.how_to_fetch()
    monkeypatch.delenv("STOREFLEET_WHEELS")
    assert len(wheels.folders()) == 2
    assert str(wheels.REQUIREMENTS) in wheels.how_to_fetch()


def test_the_merged_zip_is_imported_from_and_holds_python_only(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "merged.zip"
    wheels.merge(wheels.find_wheels(NAMES, [folder]), target)
    program = f"import sys; sys.path.append({str(target)!r}); import alpha, beta_gamma; print(alpha.VERSION)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "1.0\n"
    assert set(zipfile.ZipFile(target).namelist()) == {"alpha/__init__.py", "beta_gamma/__init__.py"}
    assert [path.name for path in tmp_path.glob("merged.zip*")] == ["merged.zip"]


class FakeAction(wheels.WheelsActionBase):
    """Runs no module, but says what it would run."""

    def __init__(self, lacking: bool) -> None:
        self.lacking = lacking
        self.calls: list[dict] = []
        self._task = type("Task", (), {"args": {"root": "/srv/store"}, "async_val": 0})

    def _execute_module(self, module_args=None, **dummy):
        arguments = module_args or self._task.args
        self.calls.append(arguments)
        if self.lacking and not {"_wheels", "_no_wheels"} & set(arguments):
            return {"failed": True, "code": "missing_library", "msg": "There is none."}
        return {"changed": False, "arguments": arguments}

    def _transferred(self, wheels):
        return f"/remote/tmp/{len(wheels)}.zip"


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path):
    monkeypatch.setattr(ActionBase, "run", lambda *dummy: {})
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(wheels, "required_names", lambda: NAMES)
    monkeypatch.setenv("STOREFLEET_WHEELS", str(folder))
    return FakeAction


def host(name: str) -> dict:
    return {"inventory_hostname": name}


def test_a_host_with_libraries_is_asked_once(action) -> None:
    made = action(lacking=False)
    assert made.run(task_vars=host("a")) == {"changed": False, "arguments": {"root": "/srv/store"}}
    assert len(made.calls) == 1


def test_a_host_without_libraries_is_asked_again_with_wheels_and_remembered(action) -> None:
    made = action(lacking=True)
    assert made.run(task_vars=host("a"))["arguments"] == {"root": "/srv/store", "_wheels": "/remote/tmp/2.zip"}
    assert len(made.calls) == 2
    second = action(lacking=True)
    assert "_wheels" in second.run(task_vars=host("a"))["arguments"]
    assert len(second.calls) == 1
    other = action(lacking=False)
    assert "_wheels" not in other.run(task_vars=host("b"))["arguments"]


def test_no_failure_of_the_first_call_is_left_in_the_result(action) -> None:
    assert "failed" not in action(lacking=True).run(task_vars=host("a"))


def test_without_wheels_the_module_is_told_how_to_get_them(action, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREFLEET_WHEELS", "/nowhere")
    arguments = action(lacking=True).run(task_vars=host("a"))["arguments"]
    assert "pip download" in arguments["_no_wheels"]
    assert "_wheels" not in arguments
