# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A schedule that runs a commit or a tag of a repository, and nothing that came after it.

The tests build on each other, in this order.
"""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def first(repository):
    """The hash of the first commit."""
    return repository.commit("1.0.0")


@pytest.fixture(scope="module")
def schedule(make_schedule, repository, first):
    """One that is pinned to the first commit."""
    return make_schedule(
        "fleet-pinned",
        commerce_schedule_archive="",
        commerce_schedule_repository=repository.url,
        commerce_schedule_version=first,
        # The files are enough to see which version is at work.
        commerce_schedule_probe="skip",
        commerce_schedule_options=["--extra-vars=commerce_enforce=false"],
    )


@pytest.fixture
def checked_out(host, schedule):
    """The commit that is checked out."""
    return lambda: host.check_output(f"git -C {schedule.checkout} rev-parse HEAD")


def test_the_commit_runs(host, schedule):
    # What root makes is hidden from others unless the role says otherwise.
    assert host.check_output("umask") == "0077"
    assert schedule.play().changed > 0
    assert schedule.run() == 0
    assert schedule.report()["collection"] == "1.0.0"
    assert host.file(schedule.checkout).user == "root"


def test_a_branch_that_moves_changes_nothing(schedule, repository, first, checked_out):
    repository.commit("2.0.0")
    repository.tag("v2")
    assert schedule.run() == 0
    assert schedule.report()["collection"] == "1.0.0"
    assert schedule.play().changed == 0
    assert checked_out() == first


def test_a_branch_is_refused(schedule, first, checked_out):
    told = schedule.play(fails=True, commerce_schedule_version="main").output
    assert "commerce_schedule_version main is no tag of the repository and no whole hash of a commit." in told
    assert checked_out() == first


def test_check_mode_tells_of_a_new_version(schedule, first, checked_out):
    assert schedule.play("--check").changed == 0
    assert schedule.play("--check", commerce_schedule_version="v2").changed == 1
    assert checked_out() == first


def test_a_new_version_is_taken_when_the_role_runs(schedule, repository):
    repository.commit("3.0.0")
    repository.branch("v2")
    assert schedule.play(commerce_schedule_version="v2").changed == 1
    assert schedule.run() == 0
    assert schedule.report()["collection"] == "2.0.0"
