# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the callback fleet_report is configured, for the plugins that go to the same folder."""

from __future__ import annotations

from typing import Any

from ansible import constants
from ansible.plugins.loader import callback_loader

CALLBACK = "storefleet.commerce.fleet_report"


def callback_options() -> dict[str, Any]:
    """The callback's directory, formats and keep."""
    # Its options are known to Ansible from when it is loaded, by the name that it has there.
    callback = callback_loader.get(CALLBACK, class_only=True)
    return {
        name: constants.config.get_config_value(name, plugin_type="callback", plugin_name=callback._load_name)
        for name in ("directory", "formats", "keep")
    }
