# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the Quality Patches Tool, read with care: regular ones of a sane size, inside of the tool's folder."""

from __future__ import annotations

import os
import stat

from .errors import CommerceError

_MEBIBYTE = 1024 * 1024
_REINSTALL = "Reinstall the package magento/quality-patches with Composer."


def read_tool_file(folder: str, name: str, limit: int) -> bytes:
    """The content of folder/name, of at most limit MiB.

    One that is not there raises FileNotFoundError; one that is no file, too big, unreadable or, by its name or through
    a link, outside of folder raises CommerceError tool_failed.
    """
    path = os.path.join(folder, name)
    try:
        within = os.path.realpath(folder)
        real = os.path.realpath(path)
        if os.path.isabs(name) or os.path.commonpath((within, real)) != within or ".." in name.split("/"):
            raise broken_tool(path, "it lies outside of {0}".format(folder))
        # Opening a named pipe would otherwise wait for its writer.
        with open(os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise broken_tool(path, "it is not a file")
            content = file.read(limit * _MEBIBYTE + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(path) from error
    except (OSError, ValueError) as error:
        raise broken_tool(path, getattr(error, "strerror", None) or str(error)) from error
    if len(content) > limit * _MEBIBYTE:
        raise broken_tool(path, "it is bigger than {0} MiB".format(limit))
    return content


def broken_tool(path: str, why: str) -> CommerceError:
    """The error that says what is wrong with a file of the tool."""
    return CommerceError("read a file of the Quality Patches Tool", path, why, _REINSTALL, code="tool_failed")
