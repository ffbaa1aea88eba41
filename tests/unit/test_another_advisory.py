# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second advisory is data and a probe: audited, judged and proven by what is there for the first one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from support.another_advisory import ACSD_99001, OBSERVER, WelcomeProbe

from ansible_collections.storefleet.commerce.plugins.module_utils import audit, proof
from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ADVISORIES
from ansible_collections.storefleet.commerce.plugins.module_utils.behaviour import has_advisory, is_as_wanted
from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import ProbeOptions
from ansible_collections.storefleet.commerce.plugins.module_utils.proof import Proof

GREETS = f'<observer name="customer_welcome" instance="{OBSERVER}"/>'
EVENT = "customer_register_success"
SETTINGS = SimpleNamespace(
    modules=("Magento_Customer", "Magento_CustomerGraphQl", "Magento_Integration"), mode="production", php_version="8.2"
)
WELL, NOT_GREETED, REFUSED, CLOSED = (200, 1), (200, 0), (500, 0), (404, 0)


@pytest.fixture
def store(store_tree, make_patch, make_events, monkeypatch):
    """A store with the defect of the second advisory, whose tool has the patch."""
    after = {path: make_events(GREETS, event=EVENT) for path in ACSD_99001.files}
    before = {path: make_events(event=EVENT) for path in ACSD_99001.files}
    store_tree.write(before)
    store_tree.add_patch("ACSD-99001", ACSD_99001.range, make_patch(before, after))
    store_tree.patched = after
    monkeypatch.setattr(audit, "read_settings", lambda *dummy: SETTINGS)
    return store_tree


def audited(store, answers: dict, apis=("rest", "graphql", "soap")) -> dict:
    plan = audit.Plan(ProbeOptions(apis=apis), WelcomeProbe(answers.__getitem__), patches=("ACSD-99001", "ACSD-62332"))
    return audit.audit(str(store.root), ("php",), LocalRunner(), plan, ACSD_99001)


@pytest.mark.parametrize(
    ("is_patched", "soap", "verdict", "step"),
    [
        (False, NOT_GREETED, "vulnerable unpatched", "Apply ACSD-99001 with remediate.yml."),
        (True, WELL, "compliant patched", "Apply ACSD-62332 with remediate.yml."),
        # Files and behaviour, both.
        (False, WELL, "vulnerable will_regress", "apply ACSD-99001 with remediate.yml before"),
        (True, NOT_GREETED, "vulnerable not_effective", "The files are right, but what runs is not"),
        (True, REFUSED, "vulnerable not_effective", "reload"),
        (True, CLOSED, "compliant patched", "Apply ACSD-62332 with remediate.yml."),
    ],
)
def test_it_is_audited(store, is_patched, soap, verdict, step) -> None:
    if is_patched:
        store.write(store.patched)
    well = WELL if is_patched or soap == WELL else NOT_GREETED
    found = audited(store, {"rest": well, "graphql": well, "soap": soap})
    assert f"{found['status']} {found['reason']}" == verdict
    assert found["patch"] == "ACSD-99001"
    assert step in found["next_step"]
    assert found["evidence"]["apis"]["rest"]["files"] == ("patched" if is_patched else "unpatched")
    assert found["evidence"]["patches"] == {"ACSD-62332": "not_applied"}


def test_the_version_rules_are_its_own(store) -> None:
    store.install(**{"magento/magento2-base": "2.4.9", "magento/product-community-edition": "2.4.9"})
    store.write(store.patched)
    found = audited(store, dict.fromkeys(("rest", "graphql", "soap"), WELL))
    assert (found["status"], found["reason"]) == ("compliant", "fixed_upstream")


def test_a_change_is_proven_by_its_probe(monkeypatch) -> None:
    monkeypatch.setitem(ADVISORIES, "ACSD-99001", ACSD_99001)
    monkeypatch.setattr(proof, "read_store", lambda root: None)
    answers = dict.fromkeys(("rest", "graphql", "soap"), NOT_GREETED)
    own = Proof("/s", SETTINGS, ProbeOptions(), WelcomeProbe(answers.__getitem__))
    before = own.behaviour()
    has_effect = has_advisory(["ACSD-99001"])
    assert has_effect
    assert not is_as_wanted(has_effect, True, own.behaviour(), before)
    answers.update(dict.fromkeys(answers, WELL))
    assert is_as_wanted(has_effect, True, own.behaviour(), before)
