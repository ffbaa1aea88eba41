# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the unit tests import the checkout by its collection name, wherever it lies and whatever it is called."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def _namespace(name: str, *folders: Path) -> None:
    package = ModuleType(name)
    package.__path__ = [str(folder) for folder in folders]
    sys.modules[name] = package
    parent, dummy, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)


if "ansible_collections" not in sys.modules:
    _namespace("ansible_collections")
    _namespace("ansible_collections.storefleet")
    _namespace("ansible_collections.storefleet.commerce", CHECKOUT)


def patch_of(before: dict[str, str], after: dict[str, str], git: bool = True) -> str:
    """A patch that leads from the files in before to those in after, with or without git's headers."""
    text = ""
    for path in sorted(set(before) | set(after)):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        if git:
            text += f"diff --git a/{path} b/{path}\n"
            text += "new file mode 100644\n" if old is None else "deleted file mode 100644\n" if new is None else ""
        text += "".join(
            difflib.unified_diff(
                (old or "").splitlines(keepends=True),
                (new or "").splitlines(keepends=True),
                "/dev/null" if old is None else f"a/{path}",
                "/dev/null" if new is None else f"b/{path}",
            )
        )
    return text


def events_xml(*registrations: str, event: str = "customer_customer_authenticated") -> str:
    """An events.xml with these observer elements for one event."""
    lines = ['<?xml version="1.0"?>', "<config>", '    <event name="customer_login"/>']
    if registrations:
        lines += [f'    <event name="{event}">', *(f"        {line}" for line in registrations), "    </event>"]
    return "\n".join([*lines, "</config>", ""])


UNLOCK = '<observer name="customer_unlock" instance="Magento\\Customer\\Observer\\CustomerLoginSuccessObserver"/>'

MODULES = {
    "Magento_Customer": "vendor/magento/module-customer",
    "Magento_CustomerGraphQl": "vendor/magento/module-customer-graph-ql",
    "Magento_Integration": "vendor/magento/module-integration",
}
PHP_FILE = "<?php\n\nclass A\n{\n    public $one;\n    public $two;\n    public $three;\n    public $four;\n}\n"
UNPATCHED = {
    "vendor/magento/module-customer/Model/Authentication.php": PHP_FILE,
    "vendor/magento/module-customer/Model/CustomerAuthUpdate.php": PHP_FILE.replace("class A", "class B"),
    "vendor/magento/module-customer-graph-ql/etc/graphql/events.xml": events_xml(),
    "vendor/magento/module-integration/etc/webapi_rest/events.xml": events_xml(),
    "vendor/magento/module-integration/etc/webapi_soap/events.xml": events_xml(),
}
PATCHED = {
    "vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php": "<?php\n\ninterface Reset\n{\n}\n",
    **{path: text.replace("$two", "$second") for path, text in UNPATCHED.items() if path.endswith(".php")},
    **{path: events_xml(UNLOCK) for path in UNPATCHED if path.endswith(".xml")},
}
# What a patch that requires the first one changes.
OTHER = "vendor/magento/framework/Other.php"


class StoreTree:
    """A store root on disk that a test can change."""

    def __init__(self, root: Path):
        self.root = root
        self.packages = {
            "magento/magento2-base": "2.4.6-p3",
            "magento/product-community-edition": "2.4.6-p3",
            "magento/module-customer": "103.0.6-p3",
            "magento/quality-patches": "1.1.82",
        }
        self.write({"app/etc/env.php": "<?php return [];", OTHER: PHP_FILE, **UNPATCHED})
        self.write({"composer.json": "{}", "composer.lock": "{}"})
        for name, folder in MODULES.items():
            self.write({f"{folder}/etc/module.xml": f'<config><module name="{name}"/></config>'})
            self.write({f"{folder}/registration.php": "<?php"})
        self.write({"composer.json": json.dumps({"name": "magento/project-community-edition", "version": "2.4.6-p3"})})
        self.write({"vendor/bin/magento-patches": "<?php"})
        self.catalogue: dict[str, Any] = {}
        self.add_patch("ACSD-61103", ">=2.4.6 <2.4.7", patch_of(UNPATCHED, PATCHED))
        change = patch_of({OTHER: PHP_FILE}, {OTHER: PHP_FILE.replace("$three", "$third")})
        self.add_patch("ACSD-62332", ">=2.4.6 <2.4.7", change, require=["ACSD-61103"])
        self.add_patch("ACSD-1", ">=2.4.4 <2.4.5", change)
        self.install()

    def write(self, files: dict[str, str]) -> None:
        for path, text in files.items():
            full = self.root / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_text(text)

    def read(self, path: str) -> str:
        return (self.root / path).read_text()

    def install(self, **packages: str) -> None:
        """Write installed.json, with other versions of some packages."""
        self.packages.update(packages)
        listed = [{"name": name, "version": version} for name, version in self.packages.items()]
        self.write({"vendor/composer/installed.json": json.dumps({"packages": listed})})

    def add_patch(self, patch_id: str, constraint: str, text: str, **details: Any) -> None:
        """Add a patch for magento/magento2-base to the tool's catalogue."""
        entry = {"file": f"os/{patch_id}.patch", **details}
        packages = self.catalogue.setdefault(patch_id, {"categories": [], "title": patch_id, "packages": {}})[
            "packages"
        ]
        packages.setdefault("magento/magento2-base", {})[constraint] = entry
        folder = "vendor/magento/quality-patches"
        self.write({f"{folder}/patches/os/{patch_id}.patch": text})
        self.write({f"{folder}/support-patches.json": json.dumps(self.catalogue)})


@pytest.fixture
def store_tree(tmp_path: Path) -> StoreTree:
    """A store with the defect, its tool at 1.1.82 and a catalogue of three patches, as files only."""
    return StoreTree(tmp_path / "store")


@pytest.fixture
def unpatched() -> dict[str, str]:
    """The patch's files as they are before it."""
    return dict(UNPATCHED)


@pytest.fixture
def patched() -> dict[str, str]:
    """The patch's files as they are after it."""
    return dict(PATCHED)


@pytest.fixture
def make_patch() -> Callable[..., str]:
    """See patch_of."""
    return patch_of


@pytest.fixture
def make_events() -> Callable[..., str]:
    """See events_xml."""
    return events_xml
