# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change of a live store would bring, in check mode."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import live_patches
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.live_patches import Wish, bring_about
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import ProbeOptions
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import Outcome

PLACE = SimpleNamespace(root="/srv/store", php=("php",), runner=None, check=True)
WISH = Wish(("ACSD-61103",), "present", ProbeOptions(), "auto", 60)


@pytest.fixture
def predict(monkeypatch: pytest.MonkeyPatch):
    """The prediction for a store that a killed run has left in the middle of a change, or not."""

    def predicted(interrupted: bool, outcome) -> dict:
        def ensure(*dummy):
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(live_patches, "read_store", lambda root: SimpleNamespace(interrupted=interrupted))
        monkeypatch.setattr(live_patches, "ensure", ensure)
        return bring_about(PLACE, None, WISH)

    return predicted


CONFLICT = CommerceError("apply", "the store", "it does not fit", "Compare.", code="patch_conflict")


def test_a_whole_store_is_left_alone(predict) -> None:
    found = predict(False, Outcome(False, (), (), ()))
    assert (found["changed"], found["actions"], found["after"]) == (False, [], {})


def test_half_a_change_is_put_right(predict) -> None:
    for outcome in (Outcome(False, (), (), ()), CONFLICT):
        found = predict(True, outcome)
        assert (found["changed"], found["files"]) == (True, [])
        assert found["actions"] == ["would have put right what an interrupted run had left"]


def test_a_patch_that_does_not_fit_is_refused(predict) -> None:
    with pytest.raises(CommerceError) as refused:
        predict(False, CONFLICT)
    assert refused.value.code == "patch_conflict"
