# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Python libraries for store hosts that have none: pure wheels of the control node, taken along for one task.

A module that lacks a library ends with code missing_library. It is then run again with a zip of the wheels in the
task's temporary folder, which Ansible removes. Which hosts lack something is remembered for the run.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from pathlib import Path

from ansible import constants
from ansible.plugins.action import ActionBase

COLLECTION = Path(__file__).parents[2]
REQUIREMENTS = COLLECTION / "requirements-stores.txt"
MISSING_LIBRARY = "missing_library"


def required_names(requirements: Path = REQUIREMENTS) -> list[str]:
    """The names of the libraries, as wheel files spell them, in lower case."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return [line.partition("==")[0].strip().lower().replace("-", "_") for line in lines if "==" in line]


def folders() -> list[Path]:
    """Where wheels are looked for; the first folder that has all of them is taken."""
    named = os.environ.get("STOREFLEET_WHEELS")
    if named:
        return [Path(named)]
    return [COLLECTION / ".cache" / "wheels", Path("~/.cache/storefleet/wheels").expanduser()]


def find_wheels(names: list[str], places: list[Path]) -> list[Path] | None:
    """A wheel for each name, all from one folder; None where no folder has all of them."""
    for place in places:
        found = {}
        for wheel in sorted(place.glob("*-py3-none-any.whl")) + sorted(place.glob("*-py2.py3-none-any.whl")):
            found[re.split(r"-", wheel.name)[0].lower()] = wheel
        if all(name in found for name in names):
            return [found[name] for name in names]
    return None


def how_to_fetch() -> str:
    """What to tell an operator whose control node has no wheels: one command."""
    place = os.environ.get("STOREFLEET_WHEELS") or "~/.cache/storefleet/wheels"
    return (
        "The host lacks the Python libraries PyMySQL and requests, and this control node has no wheels of them to take "
        "along. Fetch them once: python3 -m pip download --only-binary=:all: --no-deps --python-version 3.8 "
        f"--implementation py --abi none --platform any --dest {place} --requirement {REQUIREMENTS}"
    )


def merge(wheels: list[Path], target: Path) -> None:
    """One importable zip of all wheels, made aside and renamed: other workers of the run may want it too."""
    part = target.with_name(f"{target.name}.{os.getpid()}")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as merged:
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as source:
                for name in source.namelist():
                    if name.endswith(".py"):
                        merged.writestr(name, source.read(name))
    part.replace(target)


class WheelsActionBase(ActionBase):
    """Runs the module of the same name; with wheels if the host lacks libraries."""

    # Most hosts need nothing: the temporary folder, a round trip of its own, is made where it is needed.
    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        """See ActionBase.run."""
        result = super().run(tmp, task_vars)
        del tmp
        marker = self._marker(task_vars)
        if marker.exists():
            result.update(self._run_with_wheels(task_vars))
            return result
        answer = self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
        if answer.get("code") == MISSING_LIBRARY:
            marker.touch()
            answer = self._run_with_wheels(task_vars)
        result.update(answer)
        return result

    def _run_with_wheels(self, task_vars):
        wheels = find_wheels(required_names(), folders())
        arguments = dict(self._task.args)
        if wheels:
            arguments["_wheels"] = self._transferred(wheels)
        else:
            arguments["_no_wheels"] = how_to_fetch()
        return self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val)

    def _transferred(self, wheels):
        """The path on the host of the zip of these wheels."""
        merged = Path(constants.DEFAULT_LOCAL_TMP, "storefleet-wheels.zip")
        if not merged.exists():
            merge(wheels, merged)
        shell = self._connection._shell
        if shell.tmpdir is None:
            self._make_tmp_path()
        remote = shell.join_path(shell.tmpdir, merged.name)
        self._transfer_file(str(merged), remote)
        self._fixup_perms2((shell.tmpdir, remote))
        return remote

    def _marker(self, task_vars):
        """A file of this run that stands for: this host, with this interpreter, lacks libraries."""
        host = (task_vars or {}).get("inventory_hostname", "")
        interpreter = (task_vars or {}).get("ansible_python_interpreter", "")
        name = hashlib.sha256(f"{host}\n{interpreter}".encode()).hexdigest()[:16]
        return Path(constants.DEFAULT_LOCAL_TMP, f"storefleet-lacks-libraries-{name}")
