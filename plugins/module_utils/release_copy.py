# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of a release that costs no room: hard links, but for what anything could write into in place."""

from __future__ import annotations

import errno
import os
import shutil
from typing import Iterable, List, NamedTuple, Set, Tuple

from .errors import CommerceError
from .file_rights import give_rights
from .store import OWN_FOLDER

# Not part of a build. Those that a compile expects are there in the copy, empty.
LEFT_OUT = ("var", "generated", "pub/static", "pub/media", ".git", OWN_FOLDER)
_EXPECTED = ("var", "generated", "pub/static", "pub/media")

# Composer, bin/magento and editors write into these as they are: through a hard link it would be live's file.
_WRITTEN_IN_PLACE = ("app/etc", "vendor/composer")
_WRITTEN_FILES = ("composer.json", "composer.lock", "vendor/autoload.php")

# Credentials, which no step of a build needs: env.php with every copy that somebody made of it, Composer's own.
_SECRETS = (("app/etc", "env"), ("", "auth.json"), ("", ".env"))

# A link that leads out of the release is followed where code may be behind it; elsewhere it may lead to anything.
_CODE = ("app", "bin", "lib", "setup", "vendor")
_DEEPEST = 8

# No link can be made: another file system, a file of another user that we may not write, too many links, no such thing.
_NO_LINK = (errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS)


class Copied(NamedTuple):
    """How many files were linked, how many copied; left_out: paths of links and of files that nobody here can read."""

    linked: int
    copied: int
    left_out: Tuple[str, ...]


def copy_release(root: str, tree: str, own: Iterable[str]) -> Copied:
    """Fill the empty folder tree with a copy of the release at root (both real paths), without its LEFT_OUT.

    own: paths of further files that must not share their content with live. A symbolic link that leads out of the
    release is replaced by what is behind it. CommerceError no_copy. For the store's owner.
    """
    work = _Copying(root, tree, set(own))
    try:
        work.folder("", root)
        for path in _EXPECTED:
            os.makedirs(os.path.join(tree, path), exist_ok=True)
    except OSError as error:
        raise CommerceError(
            "copy the release",
            error.filename or root,
            error.strerror or str(error),
            "Make room on its file system, and let the store's owner read the release.",
            code="no_copy",
        ) from error
    return Copied(work.linked, work.copied, tuple(sorted(work.left_out)))


def is_secret(path: str) -> bool:
    """Whether a path, relative to the root, is of a file with credentials that a build does without."""
    folder, name = os.path.split(path)
    return any(folder == where and name.startswith(start) for where, start in _SECRETS)


def is_written_in_place(path: str) -> bool:
    """Whether a path, relative to the root, is of a file that programs write into instead of replacing it."""
    return path in _WRITTEN_FILES or any(path.startswith(folder + "/") for folder in _WRITTEN_IN_PLACE)


class _Copying:
    """One copy under way. Paths are relative to the root, wherever a link has led."""

    def __init__(self, root: str, tree: str, own: Set[str]):
        self.linked = 0
        self.copied = 0
        self.left_out: List[str] = []
        self._root = root
        self._tree = tree
        self._own = own

    def folder(self, path: str, source: str, links: Tuple[str, ...] = ()) -> None:
        """Copy what is in the folder source to path; links: the folders that links have led to on the way here."""
        with os.scandir(source) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            inner = os.path.join(path, entry.name)
            if inner in LEFT_OUT or is_secret(inner) or entry.path == self._tree:
                continue
            if entry.is_symlink():
                self._link(inner, entry.path, links)
            elif entry.is_dir(follow_symlinks=False):
                self._into(inner, entry.path, links)
            elif entry.is_file(follow_symlinks=False):
                self._file(inner, entry.path)

    def _into(self, path: str, source: str, links: Tuple[str, ...]) -> None:
        if not os.access(source, os.R_OK | os.X_OK):
            # Whoever compiles cannot read it in the live release either.
            self.left_out.append(path)
            return
        target = os.path.join(self._tree, path)
        os.mkdir(target, 0o700)
        self.folder(path, source, links)
        # Last: a folder of the release need not let its owner write.
        give_rights(source, target)

    def _file(self, path: str, source: str) -> None:
        target = os.path.join(self._tree, path)
        if path not in self._own and not is_written_in_place(path):
            try:
                os.link(source, target, follow_symlinks=False)
                self.linked += 1
                return
            except OSError as error:
                if error.errno not in _NO_LINK:
                    raise
        try:
            shutil.copyfile(source, target)
        except PermissionError:
            self.left_out.append(path)
            return
        give_rights(source, target)
        status = os.stat(source)
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
        self.copied += 1

    def _link(self, path: str, source: str, links: Tuple[str, ...]) -> None:
        """A link within the release stays one, to the place in the copy; one that leads out becomes what is there."""
        real = os.path.realpath(source)
        target = os.path.join(self._tree, path)
        if real == self._root or real.startswith(self._root + "/"):
            os.symlink(self._text(path, source, real, links), target)
        elif os.path.isfile(real):
            self._file(path, real)
        elif os.path.isdir(real) and self._is_followed(path, real, links):
            self._into(path, real, links + (real,))
        else:
            self.left_out.append(path)

    def _text(self, path: str, source: str, real: str, links: Tuple[str, ...]) -> str:
        """What a link within the release says in the copy: the same, unless that would lead from there into live."""
        text = os.readlink(source)
        folder = os.path.dirname(path)
        if not os.path.isabs(text) and not links and not os.path.normpath(os.path.join(folder, text)).startswith(".."):
            return text
        return os.path.relpath(os.path.relpath(real, self._root), folder or ".")

    def _is_followed(self, path: str, real: str, links: Tuple[str, ...]) -> bool:
        leads_up = real == "/" or self._root.startswith(real + "/")
        return path.split("/")[0] in _CODE and real not in links and len(links) < _DEEPEST and not leads_up
