# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: how it ends, and its documentation against what it takes and returns."""

from __future__ import annotations

import zipfile

import pytest
import yaml
from support.fake_module import Ended, FakeModule

from ansible_collections.storefleet.commerce.plugins.module_utils import libraries
from ansible_collections.storefleet.commerce.plugins.module_utils.counters import Counter
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.modules import failures_num_reset

DONE = {"changed": True, "counters": {"notes": ["One.", "Two."]}, "diff": {}}


@pytest.fixture
def run(monkeypatch):
    """Runs main() and tells with what it called the core, whether it failed, and its result."""

    def start(done=None, check=False, **params):
        done, calls = done or DONE, []

        def reset(*given):
            calls.append(given)
            if isinstance(done, Exception):
                raise done
            return done

        place = type("Place", (), {"root": "/srv", "php": ("php",), "runner": "runner", "check": check})
        monkeypatch.setattr(FakeModule, "given", params)
        monkeypatch.setattr(failures_num_reset, "AnsibleModule", FakeModule)
        monkeypatch.setattr(failures_num_reset, "reset", reset)
        monkeypatch.setattr(failures_num_reset, "in_store", lambda module, work: work(place, None))
        with pytest.raises(Ended) as caught:
            failures_num_reset.main()
        return (calls[0] if calls else None, *caught.value.args)

    return start


@pytest.mark.parametrize(("check", "write"), [(False, True), (True, False)])
def test_check_mode_only_looks(run, check, write):
    (root, php, runner, advisory, writes, limit), failed, result = run(check=check, limit=3)
    assert (root, php, runner, advisory.patch) == ("/srv", ("php",), "runner", "ACSD-61103")
    assert (writes, limit) == (write, 3)
    assert (failed, result) == (False, DONE)
    assert FakeModule.warnings == ["One.", "Two."]


def test_a_known_error_fails_the_module(run):
    error = CommerceError("write to the database", "db", "the server is read-only", "Elsewhere.", code="read_only")
    dummy, failed, result = run(error)
    assert failed
    assert result == {"msg": str(error), "code": "read_only", "next_step": "Elsewhere."}


def test_without_a_library_nothing_is_done(run, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pymysql", None)
    called, failed, result = run(_no_wheels="Fetch them.")
    assert (called, failed) == (None, True)
    assert result == {"msg": "Fetch them.", "code": "missing_library", "next_step": "Fetch them."}
    called, failed, result = run()
    assert (called, failed, result["code"]) == (None, True, "missing_library")


def test_what_was_taken_along_is_found(run, monkeypatch, tmp_path):
    monkeypatch.delitem(__import__("sys").modules, "pymysql")
    monkeypatch.setattr(libraries.sys, "path", [])
    with zipfile.ZipFile(tmp_path / "wheels.zip", "w") as wheels:
        wheels.writestr("pymysql.py", "")
    called, failed, dummy = run(_wheels=str(tmp_path / "wheels.zip"))
    assert called
    assert not failed


def test_what_is_returned_is_documented(store_tree, monkeypatch):
    from contextlib import nullcontext

    from ansible_collections.storefleet.commerce.plugins.module_utils import failures_num
    from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103

    settings = type("Settings", (), {"modules": (), "database": "m2"})
    monkeypatch.setattr(failures_num, "read_settings", lambda *_: settings)
    monkeypatch.setattr(failures_num, "Database", nullcontext)
    done = failures_num.counters.Reset((Counter(1, 2, None, None),), 0)
    monkeypatch.setattr(failures_num.counters, "reset", lambda *_: done)
    found = failures_num.reset(str(store_tree.root), ("php",), None, ACSD_61103)
    documented = yaml.safe_load(failures_num_reset.RETURN)["counters"]["contains"]
    assert list(found["counters"]) == list(documented)
    assert list(found["counters"]["customers"][0]) == list(documented["customers"]["contains"])
