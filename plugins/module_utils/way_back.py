# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of before, kept in the store's root until a change is proven, and put back when it is not."""

from __future__ import annotations

import json
import os
import shutil
from shlex import quote
from typing import Any, Dict, Iterable, List, Optional, Sequence

from .by_hand import instructions
from .errors import CommerceError
from .own_folder import leave_own_folder, make_own_folder
from .store import MAINTENANCE_FLAG, WAY_BACK

JOURNAL = "journal.json"


class WayBack:
    """What has to be undone to bring a store's tree back to the state before a change.

    The journal is written before anything is changed, and putting back may be repeated at any point: a run that was
    killed is put right by the next one. Paths are relative to the root. Works as the store's owner.
    """

    def __init__(self, root: str, journal: Dict[str, Any]):
        self._root = root
        self._folder = os.path.join(root, WAY_BACK)
        self._journal = journal

    @classmethod
    def left_over(cls, root: str) -> Optional[WayBack]:
        """What an interrupted run left in the store, or None. An unfinished copy is removed: nothing had changed."""
        folder = os.path.join(root, WAY_BACK)
        if not os.path.isdir(folder):
            leave_own_folder(root)
            return None
        try:
            with open(os.path.join(folder, JOURNAL)) as file:
                return cls(root, json.load(file))
        except FileNotFoundError:
            shutil.rmtree(folder)
            leave_own_folder(root)
            return None

    @classmethod
    def keep(cls, root: str, paths: Iterable[str], movable: Iterable[str] = ()) -> WayBack:
        """Keep copies of the files at paths (those that exist) and the times of the folders they are in.

        movable: files that set_aside will rename away instead; they may belong to another user, whom a copy would lose.
        """
        journal = {"files": {}, "folders": {}, "generated_aside": False, "maintenance": False}
        way_back = cls(root, journal)
        for path in ("", "var"):
            way_back._remember_folder(path)
        folder = os.path.join(root, WAY_BACK)
        try:
            # Below the root, so that every move is a rename on one file system, and closed to every web server.
            make_own_folder(root)
            os.mkdir(folder, 0o700)
        except OSError as error:
            raise CommerceError(
                "keep the files of before",
                folder,
                error.strerror or str(error),
                "Let the store's owner write to the store's root folder.",
                code="no_way_back",
            ) from error
        try:
            for path in paths:
                way_back._keep_file(path)
            for path in movable:
                way_back._remember_file(path)
            way_back._write_journal()
        except OSError as error:
            shutil.rmtree(folder)
            leave_own_folder(root)
            way_back.restore_folders()
            raise CommerceError(
                "keep the files of before",
                error.filename or folder,
                error.strerror or str(error),
                "Make room, and let the store's owner own its files. Nothing has been changed.",
                code="no_way_back",
            ) from error
        return way_back

    def _remember_folder(self, path):
        while not os.path.isdir(os.path.join(self._root, path)):
            self._journal["folders"].setdefault(path, None)
            path = os.path.dirname(path)
        entry = os.stat(os.path.join(self._root, path))
        self._journal["folders"].setdefault(path, [entry.st_atime_ns, entry.st_mtime_ns])

    def _remember_file(self, path):
        self._remember_folder(os.path.dirname(path))
        self._journal["files"][path] = os.path.lexists(os.path.join(self._root, path))
        return self._journal["files"][path]

    def _keep_file(self, path):
        source, kept = os.path.join(self._root, path), self._kept(path)
        if self._remember_file(path):
            os.makedirs(os.path.dirname(kept), exist_ok=True)
            shutil.copy2(source, kept, follow_symlinks=False)
            os.chown(kept, -1, os.lstat(source).st_gid, follow_symlinks=False)
            if not os.path.islink(source):
                # chown takes set-group-id bits away.
                shutil.copymode(source, kept)

    def _kept(self, path):
        return os.path.join(self._folder, "files", path)

    def _write_journal(self):
        path = os.path.join(self._folder, JOURNAL)
        with open(path + ".new", "w") as file:
            json.dump(self._journal, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(path + ".new", path)

    @property
    def paths(self) -> List[str]:
        """The files that the change is about."""
        return list(self._journal["files"])

    def set_aside(self, path: str) -> bool:
        """Rename a movable file away; says whether there was one."""
        if not self._journal["files"][path]:
            return False
        os.makedirs(os.path.dirname(self._kept(path)), exist_ok=True)
        os.rename(os.path.join(self._root, path), self._kept(path))
        return True

    def set_generated_aside(self) -> None:
        """Rename generated/ away and leave an empty one with its .htaccess, mode and group."""
        generated, aside = os.path.join(self._root, "generated"), set_aside_generated(self._root)
        self._journal["generated_aside"] = True
        self._write_journal()
        before = os.stat(generated)
        try:
            os.rename(generated, aside)
        except OSError as error:
            self._journal["generated_aside"] = False
            self._write_journal()
            raise CommerceError(
                "rename generated/ away",
                generated,
                error.strerror or str(error),
                "A mount point or a foreign owner is in the way: make generated/ a plain folder of the store's owner.",
                code="no_way_back",
            ) from error
        os.mkdir(generated)
        os.chown(generated, -1, before.st_gid)
        os.chmod(generated, before.st_mode & 0o7777)
        guard = os.path.join(aside, ".htaccess")
        if os.path.exists(guard):
            shutil.copy2(guard, generated)

    def enable_maintenance(self) -> None:
        """Answer every request with 503 from now on, unless somebody else had already said so."""
        path = os.path.join(self._root, MAINTENANCE_FLAG)
        if os.path.exists(path):
            return
        self._journal["maintenance"] = True
        self._write_journal()
        with open(path, "x"):
            pass

    def disable_maintenance(self) -> None:
        """Take our maintenance flag away; one that was found stays."""
        if self._journal["maintenance"]:
            _unlink(os.path.join(self._root, MAINTENANCE_FLAG))

    @property
    def under_maintenance(self) -> bool:
        """Whether the change had set the maintenance flag itself."""
        return self._journal["maintenance"]

    def put_back(self) -> List[str]:
        """Bring the tree back, configuration before code; returns the paths that were put back.

        A file that is new goes last: the ones that were there may still refer to it until they are back.
        """
        files = self._journal["files"]
        order = sorted(files, key=lambda path: (not files[path], not path.endswith(".xml"), path))
        returned = [path for path in order if self._put_file_back(path, files[path])]
        if self._journal["generated_aside"] and self._put_generated_back():
            returned.append("generated")
        return returned

    def _put_file_back(self, path, existed):
        live, kept = os.path.join(self._root, path), self._kept(path)
        if existed:
            if not os.path.lexists(kept):
                return False
            os.replace(kept, live)
            return True
        return _unlink(live)

    def _put_generated_back(self):
        generated, aside = os.path.join(self._root, "generated"), set_aside_generated(self._root)
        if not os.path.isdir(aside):
            return False
        if os.path.isdir(generated):
            failed = os.path.join(self._folder, "generated.failed")
            shutil.rmtree(failed, ignore_errors=True)
            os.rename(generated, failed)
        os.rename(aside, generated)
        return True

    def restore_folders(self) -> None:
        """Remove folders that were not there, give the others their times of before; the last step of going back.

        A folder of another user (the web server's, below generated/) keeps its new times: only its owner may set them.
        """
        for path, times in sorted(self._journal["folders"].items(), reverse=True):
            folder = os.path.join(self._root, path)
            if times is None:
                if os.path.isdir(folder) and not os.listdir(folder):
                    os.rmdir(folder)
            elif os.stat(folder).st_uid == os.geteuid():
                os.utime(folder, ns=tuple(times))

    def drop(self) -> None:
        """Forget the files of before. The journal goes first: what is cut in the middle must never be put back."""
        _unlink(os.path.join(self._folder, JOURNAL))
        try:
            shutil.rmtree(self._folder)
            leave_own_folder(self._root)
        except OSError as error:
            raise CommerceError(
                "remove the files of before",
                self._folder,
                error.strerror or str(error),
                "Remove the folder by hand: the store itself is whole.",
                code="left_over",
            ) from error

    def by_hand(self, units: Sequence[str] = ()) -> str:
        """What is left to do when the way back itself failed, as commands. units: the services of php-fpm."""
        files = self._journal["files"]
        new = [path for path in files if not files[path] and os.path.lexists(os.path.join(self._root, path))]
        # Each on its own: with a whole folder its mode and times would be copied too.
        commands = [
            "cp -a {0} {1}".format(quote("{0}/files/{1}".format(WAY_BACK, path)), quote(path))
            for path in sorted(path for path in files if os.path.lexists(self._kept(path)))
        ]
        if new:
            commands.append("rm -f {0}".format(" ".join(quote(path) for path in sorted(new))))
        if os.path.isdir(set_aside_generated(self._root)):
            commands += ["rm -rf generated", "mv {0}/generated generated".format(WAY_BACK)]
        flag = ["rm -f {0}".format(MAINTENANCE_FLAG)] if self.under_maintenance else []
        return instructions(self._root, commands, flag, units)


def set_aside_generated(root: str) -> str:
    """Where generated/ of before is while a change is under way that has renamed it away."""
    return os.path.join(root, WAY_BACK, "generated")


def _unlink(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True
