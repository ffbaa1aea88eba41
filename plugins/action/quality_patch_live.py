# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.storefleet.commerce.plugins.plugin_utils.run_identity import HolderMixin
from ansible_collections.storefleet.commerce.plugins.plugin_utils.wheels import WheelsActionBase


class ActionModule(HolderMixin, WheelsActionBase):
    """Runs the module of the same name for this run, with Python libraries for a host that has none."""
