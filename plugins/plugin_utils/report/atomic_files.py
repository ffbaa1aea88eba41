# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several files that are written all or none: whoever reads one sees the old or the new, whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# Readable for all, if the umask does not say otherwise.
_MODE = 0o644


def write_all(texts: Mapping[Path, str]) -> None:
    """Write each text to its path, in whose folder there is room for a moment; one writer at a time.

    OSError, with nothing changed, where one of them cannot be written.
    """
    beside = {path: path.with_name(f".{path.name}.new") for path in texts}
    try:
        for path, text in texts.items():
            _write(beside[path], text)
    except OSError:
        for new in beside.values():
            new.unlink(missing_ok=True)
        raise
    for path, new in beside.items():
        new.replace(path)
    for folder in {path.parent for path in texts}:
        _sync(folder)


def _write(path, text):
    # What a writer that was killed left would have the rights of its time.
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _MODE)
    # A lone surrogate is what Python makes of a byte that is no text: it stands there as its number.
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder):
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
