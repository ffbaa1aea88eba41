# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A schedule on the control node: made by the shipped playbook, run by systemd."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any, NamedTuple

# What the inventory gives the schedules that nobody but root may see.
SECRETS = (
    "the-password-of-the-test-customer",
    "the-secret-of-the-address",
    "the-token-of-the-webhook",
    "the-password-of-the-vault",
)


class Played(NamedTuple):
    """changed: how many of the control node's tasks changed something. output: all that was said."""

    changed: int
    output: str


class Schedule:
    """The schedule of a name. variables: the role's inputs, over those of the inventory. host: the control node."""

    def __init__(self, host: Any, name: str, **variables: Any) -> None:
        self._host = host
        self._variables = {"commerce_schedule_hosts": "control", "commerce_schedule_name": name, **variables}
        self.name = name
        self.service = f"{name}.service"
        self.timer = f"{name}.timer"
        self.state = f"/var/lib/{name}"
        self.reports = variables.get("commerce_schedule_reports") or f"{self.state}/reports"
        self.checkout = f"/usr/local/lib/{name}/collections/ansible_collections/storefleet/commerce"

    def play(self, *options: str, fails: bool = False, **variables: Any) -> Played:
        """Run the shipped playbook. options: of ansible-playbook. variables: over the schedule's own."""
        inventories = os.environ["ANSIBLE_INVENTORY"].split(",")
        argv = ["ansible-playbook", *options, *(f"--inventory={inventory}" for inventory in inventories)]
        extra = json.dumps({**self._variables, **variables})
        argv += [f"--extra-vars={extra}", "storefleet.commerce.schedule"]
        # Molecule wants colours, which would be in the words that are looked for.
        plain = {**os.environ, "ANSIBLE_FORCE_COLOR": "0", "ANSIBLE_NOCOLOR": "1"}
        done = subprocess.run(argv, env=plain, capture_output=True, text=True, check=False)
        output = done.stdout + done.stderr
        assert bool(done.returncode) is fails, output
        return Played(int(re.search(r"^control +:.* changed=(\d+)", done.stdout, re.MULTILINE)[1]), output)

    def remove(self) -> None:
        """Leave nothing of it."""
        self.play(commerce_schedule_state="absent", commerce_schedule_remove_reports=True)

    def run(self) -> int:
        """Let systemd run it to its end; the exit status."""
        self._host.run(f"systemctl start {self.service}")
        return int(self.property("ExecMainStatus"))

    def property(self, name: str) -> str:
        """A property of the service, as systemd has it."""
        return self._host.check_output(f"systemctl show --property={name} --value {self.service}")

    def report(self) -> dict[str, Any]:
        """The newest report."""
        return json.loads(self._host.file(f"{self.reports}/fleet-report.json").content)
