# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a store root in each state: those that an audit of files goes by, of our own writing."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping

from support.store_states import APPLIED, BROKEN_SETTINGS, CHANGED, DEFEATED, HALF_APPLIED, MITIGATED, OLD_TOOL, SLIM

Files = dict[str, str]

MODULES = {
    "Magento_Customer": "magento/module-customer",
    "Magento_CustomerGraphQl": "magento/module-customer-graph-ql",
    "Magento_Integration": "magento/module-integration",
}
EDITION_PACKAGES = {
    "community": ("magento/product-community-edition",),
    "enterprise": ("magento/product-community-edition", "magento/product-enterprise-edition"),
    "b2b": ("magento/product-community-edition", "magento/product-enterprise-edition", "magento/extension-b2b"),
    "cloud": ("magento/product-enterprise-edition", "magento/magento-cloud-metapackage"),
}
# Numbered on their own.
OTHER_VERSIONS = {"magento/extension-b2b": "1.4.2", "magento/magento-cloud-metapackage": "2.4.6"}
GRAPH_QL = "vendor/magento/module-customer-graph-ql"
OBSERVER = 'name="customer_unlock" instance="Magento\\Customer\\Observer\\CustomerLoginSuccessObserver"'


def _events(observer: str = "") -> str:
    """An events.xml, with an observer of successful logins where one is given."""
    event = (
        f'    <event name="customer_customer_authenticated">\n        {observer}\n    </event>\n' if observer else ""
    )
    return f'<?xml version="1.0"?>\n<config>\n    <event name="customer_login"/>\n{event}</config>\n'


def _class(name: str) -> str:
    lines = "\n".join(f"    private $property{number};" for number in range(12))
    return f"<?php\n\nclass {name}\n{{\n{lines}\n}}\n"


WITHOUT_PATCH: Files = {
    "vendor/magento/module-customer/Model/Authentication.php": _class("Authentication"),
    "vendor/magento/module-customer/Model/CustomerAuthUpdate.php": _class("CustomerAuthUpdate"),
    f"{GRAPH_QL}/etc/graphql/events.xml": _events(),
    "vendor/magento/module-integration/etc/webapi_rest/events.xml": _events(),
    "vendor/magento/module-integration/etc/webapi_soap/events.xml": _events(),
}
WITH_PATCH: Files = {
    "vendor/magento/framework/ObjectManager/ResetAfterRequestInterface.php": "<?php\n\ninterface Reset\n{\n}\n",
    **{path: text.replace("$property5;", "$resets;") for path, text in WITHOUT_PATCH.items() if path.endswith(".php")},
    **{path: _events(f"<observer {OBSERVER}/>") for path in WITHOUT_PATCH if path.endswith(".xml")},
}


def _patch(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """The patch that leads from one to the other, as git writes it."""
    text = ""
    for path in sorted(after):
        old, new = before.get(path), after[path]
        text += f"diff --git a/{path} b/{path}\n" + ("" if old else "new file mode 100644\n")
        names = (f"a/{path}" if old else "/dev/null", f"b/{path}")
        text += "".join(difflib.unified_diff((old or "").splitlines(True), new.splitlines(True), *names))
    return text


PATCH = _patch(WITHOUT_PATCH, WITH_PATCH)


def _module(folder: str, name: str) -> Files:
    return {
        f"{folder}/registration.php": "<?php\n",
        f"{folder}/etc/module.xml": f'<config><module name="{name}"/></config>\n',
    }


def _patched_files(state: str) -> Files:
    """The files that the patch is about, as they are in a state."""
    found = dict(WITHOUT_PATCH)
    if state in (APPLIED, DEFEATED):
        found = dict(WITH_PATCH)
    elif state == HALF_APPLIED:
        found.update({path: text for path, text in WITH_PATCH.items() if path.endswith(".xml")})
    elif state == CHANGED:
        path = "vendor/magento/module-customer/Model/Authentication.php"
        found[path] = found[path].replace("$property5;", "$ours;")
    elif state == SLIM:
        found = {path: text for path, text in found.items() if not path.startswith(GRAPH_QL)}
    return found


def _own_modules(state: str) -> Files:
    """What the store's own developers have added."""
    folder = "app/code/Acme/Logins"
    if state == MITIGATED:
        return {**_module(folder, "Acme_Logins"), f"{folder}/etc/events.xml": _events(f"<observer {OBSERVER}/>")}
    if state == DEFEATED:
        off = _events('<observer name="customer_unlock" disabled="true"/>')
        return {**_module(folder, "Acme_Logins"), f"{folder}/etc/webapi_rest/events.xml": off}
    return {}


def _tool(release: str | None) -> Files:
    """The Quality Patches Tool's catalogue and patches; before 1.1.54 it has none for the defect."""
    if release is None:
        return {}
    folder = "vendor/magento/quality-patches"
    entry = {">=2.4.6 <2.4.7": {"file": "os/ACSD-61103.patch"}}
    catalogue = {"ACSD-61103": {"categories": [], "title": "Logins", "packages": {"magento/magento2-base": entry}}}
    if release == OLD_TOOL:
        return {f"{folder}/support-patches.json": "{}\n"}
    return {
        f"{folder}/support-patches.json": json.dumps(catalogue),
        f"{folder}/patches/os/ACSD-61103.patch": PATCH,
        "vendor/bin/magento-patches": "<?php\n",
    }


def _composer(version: str, edition: str, tool: str | None, modules: Mapping[str, str]) -> Files:
    names = ("magento/magento2-base", *EDITION_PACKAGES[edition])
    packages = {name: OTHER_VERSIONS.get(name, version) for name in names}
    packages.update(dict.fromkeys(modules.values(), "103.0.6"))
    if tool:
        packages["magento/quality-patches"] = tool
    listed = [{"name": name, "version": number} for name, number in packages.items()]
    registered = "".join(
        f"    '{number:032x}' => $vendorDir . '/{package}/registration.php',\n"
        for number, package in enumerate(modules.values())
    )
    return {
        "composer.json": json.dumps({"name": "acme/store", "require": {}}),
        "composer.lock": json.dumps({"packages": listed, "packages-dev": []}),
        "vendor/autoload.php": "<?php\n",
        "vendor/composer/autoload_files.php": f"<?php\n\nreturn array(\n{registered});\n",
        "vendor/composer/installed.json": json.dumps({"packages": listed, "dev": False}),
    }


def files_of(state: str, version: str, edition: str, tool: str | None, compiled: bool) -> Files:
    """Path -> content of a store root."""
    modules = {name: package for name, package in MODULES.items() if state != SLIM or "GraphQl" not in name}
    own = _own_modules(state)
    enabled = ", ".join(f"'{name}' => 1" for name in [*modules, *(["Acme_Logins"] if own else [])])
    settings = "<?php return ['MAGE_MODE' => 'production', 'install' => ['date' => 'today']];\n"
    found = {
        "app/etc/config.php": f"<?php return ['modules' => [{enabled}]];\n",
        "app/etc/env.php": "<?php return [\n" if state == BROKEN_SETTINGS else settings,
        **_composer(version, edition, tool, modules),
        **_tool(tool),
        **_patched_files(state),
        **own,
    }
    for name, package in modules.items():
        found.update(_module(f"vendor/{package}", name))
    if compiled:
        found["generated/metadata/global.php"] = "<?php return [];\n"
    return found
