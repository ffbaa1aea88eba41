# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences and plugins that have a hand in the observer."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.registration import Modules
from ansible_collections.storefleet.commerce.plugins.module_utils.rewiring import rewirings

OBSERVER = "Magento\\Customer\\Observer\\CustomerLoginSuccessObserver"
INTERFACE = "Magento\\Customer\\Model\\AuthenticationInterface"
AUTHENTICATION = "Magento\\Customer\\Model\\Authentication"
PLUGIN = '<type name="{0}"><plugin name="acme" type="Acme\\P"{1}/></type>'
PREFERENCE = '<preference for="{0}" type="{1}"/>'


def found(tree, element, path="etc/di.xml", enabled=("Acme_Login",)):
    folder = "app/code/Acme/Login"
    tree.write(
        {
            f"{folder}/registration.php": "<?php",
            f"{folder}/etc/module.xml": '<config><module name="Acme_Login"/></config>',
            f"{folder}/{path}": f"<config>{element}</config>",
        }
    )
    return rewirings(Modules(str(tree.root)), enabled, ACSD_61103)


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (PLUGIN.format(OBSERVER, ""), f"has a plugin on {OBSERVER}."),
        (PLUGIN.format("\\" + AUTHENTICATION, ""), f"has a plugin on {AUTHENTICATION}."),
        (PREFERENCE.format(OBSERVER, "Acme\\O"), f"prefers Acme\\O for {OBSERVER}."),
        (PREFERENCE.format(INTERFACE, "\\Acme\\A"), f"prefers Acme\\A for {INTERFACE}."),
        # Commerce's own.
        (PREFERENCE.format(INTERFACE, AUTHENTICATION), None),
        (PLUGIN.format(OBSERVER, ' disabled="true"'), None),
        (PLUGIN.format(OBSERVER + "X", ""), None),
        (f'<type name="{OBSERVER}"><arguments/></type>', None),
        (f"<!-- {PLUGIN.format(OBSERVER, '')} -->", None),
    ],
)
def test_who_has_a_hand_in_it(store_tree, element, expected):
    sentences = (f"app/code/Acme/Login/etc/di.xml {expected}",) if expected else ()
    assert found(store_tree, element) == sentences


@pytest.mark.parametrize(("area", "counts"), [("webapi_rest", True), ("graphql", True), ("adminhtml", False)])
def test_the_areas_of_the_apis_count(store_tree, area, counts):
    assert bool(found(store_tree, PLUGIN.format(OBSERVER, ""), f"etc/{area}/di.xml")) is counts


def test_a_disabled_module_has_none(store_tree):
    assert found(store_tree, PLUGIN.format(OBSERVER, ""), enabled=()) == ()


def test_broken_xml_is_named(store_tree):
    with pytest.raises(CommerceError, match=r"Acme/Login/etc/di\.xml"):
        found(store_tree, f"<type name='{OBSERVER}'>")
