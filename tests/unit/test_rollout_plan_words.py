# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What those read who sign a plan off."""

from __future__ import annotations

from ansible_collections.storefleet.commerce.plugins.filter.rollout_words import FilterModule, rollout_words
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan import rollout_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan_file import Occasion, plan_document

DETAILS = {
    "blog": {
        "strategy": "in_place",
        "files": ["a", "b"],
        "commands": ["would apply ACSD-61103"],
        "expected_seconds": 7,
    },
    "web1": {
        "strategy": "staged",
        "files": ["a"],
        "commands": [],
        "reload": "signal php-fpm",
        "loses_requests": True,
        "clean": "clean the cache config",
    },
    "web2": {"strategy": "staged", "reload": "signal php-fpm", "loses_requests": False},
}


def test_the_lines():
    rollout = rollout_of([[("blog", ["blog"])], [("shop", ["web1", "web2"])]], {"test": "it is unreachable"})
    document = plan_document(rollout, DETAILS, Occasion("2026-11-23T21:40:05Z", ["ACSD-61103"], "CHG-1"), forks=5)
    assert FilterModule().filters()["rollout_words"] is rollout_words
    assert rollout_words(document) == [
        "Change CHG-1: remediate.yml with ACSD-61103, in 2 stages.",
        "Stage 1: 1 store, about 7 s.",
        "  blog: in_place, 2 files, would apply ACSD-61103",
        "Stage 2: 1 store, length not known.",
        "  shop (web1): staged, 1 file, signal php-fpm, clean the cache config, REQUESTS IN FLIGHT ARE LOST",
        "  shop (web2): staged, files of another node, signal php-fpm",
        "Left out: 1 host.",
        "  test: it is unreachable",
    ]


def test_a_plan_in_which_nothing_is_to_be_done():
    document = plan_document(rollout_of([], {}), {}, Occasion("now", ["ACSD-61103"], state="absent"), forks=5)
    assert rollout_words(document) == ["rollback.yml with ACSD-61103, in 0 stages."]
