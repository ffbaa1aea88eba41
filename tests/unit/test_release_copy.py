# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of a release: what it shares with live, what it must not share, and what is not in it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import release_copy
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.release_copy import copy_release

SHARED = ("bin/magento", "vendor/magento/framework/A.php", "pub/index.php", "app/code/Acme/X/registration.php")
WRITTEN = (
    "app/etc/config.php",
    "app/etc/di.xml",
    "vendor/composer/installed.json",
    "vendor/autoload.php",
    "composer.json",
    "composer.lock",
)
PATCHED = "vendor/magento/module-x/Login.php"
LEFT_OUT = (
    "var/cache/x",
    "generated/metadata/global.php",
    "pub/static/a.js",
    "pub/media/b.png",
    ".git/HEAD",
    ".storefleet/way_back/journal.json",
)
SECRET = ("app/etc/env.php", "app/etc/env.php.bak", "auth.json", ".env")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    for path in (*SHARED, *WRITTEN, PATCHED, *LEFT_OUT, *SECRET):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    return folder


@pytest.fixture
def copied(root: Path, tmp_path: Path):
    """Copies the release; what became of it, and the copy."""

    def copy() -> tuple[release_copy.Copied, Path]:
        tree = tmp_path / "stage"
        tree.mkdir(0o700)
        return copy_release(str(root), str(tree), [PATCHED]), tree

    return copy


def files(tree: Path) -> set[str]:
    return {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file() or path.is_symlink()}


def test_only_what_nothing_writes_into_is_shared_with_live(root: Path, copied) -> None:
    found, tree = copied()
    assert files(tree) == {*SHARED, *WRITTEN, PATCHED}
    assert {path for path in files(tree) if (tree / path).samefile(root / path)} == set(SHARED)
    assert all((tree / path).read_text() == path for path in files(tree))
    assert found == (len(SHARED), len(WRITTEN) + 1, ())


def test_what_a_compile_expects_is_there_and_empty(copied) -> None:
    tree = copied()[1]
    assert [os.listdir(tree / path) for path in ("var", "generated", "pub/static", "pub/media")] == [[], [], [], []]


def test_writing_to_every_copied_file_leaves_live_as_it_was(root: Path, copied) -> None:
    tree = copied()[1]
    for path in (*WRITTEN, PATCHED):
        with open(tree / path, "a") as file:
            file.write("changed")
    assert all((root / path).read_text() == path for path in (*WRITTEN, PATCHED))


def test_modes_and_times_are_those_of_live(root: Path, copied) -> None:
    (root / PATCHED).chmod(0o640)
    os.utime(root / PATCHED, ns=(5_000_000_007, 5_000_000_007))
    (root / "vendor/magento/module-x").chmod(0o2751)
    tree = copied()[1]
    status = os.stat(tree / PATCHED)
    assert (stat.S_IMODE(status.st_mode), status.st_mtime_ns) == (0o640, 5_000_000_007)
    assert stat.S_IMODE(os.stat(tree / "vendor/magento/module-x").st_mode) == 0o2751
    assert stat.S_IMODE(os.stat(tree).st_mode) == 0o700


@pytest.mark.parametrize("number", [errno.EPERM, errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP])
def test_where_no_link_can_be_made_the_content_is_copied(root: Path, copied, monkeypatch, number: int) -> None:
    def link(*dummy, **dummies):
        raise OSError(number, "no")

    monkeypatch.setattr(release_copy.os, "link", link)
    found, tree = copied()
    assert found.linked == 0
    assert files(tree) == {*SHARED, *WRITTEN, PATCHED}
    assert not any((tree / path).samefile(root / path) for path in SHARED)


def test_a_full_disk_is_an_error(copied, monkeypatch) -> None:
    def link(*dummy, **dummies):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(release_copy.os, "link", link)
    with pytest.raises(CommerceError, match="No space left on device") as caught:
        copied()
    assert caught.value.code == "no_copy"


@pytest.mark.parametrize(
    ("link", "text", "expected"),
    [
        ("vendor/bin/magento", "../../bin/magento", "../../bin/magento"),
        ("vendor/bin/magento", "{root}/bin/magento", "../../bin/magento"),
        ("vendor/bin/magento", "../../../store/bin/magento", "../../bin/magento"),
        ("top", "{root}/vendor", "vendor"),
        ("top", "vendor/gone", "vendor/gone"),
    ],
)
def test_a_link_within_the_release_leads_to_the_same_place_in_the_copy(
    root: Path, copied, link: str, text: str, expected: str
) -> None:
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(text.format(root=root))
    tree = copied()[1]
    assert os.readlink(tree / link) == expected
    assert str((tree / link).resolve()).startswith(str(tree))


def test_a_link_that_leads_out_is_never_written_through(root: Path, copied, tmp_path: Path) -> None:
    outside = tmp_path / "shared"
    (outside / "package/inner").mkdir(parents=True)
    (outside / "config.php").write_text("shared")
    (outside / "package/inner/B.php").write_text("B")
    (outside / "package/alias.php").symlink_to("inner/B.php")
    (root / "app/etc/config.php").unlink()
    (root / "app/etc/config.php").symlink_to(outside / "config.php")
    (root / "vendor/acme").symlink_to(outside / "package")
    found, tree = copied()
    assert not (tree / "app/etc/config.php").is_symlink()
    (tree / "app/etc/config.php").write_text("changed")
    assert (outside / "config.php").read_text() == "shared"
    assert not (tree / "vendor/acme").is_symlink()
    assert (tree / "vendor/acme/inner/B.php").read_text() == (tree / "vendor/acme/alias.php").read_text() == "B"
    assert found.left_out == ()


def test_app_etc_behind_a_link_gives_no_secret_away(root: Path, copied, tmp_path: Path) -> None:
    (root / "app/etc").rename(tmp_path / "etc")
    (root / "app/etc").symlink_to(tmp_path / "etc")
    tree = copied()[1]
    assert sorted(os.listdir(tree / "app/etc")) == ["config.php", "di.xml"]
    assert not (tree / "app/etc/di.xml").samefile(tmp_path / "etc/di.xml")


def test_links_to_anywhere_else_are_left_out_and_told(root: Path, copied, tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (root / "pub/feeds").symlink_to(tmp_path / "feeds")
    (root / "vendor/gone").symlink_to(tmp_path / "gone")
    (root / "app/code/Up").symlink_to(tmp_path)
    found, tree = copied()
    assert found.left_out == ("app/code/Up", "pub/feeds", "vendor/gone")
    assert not any(os.path.lexists(tree / path) for path in found.left_out)


def test_links_that_lead_in_a_circle_end(root: Path, copied, tmp_path: Path) -> None:
    (tmp_path / "circle").mkdir()
    (tmp_path / "circle/again").symlink_to(tmp_path / "circle")
    (root / "vendor/circle").symlink_to(tmp_path / "circle")
    assert copied()[0].left_out == ("vendor/circle/again",)


def test_var_in_a_shared_folder_is_a_folder_of_its_own(root: Path, copied, tmp_path: Path) -> None:
    (root / "var").rename(tmp_path / "var")
    (root / "var").symlink_to(tmp_path / "var")
    tree = copied()[1]
    assert not (tree / "var").is_symlink()
    assert os.listdir(tree / "var") == []


def test_a_stage_inside_the_release_is_not_copied_into_itself(root: Path) -> None:
    tree = root / "stages/one"
    tree.mkdir(parents=True)
    copy_release(str(root), str(tree), ())
    assert os.listdir(tree / "stages") == []


def test_pipes_are_no_part_of_a_release(root: Path, copied) -> None:
    os.mkfifo(root / "vendor/pipe")
    assert not os.path.lexists(copied()[1] / "vendor/pipe")
