# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patch files: their sections, their places in a clone, and files that are refused."""

from __future__ import annotations

import os

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.layout import GIT
from ansible_collections.storefleet.commerce.plugins.module_utils.patch_files import read_sections, sections

EDIT = "@@ -1 +1 @@\n-a\n+b\n"


def test_sections_without_git_headers(unpatched, patched, make_patch):
    with_headers = sections(make_patch(unpatched, patched))
    plain = sections(make_patch(unpatched, patched, git=False))
    assert [part.path for part in plain] == [part.path for part in with_headers]
    assert [part.creates for part in plain] == [part.creates for part in with_headers]
    assert sum(part.creates for part in plain) == 1


def test_what_a_section_tells():
    hunks = "@@ -7,2 +7,3 @@ class A\n a\n+b\n c\n@@ -20 +21 @@\n--- x\n+++ y\n"
    (part,) = sections(f"From: somebody\n\ndiff --git a/x/y b/x/y\n--- a/x/y\n+++ b/x/y\n{hunks}")
    assert (part.path, part.creates, part.lines) == ("x/y", False, ((7, 7), (20, 21)))
    assert part.text.startswith("diff --git")


@pytest.mark.parametrize(
    ("header", "path", "creates"),
    [
        ("diff --git a/x b/x\n--- a/x\n+++ /dev/null\n" + EDIT, "x", False),
        ("diff --git a/x b/x\nnew file mode 100644\nindex 0..0\n", "x", True),
        ("diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n", "y", False),
        ("diff -Nuar a/x b/x\n--- a/x\t2024-01-01\n+++ b/x\t2024-01-02\n" + EDIT, "x", False),
        ("--- x\r\n+++ x\r\n" + EDIT, "x", False),
    ],
)
def test_kinds_of_sections(header, path, creates):
    (part,) = sections(header)
    assert (part.path, part.creates) == (path, creates)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../x", "a/../../b", '"a/caf\\303\\251"', "..", "/dev/null/../x"], ids=range(6)
)
def test_a_path_that_leads_out(path):
    with pytest.raises(CommerceError) as caught:
        sections(f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ {'' if path[0] == chr(34) else 'b/'}{path}\n{EDIT}")
    assert caught.value.code == "tool_failed"


MOVED = {
    "vendor/magento/module-customer-graph-ql/etc/x.xml": "app/code/Magento/CustomerGraphQl/etc/x.xml",
    "vendor/magento/framework/A.php": "lib/internal/Magento/Framework/A.php",
    "vendor/magento/framework-message-queue/A.php": "lib/internal/Magento/Framework/MessageQueue/A.php",
    "vendor/magento/theme-adminhtml-backend/a.less": "app/design/adminhtml/Magento/backend/a.less",
    "vendor/magento/magento2-base/setup/A.php": "setup/A.php",
    "vendor/other/module-x/A.php": "vendor/other/module-x/A.php",
}


@pytest.mark.parametrize("git", [True, False])
@pytest.mark.parametrize("path", MOVED)
def test_places_in_a_clone(make_patch, path, git):
    (part,) = sections(make_patch({path: f"{path}\n"}, {path: f"a/{path}\n"}, git), GIT)
    place = MOVED[path]
    assert part.path == place
    head = f"diff --git a/{place} b/{place}\n" if git else ""
    assert part.text == f"{head}--- a/{place}\n+++ b/{place}\n@@ -1 +1 @@\n-{path}\n+a/{path}\n"


def test_content_that_looks_like_a_header_stays(make_patch):
    path = "vendor/magento/framework/A.php"
    (part,) = sections(make_patch({path: f"-- {path}\n"}, {path: f"++ {path}\n"}), GIT)
    assert part.text.endswith(f"@@ -1 +1 @@\n--- {path}\n+++ {path}\n")
    assert part.path == MOVED[path]


def test_sections_with_different_headers():
    headers = (
        f"diff {how} a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n" for how, path in [("--git", "x"), ("-Nuar", "y")]
    )
    parts = sections("".join(header + EDIT for header in headers))
    assert [part.path for part in parts] == ["x", "y"]
    assert parts[1].text.startswith("diff -Nuar")


def test_what_comes_and_goes_in_a_clone(make_patch):
    path = "vendor/magento/framework/A.php"
    added, removed = (sections(make_patch(*files), GIT)[0] for files in (({}, {path: "x\n"}), ({path: "x\n"}, {})))
    assert added.path == removed.path == MOVED[path]
    assert (added.creates, removed.creates) == (True, False)
    assert "--- /dev/null\n" in added.text
    assert "+++ /dev/null\n" in removed.text
    rename = "diff --git a/{0} b/{0}2\nsimilarity index 100%\nrename from {0}\nrename to {0}2\n"
    (part,) = sections(rename.format(path), GIT)
    assert part.text == rename.format(MOVED[path])


def read(folder, content):
    if content is not None:
        (folder / "x.patch").write_bytes(content)
    return read_sections(str(folder), "x.patch")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "not there"),
        (b"", "no patch"),
        (b"hello\n", "no patch"),
        (b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-\0\n+b\n", "no text"),
        (b"x" * (4 * 1024 * 1024 + 1), "4 MiB"),
        (b"--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n", "leads out"),
    ],
    ids=range(6),
)
def test_a_file_that_is_refused(tmp_path, content, words):
    with pytest.raises(CommerceError) as caught:
        read(tmp_path, content)
    assert (caught.value.code, caught.value.on) == ("tool_failed", str(tmp_path / "x.patch"))
    assert words in caught.value.came_back


def test_a_link_that_leads_out(tmp_path):
    (tmp_path / "patches").mkdir()
    (tmp_path / "real").write_text("--- a/x\n+++ b/x\n" + EDIT)
    os.symlink("../real", tmp_path / "patches/x.patch")
    with pytest.raises(CommerceError, match="outside"):
        read(tmp_path / "patches", None)
