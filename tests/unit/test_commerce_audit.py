# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: what it loads for what it is asked."""

from __future__ import annotations

import sys
from datetime import date
from types import SimpleNamespace

import pytest
from support.fake_module import Ended, FakeModule
from support.real_module import runner

from ansible_collections.storefleet.commerce.plugins.action import commerce_audit as action
from ansible_collections.storefleet.commerce.plugins.module_utils import audit_options, libraries, probe_options
from ansible_collections.storefleet.commerce.plugins.modules import commerce_audit
from ansible_collections.storefleet.commerce.plugins.plugin_utils.wheels import WheelsActionBase

ARGUMENTS = {
    **probe_options.PROBE_ARGUMENTS,
    **libraries.WHEELS_ARGUMENTS,
    **audit_options.WAIVER_ARGUMENTS,
}


@pytest.mark.parametrize("lacking", ["pymysql", "requests"])
def test_a_host_without_a_library_is_told_before_the_probe_is_loaded(monkeypatch, lacking) -> None:
    package = "ansible_collections.storefleet.commerce.plugins.module_utils"
    monkeypatch.setitem(sys.modules, lacking, None)
    monkeypatch.setitem(sys.modules, f"{package}.probe", None)
    monkeypatch.delattr(f"{package}.probe", raising=False)
    monkeypatch.setattr(
        FakeModule, "given", {"probe": "gentle", "verify_with_tool": False, "carrier": "auto", "patches": []}
    )
    module = FakeModule(ARGUMENTS, supports_check_mode=True)
    module.no_log_values = set()
    with pytest.raises(Ended) as caught:
        commerce_audit.plan_of(module)
    failed, result = caught.value.args
    assert (failed, result["code"]) == (True, "missing_library")


@pytest.mark.parametrize(
    ("form", "check", "asked", "skipped", "looks"),
    [
        ("skip", False, False, "skip", False),
        ("skip", True, True, "skip", False),
        ("gentle", True, True, "check_mode", True),
        ("gentle", False, True, None, True),
    ],
)
def test_what_is_not_asked_for_is_not_done(monkeypatch, form, check, asked, skipped, looks) -> None:
    monkeypatch.setattr(
        FakeModule, "given", {"probe": form, "verify_with_tool": asked, "carrier": "auto", "patches": []}
    )
    module = FakeModule(ARGUMENTS, supports_check_mode=True)
    module.no_log_values, module.check_mode = set(), check
    plan = commerce_audit.plan_of(module)
    assert (plan.options.form, plan.serving_of is not None) == (form, looks)
    assert (plan.probe is None, plan.skipped if plan.probe is None else None) == (skipped is not None, skipped)
    assert (plan.ask_tool is not None) is (asked and not check)


def planned(monkeypatch, waiver, today="2026-02-01"):
    given = {"probe": "skip", "verify_with_tool": False, "carrier": "host", "patches": ["ACSD-1", "ACSD-1"]}
    given.update(waiver=waiver, _today=today)
    monkeypatch.setattr(FakeModule, "given", given)
    module = FakeModule(ARGUMENTS, supports_check_mode=True)
    module.no_log_values = set()
    return commerce_audit.plan_of(module)


def test_a_waiver_is_part_of_the_plan(monkeypatch) -> None:
    plan = planned(monkeypatch, {"reason": "Closed in January.", "expires": "2026-01-31"})
    assert (plan.carrier, plan.patches) == ("host", ("ACSD-1",))
    assert plan.waiver == ("Closed in January.", "2026-01-31", True)
    assert planned(monkeypatch, None, today=None).waiver is None


@pytest.mark.parametrize(("today", "expired"), [("1999-12-31", False), ("2000-01-01", False), ("2000-01-02", True)])
def test_a_waiver_ends_by_the_day_that_the_module_is_told(monkeypatch, today, expired) -> None:
    assert planned(monkeypatch, {"reason": "Closed.", "expires": "2000-01-01"}, today).waiver.expired is expired


def test_the_module_is_told_the_day_of_the_run(monkeypatch) -> None:
    monkeypatch.setattr(action, "day_of_run", lambda: date(2026, 11, 23))
    monkeypatch.setattr(WheelsActionBase, "run", lambda self, *dummy: self._task.args)
    made = action.ActionModule.__new__(action.ActionModule)
    given = {"root": "/srv/store"}
    made._task = SimpleNamespace(args=given)
    assert made.run() == {"root": "/srv/store", "_today": "2026-11-23"}
    assert given == {"root": "/srv/store"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"probe": "gentel"}, "value of probe must be one of: article, gentle, account, skip, got: gentel"),
        (
            {"probe": "account"},
            "probe is account but all of the following are missing: account_email, account_password",
        ),
        ({"url_password": "5ecret"}, "parameters are required together: url_username, url_password"),
        ({"headers": "5ecret"}, "unable to convert to dict"),
        ({"waiver": {"reason": "Closed."}}, "missing required arguments: expires found in waiver"),
    ],
)
def test_options_that_the_module_would_not_take_are_told_before_a_host_is_connected_to(
    monkeypatch, given, said
) -> None:
    monkeypatch.setattr(WheelsActionBase, "run", lambda *dummy: pytest.fail("a host is connected to"))
    made = action.ActionModule.__new__(action.ActionModule)
    made._task = SimpleNamespace(args={"root": "/srv/store", **given})
    monkeypatch.setattr(action, "day_of_run", lambda: date(2026, 11, 23))
    result = made.run()
    assert (result["failed"], result["code"]) == (True, "bad_options")
    assert said in result["msg"]
    assert result["next_step"] in result["msg"]
    assert "5ecret" not in str(result)


@pytest.mark.parametrize(
    "waiver", [{}, {"reason": "Closed.", "expires": "soon"}, {"reason": "", "expires": "2026-01-31"}]
)
def test_a_waiver_that_cannot_be_taken_fails_the_module(monkeypatch, waiver) -> None:
    with pytest.raises(Ended) as caught:
        planned(monkeypatch, waiver)
    failed, result = caught.value.args
    assert (failed, result["code"]) == (True, "bad_waiver")
    assert result["next_step"] in result["msg"]


@pytest.mark.parametrize(
    ("patches", "others"),
    [
        (["ACSD-61103"], {}),
        (["ACSD-62332", "ACSD-61103"], {"ACSD-62332": "not_applied"}),
        (["ACSD-62332", "ACSD-1"], {"ACSD-62332": "not_applied", "ACSD-1": "not_available"}),
    ],
)
def test_other_patches_may_stand_beside_the_one_that_is_audited_or_alone(
    monkeypatch, capsys, store_tree, patches, others
) -> None:
    run = runner(commerce_audit.main, monkeypatch, capsys)
    audited = run(root=str(store_tree.root), php="/bin/false", probe="skip", patches=patches)["audit"]
    assert audited["patch"] == "ACSD-61103"
    assert audited["evidence"]["patch"]["files"] == "not_applied"
    assert audited["evidence"]["patches"] == others


def test_no_patch_is_no_audit(monkeypatch, capsys, store_tree) -> None:
    run = runner(commerce_audit.main, monkeypatch, capsys)
    audited = run(root=str(store_tree.root), php="/bin/false", probe="skip", patches=[])["audit"]
    assert audited["status"] == "unknown"
    assert "Name ACSD-61103 in commerce_patches." in " ".join(audited["evidence"]["failures"])
