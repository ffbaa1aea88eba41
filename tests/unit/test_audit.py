# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole audit of a store: what it reports when all works, and when something does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from ansible_collections.storefleet.commerce.plugins.doc_fragments import probe as probe_fragment
from ansible_collections.storefleet.commerce.plugins.doc_fragments import wheels as wheels_fragment
from ansible_collections.storefleet.commerce.plugins.module_utils import audit, libraries, probe_options
from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import ProbeOptions
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_result import ApiResult, ProbeResult
from ansible_collections.storefleet.commerce.plugins.module_utils.served import Served
from ansible_collections.storefleet.commerce.plugins.module_utils.waiver import Waiver

STORE = SimpleNamespace(
    root="/srv/store",
    version="2.4.6-p3",
    base_version="2.4.6-p3",
    edition="community",
    layout="composer",
    compiled=True,
    maintenance=False,
    interrupted=False,
    leased=False,
    kept=False,
    read_only=("var",),
    deployment=SimpleNamespace(tool="deployer"),
    owner="deploy",
    group="www-data",
    qpt_version="1.1.82",
    notes=("composer.lock disagrees. " * 40,) * 9,
)
POOL = SimpleNamespace(name="shop")
OPCACHE = SimpleNamespace(validate_timestamps=False)
SERVED = Served("fpm-fcgi", "nginx", "/run/php/shop.sock", POOL, (), "8.2", OPCACHE, 10)
SERVING = {
    "sapi": "fpm-fcgi",
    "pool": "shop",
    "php_version": "8.2",
    "same_php": True,
    "validate_timestamps": False,
    "process_control_timeout": 10,
}
SETTINGS = SimpleNamespace(mode="production", php_version="8.2.24", modules=("Magento_Customer",))
APIS = {name: ApiResult("defective", "counter_kept", "words " * 100, (401, 200), 1) for name in ACSD_61103.markers}
PROBED = ProbeResult(
    "article",
    APIS,
    {"stuck": 1, "locked": 0},
    "http://store.example/",
    "default",
    "http://127.0.0.1:80/",
    "base_url",
    0,
    ("The trigger t ran. " * 40,) * 9,
)


PATCHED = "vendor/magento/module-customer/Model/Authentication.php"
NO_USER = CommerceError("become", "host", "no such user", "Name one.", "no_user")
WAIVER = Waiver("Closed next week.", "2026-12-31", expired=False)
KEYS = {"status", "reason", "next_step", "patch", "waiver", "evidence", "store", "probe"}
PROBE_KEYS = {"form", "base_url", "store_code", "node", "route", "swept", "notes"}


def fails(*dummy, **dummies):
    raise CommerceError("do it", "the store", "it did not work " * 60, "Do it by hand.", code="broken_part")


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable], None]:
    """A vulnerable store; and the means to replace one part of what the audit is made of."""

    def replace(name: str, by: Callable) -> None:
        monkeypatch.setattr(audit, name, by)

    replace("read_store", lambda *dummy: STORE)
    replace("read_settings", lambda *dummy: SETTINGS)
    replace(
        "patch_states",
        lambda *dummy: {"ACSD-61103": SimpleNamespace(state="not_applied", detail="", files={PATCHED: "not_applied"})},
    )
    replace("api_evidence", lambda *dummy: files_of("unpatched"))
    return replace


def files_of(state: str, detail: str = "It is not observed. " * 40) -> dict:
    return {name: SimpleNamespace(state=state, detail=detail) for name in ACSD_61103.markers}


def audited(**plan) -> dict:
    plan = {"options": ProbeOptions(), "probe": lambda *dummy: PROBED, "serving_of": lambda root: SERVED, **plan}
    return audit.audit("/srv/store", ("php",), None, audit.Plan(**plan), ACSD_61103)


def test_the_operator_says_where_patches_live(part) -> None:
    found = audited(carrier="host")
    assert (found["store"]["carrier"], found["store"]["temporary"]) == ("host", True)
    assert found["next_step"] == "Apply ACSD-61103 with remediate.yml."


def test_everything_is_in_one_result_of_less_than_4_kb(part) -> None:
    found = audited()
    assert set(found) == KEYS
    assert (found["status"], found["reason"]) == ("vulnerable", "unpatched")
    assert found["evidence"]["apis"]["soap"]["behaviour"] == "defective"
    assert found["evidence"]["passive"] == {"stuck": 1, "locked": 0}
    assert set(found["store"]) == set(vars(STORE)) - {"base_version", "deployment"} | {
        "mode",
        "php_version",
        "deploy_tool",
        "carrier",
        "temporary",
        "fingerprint",
        "serving",
    }
    assert (found["store"]["mode"], found["store"]["deploy_tool"]) == ("production", "deployer")
    assert (found["store"]["carrier"], found["store"]["temporary"]) == ("build", True)
    assert "built from" in found["next_step"]
    assert found["store"]["serving"] == SERVING
    assert (found["store"]["read_only"], found["probe"]["route"]) == (True, "base_url")
    assert len(json.dumps(found)) < 4096


def test_another_release_has_another_fingerprint(part, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(STORE, "root", str(tmp_path))

    def fingerprint() -> str:
        return audited()["store"]["fingerprint"]

    def write(path: str, text: str) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    empty = fingerprint()
    write("app/etc/env.php", "<?php return [];")
    assert fingerprint() == empty
    write("composer.lock", "{}")
    locked = fingerprint()
    write(PATCHED, "<?php")
    patched = fingerprint()
    assert len({empty, locked, patched}) == 3
    part("patch_states", fails)
    assert fingerprint() not in (empty, locked, patched, None)
    part("read_store", fails)
    assert fingerprint() is None


@pytest.mark.parametrize("broken", ["read_store", "read_settings", "patch_states", "api_evidence", "probe"])
def test_what_fails_is_a_result_with_all_keys(part, broken: str) -> None:
    well = audited()
    if broken == "probe":
        found = audited(probe=fails)
    else:
        part(broken, fails)
        found = audited()
    assert found["status"] in ("unknown", "vulnerable")
    assert "did not work" in found["evidence"]["failures"][0]
    assert {name: set(value) if isinstance(value, dict) else None for name, value in found.items()} == {
        name: set(value) if isinstance(value, dict) else None for name, value in well.items()
    }
    assert len(json.dumps(found)) < 4096


def test_all_that_can_fail_at_once_is_less_than_4_kb(part) -> None:
    for name in ("read_settings", "patch_states"):
        part(name, fails)
    answer = SimpleNamespace(words="no git " * 200, rows={})
    found = audited(ask_tool=lambda *dummy: answer, hindrance="Fetch them once. " * 17)
    assert len(found["evidence"]["failures"]) == 4
    assert len(json.dumps(found)) < 4096


def test_a_failure_is_told_to_its_end(part) -> None:
    words = "it could be read, but its form is not that of a store's settings, as a line of it has no end " * 2

    def unreadable(*dummy):
        raise CommerceError("read", "the store", words, "Mend it.")

    part("read_settings", unreadable)
    assert audited()["next_step"].endswith("Mend it.")


def test_a_store_that_is_no_store_is_unknown(part) -> None:
    part("read_store", fails)
    found = audited()
    assert (found["status"], found["reason"]) == ("unknown", "tool_failed")
    assert found["store"] == dict.fromkeys(found["store"], None) | {"notes": [], "serving": dict.fromkeys(SERVING)}


def test_an_error_before_the_store_is_a_result_too(part) -> None:
    found = audit.failed(NO_USER, audit.Plan(ProbeOptions()), ACSD_61103)
    assert set(found) == KEYS
    assert set(found["probe"]) == PROBE_KEYS
    assert (found["status"], found["reason"]) == ("unknown", "tool_failed")
    assert "Name one." in found["next_step"]
    assert found["waiver"] is None


def test_a_waiver_covers_a_store_and_is_shown(part) -> None:
    found = audited(waiver=WAIVER)
    assert (found["status"], found["reason"]) == ("waived", "unpatched")
    assert found["waiver"] == {"reason": "Closed next week.", "expires": "2026-12-31", "expired": False}
    expired = audited(waiver=WAIVER._replace(expired=True))
    assert (expired["status"], expired["waiver"]["expired"]) == ("vulnerable", True)
    assert audited()["waiver"] is None


def test_a_waiver_covers_a_store_that_could_not_be_looked_at() -> None:
    found = audit.failed(NO_USER, audit.Plan(ProbeOptions(), waiver=WAIVER), ACSD_61103)
    assert (found["status"], found["reason"]) == ("waived", "tool_failed")


def test_a_long_waiver_leaves_room_for_the_evidence(part) -> None:
    found = audited(waiver=WAIVER._replace(reason="Because. " * 900))
    assert len(json.dumps(found)) < 4096


@pytest.mark.parametrize("reason", ["skip", "check_mode"])
def test_without_the_probe_nothing_is_asked(part, reason: str) -> None:
    found = audited(probe=None, skipped=reason, serving_of=None)
    assert found["store"]["serving"] == dict.fromkeys(SERVING)
    assert {api["reason"] for api in found["evidence"]["apis"].values()} == {reason}
    assert found["evidence"]["failures"] == []
    assert found["evidence"]["apis"]["rest"]["detail"].startswith("It is not observed.")


def test_a_probe_that_lacks_its_libraries_is_a_failure(part) -> None:
    part("api_evidence", lambda *dummy: files_of("patched"))
    part(
        "patch_states",
        lambda *dummy: {"ACSD-61103": SimpleNamespace(state="applied", detail="", files={PATCHED: "applied"})},
    )
    found = audited(probe=None, skipped="missing_library", hindrance="Fetch them once: pip download …")
    assert (found["status"], found["reason"]) == ("unknown", "tool_failed")
    assert "pip download" in found["next_step"]


@pytest.mark.parametrize(
    ("rows", "words", "shown"),
    [({"ACSD-61103": "N/A"}, "", "N/A"), ({"OTHER-1": "Applied"}, "", None), ({}, "Exit status 1: no git", None)],
)
def test_what_the_tool_says_is_shown(part, rows: dict, words: str, shown: str | None) -> None:
    answer = SimpleNamespace(words=words, rows={name: SimpleNamespace(status=status) for name, status in rows.items()})
    found = audited(ask_tool=lambda *dummy: answer)
    assert found["evidence"]["patch"]["tool"] == shown
    assert found["evidence"]["failures"] == ([words] if words else [])


@pytest.mark.parametrize(
    ("version", "base_version", "reason"),
    [
        ("2.4.6-p3", "2.4.6-p3", "unpatched"),
        ("2.4.5", "2.4.5", "no_vendor_patch"),
        ("2.4.8", "2.4.8", "not_effective"),
        # Not in the range that the tool has for the base package, and not older than the release with the fix either.
        ("1.0.1", None, "unpatched"),
        ("dev-main", "dev-main", "unpatched"),
    ],
)
def test_ranges_are_about_the_base_package(part, version: str, base_version: str | None, reason: str) -> None:
    store = SimpleNamespace(**{**vars(STORE), "version": version, "base_version": base_version})
    part("read_store", lambda *dummy: store)
    part(
        "patch_states",
        lambda *dummy: {
            "ACSD-61103": SimpleNamespace(state="tool_missing", detail="", files={PATCHED: "tool_missing"})
        },
    )
    assert audited()["reason"] == reason


@pytest.mark.parametrize(
    ("fragment", "arguments"),
    [(probe_fragment, probe_options.PROBE_ARGUMENTS), (wheels_fragment, libraries.WHEELS_ARGUMENTS)],
)
def test_the_fragments_document_the_arguments(fragment, arguments: dict) -> None:
    documented = yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"]
    for option in documented.values():
        del option["description"]
    # What is not logged is no part of the documentation.
    specified = {
        name: {key: value for key, value in option.items() if key != "no_log"} for name, option in arguments.items()
    }
    assert documented == specified
