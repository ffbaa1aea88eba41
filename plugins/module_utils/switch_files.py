# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of one switch: laid ready beside the store, put in its place one by one, and taken back.

Each arrives by one rename, so that there is no moment without it, and the file of before stays as it is under another
name. So a kill between any two acts leaves what the next run can undo: each act may be done again.
"""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import suppress
from shlex import quote
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from .blobs import git_blob
from .by_hand import instructions
from .errors import CommerceError
from .file_attributes import arrive, take_over
from .mount_points import mount_points
from .own_folder import leave_own_folder, make_own_folder, times_kept
from .stage_record import StagedFile
from .store import METADATA, WAY_BACK
from .switch_journal import PREPARING, UNDER_WAY, Journal
from .switch_order import files_of, mirrored

# In our folder, and in a hidden one at the top of each other file system that the switch changes files on.
READY, BEFORE = "ready", "before"


class SwitchFiles:
    """What a journal says of files, done. root: the store's, a real path. Works as the store's owner."""

    def __init__(self, root: str, journal: Journal):
        self._root = root
        self.journal = journal
        self.files = tuple(StagedFile(*entry) for entry in journal["files"])
        self._mounts: List[str] = journal["mounts"]

    @classmethod
    def left_over(cls, root: str) -> Optional[SwitchFiles]:
        """Those of a switch that is under way, or was killed; None where there is none."""
        journal = Journal.read(os.path.join(root, WAY_BACK))
        return cls(root, journal) if journal else None

    @classmethod
    def prepare(
        cls,
        root: str,
        files: Sequence[StagedFile],
        source: Callable[[str], str],
        entries: Mapping[str, Any],
        exact: bool = False,
    ) -> Tuple[SwitchFiles, Tuple[str, ...]]:
        """Lay the new files ready and keep the old ones; nothing of the store changes.

        source: where the new content of a path lies. exact: owner, mode, times and other attributes are those of the
        source; else those of the file that it replaces, and its time is new, as opcache goes by it.
        entries: of the journal (id, run, hosts, direction, state, patches, behaviour, health, former).
        Returns with the files what attributes could not be kept, sentences. CommerceError no_way_back (nothing is
        left), linked, mounted, foreign_owner, stage_changed.
        """
        mounts = mount_points(root)
        _refuse(root, files, mounts, exact)
        folder = os.path.join(root, WAY_BACK)
        try:
            make_own_folder(root)
            os.mkdir(folder, 0o700)
        except OSError as error:
            raise _no_way_back(folder, error) from error
        journal = Journal(
            folder,
            dict(
                entries,
                files=[list(file) for file in files],
                exact=exact,
                mounts=_mounts_of(files, mounts),
                folders={},
                times={},
                seen={},
                phase=PREPARING,
                begun=[],
                done=[],
            ),
        )
        prepared = cls(root, journal)
        try:
            # Of the folders on other file systems nobody would know after a kill.
            journal.write()
            unkept = prepared._lay_ready(source)
        except OSError as error:
            prepared.drop()
            raise _no_way_back(error.filename or folder, error) from error
        except CommerceError:
            prepared.drop()
            raise
        return prepared, unkept

    def _lay_ready(self, source):
        folders: Dict[str, Any] = {}
        times: Dict[str, Any] = {}
        seen: Dict[str, Any] = {}
        unkept: List[str] = []
        for mount in self._mounts:
            place = self._place(mount)
            with times_kept(os.path.dirname(place)):
                os.mkdir(place, 0o700)
        for file in self.files:
            self._remember_folders(folders, os.path.dirname(file.path))
            live = os.path.join(self._root, file.path)
            new: List[Any] = []
            old = [_identity(live)] if file.before is not None else []
            if file.after is not None:
                ready = self._make(READY, file.path)
                _copy(source(file.path), ready, file.after)
                unkept += ("{0}: {1}".format(file.path, word) for word in self._dress(file, ready, source))
                new.append(_identity(ready))
                if file.before is not None:
                    times[file.path] = _times(ready)
                    os.utime(ready, ns=_times(live))
                    new.append(_identity(ready))
                    kept = self._make(BEFORE, file.path)
                    _keep(live, kept)
                    old += [_identity(live), _identity(kept)]
            seen[file.path] = {"new": new, "old": old}
        self.journal.write(folders=folders, times=times, seen=seen, phase=UNDER_WAY)
        return tuple(unkept)

    def _dress(self, file, ready, source):
        """Give a file that lies ready what it is to be besides its content; what could not be given, in words."""
        given = source(file.path)
        if self.journal["exact"]:
            unkept = take_over(given, ready)
            os.utime(ready, ns=_times(given))
            return unkept
        if file.before is not None:
            return take_over(os.path.join(self._root, file.path), ready)
        return arrive(given, _nearest_folder(self._root, file.path), ready)

    def _remember_folders(self, folders, path):
        while not os.path.isdir(os.path.join(self._root, path)):
            folders.setdefault(path, None)
            path = os.path.dirname(path)
        entry = os.stat(os.path.join(self._root, path))
        times = [entry.st_atime_ns, entry.st_mtime_ns]
        folders.setdefault(path, [*times, stat.S_IMODE(entry.st_mode), entry.st_gid])
        if path:
            # One that a removed file leaves empty goes too, and its own folder's times change with it.
            self._remember_folders(folders, os.path.dirname(path))

    def _place(self, mount):
        return os.path.join(self._root, mount, ".storefleet-{0}".format(self.journal["id"]))

    def _beside(self, kind, path):
        """Where the file of that kind (READY or BEFORE) for a path is, on the path's own file system."""
        for mount in sorted(self._mounts, key=len, reverse=True):
            if path.startswith(mount + "/"):
                return os.path.join(self._place(mount), kind, path)
        return os.path.join(self.journal.folder, kind, path)

    def _make(self, kind, path):
        place = self._beside(kind, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        return place

    def kept(self, path: str) -> str:
        """Where the content of before of a path is kept while the switch is done."""
        return self._beside(BEFORE, path)

    def forward(self, step: str) -> None:
        """Put the files of a step in place, but for those that are going. May be done again. Raises OSError."""
        for file in files_of(step, self.files):
            live, ready = os.path.join(self._root, file.path), self._beside(READY, file.path)
            if file.after is None:
                if not self._lingers(file):
                    self.remove(file)
            elif os.path.lexists(ready):
                self._enter_folder(os.path.dirname(file.path))
                os.rename(ready, live)

    def going(self, step: str) -> List[StagedFile]:
        """The files of a step that have to stay until no request runs the code of before: it may still load them."""
        return [file for file in files_of(step, self.files) if self._lingers(file)]

    def going_back(self, step: str) -> List[StagedFile]:
        """The same on the way back."""
        return [file for file in mirrored(files_of(step, self.files)) if self._lingers(file)]

    def remove(self, file: StagedFile) -> bool:
        """Take a file of before away; says whether it was there. May be done again. Raises OSError."""
        live = os.path.join(self._root, file.path)
        if not os.path.lexists(live):
            return False
        os.rename(live, self._make(BEFORE, file.path))
        self._leave_folder(os.path.dirname(file.path))
        return True

    def _lingers(self, file):
        # Where nothing is compiled, what the store generated from classes of before would be used with the new ones.
        compiled = os.path.exists(os.path.join(self._root, METADATA))
        return file.after is None and (compiled or not file.path.startswith("generated/"))

    def in_place(self, step: str) -> bool:
        """Whether this host sees all files of a step as they are switched; others may have switched them."""
        for file in files_of(step, self.files):
            live = os.path.join(self._root, file.path)
            found = _identity(live) if os.path.lexists(live) else None
            if found not in (self.journal["seen"][file.path]["new"] if file.after is not None else [None]):
                return False
        return True

    def give_times(self) -> None:
        """Give the files that replaced others their own times. May be done again. Raises OSError.

        Until then they have those of the files of before. An opcache that validates timestamps goes by them, file by
        file: a request that is in flight would load the new code of one class with the old code of another. So this is
        for when no request of before the switch is left.
        """
        for path, times in self.journal["times"].items():
            os.utime(os.path.join(self._root, path), ns=tuple(times))

    def back(self, step: str) -> List[str]:
        """Take the files of a step back but for those that are going, in the mirrored order; the paths that were.

        May be done again. Raises OSError.

        A file that is neither that of before nor ours raises CommerceError live_changed, and nothing is taken back.
        """
        files = mirrored(files_of(step, self.files))
        self._refuse_strange(files)
        return [file.path for file in files if not self._lingers(file) and self.take_back(file)]

    def take_back(self, file: StagedFile) -> bool:
        """Take one file back, as mirrored() has it; says whether there was anything to do. Raises OSError."""
        live, kept = os.path.join(self._root, file.path), self._beside(BEFORE, file.path)
        if file.after is None:
            # New with the switch: as long as it lies ready it is not in place.
            if os.path.lexists(self._beside(READY, file.path)) or not os.path.lexists(live):
                return False
            os.unlink(live)
            return True
        if not os.path.lexists(kept):
            return False
        moved = not (os.path.lexists(live) and os.path.samefile(live, kept))
        self._enter_folder(os.path.dirname(file.path))
        # Where both are still one file a rename does nothing.
        os.rename(kept, live)
        return moved

    def _refuse_strange(self, files):
        for file in files:
            live = os.path.join(self._root, file.path)
            seen = self.journal["seen"][file.path]
            if os.path.lexists(live) and _identity(live) not in seen["new"] + seen["old"]:
                raise CommerceError(
                    "take a file back",
                    live,
                    "somebody else has changed it since",
                    "See who deploys to this store.",
                    code="live_changed",
                )

    def _enter_folder(self, path):
        """Make a folder that is not there, as it was or as the one that it is in."""
        full = os.path.join(self._root, path)
        if os.path.isdir(full):
            return
        self._enter_folder(os.path.dirname(path))
        above = os.stat(os.path.dirname(full))
        known = self.journal["folders"].get(path) or self.journal["former"].get(path)
        mode, group = known[2:] if known else (stat.S_IMODE(above.st_mode), above.st_gid)
        with suppress(FileExistsError):
            os.mkdir(full)
        with suppress(OSError):
            os.chown(full, above.st_uid if os.geteuid() == 0 else -1, group)
        os.chmod(full, mode)

    def _leave_folder(self, path):
        """Remove a folder that the last of its files has left, and those above that are empty then."""
        while path not in ("", "generated"):
            try:
                os.rmdir(os.path.join(self._root, path))
            except OSError:
                return
            path = os.path.dirname(path)

    def restore_folders(self, whole: bool = False) -> None:
        """Give folders their times of before; whole: everything is taken back, so those that were not there go.

        A folder of another user keeps its new times: only its owner may set them.
        """
        for path, known in sorted(self.journal["folders"].items(), reverse=True):
            folder = os.path.join(self._root, path)
            with suppress(OSError):
                if known is not None:
                    os.utime(folder, ns=(known[0], known[1]))
                elif whole:
                    os.rmdir(folder)

    def drop(self) -> None:
        """Forget the switch: remove what it keeps, the journal last. Raises CommerceError left_over."""
        try:
            # Without it nothing would tell where the other folders are; with it whoever comes next does this again.
            for mount in self._mounts:
                if os.path.isdir(self._place(mount)):
                    with times_kept(os.path.dirname(self._place(mount))):
                        shutil.rmtree(self._place(mount))
            for kind in (READY, BEFORE):
                shutil.rmtree(os.path.join(self.journal.folder, kind), ignore_errors=True)
            shutil.rmtree(self.journal.folder)
            leave_own_folder(self._root)
        except OSError as error:
            raise CommerceError(
                "remove the files of before",
                error.filename or self.journal.folder,
                error.strerror or str(error),
                "Remove the folder by hand: the store itself is whole.",
                code="left_over",
            ) from error

    def by_hand(self, units: Sequence[str] = ()) -> str:
        """What is left to do when the way back itself failed, as commands. units: the services of php-fpm."""
        commands = [
            command
            for step in reversed(self.journal.begun)
            for command in self._by_hand(mirrored(files_of(step, self.files)))
        ]
        places = ["rm -rf {0}".format(quote(os.path.relpath(self._place(mount), self._root))) for mount in self._mounts]
        return instructions(self._root, commands, places, units)

    def _by_hand(self, files):
        for file in files:
            live, kept = os.path.join(self._root, file.path), self._beside(BEFORE, file.path)
            if file.after is None:
                if os.path.lexists(live) and not os.path.lexists(self._beside(READY, file.path)):
                    yield "rm -f {0}".format(quote(file.path))
            elif os.path.lexists(kept) and not (os.path.lexists(live) and os.path.samefile(live, kept)):
                if not os.path.isdir(os.path.dirname(live)):
                    yield "mkdir -p {0}".format(quote(os.path.dirname(file.path)))
                yield "cp -a {0} {1}".format(quote(os.path.relpath(kept, self._root)), quote(file.path))


def _identity(path):
    """By what a file is known again: one that is written to or replaced has another."""
    entry = os.lstat(path)
    return [entry.st_ino, entry.st_size, entry.st_mtime_ns]


def _times(path):
    """Of access and of modification, in nanoseconds."""
    entry = os.stat(path)
    return entry.st_atime_ns, entry.st_mtime_ns


def _mounts_of(files: Iterable[StagedFile], mounts: Sequence[str]) -> List[str]:
    """Those of the mount points that files lie below."""
    return [mount for mount in mounts if any(file.path.startswith(mount + "/") for file in files)]


def _nearest_folder(root, path):
    folder = os.path.dirname(os.path.join(root, path))
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _copy(source, target, blob):
    """Copy a file, its content to disk; CommerceError stage_changed where that is not the content of the record."""
    with open(source, "rb") as file:
        content = file.read()
    if git_blob(content) != blob:
        raise CommerceError(
            "lay a file ready",
            source,
            "it is not what was built",
            "Build again: somebody has changed the staged files.",
            code="stage_changed",
        )
    with open(target, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep(live, kept):
    """Keep a file under a second name; a copy where the file system or the kernel does not give one."""
    try:
        os.link(live, kept, follow_symlinks=False)
    except OSError:
        shutil.copy2(live, kept)
        take_over(live, kept)


def _no_way_back(on, error) -> CommerceError:
    return CommerceError(
        "lay the files of the switch ready",
        on,
        error.strerror or str(error),
        "Make room, and let the store's owner own its files. Nothing has been changed.",
        code="no_way_back",
    )


def _refuse(root, files, mounts, exact):
    """Raise CommerceError for a file that cannot be switched as it should be."""
    for file in files:
        live = os.path.join(root, file.path)
        if os.path.realpath(live) != live:
            raise _unfit(live, "it lies behind a symbolic link", "linked", "Switch to a release without links")
        if file.before is None and os.path.lexists(live):
            raise _unfit(live, "there is a file now where none was", "live_changed", "Build again")
        if file.path in mounts:
            raise _unfit(live, "it is a mount point", "mounted", "Mount the folder in place of the file")
        if not os.access(_nearest_folder(root, file.path), os.W_OK):
            raise _unfit(live, "its folder is not for us to write to", "not_writable", "Give it to the store's owner")
        stays = file.before is not None and file.after is not None
        if stays and not exact and os.geteuid() not in (0, os.stat(live).st_uid):
            raise _unfit(live, "it belongs to another user", "foreign_owner", "Give it to the store's owner (chown)")


def _unfit(live, came_back, code, next_step) -> CommerceError:
    return CommerceError(
        "switch a file", live, came_back, "{0}. Nothing has been changed.".format(next_step), code=code
    )
