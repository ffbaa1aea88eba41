# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module's own part: what it refuses before anything runs, and that its documentation is its result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from support.real_module import runner

from ansible_collections.storefleet.commerce.plugins.modules import failures_num_probe


@pytest.fixture
def run(monkeypatch, capsys):
    """What the module says in check mode, in which it reads nothing of a store."""
    start = runner(failures_num_probe.main, monkeypatch, capsys)
    return lambda **options: start(check=True, **options)


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
def test_misuse_is_refused_before_anything_runs(run, options: dict, named: str) -> None:
    result = run(**options)
    assert result["failed"]
    assert named in result["msg"]
    assert "s3cret" not in json.dumps(result)


def test_check_mode_asks_nothing_and_tells_no_secret(run, tmp_path: Path) -> None:
    secrets = {"url_username": "op", "url_password": "s3cret", "headers": {"X-Team": "s3cret-too"}}
    account = {"probe": "account", "account_email": "a@example.com", "account_password": "s3cret-three"}
    result = run(root=str(tmp_path), **secrets, **account)
    assert {api["reason"] for api in result["probe"]["apis"].values()} == {"check_mode"}
    assert "s3cret" not in json.dumps(result)
    documented = yaml.safe_load(failures_num_probe.RETURN)["probe"]["contains"]
    assert set(result["probe"]) == set(documented)
    assert set(result["probe"]["apis"]["rest"]) == set(documented["apis"]["contains"]["rest"]["contains"])
