# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The class names by which a patch can be found again in what a compile generates."""

from __future__ import annotations

import os
import re
from typing import FrozenSet, Iterable, NamedTuple, Set

from .patched_files import content

_NAMESPACE = re.compile(r"^namespace\s+([\w\\]+)\s*;", re.MULTILINE)
_TYPE = re.compile(r"^(?:abstract\s+|final\s+|readonly\s+)*(?:class|interface|trait|enum)\s+(\w+)", re.MULTILINE)
_QUALIFIED = re.compile(r"\\?([A-Z]\w*(?:\\[A-Z]\w*)+)")
_SHORT = re.compile(r"\b[A-Z]\w*\b")

# What Commerce generates for a class X\Y: X\Y\Interceptor, X\Y\Proxy, X\YFactory, X\YExtension, …
_NESTED = ("\\Interceptor", "\\Proxy", "\\Logger", "\\ProxyDeferred")
_APPENDED = (
    "ExtensionInterfaceFactory",
    "ExtensionInterface",
    "ExtensionFactory",
    "InterfaceFactory",
    "SearchResults",
    "Persistor",
    "Repository",
    "Extension",
    "Converter",
    "Factory",
    "Mapper",
    "Remote",
)


class PatchedNames(NamedTuple):
    """declared: the classes that stand in the patch's PHP files, and those that its XML speaks of. used: all that its
    files speak of, before or after the patch."""

    declared: FrozenSet[str]
    used: FrozenSet[str]

    def explain(self, name: str) -> bool:
        """Whether the patch is a reason why this class is wired or generated in another way."""
        return name in self.declared or base_class(name) in self.declared

    def explain_existence(self, name: str) -> bool:
        """Whether the patch is a reason why this generated class is there now, or is not any more."""
        return self.explain(name) or name in self.used or base_class(name) in self.used


def patched_names(roots: Iterable[str], paths: Iterable[str]) -> PatchedNames:
    """The names in the files at paths below each of the roots: the release without the patch, and the one with it."""
    declared: Set[str] = set()
    used: Set[str] = set()
    paths = tuple(paths)
    for root in roots:
        for path in paths:
            text = (content(root, path) or b"").decode("utf-8", "replace")
            qualified = set(_QUALIFIED.findall(text))
            used |= qualified
            if path.endswith(".php"):
                namespace, name = _NAMESPACE.search(text), _TYPE.search(text)
                if namespace:
                    # A class of the same namespace is named without it.
                    used.update("{0}\\{1}".format(namespace.group(1), short) for short in _SHORT.findall(text))
                if namespace and name:
                    declared.add("{0}\\{1}".format(namespace.group(1), name.group(1)))
            elif path.endswith(".xml") and os.path.basename(path) != "events.xml":
                declared |= qualified
    return PatchedNames(frozenset(declared), frozenset(used))


def base_class(name: str) -> str:
    """The class that a generated one is made for; the name itself where it does not look like a generated one."""
    for suffix in _NESTED:
        if name.endswith(suffix):
            return name[: -len(suffix)]
    for suffix in _APPENDED:
        if name.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name
