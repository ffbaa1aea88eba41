# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A build that has packages put back first: when it may, what lies ready then, and what is kept of live."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.live_root import tree as everything
from support.tool_store import OTHER, ToolStore

from ansible_collections.storefleet.commerce.plugins.module_utils import stage
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import Workplace
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.identity import Identity
from ansible_collections.storefleet.commerce.plugins.module_utils.isolated_compile import CompileLimits
from ansible_collections.storefleet.commerce.plugins.module_utils.package_repair import PackageRepair, PutBack
from ansible_collections.storefleet.commerce.plugins.module_utils.patch_state import PatchState
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import Change, Outcome
from ansible_collections.storefleet.commerce.plugins.module_utils.stage import Wish, build
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import read_record
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_plan import ToolWish

OURS, ANOTHER = "ACSD-61103", "ACSD-70000"
NOTES, MORE = "vendor/acme/other/NOTES.txt", "vendor/acme/more/More.php"
WISH = Wish((OURS,), "present", None, CompileLimits(60, 50), (), "auto", (), None, repair=ToolWish())
STATES = {OURS: PatchState(OURS, "conflict", {OTHER: "conflict", MORE: "applied"})}
REPAIR = PackageRepair(STATES, ("acme/more", "acme/other"), (ANOTHER,), ())


@pytest.fixture
def store(tmp_path: Path, monkeypatch) -> ToolStore:
    """The patch fits nothing until its packages are put back. It leaves MORE as live has it already."""
    made = ToolStore(tmp_path / "store")
    (made.root / "var").mkdir()
    made.write(OTHER, "<?php // mine")
    made.write(NOTES, "Ask Ada.")
    made.write(MORE, "<?php // ours")
    made.did = []

    def put_back(found, tree, repair, wish, php, runner, home) -> PutBack:
        made.did.append(("put back", repair.packages, home))
        for path in (OTHER, NOTES, MORE):
            (Path(tree) / path).unlink()
        made.write(OTHER, "<?php // vendor's", Path(tree))
        made.write(MORE, "<?php // vendor's", Path(tree))
        return PutBack((MORE, NOTES, OTHER), (MORE, NOTES, OTHER))

    def ensure(found, ids, state, runner, check, php, *dummy) -> Outcome:
        live = Path(found.root) == made.root
        made.did.append(("ensure", tuple(ids), live, check))
        if live:
            raise CommerceError("apply", "here", "it does not fit", "Look.", code="patch_conflict")
        path, text = (MORE, "<?php // ours") if ids == (OURS,) else (OTHER, "<?php // another")
        (Path(found.root) / path).write_text(text)
        words = (f"applied {ids[0]}",)
        return Outcome(
            True, (Change(ids[0], "not_applied", "applied", (path,)),), (path,), words, {path: b""}, {path: b"x"}
        )

    monkeypatch.setattr(stage, "put_back", put_back)
    monkeypatch.setattr(stage, "plan_repair", lambda *dummy: REPAIR)
    monkeypatch.setattr(stage, "ensure", ensure)
    monkeypatch.setattr(stage, "touched_files", lambda found, ids, *dummy: (OTHER, MORE))
    monkeypatch.setattr(stage, "put_right", lambda *dummy: [])
    monkeypatch.setattr(stage, "read_settings", lambda *dummy: SimpleNamespace(mode="production"))
    monkeypatch.setattr(stage, "serving_of", lambda dummy: SimpleNamespace(pool=None))
    monkeypatch.setattr(stage, "document_roots", lambda: ())
    monkeypatch.setattr(stage, "plan_switch", lambda *dummy: {"reload": "reload"})
    monkeypatch.setattr(stage, "require_room", lambda *dummy: None)
    return made


def built(store: ToolStore, check: bool = False, **wished) -> dict:
    owner = Identity("deploy", os.geteuid(), os.getegid(), (), "/home/of-the-owner")
    place = Workplace(str(store.root), ("php",), owner, None, check)
    return build(place, lambda dummy: {}, WISH._replace(**wished))


def content(store: ToolStore) -> dict:
    return {path: entry for path, entry in everything(store.root).items() if not path.startswith("var")}


@pytest.mark.parametrize("check", [False, True])
def test_without_the_word_nothing_is_put_back(store: ToolStore, check: bool) -> None:
    before = everything(store.root)
    with pytest.raises(CommerceError) as caught:
        built(store, check, repair=None)
    assert (caught.value.code, [did[0] for did in store.did]) == ("patch_conflict", ["ensure"])
    assert everything(store.root) == before


def test_check_mode_says_what_would_be_put_back(store: ToolStore) -> None:
    before = everything(store.root)
    result = built(store, check=True)
    assert (result["changed"], result["repaired"]) == (
        True,
        {
            "packages": ["acme/more", "acme/other"],
            "applied_again": [ANOTHER],
            "partly": [],
            "discarded": None,
            "backup": None,
        },
    )
    assert result["actions"] == [
        "would have let Composer put back acme/more, acme/other",
        f"would have applied {OURS}, as far as it fits",
        f"would have applied {ANOTHER} again",
    ]
    assert [(each["before"], each["after"]) for each in result["patches"]] == [("conflict", "applied")]
    assert everything(store.root) == before


def test_an_interrupted_store_is_not_judged_by_what_it_has_half(store: ToolStore, monkeypatch) -> None:
    read = stage.read_store
    monkeypatch.setattr(stage, "read_store", lambda root: read(root)._replace(interrupted=True))
    assert built(store, check=True)["repaired"] is None


def test_what_is_put_back_and_patched_lies_ready_and_live_keeps_its_own(store: ToolStore) -> None:
    before = content(store)
    result = built(store)
    assert store.did == [
        ("ensure", (OURS,), True, True),
        ("put back", ("acme/more", "acme/other"), "/home/of-the-owner"),
        ("ensure", (OURS,), False, False),
        ("ensure", (ANOTHER,), False, False),
    ]
    files = {file.path: file.after is None for file in read_record(str(store.root)).files}
    assert files == {NOTES: True, OTHER: False}
    (patch,) = result["patches"]
    assert (patch["before"], patch["after"], patch["files"]) == ("conflict", "applied", [OTHER])
    assert result["files"] == [NOTES, OTHER]
    assert {each["after_header"]: (each["before"], each["after"]) for each in result["diff"]} == {
        NOTES: ("Ask Ada.", ""),
        OTHER: ("<?php // mine", "<?php // another"),
    }
    assert {path: entry for path, entry in content(store).items() if path in before and path != "."} == {
        path: entry for path, entry in before.items() if path != "."
    }


def test_what_live_loses_is_kept(store: ToolStore) -> None:
    repaired = built(store)["repaired"]
    assert (repaired["discarded"], repaired["applied_again"]) == ([NOTES, OTHER], [ANOTHER])
    kept = store.root / repaired["backup"]
    assert [(kept / path).read_text() for path in (NOTES, OTHER)] == ["Ask Ada.", "<?php // mine"]
    # The patch leaves this one as it was.
    assert not (kept / MORE).exists()


def test_a_build_that_fails_keeps_nothing(store: ToolStore, monkeypatch) -> None:
    monkeypatch.setattr(stage.untouched, "differences", lambda *dummy: ("pub/index.php",))
    with pytest.raises(CommerceError) as caught:
        built(store)
    assert caught.value.code == "live_changed"
    assert not (store.root / "var/storefleet").exists()
