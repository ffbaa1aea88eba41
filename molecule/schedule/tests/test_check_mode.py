# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role with --check and --diff: it writes nothing, predicts what it would change, and shows no secret."""

from __future__ import annotations

import pytest
from support.schedules import SECRETS, Schedule

# What the system itself writes, and the folder in which Ansible keeps its modules for the time of a task.
NOT_OURS = ("/tmp", "/var/tmp", "/var/log", "/var/lib/systemd/timers", "/root/.ansible")
CHECK = ("--check", "--diff")


@pytest.fixture
def written(host):
    """The files that were made, changed or removed since the test began; a removed one by its folder."""
    host.check_output("touch /run/begun")
    pruned = " -o ".join(f"-path {path} -prune" for path in NOT_OURS)
    return lambda: host.check_output(f"find / -xdev {pruned} -o -cnewer /run/begun -print")


@pytest.fixture
def installed(host):
    """The schedule that is on the control node."""
    return Schedule(host, "storefleet-audit")


def shows_no_secret(output, *more):
    return not [secret for secret in (*SECRETS, *more) if secret in output]


@pytest.mark.parametrize("source", ["archive", "repository", "installed"])
def test_on_a_fresh_node(host, written, repository, source):
    sources = {
        "archive": {},
        "repository": {
            "commerce_schedule_archive": "",
            "commerce_schedule_repository": repository.url,
            "commerce_schedule_version": repository.commit(f"1.0.{len(source)}"),
        },
        "installed": {"commerce_schedule_archive": ""},
    }
    fresh = Schedule(host, "fleet-fresh", **sources[source])
    host.check_output("touch /run/begun")
    played = fresh.play(*CHECK)
    assert played.changed > 0
    assert "+OnCalendar=" in played.output
    assert shows_no_secret(played.output)
    assert written() == ""


def test_on_a_node_that_has_it(installed, written):
    assert installed.play(*CHECK).changed == 0
    assert written() == ""


def test_of_other_settings(installed, written):
    played = installed.play(
        *CHECK,
        commerce_schedule_calendar="Mon 05:00",
        commerce_schedule_webhook_token="another-token",
        commerce_schedule_variables={"commerce_account_password": "another-password"},
    )
    assert played.changed > 0
    assert "+OnCalendar=Mon 05:00" in played.output
    assert shows_no_secret(played.output, "another-token", "another-password")
    assert written() == ""


def test_of_the_removal(host, installed, written):
    played = installed.play(*CHECK, commerce_schedule_state="absent", commerce_schedule_remove_reports=True)
    assert played.changed > 0
    assert written() == ""
    assert host.service(installed.timer).is_running


def test_of_a_removal_of_nothing(host, written):
    fresh = Schedule(host, "fleet-fresh")
    played = fresh.play(*CHECK, commerce_schedule_state="absent", commerce_schedule_remove_reports=True)
    assert played.changed == 0
    assert written() == ""
