# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change of a live store would bring, in check mode."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import live_patches, proof
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.isolated_compile import CompileLimits
from ansible_collections.storefleet.commerce.plugins.module_utils.live_patches import Wish, bring_about
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import ProbeOptions
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_result import ApiResult, ProbeResult
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import Outcome
from ansible_collections.storefleet.commerce.plugins.module_utils.verdict import APIS

SETTINGS = SimpleNamespace(database="there")
PLACE = SimpleNamespace(root="/srv/store", php=("php",), runner=None, check=True)
LIMITS = CompileLimits(60, 1)
WISH = Wish(("ACSD-61103",), "present", ProbeOptions(), "auto", LIMITS, (), None, ("ACSD-2",), ("schema",))


@pytest.fixture
def predict(monkeypatch: pytest.MonkeyPatch):
    """The prediction for a store that a killed run has left in the middle of a change, or not."""

    def predicted(interrupted: bool, outcome, settings=lambda *dummy: SETTINGS) -> dict:
        def ensure(*arguments):
            assert arguments[-2:] == (("ACSD-2",), ("schema",))
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(
            live_patches, "read_store", lambda root: SimpleNamespace(interrupted=interrupted, root=root)
        )
        monkeypatch.setattr(live_patches, "ensure", ensure)
        monkeypatch.setattr(live_patches, "read_settings", settings)
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


def test_a_store_whose_settings_cannot_be_read_is_refused(predict) -> None:
    def unreadable(*dummy):
        raise CommerceError("read the store's settings", "env.php", "it is empty", "Mend it.", "settings_unreadable")

    with pytest.raises(CommerceError, match="it is empty"):
        predict(False, Outcome(False, (), (), ()), unreadable)


def test_a_store_without_a_database_is_refused(predict) -> None:
    with pytest.raises(CommerceError, match="names no database"):
        predict(False, Outcome(False, (), (), ()), lambda *dummy: SimpleNamespace(database=None))


@pytest.mark.parametrize(
    ("code", "told"),
    [("not_testable", "cannot be tested: the maintenance flag is set."), ("died", "cannot be tested.")],
)
def test_what_hinders_the_proof_is_told(monkeypatch: pytest.MonkeyPatch, code: str, told: str) -> None:
    class Change:
        def __init__(self, root, compiled, paths, name, tools, *dummy) -> None:
            self.tools = tools

        def run(self, needed):
            self.tools.prove()
            raise CommerceError("apply", "the store", "it cannot be tested", "Wait.", code)

    class Reloading:
        units = ()

        def __init__(self, *dummy) -> None:
            pass

        def __enter__(self):
            return self

        def __exit__(self, *dummy) -> None:
            pass

        def require(self) -> None:
            pass

        def reload(self) -> str:
            return "reloaded"

    apis = dict.fromkeys(APIS, ApiResult("not_testable", "maintenance", "the maintenance flag is set"))
    store = SimpleNamespace(root="/srv/store", interrupted=False, compiled=False, layout="composer")
    monkeypatch.setattr(live_patches, "read_store", lambda root: store)
    monkeypatch.setattr(live_patches, "read_settings", lambda *dummy: None)
    monkeypatch.setattr(live_patches, "ensure", lambda *dummy: Outcome(True, (), (), ()))
    monkeypatch.setattr(live_patches, "touched_files", lambda *dummy: ())
    monkeypatch.setattr(live_patches, "put_right", lambda *dummy: [])
    monkeypatch.setattr(live_patches, "Reloading", Reloading)
    monkeypatch.setattr(live_patches, "LiveChange", Change)
    monkeypatch.setattr(proof, "read_store", lambda root: store)
    monkeypatch.setattr(proof.probe, "run", lambda *dummy: ProbeResult("article", apis))
    place = SimpleNamespace(root="/srv/store", php=("php",), runner=None, check=False)
    with pytest.raises(CommerceError) as failed:
        bring_about(place, None, Wish(("ACSD-61103",), "present", ProbeOptions(), "none", LIMITS))
    assert told in str(failed.value)
