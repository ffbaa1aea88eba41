# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A build from end to end, on files: what lies ready, what is refused, and that nothing else is left."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.live_root import tree as everything

from ansible_collections.storefleet.commerce.plugins.module_utils import stage
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import Workplace
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.identity import Identity
from ansible_collections.storefleet.commerce.plugins.module_utils.interruptions import Interrupted
from ansible_collections.storefleet.commerce.plugins.module_utils.isolated_compile import CompileLimits
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Lease
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import Change, Outcome
from ansible_collections.storefleet.commerce.plugins.module_utils.stage import Wish, build
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_place import remove_stage
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import read_record

MODEL = "vendor/magento/module-x/Model/Login.php"
NEW = "vendor/magento/framework/New.php"
METADATA = "generated/metadata/global.php"
CLASS = "<?php\nnamespace Vendor\\X;\n\nclass Login\n{\n}\n"
# A compile that wires the patched class by what is in its file, and says what it was told.
MAGENTO = r"""<?php
if (getenv('FAIL')) { echo 'Class X does not fit'; exit(1); }
$root = dirname(__DIR__);
@mkdir("$root/generated/metadata");
$wiring = ['arguments' => ['Vendor\X\Login' => [md5_file("$root/vendor/magento/module-x/Model/Login.php")]]];
file_put_contents("$root/generated/metadata/global.php", '<?php return ' . var_export($wiring, true) . ';');
"""
FAILING = MAGENTO.replace("getenv('FAIL')", "true")
PLAN = {"reload": "reload php-fpm", "loses_requests": True, "clean": "clean"}
WISH = Wish(("ACSD-1",), "present", None, CompileLimits(60, 50), (), "auto", (), None)


class Store:
    """A store on disk whose patch is a change of one file and a new one."""

    def __init__(self, root: Path):
        self.root = root
        self.compiled = True
        self.applied = False
        self.put_right: list[str] = []
        self.accepted: list[tuple[bool, tuple[str, ...]]] = []
        self.pool = None
        self.during_patch = lambda tree: None
        self.write("app/etc/env.php", "<?php return ['db' => ['password' => 'geheim']];")
        self.write("app/etc/config.php", "<?php return ['modules' => ['A' => 1]];")
        self.write("vendor/autoload.php", "<?php")
        self.write("vendor/magento/magento2-base/composer.json", "{}")
        self.write(
            "vendor/composer/installed.json",
            '{"packages": [{"name": "magento/magento2-base", "version": "2.4.6-p3"}]}',
        )
        self.write(MODEL, CLASS)
        self.write("vendor/magento/framework/Old.php", "<?php")
        self.write("bin/magento", MAGENTO)
        self.write("var/cache/x", "")

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def compile(self) -> None:
        assert os.system(f"cd {self.root} && mkdir -p generated && php bin/magento") == 0
        self.write("generated/.htaccess", "Deny")

    def ensure(self, store, ids, dummy_state, dummy_runner, check, dummy_php, accept, accept_needs) -> Outcome:
        self.accepted.append((check, accept + accept_needs))
        root = Path(store.root)
        before = {MODEL: (root / MODEL).read_bytes(), NEW: None}
        if self.applied:
            return Outcome(False, (Change("ACSD-1", "applied", "applied", ()),), (), ())
        after = {MODEL: (CLASS + "// patched").encode(), NEW: b"<?php"}
        if not check:
            self.during_patch(root)
            (root / MODEL).unlink()
            for path, text in after.items():
                (root / path).write_bytes(text)
        word = "would have applied" if check else "applied"
        changes = (Change("ACSD-1", "not_applied", "applied", (MODEL, NEW)),)
        return Outcome(True, changes, (MODEL, NEW), (f"{word} ACSD-1",), before, after)

    def plan(self, dummy_place, dummy_ask, reload, dummy_command, *dummy_caches) -> dict:
        if reload == "fpm":
            raise CommerceError("reload", "host", "it takes root", "", code="no_reload")
        return PLAN

    def build(self, wish: Wish = WISH, check: bool = False) -> dict:
        owner = Identity("deploy", os.geteuid(), os.getegid(), (), "/")
        return build(Workplace(str(self.root), ("php",), owner, None, check), lambda dummy: {}, wish)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store(tmp_path / "store")
    made.compile()
    monkeypatch.setattr(stage, "ensure", made.ensure)
    monkeypatch.setattr(stage, "touched_files", lambda *dummy: (MODEL, NEW))
    monkeypatch.setattr(stage, "put_right", lambda *dummy: made.put_right)
    monkeypatch.setattr(stage, "read_settings", lambda *dummy: SimpleNamespace(mode="production"))
    monkeypatch.setattr(stage, "serving_of", lambda dummy: SimpleNamespace(pool=made.pool))
    monkeypatch.setattr(stage, "document_roots", lambda: ())
    monkeypatch.setattr(stage, "plan_switch", made.plan)
    return made


def code_of(store: Store, wish: Wish = WISH) -> str:
    with pytest.raises(CommerceError) as caught:
        store.build(wish)
    return caught.value.code


def test_a_stage_lies_ready_and_live_is_as_it_was(store: Store) -> None:
    before = everything(store.root)
    result = store.build()
    record = read_record(str(store.root))
    tree = Path(record.tree)
    assert (result["changed"], result["staged"]) == (True, True)
    assert (result["generated"], result["generated_changes"]) == (True, [])
    assert (result["files"], result["stage"]) == ([MODEL, NEW], str(tree))
    assert [(file.path, file.before is None, file.after is None) for file in record.files] == [
        (NEW, True, False),
        (MODEL, False, False),
    ]
    assert (record.state, record.patches, record.generated) == ("present", ("ACSD-1",), True)
    assert (tree / MODEL).read_text().endswith("patched")
    assert (tree / METADATA).read_text() != (store.root / METADATA).read_text()
    assert (tree / "generated/.htaccess").read_text() == "Deny"
    assert "geheim" not in (tree / "app/etc/env.php").read_text()
    assert (tree / "vendor/magento/framework/Old.php").samefile(store.root / "vendor/magento/framework/Old.php")
    assert result["actions"][1:] == ["applied ACSD-1", "compiled dependency injection"]
    assert set(result["seconds"]) == {"copy", "patch", "autoload", "compile", "compare", "check"}
    assert sorted(os.listdir(store.root / ".storefleet")) == ["stage", "stage.json", "stage.place"]
    remove_stage(str(store.root))
    os.utime(store.root, ns=(before["."][3], before["."][3]))
    assert everything(store.root) == before


def test_side_effects_are_accepted_beforehand_and_in_the_copy(store: Store) -> None:
    wish = WISH._replace(accept_side_effects=("ACSD-2",), accept_needs=("schema",))
    store.build(wish)
    assert store.accepted == [(True, ("ACSD-2", "schema")), (False, ("ACSD-2", "schema"))]
    store.build(wish, check=True)
    assert store.accepted[2:] == [(True, ("ACSD-2", "schema"))]


def test_what_the_switch_will_do_is_told(store: Store) -> None:
    assert store.build()["plan"] == PLAN
    assert store.build(check=True)["plan"] == PLAN
    store.applied = True
    assert store.build(check=True)["plan"] is None


def test_what_could_not_be_switched_to_is_not_built(store: Store) -> None:
    assert code_of(store, WISH._replace(reload="fpm")) == "no_reload"
    assert not (store.root / ".storefleet").exists()


def test_where_live_is_what_the_build_gives_nothing_is_left(store: Store) -> None:
    store.applied = True
    result = store.build()
    assert (result["changed"], result["staged"]) == (False, False)
    assert (result["generated"], result["stage"]) == (False, None)
    assert not (store.root / ".storefleet").exists()
    predicted = store.build(check=True)
    assert (predicted["changed"], predicted["staged"]) == (False, False)


def test_what_was_put_right_is_a_change_without_a_stage(store: Store) -> None:
    store.build()
    store.applied = True
    assert (store.root / ".storefleet/stage").exists()
    result = store.build()
    assert (result["changed"], result["staged"], result["actions"][0]) == (True, False, "removed a stage that was left")
    store.put_right = ["put right"]
    result = store.build()
    assert (result["changed"], result["staged"], result["stage"]) == (True, False, None)
    store.put_right = []
    assert store.build()["changed"] is False


def test_patched_files_whose_wiring_is_stale_are_built(store: Store) -> None:
    store.applied = True
    store.write(MODEL, CLASS + "// patched")
    result = store.build()
    assert (result["changed"], result["generated"], result["files"]) == (True, True, [])
    assert read_record(str(store.root)).files == ()


def test_check_mode_predicts_and_writes_nothing(store: Store) -> None:
    before = everything(store.root)
    result = store.build(check=True)
    assert (result["changed"], result["files"], result["actions"]) == (
        True,
        [MODEL, NEW],
        ["would have applied ACSD-1"],
    )
    assert (result["staged"], result["stage"], result["generated"]) == (True, None, False)
    assert everything(store.root) == before


def test_check_mode_says_that_a_killed_run_would_be_put_right(store: Store, monkeypatch) -> None:
    def conflict(*dummy):
        raise CommerceError("apply", "it", "it does not fit", "Compare.", code="patch_conflict")

    monkeypatch.setattr(stage, "ensure", conflict)
    with pytest.raises(CommerceError):
        store.build(check=True)
    (store.root / ".storefleet/way_back").mkdir(parents=True)
    predicted = store.build(check=True)
    assert (predicted["changed"], predicted["staged"], predicted["actions"]) == (
        True,
        False,
        ["would have put right what an interrupted run had left"],
    )


def test_an_uncompiled_store_loses_the_classes_that_repeat_a_patched_one(store: Store) -> None:
    (store.root / METADATA).unlink()
    stale = "generated/code/Vendor/X/Login/Interceptor.php"
    store.write(stale, "<?php")
    store.write(".storefleet/compile.log", "of a compile that failed")
    result = store.build()
    assert not (store.root / ".storefleet/compile.log").exists()
    record = read_record(str(store.root))
    assert (result["generated"], record.generated) == (False, False)
    assert [(file.path, file.after) for file in record.files][-1] == (stale, None)
    assert "compile" not in result["seconds"]


def test_what_was_left_is_removed_and_what_was_put_right_is_told(store: Store) -> None:
    store.build()
    (store.root / ".storefleet/stage/left").touch()
    (store.root / ".storefleet/compile.log").touch()
    store.put_right = ["put right"]
    result = store.build()
    assert result["actions"][:2] == ["put right", "removed a stage that was left"]
    assert not (store.root / ".storefleet/stage/left").exists()
    assert not (store.root / ".storefleet/compile.log").exists()


@pytest.mark.parametrize(
    ("path", "compiles"),
    [
        ("vendor/magento/module-x/view/frontend/templates/login.phtml", False),
        ("vendor/magento/module-x/etc/events.xml", False),
        ("vendor/magento/module-x/etc/di.xml", True),
    ],
)
def test_what_no_compile_reads_is_not_compiled(store: Store, monkeypatch, path: str, compiles: bool) -> None:
    def ensure(found, *dummy) -> Outcome:
        (Path(found.root) / path).unlink()
        (Path(found.root) / path).write_text("new")
        return Outcome(True, (), (path,), ("applied ACSD-1",), {path: b"old"}, {path: b"new"})

    def beforehand(found, ids, state, runner, check, *others) -> Outcome:
        return Outcome(True, (), (), ()) if check else ensure(found)

    store.write(path, "old")
    monkeypatch.setattr(stage, "ensure", beforehand)
    monkeypatch.setattr(stage, "touched_files", lambda *dummy: (path,))
    monkeypatch.setattr(
        stage, "compare_generated", lambda *dummy: SimpleNamespace(changed=False, others=(), only_live=())
    )
    result = store.build()
    assert [file.path for file in read_record(str(store.root)).files] == [path]
    assert ("compiled dependency injection" in result["actions"]) is compiles
    assert ("compile" in result["seconds"]) is compiles
    assert result["staged"]


def test_the_plan_names_the_caches_that_the_patches_are_in(store: Store, monkeypatch) -> None:
    told = []
    monkeypatch.setattr(stage, "plan_switch", lambda *given: told.append(given[-1]) or PLAN)
    monkeypatch.setattr(stage, "touched_files", lambda *dummy: (MODEL, NEW, "vendor/magento/module-x/i18n/de.csv"))
    store.build()
    assert told == [("block_html", "compiled_config", "full_page", "translate")]


def test_a_compile_that_fails_leaves_its_log_only(store: Store) -> None:
    store.write("bin/magento", FAILING)
    before = everything(store.root)
    assert code_of(store) == "compile_failed"
    assert os.listdir(store.root / ".storefleet") == ["compile.log"]
    (store.root / ".storefleet/compile.log").unlink()
    (store.root / ".storefleet").rmdir()
    os.utime(store.root, ns=(before["."][3], before["."][3]))
    assert everything(store.root) == before


def test_other_wiring_than_live_s_stops_the_run_unless_accepted(store: Store) -> None:
    store.write(METADATA, "<?php return ['arguments' => ['Other' => []]];")
    assert code_of(store) == "generated_differs"
    assert not (store.root / ".storefleet").exists()
    result = store.build(WISH._replace(accept_generated=("metadata/*: arguments of Oth*",)))
    assert result["generated_changes"] == ["metadata/global.php: arguments of Other changed"]
    assert "accepted 1 further changes in generated/" in result["actions"]


@pytest.mark.parametrize("path", [MODEL, "vendor/magento/framework/Old.php", "app/etc/config.php"])
def test_a_live_release_that_changes_meanwhile_is_told(store: Store, path: str) -> None:
    store.during_patch = lambda dummy: store.write(path, "<?php // by somebody else")
    assert code_of(store) == "live_changed"
    assert not (store.root / ".storefleet").exists()


def test_a_patch_that_writes_through_a_hard_link_is_noticed(store: Store) -> None:
    store.during_patch = lambda tree: (tree / "vendor/magento/framework/Old.php").write_text("written in place")
    assert code_of(store) == "live_changed"


def test_what_is_written_besides_stays_behind_and_is_told(store: Store) -> None:
    store.during_patch = lambda tree: (tree / "vendor/stray.txt").write_text("")
    result = store.build()
    assert "left behind what the build wrote besides: vendor/stray.txt" in result["actions"]
    assert [file.path for file in read_record(str(store.root)).files] == [NEW, MODEL]


def test_files_that_the_pool_could_not_read_are_refused(store: Store) -> None:
    store.pool = SimpleNamespace(user="nobody")
    store.build()
    store.root.chmod(0o755)
    (store.root / MODEL).chmod(0o600)
    store.during_patch = lambda dummy: os.umask(0o077)
    mask = os.umask(0o022)
    try:
        assert code_of(store) == "not_readable"
    finally:
        os.umask(mask)


def test_a_linked_vendor_and_a_deploy_under_way_are_refused(store: Store) -> None:
    (store.root.parent / "deploy.lock").touch()
    assert code_of(store) == "deploy_running"
    (store.root / "vendor/magento/framework").rename(store.root / "framework")
    (store.root / "vendor/magento/framework").symlink_to("../../framework")
    assert code_of(store) == "linked_vendor"
    assert not (store.root / ".storefleet").exists()


@pytest.mark.parametrize("compiled", [True, False])
def test_what_takes_too_much_is_refused_before_anything_is_copied(store: Store, monkeypatch, compiled: bool) -> None:
    def refuse(code: str) -> None:
        raise CommerceError("build", "it", "it takes too much", "Make room.", code=code)

    def copied(*dummy):
        raise AssertionError("it was copied nevertheless")

    asked = []
    if not compiled:
        (store.root / METADATA).unlink()
    monkeypatch.setattr(stage, "copy_release", copied)
    monkeypatch.setattr(stage, "require_room", lambda *rooms: (asked.append(rooms), refuse("no_room")))
    assert code_of(store) == "no_room"
    [(root, tree, copy, generated)] = asked
    assert (root, tree, copy.entries > 0) == (str(store.root), str(store.root / ".storefleet/stage"), True)
    # What is not compiled has no generated/ made for it, and takes no memory.
    assert generated.entries == (4 if compiled else 0)
    monkeypatch.setattr(stage, "require_memory", lambda: refuse("no_memory"))
    assert code_of(store) == ("no_memory" if compiled else "no_room")
    assert not (store.root / ".storefleet").exists()


def test_the_store_is_leased_for_the_length_of_a_build(store: Store) -> None:
    refused = []

    def try_lease(dummy):
        with pytest.raises(CommerceError) as caught, Lease(str(store.root)):
            pass
        refused.append(caught.value.code)

    store.during_patch = try_lease
    store.build()
    assert refused == ["leased"]


def test_a_signal_ends_a_build_and_leaves_nothing(store: Store) -> None:
    def interrupt(dummy):
        raise Interrupted(15)

    store.during_patch = interrupt
    assert code_of(store) == "interrupted"
    assert not (store.root / ".storefleet").exists()


AUTHORITATIVE = "<?php $loader->setClassMapAuthoritative(true);"


@pytest.mark.parametrize("real", [AUTHORITATIVE, "<?php"])
def test_an_autoloader_that_lists_its_classes_is_written_again(store: Store, monkeypatch, real: str) -> None:
    store.write("vendor/composer/autoload_real.php", real)
    store.write("vendor/composer/autoload_classmap.php", "<?php // before")

    def dump(tree, autoloader, dummy_dev, new, *dummy):
        assert (autoloader.authoritative, new) == (True, [NEW])
        (Path(tree) / "vendor/composer/autoload_classmap.php").write_text("<?php // after")
        return "wrote the autoloader again"

    monkeypatch.setattr(stage, "dump", dump)
    result = store.build()
    changed = [file.path for file in read_record(str(store.root)).files]
    assert ("vendor/composer/autoload_classmap.php" in changed) == (real == AUTHORITATIVE)
    assert ("wrote the autoloader again" in result["actions"]) == (real == AUTHORITATIVE)
