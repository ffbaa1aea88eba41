# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells that a release is not what it was, and what does not."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.fingerprint import (
    ENV,
    HASHED,
    blob_of,
    differences,
    digest_of,
    fingerprint_of,
    foreign_lock,
)

PATCHED = "vendor/magento/module-x/Login.php"
METADATA = "generated/metadata/global.php"
SECRET = "<?php return ['password' => 'hunter2'];"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release that a link leads to, as Deployer's current."""
    root = tmp_path / "releases/1"
    for path in (*HASHED, PATCHED, METADATA):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    (root / ENV).write_text(SECRET)
    (tmp_path / "current").symlink_to(root)
    return root


def take(root: Path) -> dict:
    return fingerprint_of(str(root.parents[1] / "current"), str(root), [PATCHED, "not/there.php"])


def test_nothing_differs_after_a_way_through_json(release: Path) -> None:
    before = take(release)
    assert differences(json.loads(json.dumps(before)), take(release)) == ()


def test_a_store_that_works_changes_nothing(release: Path) -> None:
    before = take(release)
    (release / "var").mkdir()
    (release / ".storefleet").mkdir()
    (release / "generated/code").mkdir()
    os.link(release / PATCHED, release / ".storefleet/linked")
    assert differences(before, take(release)) == ()


def replaced(path: Path) -> None:
    status = path.stat()
    path.with_name("new").write_bytes(path.read_bytes())
    os.utime(path.with_name("new"), ns=(status.st_atime_ns, status.st_mtime_ns))
    path.with_name("new").replace(path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        *((lambda root, path=path: (root / path).write_text("x"), f"{path} has another content.") for path in HASHED),
        (lambda root: (root / PATCHED).write_text("x"), f"{PATCHED} has another content."),
        (lambda root: (root / "composer.lock").unlink(), "composer.lock has another content."),
        (lambda root: replaced(root / METADATA), f"{METADATA} was written again."),
        (lambda root: os.utime(root / METADATA, (1, 1)), f"{METADATA} was written again."),
        (lambda root: os.utime(root / ENV, (1, 1)), f"{ENV} was written again."),
    ],
)
def test_each_change_is_told(release: Path, change, sentence: str) -> None:
    before = take(release)
    change(release)
    assert differences(before, take(release)) == (sentence,)


def test_a_new_file_of_the_patch_is_told(release: Path) -> None:
    before = take(release)
    (release / "not").mkdir()
    (release / "not/there.php").write_text("")
    assert differences(before, take(release)) == ("not/there.php has another content.",)


def test_a_link_that_was_moved_and_another_generated_folder_are_told(release: Path) -> None:
    before = take(release)
    other = release.parent / "2"
    other.mkdir()
    (release / "generated").rename(release / "old")
    (release / "generated/metadata").mkdir(parents=True)
    (release / "old/metadata/global.php").rename(release / METADATA)
    link = release.parents[1] / "current"
    link.unlink()
    link.symlink_to(other)
    assert differences(before, take(release)) == (
        f"The root leads to {other} now, and led to {release}.",
        "generated is another folder.",
    )


@pytest.mark.parametrize(
    "change",
    [
        *(lambda root, path=path: (root / path).write_text("x") for path in (*HASHED, PATCHED)),
        lambda root: (root / METADATA).unlink(),
        lambda root: root.joinpath("composer.lock").unlink(),
    ],
)
def test_another_release_has_another_digest(release: Path, change) -> None:
    before = digest_of(take(release))
    change(release)
    assert digest_of(take(release)) != before


def test_a_release_at_another_place_has_another_digest(release: Path) -> None:
    before = digest_of(take(release))
    other = release.parent / "2"
    release.rename(other)
    link = release.parents[1] / "current"
    link.unlink()
    link.symlink_to(other)
    assert digest_of(take(other)) != before


def test_a_digest_stays_the_same_while_a_store_works(release: Path) -> None:
    before = digest_of(take(release))
    replaced(release / METADATA)
    (release / ENV).write_text("<?php return ['cache_types' => []];")
    os.utime(release / METADATA, (1, 1))
    assert digest_of(json.loads(json.dumps(take(release)))) == before
    assert len(before) == 32


def test_no_secret_is_in_it_not_even_as_a_digest(release: Path) -> None:
    written = json.dumps(take(release))
    for digest in (hashlib.sha1, hashlib.sha256, hashlib.md5):
        assert digest(SECRET.encode()).hexdigest() not in written
    assert blob_of(str(release / ENV)) not in written
    assert "hunter2" not in written


@pytest.mark.parametrize("lock", [".dep/deploy.lock", "deploy.lock", "shared/deploy.lock", "tmp/deploy.lock"])
def test_the_lock_of_a_deploy_is_found_beside_the_releases(release: Path, lock: str) -> None:
    base = release.parents[1]
    given = str(base / "current")
    assert foreign_lock(str(release), given) is None
    (base / lock).parent.mkdir(exist_ok=True)
    (base / lock).touch()
    assert foreign_lock(str(release), given) == str(base / lock)
