# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which caches a switch and its way back clean, and when: never before the last file is there that they are made of."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from support.switch_node import Node
from support.switch_root import STAGED

from ansible_collections.storefleet.commerce.plugins.module_utils import recovery, switch_site
from ansible_collections.storefleet.commerce.plugins.module_utils.blobs import git_blob
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.fingerprint import fingerprint_of
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import (
    StagedFile,
    read_record,
    write_record,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.stale_caches import caches_of, caches_of_code
from ansible_collections.storefleet.commerce.plugins.module_utils.trail import TRAIL

SCHEMA = "vendor/magento/module-x/etc/db_schema.xml"
TEMPLATE = "vendor/magento/module-x/view/frontend/templates/login.phtml"
OF_ALL = ("config", "block_html", "compiled_config", "full_page")
OF_TEMPLATE = ("block_html", "full_page")


@pytest.fixture
def node(tmp_path, monkeypatch) -> Node:
    """A node whose build also changes a template; did names after each cleaning what was cleaned, and the template."""
    made = Node(tmp_path)
    made.patch(monkeypatch)
    for module in (switch_site, recovery):
        monkeypatch.setattr(module, "clean_configuration", lambda *given: clean(made, given[3]))
    stage(made)
    return made


def clean(node: Node, caches: tuple[str, ...]) -> str:
    words = node.clean()
    node.did.append((caches, (node.root / TEMPLATE).read_text()))
    return words


def stage(node: Node, path: str = TEMPLATE) -> None:
    """A file of the build besides, old in live and new in the stage."""
    record = read_record(str(node.root))
    for tree, text in ((node.root, "old"), (node.tree, "new")):
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    files = (*record.files, StagedFile(path, git_blob(b"old"), git_blob(b"new")))
    fingerprint = fingerprint_of(str(node.root), str(node.root), [file.path for file in files])
    write_record(str(node.root), record._replace(files=files, fingerprint=fingerprint))


def test_what_is_due_is_in_the_result_and_in_the_log(node) -> None:
    stage(node, SCHEMA)
    result = node.run(keep_way_back=60)
    assert result["due"] == ["bin/magento setup:upgrade --keep-generated"]
    assert result["actions"][-1] == "left bin/magento setup:upgrade --keep-generated to be run"
    assert "left bin/magento setup:upgrade" in (node.root / TRAIL).read_text()
    assert node.run("prove")["due"] == []
    # The columns are still there.
    assert node.run("revert")["due"] == ["bin/magento setup:upgrade --keep-generated"]


def cleaned(node: Node) -> list:
    return [each for each in node.did if isinstance(each, tuple)]


def test_what_of_the_code_a_cache_holds() -> None:
    files = [StagedFile(path, "1", "2") for path in (*STAGED, TEMPLATE)]
    assert caches_of(files) == OF_ALL
    assert caches_of_code(files) == OF_TEMPLATE
    assert caches_of_code(files[:-1]) == ()


def test_a_switch_cleans_all_at_its_end(node) -> None:
    node.run()
    assert cleaned(node) == [(OF_ALL, "new")]


def test_a_way_back_cleans_what_the_templates_made_once_they_are_back(node) -> None:
    node.fail.append("restart")
    with pytest.raises(CommerceError, match="Everything was put back"):
        node.run()
    assert cleaned(node)[1:] == [(OF_ALL, "new"), (OF_TEMPLATE, "old")]


def test_kept_files_that_come_back_are_in_no_cache(node) -> None:
    node.run(keep_way_back=60)
    node.did.clear()
    node.run("revert")
    assert cleaned(node) == [(OF_ALL, "new"), (OF_TEMPLATE, "old")]


@pytest.mark.parametrize("is_cleaning", [True, False])
def test_of_several_nodes_each_cleans_what_its_own_templates_made(node, is_cleaning) -> None:
    for step in ("code", "configuration"):
        node.run(step, run="r", clean=is_cleaning)
    assert cleaned(node) == ([(OF_ALL, "new")] if is_cleaning else [])
    node.did.clear()
    for step in ("back_configuration", "back_code"):
        node.run(step, run="r", clean=is_cleaning)
    assert cleaned(node) == ([(OF_ALL, "new")] if is_cleaning else []) + [(OF_TEMPLATE, "old")]


def test_a_run_that_was_killed_is_undone_with_its_caches(node) -> None:
    def kill() -> None:
        raise KeyboardInterrupt

    node.act["restart"] = kill
    node.fail.append("reload")
    with pytest.raises(CommerceError):
        node.run()
    node.act.clear()
    node.fail.clear()
    node.did.clear()
    node.run()
    assert (OF_TEMPLATE, "old") in cleaned(node)


def test_where_nothing_is_staged_what_the_patches_change_is_cleaned(node, monkeypatch) -> None:
    node.run()
    node.did.clear()
    monkeypatch.setattr(switch_site, "read_store", lambda root: SimpleNamespace(root=root))
    monkeypatch.setattr(switch_site, "touched_files", lambda *dummy: (TEMPLATE,))
    node.run("configuration", run="r")
    assert cleaned(node) == [(OF_TEMPLATE, "new")]
