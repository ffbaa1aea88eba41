# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A build that installs the tool first: what lies ready then, and that live keeps what it has."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.live_root import tree as everything
from support.tool_store import BASE, CLOUD, OTHER, TOOL, ToolStore

from ansible_collections.storefleet.commerce.plugins.module_utils import stage
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import Workplace
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.identity import Identity
from ansible_collections.storefleet.commerce.plugins.module_utils.isolated_compile import CompileLimits
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import Change, Outcome
from ansible_collections.storefleet.commerce.plugins.module_utils.stage import Wish, build
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import read_record
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_forecast import ToolForecast
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_install import ToolInstalled
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_plan import ToolWish

NEW = f"vendor/{TOOL}/New.php"
INSTALLED = {"before": "1.1.53", "after": "1.1.82", "packages": []}
WISH = Wish(("ACSD-61103",), "present", None, CompileLimits(60, 50), (), "auto", (), None, ToolWish())


@pytest.fixture
def store(tmp_path: Path, monkeypatch) -> ToolStore:
    """Its patch is a change of another package's file, of which the tool knows since it is new."""
    made = ToolStore(tmp_path / "store")
    made.did = []
    made.room = []

    def install_tool(store, tree, plan, wish, patches, php, runner, home) -> ToolInstalled:
        made.did.append(("install", plan.before, patches, home))
        made.bring(Path(tree), "1.1.82", "New.php")
        made.list_packages(Path(tree), {BASE: "2.4.6-p3", "acme/other": "1.0", TOOL: "1.1.82", CLOUD: "1.0"})
        paths = (NEW, f"vendor/{TOOL}/Old.php", "composer.lock", "vendor/composer/installed.json")
        return ToolInstalled(INSTALLED, [{"after": "of the tool"}], paths, ("let Composer install it",))

    def ensure(found, ids, state, runner, check, php, dummy, dummy_needs) -> Outcome:
        made.did.append(("ensure", tuple(ids), Path(found.root) == made.root))
        if not ids:
            return Outcome(False, (), (), ())
        # As a program that writes into the file as it is.
        (Path(found.root) / OTHER).write_text("<?php // ours")
        contents = ({OTHER: b"<?php // patched"}, {OTHER: b"<?php // ours"})
        return Outcome(True, (Change(ids[0], "not_applied", "applied", (OTHER,)),), (OTHER,), ("applied",), *contents)

    monkeypatch.setattr(stage, "install_tool", install_tool)
    monkeypatch.setattr(stage, "require_working", lambda *dummy: made.did.append(("works",)))
    monkeypatch.setattr(stage, "ensure", ensure)
    monkeypatch.setattr(stage, "touched_files", lambda found, ids, *dummy: (OTHER,) if ids else ())
    monkeypatch.setattr(stage, "put_right", lambda *dummy: [])
    monkeypatch.setattr(stage, "read_settings", lambda *dummy: SimpleNamespace(mode="production"))
    monkeypatch.setattr(stage, "serving_of", lambda dummy: SimpleNamespace(pool=None))
    monkeypatch.setattr(stage, "document_roots", lambda: ())
    monkeypatch.setattr(stage, "plan_switch", lambda *dummy: {"reload": "reload"})
    monkeypatch.setattr(stage, "require_room", lambda root, tree, copy, generated: made.room.append(copy))
    return made


def built(store: ToolStore, check: bool = False, **wished) -> dict:
    owner = Identity("deploy", os.geteuid(), os.getegid(), (), "/home/of-the-owner")
    place = Workplace(str(store.root), ("php",), owner, None, check)
    return build(place, lambda dummy: {}, WISH._replace(**wished))


def test_the_tool_and_the_patches_come_in_one_stage(store: ToolStore) -> None:
    before = everything(store.root)
    result = built(store)
    assert store.did == [
        ("install", "1.1.53", ("ACSD-61103",), "/home/of-the-owner"),
        ("ensure", ("ACSD-61103",), False),
    ]
    record = read_record(str(store.root))
    assert [(file.path, file.before is None, file.after is None) for file in record.files] == [
        ("composer.lock", False, False),
        (OTHER, False, False),
        ("vendor/composer/installed.json", False, False),
        (NEW, True, False),
        (f"vendor/{TOOL}/Old.php", False, True),
    ]
    assert (result["tool"], result["files"], result["diff"][0]) == (INSTALLED, [OTHER], {"after": "of the tool"})
    assert "tool" in result["seconds"]
    assert "let Composer install it" in result["actions"]
    # Nothing of live's content went with it, though the patch wrote into its file in place.
    after = everything(store.root)
    assert {path: after[path] for path in before if path != "."} == {p: before[p] for p in before if p != "."}


def test_composer_json_and_programs_have_to_stay_as_they_were_at_the_build(store: ToolStore) -> None:
    built(store)
    blobs = read_record(str(store.root)).fingerprint["blobs"]
    assert {"composer.json", "vendor/bin/other", "vendor/magento/module-customer/Model/Customer.php"} <= set(blobs)


def test_room_for_composer_is_looked_for(store: ToolStore) -> None:
    built(store)
    built(store, tool=None)
    assert store.room[0].size - store.room[1].size > 100 * 1024 * 1024


def test_a_tool_alone_has_to_work_and_needs_no_compile(store: ToolStore) -> None:
    store.write("generated/metadata/global.php", "<?php return [];")
    result = built(store, patches=())
    assert store.did == [
        ("install", "1.1.53", (), "/home/of-the-owner"),
        ("works",),
        ("ensure", (), False),
    ]
    assert ("compile" in result["seconds"], result["generated"], result["staged"]) == (False, False, True)


def test_where_the_tool_is_there_the_build_is_as_ever(store: ToolStore) -> None:
    store.list_packages(store.root, {BASE: "2.4.6-p3", TOOL: "1.1.54"})
    result = built(store)
    assert [act[0] for act in store.did] == ["ensure", "ensure"]
    assert result["tool"] is None


def test_a_tool_alone_that_is_there_needs_no_copy(store: ToolStore) -> None:
    store.list_packages(store.root, {BASE: "2.4.6-p3", TOOL: "1.1.54"})
    result = built(store, patches=())
    assert (result["changed"], result["staged"], store.did) == (False, False, [])
    assert not (store.root / ".storefleet").exists()


def test_a_refusal_leaves_nothing(store: ToolStore, monkeypatch) -> None:
    def refuse(*dummy):
        raise CommerceError("install", "it", "no way out", "", code="no_egress")

    monkeypatch.setattr(stage, "install_tool", refuse)
    before = everything(store.root)
    with pytest.raises(CommerceError, match="no way out"):
        built(store)
    os.utime(store.root, ns=(before["."][3], before["."][3]))
    assert everything(store.root) == before


def test_check_mode_tells_what_composer_would_choose(store: ToolStore, monkeypatch) -> None:
    forecast = ToolForecast(INSTALLED, [{"after": "of the tool"}], ("would have let Composer install it",))
    monkeypatch.setattr(stage, "forecast_tool", lambda *dummy: forecast)
    result = built(store, check=True)
    assert (result["changed"], result["staged"], result["tool"]) == (True, True, INSTALLED)
    assert result["actions"] == [
        "would have let Composer install it",
        "would have applied ACSD-61103, as far as it fits",
    ]
    assert (result["patches"][0]["before"], result["diff"]) == ("tool_too_old", [{"after": "of the tool"}])
    assert built(store, check=True, patches=())["staged"] is True
    assert not (store.root / ".storefleet").exists()
