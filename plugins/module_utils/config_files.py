# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's configuration files, read by whoever we are: what may not be read is remembered, not raised."""

from __future__ import annotations

import glob
import os
import stat
from typing import Dict, List

# Far above any configuration file; what is longer is something else.
_LONGEST = 1 << 20


class ConfigFiles:
    """Files below a prefix ("/" on a real host). Paths go in and come out without the prefix.

    unreadable: files and folders that are there, but not for us to read.
    """

    def __init__(self, prefix: str = "/"):
        self._prefix = prefix.rstrip("/")
        self._texts: Dict[str, str] = {}
        self.unreadable: List[str] = []

    def read(self, path: str) -> str:
        """The content, empty where there is no such file or it may not be read."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> str:
        full = self._prefix + path
        try:
            # Opening a named pipe would wait for its writer for ever.
            if not stat.S_ISREG(os.stat(full).st_mode):
                return ""
            with open(full, encoding="utf-8", errors="replace") as file:
                return file.read(_LONGEST)
        except OSError as error:
            self._remember(path, error)
            return ""

    def glob(self, pattern: str) -> List[str]:
        """The paths that match, sorted."""
        if not glob.has_magic(pattern):
            return [pattern] if os.path.lexists(self._prefix + pattern) else []
        found = sorted(name[len(self._prefix) :] for name in glob.iglob(glob.escape(self._prefix) + pattern))
        folder = os.path.dirname(pattern)
        if not found and not glob.has_magic(folder):
            try:
                os.listdir(self._prefix + folder)
            except OSError as error:
                self._remember(folder, error)
        return found

    def real(self, path: str) -> str:
        """The real path, prefix and all, for comparisons; empty for a relative path, which says nothing here."""
        return os.path.realpath(self._prefix + path) if path.startswith("/") else ""

    def _remember(self, path, error) -> None:
        if isinstance(error, PermissionError) and path not in self.unreadable:
            self.unreadable.append(path)
