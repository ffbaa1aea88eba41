# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A schedule of a user that was there before, with a test customer of the operator's, and a word after each run.

The tests build on each other, in this order.
"""

from __future__ import annotations

import json

import pytest
import testinfra
from support.session import Session
from support.stores import PASSWORD, StoreContainer

NAME = "fleet-own-user"
TOLD = f"/var/lib/{NAME}/told.json"
REPORTS = f"/var/lib/{NAME}/fleet/reports"


@pytest.fixture(scope="module")
def user(host):
    """What the system has of the user."""
    host.check_output(
        "useradd --create-home --home-dir /home/fleet --comment 'The fleet, by hand' --shell /bin/bash fleet"
    )
    yield host.check_output("getent passwd fleet")
    host.check_output("userdel --remove fleet")


@pytest.fixture(scope="module")
def shop():
    """The store, as a customer and a database administrator see it."""
    variables = testinfra.get_host("ansible://store").ansible.get_variables()
    session = Session(variables["container_name"])
    yield StoreContainer(variables["container_name"], f"127.0.0.1:{variables['http_port']}", session=session)
    session.close()


@pytest.fixture(scope="module")
def customer(shop):
    """The e-mail address of the operator's test customer."""
    return shop.create_customer()


@pytest.fixture(scope="module")
def schedule(make_schedule, user, customer):
    """With all of those settings."""
    return make_schedule(
        NAME,
        commerce_schedule_user="fleet",
        commerce_schedule_probe="account",
        commerce_schedule_variables={"commerce_account_email": customer, "commerce_account_password": PASSWORD},
        commerce_schedule_reports=REPORTS,
        commerce_schedule_keep=2,
        commerce_schedule_notify="always",
        commerce_schedule_notify_command=["/usr/bin/tee", TOLD],
        commerce_schedule_options=["--extra-vars=commerce_enforce=false"],
    )


@pytest.fixture
def told(host):
    """Which run the last message was about."""
    return lambda: json.loads(host.file(TOLD).content)["run"]


def test_the_user_that_was_there_runs_it(host, schedule, user):
    assert schedule.play().changed > 0
    assert host.check_output("getent passwd fleet") == user
    assert schedule.run() == 0
    report = host.file(f"{schedule.reports}/fleet-report.json")
    assert (report.user, report.group) == ("fleet", "fleet")


def test_the_customer_of_the_operator_logs_in(schedule, shop, customer):
    (entry,) = schedule.report()["stores"]
    assert (entry["status"], entry["reason"]) == ("vulnerable", "unpatched")
    assert entry["probe"]["form"] == "account"
    assert {api["behaviour"] for api in entry["evidence"]["apis"].values()} == {"defective"}
    assert shop.counter(customer) == 1


def test_each_run_is_told_and_two_reports_are_kept(host, schedule, told):
    runs = [schedule.report()["run"]["id"]]
    for dummy in range(2):
        assert told() == runs[-1]
        assert schedule.run() == 0
        assert schedule.report()["drift"]["baseline"]["run"] == runs[-1]
        runs.append(schedule.report()["run"]["id"])
    assert told() == runs[-1]
    files = host.check_output(f"ls {schedule.reports}/runs/*").split()
    assert sorted(json.loads(host.file(file).content)["run"]["id"] for file in files) == sorted(runs[1:])


def test_a_second_run_of_the_role_changes_nothing(schedule):
    assert schedule.play().changed == 0


def test_reports_stay_where_they_were_asked_for(host, schedule):
    schedule.play(commerce_schedule_state="absent")
    assert host.check_output(f"ls -A {schedule.state}") == "fleet"
    assert schedule.report()["stores"]


def test_the_user_stays(host, schedule, user):
    schedule.remove()
    assert host.check_output("getent passwd fleet") == user
    assert not host.file(schedule.state).exists
