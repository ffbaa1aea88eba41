# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module's own part: what it refuses before anything runs, and that its documentation is its result."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest
import yaml
from ansible.module_utils import basic

from ansible_collections.storefleet.commerce.plugins.module_utils import probe_options
from ansible_collections.storefleet.commerce.plugins.modules import failures_num_probe


def run(monkeypatch: pytest.MonkeyPatch, capsys, **options) -> dict:
    """What the module says in check mode, in which it reads nothing of a store."""
    arguments = {"_ansible_check_mode": True, "_ansible_remote_tmp": "/tmp", "_ansible_keep_remote_files": False}
    arguments.update(options)
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode())
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    with pytest.raises(SystemExit):
        failures_num_probe.main()
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"probe": "account"}, "account_email, account_password"),
        ({"probe": "account", "account_email": "a@example.com"}, "account_password"),
        ({"url_username": "op"}, "url_password"),
        ({"headers": {"Host": "other.example"}}, "headers"),
        ({"headers": {"X-Team": "s3cret\r\nHost: a"}}, "headers"),
    ],
)
def test_misuse_is_refused_before_anything_runs(monkeypatch, capsys, options: dict, named: str) -> None:
    result = run(monkeypatch, capsys, **options)
    assert result["failed"]
    assert named in result["msg"]
    assert "s3cret" not in json.dumps(result)


def test_check_mode_asks_nothing_and_tells_no_secret(monkeypatch, capsys, tmp_path: Path) -> None:
    secrets = {"url_username": "op", "url_password": "s3cret", "headers": {"X-Team": "s3cret-too"}}
    account = {"probe": "account", "account_email": "a@example.com", "account_password": "s3cret-three"}
    user = pwd.getpwuid(os.getuid()).pw_name
    result = run(monkeypatch, capsys, root=str(tmp_path), user=user, **secrets, **account)
    assert {api["reason"] for api in result["probe"]["apis"].values()} == {"check_mode"}
    assert "s3cret" not in json.dumps(result)
    documented = yaml.safe_load(failures_num_probe.RETURN)["probe"]["contains"]
    assert set(result["probe"]) == set(documented)
    assert set(result["probe"]["apis"]["rest"]) == set(documented["apis"]["contains"]["rest"]["contains"])


def test_the_forms_are_documented() -> None:
    documented = yaml.safe_load(failures_num_probe.DOCUMENTATION)["options"]["probe"]
    assert documented["choices"] == list(probe_options.FORMS)
    assert documented["default"] == probe_options.FORMS[0]
