# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a copy is built, why not elsewhere, and how it goes again."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from support.host_files import write_files

from ansible_collections.storefleet.commerce.plugins.module_utils import stage_place
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_place import (
    document_roots,
    make_stage_place,
    remove_stage,
    stage_left,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "www/store"
    folder.mkdir(parents=True)
    return folder


def test_a_closed_folder_in_the_root_is_the_first_choice(root: Path) -> None:
    mask = os.umask(0o777)
    try:
        place = make_stage_place(str(root), None, ())
    finally:
        os.umask(mask)
    assert place == (str(root / ".storefleet/stage"), True)
    assert stat.S_IMODE(os.stat(place.tree).st_mode) == 0o700
    assert os.listdir(place.tree) == []
    assert sorted(os.listdir(root / ".storefleet")) == ["stage", "stage.place"]
    assert stage_left(str(root)) == place.tree


@pytest.mark.parametrize("served", ["www/store", "www/store/.storefleet"])
def test_what_a_web_server_serves_is_passed_over(root: Path, served: str, tmp_path: Path) -> None:
    place = make_stage_place(str(root), None, (str(tmp_path / served),))
    assert os.path.dirname(place.tree) == str(root.parent)
    assert os.path.basename(place.tree).startswith(".storefleet-stage-store-")
    assert os.listdir(root / ".storefleet") == ["stage.place"]


def test_a_folder_whose_name_begins_alike_is_not_served(root: Path) -> None:
    assert make_stage_place(str(root), None, (str(root / ".store"), str(root) + "-2")).tree.startswith(str(root))


def test_the_folder_of_the_operators_choice_is_the_only_one(root: Path, tmp_path: Path) -> None:
    (tmp_path / "stages").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "stages")
    place = make_stage_place(str(root), str(tmp_path / "link"), (str(root),))
    # Of the same name, elsewhere.
    (tmp_path / "other/store").mkdir(parents=True)
    other = make_stage_place(str(tmp_path / "other/store"), str(tmp_path / "link"), ())
    assert {os.path.dirname(place.tree), os.path.dirname(other.tree)} == {str(tmp_path / "stages")}
    assert place.tree != other.tree
    with pytest.raises(CommerceError, match=r"gone/\.storefleet-stage-store-[0-9a-f]{12}: No such file"):
        make_stage_place(str(root), str(tmp_path / "gone"), ())


def test_where_no_place_does_each_reason_is_told_and_nothing_is_left(root: Path) -> None:
    with pytest.raises(CommerceError) as caught:
        make_stage_place(str(root), None, (str(root.parent),))
    assert caught.value.code == "no_stage_place"
    assert caught.value.came_back.count(f"it is inside of {root.parent}, which a web server serves") == 2
    assert os.listdir(root) == []


def test_a_file_that_cannot_be_renamed_into_the_release_rules_a_place_out(root: Path, monkeypatch) -> None:
    real = os.rename

    def rename(source, target):
        if source.startswith(str(root / ".storefleet/stage")):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real(source, target)

    monkeypatch.setattr(stage_place.os, "rename", rename)
    assert os.path.dirname(make_stage_place(str(root), None, ()).tree) == str(root.parent)
    assert os.listdir(root / ".storefleet") == ["stage.place"]


def test_a_file_system_without_hard_links_is_told(root: Path, monkeypatch) -> None:
    def link(*dummy):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(stage_place.os, "link", link)
    assert make_stage_place(str(root), None, ()).has_links is False


def test_a_copy_that_no_record_knows_is_replaced(root: Path) -> None:
    left = root / ".storefleet/stage/old"
    left.mkdir(parents=True)
    assert os.listdir(make_stage_place(str(root), None, ()).tree) == []


def test_a_stage_goes_with_its_record(root: Path) -> None:
    tree = Path(make_stage_place(str(root), None, ()).tree)
    (tree / "vendor").mkdir()
    (tree / "vendor/file").touch()
    (root / ".storefleet/stage.json").touch()
    (root / ".storefleet/stage.json.new").touch()
    assert remove_stage(str(root)) is True
    assert os.listdir(root) == []
    assert remove_stage(str(root)) is False


def test_folders_that_their_owner_may_not_write_to_go_too() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        child = os.fork()
        if child == 0:
            # Root may write anywhere.
            os.setuid(os.geteuid() or 65534)
            root = Path(folder, "store")
            root.mkdir()
            tree = Path(make_stage_place(str(root), None, ()).tree)
            (tree / "closed/inner").mkdir(parents=True)
            (tree / "closed/inner/file").touch()
            os.chmod(tree / "closed/inner", 0o500)
            os.chmod(tree / "closed", 0)
            with suppress(BaseException):
                os._exit(0 if remove_stage(str(root)) and os.listdir(root) == [] else 1)
            os._exit(2)
        assert os.waitpid(child, 0)[1] == 0


def test_what_others_keep_in_our_folder_stays(root: Path) -> None:
    make_stage_place(str(root), None, ())
    (root / ".storefleet/lease.json").touch()
    remove_stage(str(root))
    assert os.listdir(root / ".storefleet") == ["lease.json"]


@pytest.mark.parametrize("named", ["{root}", "relative/stage", "", "{parent}/stage"])
def test_a_folder_that_no_build_makes_is_never_removed(root: Path, monkeypatch, named: str) -> None:
    # Folders of the test only, and nothing that removes: with a broken guard this must hurt nobody.
    removed = []
    monkeypatch.setattr(stage_place, "_remove_tree", removed.append)
    monkeypatch.chdir(root)
    for folder in (root / ".storefleet", root / "relative/stage", root.parent / "stage"):
        folder.mkdir(parents=True)
    (root / ".storefleet/stage.place").write_text(named.format(root=root, parent=root.parent))
    assert remove_stage(str(root)) is False
    assert removed == []


def test_a_link_in_the_place_of_a_stage_is_not_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").touch()
    (root / ".storefleet").mkdir()
    (root / ".storefleet/stage").symlink_to(tmp_path / "precious")
    (root / ".storefleet/stage.place").write_text(str(root / ".storefleet/stage"))
    with pytest.raises(CommerceError) as caught:
        remove_stage(str(root))
    assert caught.value.code == "left_over"
    assert (tmp_path / "precious/file").exists()


def test_the_folders_of_all_sites_are_served(tmp_path: Path) -> None:
    nginx = "http { server { root /srv/a/pub; } server { root /srv/gone; } }"
    apache = "DocumentRoot /srv/link\n"
    write_files(tmp_path, {"/etc/nginx/nginx.conf": nginx, "/etc/apache2/apache2.conf": apache})
    (tmp_path / "srv/a/pub").mkdir(parents=True)
    (tmp_path / "srv/b").mkdir()
    (tmp_path / "srv/link").symlink_to(tmp_path / "srv/b")
    assert document_roots(str(tmp_path)) == (str(tmp_path / "srv/a/pub"), str(tmp_path / "srv/b"))
