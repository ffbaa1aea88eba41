# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module run as Ansible runs it, in this process: with the real AnsibleModule, and what it prints in the end."""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Callable

import pytest
from ansible.module_utils import basic

Run = Callable[..., dict]


def runner(main: Callable[[], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Run:
    """Runs the module with options, as the user of this process and in check mode if asked; returns its result."""

    def run(check: bool = False, **options) -> dict:
        arguments = {
            "_ansible_check_mode": check,
            "_ansible_remote_tmp": "/tmp",
            "_ansible_keep_remote_files": False,
            "user": pwd.getpwuid(os.geteuid()).pw_name,
            **options,
        }
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        mask = os.umask(0o022)
        try:
            with pytest.raises(SystemExit):
                main()
        finally:
            os.umask(mask)
        return json.loads(capsys.readouterr().out)

    return run
