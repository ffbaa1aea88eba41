# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that a store registers: where each lies, and what its files say. Only what is asked for is read."""

from __future__ import annotations

import os
import re
from typing import Dict, Iterator, List, Mapping, Optional, Sequence, Tuple
from xml.etree import ElementTree

from .errors import CommerceError

# Bytes; the largest file of Commerce's own that is read here has a tenth of it.
LIMIT = 4 << 20

_AUTOLOADED = "vendor/composer/autoload_files.php"
# Composer writes the path of a package outside of the store without a variable.
_LISTED = re.compile(
    r"(?:\$(vendorDir|baseDir)\s*\.\s*)?'(/[^'\n]*?)/([^'/\n]*registration[^'/\n]*\.php)'", re.IGNORECASE
)
# A registration may name a folder below its own, or the one above.
_ELSEWHERE = re.compile(
    r"MODULE\s*,\s*[\"']\w+[\"']\s*,\s*(dirname\(\s*)?(?:__DIR__|dirname\(__FILE__\))\s*\)?(?:\s*\.\s*[\"']([^\"'\n]*)[\"'])?"
)
_MODULE = re.compile(rb"<module\s[^>]*?\bname\s*=\s*[\"'](\w+)[\"']")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


class Modules:
    """The registered modules of the store at root.

    folders: module folder (relative to root; absolute where Composer has it outside) -> what is in its etc.
    A folder that cannot be listed raises CommerceError unreadable.
    """

    def __init__(self, root: str):
        self.root = root
        self.folders: Mapping[str, Sequence[str]] = dict(self._found())
        self._names: Dict[str, Optional[str]] = {}

    def name(self, folder: str) -> Optional[str]:
        """The name in etc/module.xml; None for what is no module."""
        if folder not in self._names:
            found = None
            if "module.xml" in self.folders.get(folder, ()):
                found = _MODULE.search(_COMMENT.sub(b"", self.read(folder + "/etc/module.xml")))
            self._names[folder] = found.group(1).decode("ascii") if found else None
        return self._names[folder]

    def folder(self, name: str, likely: str) -> Optional[str]:
        """Where the module of that name lies, likely in the folder given; None if it is not registered."""
        if self.name(likely) == name:
            return likely
        return next((folder for folder in self.folders if self.name(folder) == name), None)

    def unplaced(self, enabled: Sequence[str]) -> Tuple[str, ...]:
        """Enabled modules that are not registered in a way that is understood here."""
        placed = {self.name(folder) for folder in self.folders}
        return tuple(name for name in enabled if name not in placed)

    def files(
        self, file: str, areas: Sequence[str], enabled: Sequence[str], *words: bytes
    ) -> List[Tuple[str, str, bytes]]:
        """Configuration files of the enabled modules that hold one of the words (in lower case, any case is found).

        (area, path, content), in the order of the modules; the area is "" for etc/FILE itself.
        """
        order = {name: number for number, name in enumerate(enabled)}
        found = []
        for folder, entries in self.folders.items():
            for area in ("",) + tuple(areas):
                if (area or file) not in entries:
                    continue
                path = "{0}/etc/{1}".format(folder, area + "/" + file if area else file)
                content = self.read(path, missing=bool(area))
                lower = content.lower()
                if any(word in lower for word in words) and self.name(folder) in order:
                    found.append((order[self.name(folder)], area, path, content))
        return [(area, path, content) for dummy, area, path, content in sorted(found)]

    def read(self, path: str, missing: bool = False) -> bytes:
        """The content of a file. Unreadable or larger than LIMIT: CommerceError. missing: b"" where there is none."""
        full = os.path.join(self.root, path)
        try:
            with open(full, "rb", buffering=0) as file:
                # A larger buffer than the file costs more than the reading.
                content = file.read(min(os.fstat(file.fileno()).st_size, LIMIT) + 1)
        except (FileNotFoundError, NotADirectoryError) as error:
            if missing:
                return b""
            raise _unreadable(full, error) from error
        except OSError as error:
            raise _unreadable(full, error) from error
        if len(content) > LIMIT:
            raise CommerceError(
                "read a file of the store",
                full,
                "it is larger than {0} bytes".format(LIMIT),
                "Look at the file: no configuration of a module is that large.",
                code="too_large",
            )
        return content

    def _found(self) -> Iterator[Tuple[str, Sequence[str]]]:
        for folder, file in _registered(self.root):
            entries = self._etc(folder)
            if entries is not None:
                yield folder, entries
                continue
            for other in self._elsewhere(folder, file):
                entries = self._etc(other)
                if entries is not None:
                    yield other, entries

    def _etc(self, folder) -> Optional[Sequence[str]]:
        full = os.path.join(self.root, folder, "etc")
        try:
            return os.listdir(full)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _unreadable(full, error) from error

    def _elsewhere(self, folder, file) -> Iterator[str]:
        text = self.read("{0}/{1}".format(folder, file), missing=True).decode("utf-8", "replace")
        for above, below in _ELSEWHERE.findall(text):
            yield os.path.normpath("/".join((folder, ".." if above else ".", below.strip("/") or ".")))


def parse(root: str, path: str, content: bytes) -> ElementTree.Element:
    """The root element of a module's XML. What is no XML, or declares entities, raises CommerceError broken_xml."""
    came_back = "it has a document type, which may hold anything"
    if b"<!DOCTYPE" not in content:
        try:
            return ElementTree.fromstring(content)
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            came_back = "it is not well-formed XML ({0})".format(error)
    raise CommerceError(
        "read the configuration of a module",
        os.path.join(root, path),
        came_back,
        "Repair the file: Commerce cannot use it either.",
        code="broken_xml",
    )


def _registered(root) -> Iterator[Tuple[str, str]]:
    """Folders with a registration, relative to root, and the name of its file."""
    try:
        with open(os.path.join(root, _AUTOLOADED), encoding="utf-8", errors="replace") as file:
            autoloaded = file.read()
    except OSError:
        autoloaded = ""
    for base, folder, file in _LISTED.findall(autoloaded):
        yield "vendor" + folder if base == "vendorDir" else folder.lstrip("/") if base else folder, file
    for place in ("app/code",) if autoloaded else ("app/code", "vendor"):
        for vendor in _names(os.path.join(root, place)):
            for name in _names(os.path.join(root, place, vendor)):
                folder = "/".join((place, vendor, name))
                if os.path.isfile(os.path.join(root, folder, "registration.php")):
                    yield folder, "registration.php"


def _names(folder) -> Sequence[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return ()


def _unreadable(full, error):
    return CommerceError(
        "read a file of the store",
        full,
        error.strerror or str(error),
        "Give the store's owner the right to read it, or name the right user in commerce_user.",
        code="unreadable",
    )
