# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In place of AnsibleModule, for tests of how a module's main() goes on."""

from __future__ import annotations

from typing import ClassVar


class Ended(Exception):
    """How the module ended: whether it failed, and with what."""


class FakeModule:
    """A module with the parameters in given, the defaults for the others; what it was told is kept by its class."""

    check_mode = False
    given: ClassVar[dict] = {}
    spec: ClassVar[dict] = {}
    warnings: ClassVar[list[str]] = []

    def __init__(self, argument_spec, supports_check_mode):
        assert supports_check_mode
        FakeModule.spec, FakeModule.warnings = argument_spec, []
        self.params = {name: option.get("default") for name, option in argument_spec.items()}
        self.params.update(FakeModule.given)

    def warn(self, text):
        self.warnings.append(text)

    def fail_json(self, **values):
        raise Ended(True, values)

    def exit_json(self, **values):
        raise Ended(False, values)
