# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scheduled audit of a control node does besides Ansible. Nothing but Python's own library.

Imports run one way: command_line -> playbook, connections, run_lock, notifications -> webhook, news -> configuration.
"""
