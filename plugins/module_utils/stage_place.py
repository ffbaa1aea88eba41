# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a copy of the release is built: closed to others, served by nobody, on the file system of the release."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from typing import Iterator, List, NamedTuple, Optional, Tuple

from .config_files import ConfigFiles
from .errors import CommerceError
from .own_folder import leave_own_folder, make_own_folder
from .stage_record import RECORD
from .store import OWN_FOLDER
from .web_config import apache_sites, nginx_sites

# Holds the absolute path of the staged copy, from before it is made until after it is removed.
PLACE = os.path.join(OWN_FOLDER, "stage.place")

_BESIDE = ".storefleet-stage-"
_TRIAL = ".storefleet-trial"


class StagePlace(NamedTuple):
    """tree: absolute path of an empty folder for the copy, mode 0700. has_links: files there can be hard links."""

    tree: str
    has_links: bool


def document_roots(prefix: str = "/") -> Tuple[str, ...]:
    """Real paths of the folders that a web server of the host serves, by the configuration that we may read."""
    files = ConfigFiles(prefix)
    sites = nginx_sites(files) + apache_sites(files)
    real = (files.real(folder) for site in sites for folder in site.roots)
    return tuple(dict.fromkeys(folder for folder in real if folder and os.path.isdir(folder)))


def make_stage_place(root: str, stage_dir: Optional[str], served: Tuple[str, ...]) -> StagePlace:
    """Make the folder for a staged copy of the release at root (a real path), at the first place that does.

    stage_dir: the folder that is to hold it, one of the operator's choice. served: see document_roots.
    CommerceError no_stage_place says of each place why it does not do. For the store's owner.
    """
    reasons: List[str] = []
    for tree in _candidates(root, stage_dir):
        try:
            return _tried(root, tree, served)
        except _Unsuitable as error:
            reasons.append("{0}: {1}".format(tree, error))
    raise CommerceError(
        "find a place to build beside the live release",
        root,
        "; ".join(reasons),
        "Set commerce_stage_dir to a folder on the file system of the root, outside of what a web server serves, that "
        "the store's owner may write to.",
        code="no_stage_place",
    )


def stage_left(root: str) -> Optional[str]:
    """The path of the staged copy that belongs to the release at root, finished or not; None if there is none."""
    try:
        with open(os.path.join(root, PLACE), encoding="utf-8", errors="surrogateescape") as file:
            tree = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _left_over(root, os.path.join(root, PLACE), error) from error
    # What it names is removed: it has to be a folder that only a build of ours makes.
    ours = tree == _inside(root) or (os.path.isabs(tree) and os.path.basename(tree) == _name(root))
    return tree if ours else None


def remove_stage(root: str) -> bool:
    """Remove the staged copy of the release at root with its record; says whether there was one. For the owner.

    The record goes first: nobody switches to half a copy. What is cut in the middle is removed by the next run.
    """
    tree = stage_left(root)
    try:
        for path in (RECORD, RECORD + ".new"):
            _unlink(os.path.join(root, path))
        if tree and os.path.isdir(tree):
            _remove_tree(tree)
        _unlink(os.path.join(root, PLACE))
    except OSError as error:
        raise _left_over(root, tree or error.filename or root, error) from error
    leave_own_folder(root)
    return tree is not None


class _Unsuitable(Exception):
    """Why a place does not do, in words."""


def _candidates(root: str, stage_dir: Optional[str]) -> Iterator[str]:
    if stage_dir:
        yield os.path.join(os.path.realpath(stage_dir), _name(root))
        return
    yield _inside(root)
    yield os.path.join(os.path.dirname(root), _name(root))


def _inside(root: str) -> str:
    return os.path.join(root, OWN_FOLDER, "stage")


def _name(root: str) -> str:
    """A name for the copy that no other release on the host has."""
    digest = hashlib.sha256(root.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return "{0}{1}-{2}".format(_BESIDE, os.path.basename(root), digest)


def _tried(root: str, tree: str, served: Tuple[str, ...]) -> StagePlace:
    """The place, tried; what was made for the trial is gone if it raises _Unsuitable."""
    inside = next((folder for folder in served if _is_inside(os.path.realpath(tree), folder)), None)
    if inside:
        raise _Unsuitable("it is inside of {0}, which a web server serves".format(inside))
    try:
        make_own_folder(root)
        with open(os.path.join(root, PLACE), "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(tree)
        if os.path.isdir(tree) and not os.path.islink(tree):
            # Nobody else makes a folder of that name: a build was killed, and its record lost.
            _remove_tree(tree)
        os.mkdir(tree, 0o700)
        # The umask of a store may take rights from its owner.
        os.chmod(tree, 0o700)
        _try_renames(root, tree)
        return StagePlace(tree, _has_links(root, tree))
    except OSError as error:
        remove_stage(root)
        raise _Unsuitable(error.strerror or str(error)) from error


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _try_renames(root: str, tree: str) -> None:
    """Move a file into the release and back again, as the switch will."""
    there, here = os.path.join(tree, _TRIAL), os.path.join(root, OWN_FOLDER, _TRIAL)
    try:
        os.close(os.open(there, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        os.rename(there, here)
        os.rename(here, there)
    finally:
        for path in (there, here):
            _unlink(path)


def _has_links(root: str, tree: str) -> bool:
    link = os.path.join(tree, _TRIAL)
    try:
        os.link(os.path.join(root, PLACE), link)
    except OSError:
        return False
    _unlink(link)
    return True


def _remove_tree(tree: str) -> None:
    """Remove a copy whatever the modes of its folders, which are those of the live release."""
    for folder, folders, dummy in os.walk(tree):
        for name in folders:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                with suppress(OSError):
                    os.chmod(path, 0o700)
    shutil.rmtree(tree)


def _unlink(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _left_over(root: str, path: str, error: OSError) -> CommerceError:
    return CommerceError(
        "remove what a build left",
        path,
        error.strerror or str(error),
        "Remove {0} by hand: the live release in {1} does not need it.".format(path, root),
        code="left_over",
    )
