# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who looks again at the stores of earlier stages."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.filter.rollout_earlier import rollout_earlier

ROLLOUT = {
    "stages": [
        {"number": 1, "stores": ["shop"], "hosts": ["web1", "web2"]},
        {"number": 2, "stores": ["a", "b", "c"], "hosts": ["a", "b", "c"]},
        {"number": 3, "stores": ["x", "y"], "hosts": ["x", "y"]},
    ]
}
HOSTS = [host for stage in ROLLOUT["stages"] for host in stage["hosts"]]


@pytest.mark.parametrize(
    ("batch", "shares"),
    [
        (["web1", "web2"], {"web1": [], "web2": []}),
        (["a", "b", "c"], {"a": ["web1"], "b": ["web2"], "c": []}),
        (["x", "y"], {"x": ["web1", "a", "c"], "y": ["web2", "b"]}),
        (["y"], {"y": ["web1", "web2", "a", "b", "c"]}),
    ],
)
def test_each_host_of_an_earlier_stage_is_looked_at_once(batch, shares):
    assert rollout_earlier(ROLLOUT, {host: {} for host in HOSTS}, batch, HOSTS) == shares


def test_what_is_lost_already_is_not_looked_at_again():
    hostvars = {host: {"commerce_rollout_failure": ""} for host in HOSTS}
    hostvars["b"] = {"commerce_rollout_failure": "It does not log in."}
    playing = [host for host in HOSTS if host != "web2"]
    assert rollout_earlier(ROLLOUT, hostvars, ["x"], playing) == {"x": ["web1", "a", "c"]}
