# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedule on its control node, from its first run to its removal: the tests build on each other, in this order."""

from __future__ import annotations

import json
import re
import time

import pytest
from support.schedules import SECRETS, Schedule

NAME = "storefleet-audit"
SERVICE = f"{NAME}.service"
STATE = f"/var/lib/{NAME}"
REPORT = f"{STATE}/reports/fleet-report.json"
PROGRAM = f"/usr/bin/python3 -I -B /usr/local/lib/{NAME}/program /etc/{NAME}/schedule.json"
# What systemd-analyze gave the service, and no more.
MOST_EXPOSURE = 1.5


@pytest.fixture
def received(host):
    """What the webhook got so far."""
    return lambda: [json.loads(line) for line in host.run("cat /run/received.jsonl").stdout.splitlines()]


@pytest.fixture
def schedule(host):
    """The one that the scenario made."""
    return Schedule(host, NAME)


def test_the_timer_waits_for_the_next_night(host):
    assert host.service(f"{NAME}.timer").is_enabled
    timers = json.loads(host.check_output(f"systemctl list-timers --output=json {NAME}.timer"))
    begin = time.gmtime(timers[0]["next"] / 1_000_000)
    assert begin.tm_hour == 3
    assert begin.tm_min < 31


def test_the_service_can_do_little(host):
    told = host.check_output(f"systemd-analyze security --no-pager {SERVICE}")
    assert float(re.search(r"exposure level.*: ([\d.]+)", told)[1]) <= MOST_EXPOSURE


def test_a_run_audits_reports_and_tells(host, schedule, received):
    # The store is not well, which is what the run ends with.
    assert schedule.run() == 2

    report = host.file(REPORT)
    assert (report.user, report.group, report.mode) == (NAME, NAME, 0o640)
    stores = json.loads(report.content)["stores"]
    assert [(store["name"], store["status"], store["reason"]) for store in stores] == [
        ("store", "vulnerable", "unpatched")
    ]

    # The first request was turned away with 503.
    requests = received()
    assert len(requests) == 2
    assert requests[0] == requests[1]
    assert requests[0]["path"] == "/the-secret-of-the-address"
    assert requests[0]["authorization"] == "Bearer the-token-of-the-webhook"
    body = requests[0]["body"]
    assert body["status"] == 2
    assert body["run"] == json.loads(report.content)["run"]["id"]
    assert body["not_well"][0]["next_step"] == "Apply ACSD-61103 with remediate.yml."
    assert json.loads(host.file(f"{STATE}/told.json").content) == body


def test_nothing_goes_on_after_a_run(host):
    assert host.run(f"pgrep --uid {NAME}").stdout == ""


def test_a_second_run_at_the_same_time_is_told(host, schedule):
    host.check_output(f"systemctl start --no-block {SERVICE}")
    lock = f"{STATE}/reports/.schedule.lock"
    for dummy in range(100):
        if host.run(f"flock --nonblock {lock} true").rc:
            break
        time.sleep(0.1)
    second = host.run(f"runuser --user {NAME} -- {PROGRAM}")
    assert second.rc == 75
    begun = rf"process {schedule.property('MainPID')}, begun 20\S+Z"
    # The test's own connection may have its say in the line before.
    told = second.stderr.strip().splitlines()[-1]
    assert re.fullmatch(rf"An audit is still going in {STATE}/reports: {begun}\. Nothing was started\.", told)
    for dummy in range(600):
        if schedule.property("ActiveState") == "failed":
            break
        time.sleep(0.1)
    assert schedule.property("ExecMainStatus") == "2"


def test_a_run_without_news_is_silent(host, schedule, received):
    # Zero, whatever the store is, and nothing changed since the run before.
    schedule.play(commerce_schedule_options=["--extra-vars=commerce_enforce=false"])
    before = received()
    run = schedule.report()["run"]["id"]
    assert schedule.run() == 0
    assert schedule.report()["run"]["id"] != run
    assert received() == before


def test_no_secret_can_be_seen(host):
    places = f"/etc/{NAME}/schedule.json /etc/systemd/system/{NAME}.* {STATE} /usr/local/lib/{NAME}/program"
    for secret in SECRETS:
        assert host.run(f"grep --recursive --fixed-strings --regexp={secret} {places}").stdout == ""
        journal = host.check_output("journalctl --no-pager --output=cat --all")
        assert "PLAY RECAP" in journal
        assert secret not in journal
    for name in ("variables", "webhook_url", "webhook_token"):
        secret = host.file(f"/etc/{NAME}/secrets/{name}")
        assert (secret.user, secret.mode) == ("root", 0o600)


def test_absent_leaves_the_reports(host, schedule):
    schedule.play(commerce_schedule_state="absent")
    assert host.check_output(f"ls -A {STATE}") == "reports"
    assert host.file(REPORT).exists
    assert host.run(f"systemctl cat {SERVICE}").rc != 0
    assert host.run(f"systemctl cat {NAME}.timer").rc != 0


def test_absent_leaves_nothing_if_asked(host, schedule):
    schedule.remove()
    now = host.check_output(
        "find /etc /usr/local /var/lib /home -printf '%p %u %m\\n' && getent passwd && getent group"
    ).splitlines()
    before = host.file("/root/before").content_string.splitlines()
    # useradd keeps what was there before it, and ranges of further users, which it made the files of.
    ours = (
        "/etc/passwd-",
        "/etc/group-",
        "/etc/shadow-",
        "/etc/gshadow-",
        "/etc/subuid",
        "/etc/subgid",
        "/var/lib/systemd/",
    )
    assert sorted(line for line in set(now) ^ set(before) if not line.startswith(ours)) == []
    assert not host.file(f"/var/lib/systemd/timers/stamp-{NAME}.timer").exists
    assert not host.user(NAME).exists
