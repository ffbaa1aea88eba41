# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patches held against folders, by the real git and the real patch."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.patch_files import sections
from ansible_collections.storefleet.commerce.plugins.module_utils.tree import Tree, copied

OLD = {"a/f": "".join(f"line {number}\n" for number in range(30)), "a/g": "g\n"}
NEW = {
    "a/f": OLD["a/f"].replace("line 4\n", "vier\nplus\n").replace("line 25\n", "fuenf\n"),
    "a/g": "h\n",
    "n": "new\n",
}
NEWER = {**NEW, "a/f": NEW["a/f"].replace("vier\n", "four\n"), "n": "newer\n"}


class Counting:
    """Counts the programs that it starts; some are not there."""

    def __init__(self, *missing):
        self.missing, self.argv = missing, []

    def run(self, argv, **more):
        self.argv.append(argv)
        if argv[0] in self.missing:
            raise CommerceError("start", "here", "No such file or directory", "Install it.", code="not_started")
        return LocalRunner().run(argv, **more)


@pytest.fixture(params=["git", "patch"])
def tree(tmp_path, request):
    """A tree that is looked at with git, or where only patch is there."""
    root = tmp_path / "root"
    root.mkdir()
    return Tree(str(root), Counting() if request.param == "git" else Counting("git"))


def write(tree, files):
    for path, text in files.items():
        full = Path(tree.root, path)
        full.parent.mkdir(exist_ok=True, parents=True)
        full.write_text(text)


@pytest.fixture
def once(make_patch):
    return sections(make_patch(OLD, NEW))


@pytest.fixture
def stacked(make_patch, once):
    return once + sections(make_patch(NEW, NEWER))


def test_what_fits(tree, once):
    write(tree, OLD)
    assert tree.objections(once) == {}
    assert set(tree.objections(once, reverse=True)) == set(NEW)
    assert tree.apply(once) is None
    assert tree.objections(once, reverse=True) == {}
    assert set(tree.objections(once)) == set(NEW)


def test_where_it_does_not_fit(tree, once):
    write(tree, {**OLD, "a/f": OLD["a/f"].replace("line 25", "mine")})
    (objection,) = tree.objections(once).values()
    assert (objection.hunk, objection.line) == (2, 23)
    assert "a/f" in objection.words
    write(tree, {**OLD, "n": "mine\n"})
    assert {path: found.hunk for path, found in tree.objections(once).items()} == {"n": None}


@pytest.mark.parametrize("count", [3, 5])
def test_applying(tree, stacked, count):
    write(tree, OLD)
    parts = stacked[:count]
    assert tree.apply(parts) is None
    assert {path: Path(tree.root, path).read_text() for path in OLD} == {
        path: (NEW if count == 3 else NEWER)[path] for path in OLD
    }
    assert "a/f" in tree.apply(parts)
    assert tree.apply(parts, reverse=True) is None
    assert {
        str(path.relative_to(tree.root)): path.read_text() for path in Path(tree.root).rglob("*") if path.is_file()
    } == OLD


def test_where_it_cannot_be_taken_out(tree, once):
    write(tree, {**NEW, "a/f": NEW["a/f"].replace("fuenf", "mine")})
    (objection,) = tree.objections(once, reverse=True).values()
    assert (objection.hunk, objection.line) == (2, 24)


def test_files_that_are_not_there(tree, once):
    assert set(tree.objections(once)) == {"a/f", "a/g"}


def test_stacked_patches(tree, stacked):
    write(tree, OLD)
    assert tree.objections(stacked) == {}
    assert set(tree.objections(stacked, reverse=True)) == set(NEWER)
    write(tree, NEWER)
    assert tree.objections(stacked, reverse=True) == {}
    assert set(tree.objections(stacked)) == set(NEWER)
    write(tree, NEW)
    assert set(tree.objections(stacked)) == set(NEWER)
    assert {"a/f", "n"} <= set(tree.objections(stacked, reverse=True))


def _written(root):
    """What a write changes of each file and folder. A read changes the time of access."""
    every = {path: path.stat() for path in Path(root).rglob("*")}
    return {
        path: (one.st_ino, one.st_mode, one.st_size, one.st_mtime_ns, one.st_ctime_ns) for path, one in every.items()
    }


def test_nothing_is_written_and_nothing_left(tree, stacked, tmp_path, monkeypatch):
    spare = tmp_path / "spare"
    spare.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spare))
    write(tree, OLD)
    before = _written(tree.root)
    for parts in (stacked, stacked[:3]):
        tree.objections(parts)
        tree.objections(parts, reverse=True)
    assert _written(tree.root) == before
    assert list(spare.iterdir()) == []


def test_one_process_where_git_is_there(tmp_path, once):
    tree = Tree(str(tmp_path), Counting())
    write(tree, {**OLD, "a/g": "mine\n"})
    assert set(tree.objections(once)) == {"a/g"}
    assert len(tree._runner.argv) == 1


def test_the_same_change_twice(tree, once):
    write(tree, OLD)
    assert {"a/f", "a/g"} <= set(tree.objections(once + once))


def test_stacked_patches_are_put_in_at_once(tmp_path, stacked):
    tree = Tree(str(tmp_path), Counting())
    write(tree, OLD)
    assert tree.objections(stacked) == {}
    assert len(tree._runner.argv) == 1


def test_stacked_patches_are_taken_out_one_by_one(tmp_path, stacked):
    # Releases of git differ in the order in which they take out what one patch has on one file.
    tree = Tree(str(tmp_path), Counting())
    write(tree, NEWER)
    assert tree.objections(stacked, reverse=True) == {}
    assert len(tree._runner.argv) == len(stacked)


def test_the_missing_git_is_looked_for_once(tmp_path, once):
    tree = Tree(str(tmp_path), Counting("git"))
    tree.objections(once)
    tree.objections(once, reverse=True)
    assert [argv[0] for argv in tree._runner.argv].count("git") == 1


def test_neither_git_nor_patch(tmp_path, once):
    with pytest.raises(CommerceError) as caught:
        Tree(str(tmp_path), Counting("git", "patch")).objections(once)
    assert caught.value.code == "tool_failed"


@pytest.mark.parametrize("where", [".", ".."])
def test_repositories_and_their_settings_do_not_count(tree, once, where):
    write(tree, OLD)
    subprocess.run(["git", "init", "-q", f"{tree.root}/{where}"], check=True)
    subprocess.run(["git", "-C", tree.root, "config", "apply.whitespace", "error-all"], check=True)
    spaces = sections("diff --git a/a/g b/a/g\n--- a/a/g\n+++ b/a/g\n@@ -1 +1 @@\n-g\n+h  \n")
    before = sorted(path for path in Path(tree.root).parent.rglob("*"))
    assert tree.objections(once) == {}
    assert tree.objections(spaces) == {}
    assert set(tree.objections(once, reverse=True)) == set(NEW)
    assert sorted(path for path in Path(tree.root).parent.rglob("*")) == before


def test_a_corrupt_patch_is_no_conflict(tree):
    write(tree, OLD)
    parts = sections("diff --git a/a/g b/a/g\n--- a/a/g\n+++ b/a/g\n@@ -1,9 +1 @@\n-g\n+h\n")
    with pytest.raises(CommerceError) as caught:
        tree.objections(parts)
    assert caught.value.code == "tool_failed"
    assert re.search("corrupt patch|malformed patch|unexpectedly ends", caught.value.came_back)


def test_links(tmp_path):
    (tmp_path / "real/deep").mkdir(parents=True)
    (tmp_path / "real/deep/x").write_text("")
    (tmp_path / "vendor").symlink_to("real")
    (tmp_path / "real/link").symlink_to("deep/x")
    tree = Tree(str(tmp_path), Counting())
    assert tree.link("vendor/deep/x") == "vendor"
    assert tree.link("real/link") == "real/link"
    assert tree.link("real/deep/x") is None
    assert tree.link("real/gone/x") is None


def test_copies(tmp_path, monkeypatch):
    tree = Tree(str(tmp_path / "root"), Counting())
    write(tree, OLD)
    with copied(tree, ["a/f", "a/gone", "a"]) as copy:
        assert Path(copy.root, "a/f").read_text() == OLD["a/f"]
        assert [path.name for path in Path(copy.root).rglob("*")] == ["a", "f"]
        assert not copy.root.startswith(tree.root)
    assert not Path(copy.root).exists()
    monkeypatch.setattr("shutil.copyfile", lambda source, target: Path("/nonexistent/file").read_bytes())
    with pytest.raises(CommerceError, match="copy files"), copied(tree, ["a/f"]):
        pass
