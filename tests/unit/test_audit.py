# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole audit of a store: what it reports when all works, and when something does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import yaml

from ansible_collections.storefleet.commerce.plugins.doc_fragments import probe as probe_fragment
from ansible_collections.storefleet.commerce.plugins.module_utils import audit, libraries, probe
from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.probe import ApiResult, ProbeOptions, ProbeResult

STORE = SimpleNamespace(
    root="/srv/store",
    version="2.4.6-p3",
    edition="community",
    layout="composer",
    compiled=True,
    maintenance=False,
    interrupted=False,
    owner="deploy",
    group="www-data",
    qpt_version="1.1.82",
    notes=("composer.lock disagrees. " * 40,) * 3,
)
SETTINGS = SimpleNamespace(mode="production", php_version="8.2.24", modules=("Magento_Customer",))
KEYS = {"status", "reason", "next_step", "patch", "evidence", "store", "probe"}
PROBE_KEYS = {"form", "base_url", "store_code", "node", "swept"}


def fails(*dummy, **dummies):
    raise CommerceError("do it", "the store", "it did not work " * 60, "Do it by hand.", code="broken_part")


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable], None]:
    """A vulnerable store that answers; and the means to replace one part of what the audit is made of."""

    def replace(name: str, by: Callable) -> None:
        monkeypatch.setattr(probe if name == "run" else audit, name, by)

    apis = {name: ApiResult("defective", "counter_kept", "words " * 100, (401, 200), 1) for name in ACSD_61103.markers}
    passive = {"stuck": 1, "locked": 0}
    probed = ProbeResult("article", apis, passive, "http://store.example/", "default", "http://127.0.0.1:80/", 0)
    replace("read_store", lambda *dummy: STORE)
    replace("read_settings", lambda *dummy: SETTINGS)
    replace("patch_states", lambda *dummy: {"ACSD-61103": SimpleNamespace(state="not_applied", detail="")})
    replace("api_evidence", lambda *dummy: {name: SimpleNamespace(state="unpatched") for name in ACSD_61103.markers})
    replace("run", lambda *dummy: probed)
    return replace


def audited(not_run: str | None = None, hindrance: str | None = None) -> dict:
    return audit.audit("/srv/store", ("php",), None, ProbeOptions(), ACSD_61103, not_run, hindrance)


def test_everything_is_in_one_result_of_less_than_4_kb(part) -> None:
    found = audited()
    assert set(found) == KEYS
    assert (found["status"], found["reason"]) == ("vulnerable", "unpatched")
    assert found["evidence"]["apis"]["soap"]["behaviour"] == "defective"
    assert found["evidence"]["passive"] == {"stuck": 1, "locked": 0}
    assert set(found["store"]) == set(vars(STORE)) | {"mode", "php_version"}
    assert found["store"]["mode"] == "production"
    assert len(json.dumps(found)) < 4096


@pytest.mark.parametrize("broken", ["read_store", "read_settings", "patch_states", "api_evidence", "run"])
def test_what_fails_is_a_result_with_all_keys(part, broken: str) -> None:
    well = audited()
    part(broken, fails)
    found = audited()
    assert found["status"] in ("unknown", "vulnerable")
    assert "did not work" in found["evidence"]["failures"][0]
    assert {name: set(value) if isinstance(value, dict) else None for name, value in found.items()} == {
        name: set(value) if isinstance(value, dict) else None for name, value in well.items()
    }
    assert len(json.dumps(found)) < 4096


def test_a_store_that_is_no_store_is_unknown(part) -> None:
    part("read_store", fails)
    found = audited()
    assert (found["status"], found["reason"]) == ("unknown", "tool_failed")
    assert found["store"] == dict.fromkeys(found["store"], None) | {"notes": []}


def test_an_error_before_the_store_is_a_result_too(part) -> None:
    found = audit.failed(
        CommerceError("become", "host", "no such user", "Name one.", "no_user"), ProbeOptions(), ACSD_61103
    )
    assert set(found) == KEYS
    assert set(found["probe"]) == PROBE_KEYS
    assert (found["status"], found["reason"]) == ("unknown", "tool_failed")
    assert "Name one." in found["next_step"]


@pytest.mark.parametrize("reason", ["skip", "check_mode"])
def test_without_the_probe_nothing_is_asked(part, reason: str) -> None:
    part("run", fails)
    found = audited(reason)
    assert {api["reason"] for api in found["evidence"]["apis"].values()} == {reason}
    assert found["evidence"]["failures"] == []


def test_a_probe_that_lacks_its_libraries_is_a_failure(part) -> None:
    part("api_evidence", lambda *dummy: {name: SimpleNamespace(state="patched") for name in ACSD_61103.markers})
    part("patch_states", lambda *dummy: {"ACSD-61103": SimpleNamespace(state="applied", detail="")})
    found = audited("missing_library", "Fetch them once: pip download …")
    assert (found["status"], found["reason"]) == ("unknown", "tool_failed")
    assert "pip download" in found["next_step"]


def test_the_fragment_documents_the_arguments() -> None:
    documented = yaml.safe_load(probe_fragment.ModuleDocFragment.DOCUMENTATION)["options"]
    specified = {**probe.PROBE_ARGUMENTS, **libraries.WHEELS_ARGUMENTS}
    for option in documented.values():
        del option["description"]
    assert documented == specified
