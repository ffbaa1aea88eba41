# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: what it asks of the core, and its documentation against what it returns."""

from __future__ import annotations

import pytest
import yaml
from support.fake_module import Ended, FakeModule

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.modules import failures_num_info


@pytest.fixture
def run(monkeypatch):
    """Runs main() and tells with what it calls the core, and what it then returns."""

    def start(**params):
        calls = []
        monkeypatch.setattr(FakeModule, "given", params)
        monkeypatch.setattr(failures_num_info, "AnsibleModule", FakeModule)
        monkeypatch.setattr(failures_num_info, "info", lambda *given: calls.append(given) or {"some": "thing"})
        place = type("Place", (), {"root": "/srv", "php": ("php",), "runner": "runner", "check": False})
        monkeypatch.setattr(failures_num_info, "exit_with", lambda module, work: calls.append(work(place, None)))
        failures_num_info.main()
        return calls

    return start


def test_the_core_gets_the_options(run):
    (root, php, runner, advisory, *rest), result = run(store_code="de")
    assert (root, php, runner, advisory.patch) == ("/srv", ("php",), "runner", "ACSD-61103")
    assert rest == [True, "de", None]
    assert result == {"changed": False, "failures_num": {"some": "thing"}}


def test_without_a_library_only_the_database_is_not_asked(run):
    assert run(_no_wheels="Fetch them.")[0][4:] == (True, None, "Fetch them.")
    assert run(_no_wheels="Fetch them.", database=False)[0][4:] == (False, None, None)


def test_a_host_without_the_library_is_told_to_the_action_plugin(run, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pymysql", None)
    with pytest.raises(Ended) as caught:
        run()
    assert caught.value.args[1]["code"] == "missing_library"
    assert run(database=False)[0][4:] == (False, None, None)


def test_what_is_returned_is_documented(store_tree, monkeypatch):
    from ansible_collections.storefleet.commerce.plugins.module_utils import failures_num
    from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103

    settings = type("Settings", (), {"modules": ("Magento_Integration",), "database": None})
    monkeypatch.setattr(failures_num, "read_settings", lambda *_: settings)
    found = failures_num.info(str(store_tree.root), ("php",), LocalRunner({}), ACSD_61103)
    documented = yaml.safe_load(failures_num_info.RETURN)["failures_num"]["contains"]
    assert list(found) == list(documented)
    assert list(found["apis"]["rest"]) == list(documented["apis"]["contains"]["rest"]["contains"])
