# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 PROGRAM CONFIGURATION: one scheduled audit of the fleet, and who has to know of it."""

from __future__ import annotations

import sys

from storefleet_schedule.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
