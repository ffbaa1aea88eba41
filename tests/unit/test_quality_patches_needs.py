# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patches that take more than their files: refused before anything is written, unless it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner, Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import Outcome, ensure
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store

SCHEMA = "vendor/magento/module-customer/etc/db_schema.xml"
SCRIPT = "vendor/magento/module-customer/view/frontend/web/js/login.js"
TEMPLATE = "vendor/magento/module-customer/view/frontend/templates/login.phtml"
BEFORE, AFTER = "one\n", "two\n"
UPGRADE = "bin/magento setup:upgrade --keep-generated"
DEPLOY = "bin/magento setup:static-content:deploy"


@pytest.fixture
def store(store_tree, make_patch):
    """A store, and patches on each kind of file; one of them requires that on the schema."""

    def add(patch_id: str, *paths: str, **more) -> None:
        change = make_patch(dict.fromkeys(paths, BEFORE), dict.fromkeys(paths, AFTER))
        store_tree.write(dict.fromkeys(paths, BEFORE))
        store_tree.add_patch(patch_id, "*", change, **more)

    add("ACSD-SCHEMA", SCHEMA)
    add("ACSD-BOTH", SCHEMA + ".json", SCRIPT)
    add("ACSD-PAGE", TEMPLATE, require=["ACSD-SCHEMA"])
    return store_tree


class Tool:
    """The tool, in whose place git applies the patches that it is asked for."""

    def __init__(self, root: Path):
        self._root = root
        self.ran = False

    def run(self, argv, **more) -> Result:
        if argv[0] == "git":
            return LocalRunner().run(argv, **more)
        self.ran = True
        for patch_id in argv[3:-2]:
            patch = self._root / f"vendor/magento/quality-patches/patches/os/{patch_id}.patch"
            reverse = ["-R"] if argv[2] == "revert" else []
            # In a repository around it, git would see nothing of the store.
            alone = {"GIT_DIR": "/dev/null"}
            assert LocalRunner().run(["git", "apply", *reverse, str(patch)], str(self._root), alone).rc == 0
        return Result(0, "", "")


def act(store, *ids: str, state: str = "present", check: bool = False, needs=(), accept=()) -> Outcome:
    tool = Tool(store.root)
    before = {path: path.stat().st_mtime_ns for path in store.root.rglob("*")}
    try:
        return ensure(read_store(str(store.root)), ids, state, tool, check, ("php",), accept, needs)
    except CommerceError:
        assert not tool.ran
        assert {path: path.stat().st_mtime_ns for path in store.root.rglob("*")} == before
        raise


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize(
    ("patch_id", "named", "missing", "due"),
    [
        ("ACSD-SCHEMA", [], "schema", ()),
        ("ACSD-SCHEMA", ["setup", "static"], "schema", ()),
        ("ACSD-SCHEMA", ["schema"], "", (UPGRADE,)),
        ("ACSD-BOTH", [], "static", ()),
        ("ACSD-BOTH", ["static"], "", (DEPLOY,)),
        ("ACSD-61103", [], "", ()),
    ],
)
def test_it_is_named_or_refused(store, patched, check, state, patch_id, named, missing, due) -> None:
    if state == "absent":
        store.write({SCHEMA: AFTER, SCHEMA + ".json": AFTER, SCRIPT: AFTER, **patched})
    if missing:
        with pytest.raises(CommerceError) as caught:
            act(store, patch_id, state=state, check=check, needs=named)
        assert caught.value.code == "needs_more"
        assert f"accept_needs: [{missing}]" in caught.value.next_step
    else:
        outcome = act(store, patch_id, state=state, check=check, needs=named)
        assert (outcome.changed, outcome.needs.due) == (True, due)
        assert outcome.as_result()["due"] == list(due)


def test_nothing_is_due_where_nothing_changes(store) -> None:
    store.write({SCHEMA: AFTER})
    outcome = act(store, "ACSD-SCHEMA")
    assert (outcome.changed, outcome.needs.due) == (False, ())


def test_what_is_required_counts_where_it_is_not_there_yet(store) -> None:
    with pytest.raises(CommerceError) as caught:
        act(store, "ACSD-PAGE", accept=("ACSD-SCHEMA",))
    assert caught.value.code == "needs_more"
    store.write({SCHEMA: AFTER})
    assert act(store, "ACSD-PAGE").needs.caches == ("block_html", "full_page")
