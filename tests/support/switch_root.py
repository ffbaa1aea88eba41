# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small live root with a staged release: files that are new, changed and removed, in both steps and in generated/."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from support.live_root import EVENTS, FACTORY, MODEL, NEW, make_root, tree

from ansible_collections.storefleet.commerce.plugins.module_utils.blobs import git_blob
from ansible_collections.storefleet.commerce.plugins.module_utils.generated_files import differing
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import StagedFile
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_files import SwitchFiles

GONE = "vendor/magento/module-x/Gone/Only.php"
METADATA = "generated/metadata/global.php"
MADE = "generated/code/Vendor/X/Model/Login/Interceptor.php"
ENTRIES = {
    "id": "0123456789abcdef",
    "run": None,
    "hosts": {},
    "direction": "in",
    "state": "present",
    "patches": ["ACSD-61103"],
    "behaviour": {"rest": "defective"},
    "health": None,
    "former": {},
}
STAGED = {
    EVENTS: "<config><event/></config>",
    MODEL: "<?php // new",
    NEW: "<?php interface",
    METADATA: "<?php return ['new'];",
    MADE: "<?php // made",
}


def make_store(folder: Path) -> tuple[Path, Path]:
    """The live root, all of it written long ago, and the staged tree."""
    root, staged = folder / "my store", folder / "staged"
    (root / GONE).parent.mkdir(parents=True)
    (root / GONE).write_text("<?php // goes")
    os.chmod((root / GONE).parent, 0o2750)
    for path, text in STAGED.items():
        (staged / path).parent.mkdir(parents=True, exist_ok=True)
        (staged / path).write_text(text)
    return make_root(root), staged


def files_of_patch(root: Path, staged: Path) -> list[StagedFile]:
    """What a build says that the patch's own files are."""
    return [StagedFile(path, _blob(root / path), _blob(staged / path)) for path in (EVENTS, MODEL, NEW, GONE)]


def prepare(root: Path, staged: Path, **entries) -> SwitchFiles:
    """The switch to the staged tree, ready."""
    files = [*files_of_patch(root, staged), *differing(str(root), str(staged))]
    return SwitchFiles.prepare(str(root), files, lambda path: str(staged / path), {**ENTRIES, **entries})[0]


def forward(files: SwitchFiles, step: str) -> None:
    """A step with all of its files, those too that wait for the requests of before."""
    files.forward(step)
    for file in files.going(step):
        files.remove(file)


def back(files: SwitchFiles, step: str) -> list[str]:
    """The same on the way back; the paths that were taken back."""
    paths = files.back(step)
    return paths + [file.path for file in files.going_back(step) if files.take_back(file)]


OURS = (".storefleet", "var/log")


def store_tree(root: Path) -> dict[str, tuple]:
    """The tree of the store, each file with its number of links, without what is ours, and without its logs."""
    found = tree(root)
    links = {path: os.lstat(root / path).st_nlink for path in found if stat.S_ISREG(found[path][0])}
    return {path: (*of, links.get(path)) for path, of in found.items() if not path.startswith(OURS)}


def contents(root: Path) -> dict[str, str]:
    """The files of the store that a switch is about."""
    paths = (*STAGED, GONE, FACTORY)
    return {path: (root / path).read_text() for path in paths if (root / path).exists()}


def _blob(path: Path) -> str | None:
    return git_blob(path.read_bytes()) if path.exists() else None
