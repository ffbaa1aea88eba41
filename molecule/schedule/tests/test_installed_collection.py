# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A schedule that runs the collection which the control node has for all of its users."""

from __future__ import annotations

import json

import pytest

PLACE = "/usr/share/ansible/collections"
MANIFEST = f"{PLACE}/ansible_collections/storefleet/commerce/MANIFEST.json"


@pytest.fixture(scope="module")
def installed(host):
    """A version of its own, which a report can be told by."""
    host.check_output(
        f"umask 022 && /opt/ansible/bin/ansible-galaxy collection install --offline -p {PLACE} /srv/collection.tar.gz"
    )
    version = json.loads(host.file(MANIFEST).content)["collection_info"]["version"]
    host.check_output(f"""sed -i 's/"version": "{version}"/"version": "4.0.0"/' {MANIFEST}""")
    yield
    host.check_output("rm -rf /usr/share/ansible")


@pytest.fixture(scope="module")
def schedule(make_schedule, installed):
    """One without a collection of its own."""
    return make_schedule(
        "fleet-installed",
        commerce_schedule_archive="",
        commerce_schedule_probe="skip",
        commerce_schedule_options=["--extra-vars=commerce_enforce=false"],
    )


def test_the_installed_collection_runs(host, schedule):
    assert schedule.play().changed > 0
    assert schedule.run() == 0
    assert schedule.report()["collection"] == "4.0.0"
    assert host.check_output(f"ls /usr/local/lib/{schedule.name}") == "program"
