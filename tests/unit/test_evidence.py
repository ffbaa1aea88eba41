# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files say of each API, by the merged events.xml of the enabled modules."""

from __future__ import annotations

import shutil

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.blobs import git_blob
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.evidence import api_evidence
from ansible_collections.storefleet.commerce.plugins.module_utils.registration import Modules
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store

ENABLED = ("Magento_Customer", "Magento_Integration", "Magento_CustomerGraphQl", "Acme_Fix")
REST = "vendor/magento/module-integration/etc/webapi_rest/events.xml"
OBSERVER = "Magento\\Customer\\Observer\\CustomerLoginSuccessObserver"
UNLOCK = f'<observer name="customer_unlock" instance="{OBSERVER}"/>'


def states(tree, enabled=ENABLED, patch_state=None):
    found = api_evidence(read_store(str(tree.root)), enabled, ACSD_61103, patch_state)
    return {api: evidence.state for api, evidence in found.items()}


def all_are(state):
    return {"rest": state, "graphql": state, "soap": state}


def module(tree, name, folder, files):
    tree.write(
        {f"{folder}/registration.php": "<?php", f"{folder}/etc/module.xml": f'<config><module name="{name}"/></config>'}
    )
    tree.write({f"{folder}/{path}": text for path, text in files.items()})


def test_unpatched(store_tree):
    assert states(store_tree) == all_are("unpatched")


def test_patched(store_tree, patched):
    store_tree.write(patched)
    assert states(store_tree) == all_are("patched")
    assert states(store_tree, patch_state="applied") == all_are("patched")


def test_one_file_is_one_api(store_tree, patched):
    store_tree.write({REST: patched[REST]})
    assert states(store_tree) == {"rest": "patched", "graphql": "unpatched", "soap": "unpatched"}


@pytest.mark.parametrize("patch_state", ["partial", "conflict"])
def test_registered_but_other_files_lack_it(store_tree, patched, patch_state):
    store_tree.write({REST: patched[REST]})
    found = states(store_tree, patch_state=patch_state)
    assert found == {"rest": "partial", "graphql": "unpatched", "soap": "unpatched"}


def test_native_where_the_tool_has_no_patch(store_tree, patched):
    store_tree.write(patched)
    assert states(store_tree, patch_state="not_available") == all_are("patched")


@pytest.mark.parametrize(
    "registration",
    [
        UNLOCK.replace("/>", ' disabled="true"/>'),
        UNLOCK.replace(OBSERVER, "Acme\\Nothing"),
        f"<!-- {UNLOCK} -->",
    ],
)
def test_what_only_looks_like_a_registration(store_tree, make_events, registration):
    store_tree.write({REST: make_events(registration)})
    assert states(store_tree)["rest"] == "unpatched"


def test_an_observer_of_another_event(store_tree, make_events):
    store_tree.write({REST: make_events(UNLOCK, event="customer_customer_authenticated_x")})
    assert states(store_tree)["rest"] == "unpatched"


def test_a_module_that_disables_it(store_tree, patched, make_events):
    store_tree.write(patched)
    off = make_events('<observer name="customer_unlock" disabled="true"/>')
    module(store_tree, "Acme_Fix", "app/code/Acme/Fix", {"etc/webapi_rest/events.xml": off})
    assert states(store_tree) == {"rest": "unpatched", "graphql": "patched", "soap": "patched"}
    assert states(store_tree, ENABLED[:-1]) == all_are("patched")
    # Merged in the order of the modules; what a later file does not say stays as it was.
    assert states(store_tree, ENABLED[::-1])["rest"] == "unpatched"
    store_tree.write({REST: make_events(UNLOCK.replace("/>", ' disabled="false"/>'))})
    assert states(store_tree, ENABLED[::-1])["rest"] == "patched"
    assert states(store_tree)["rest"] == "unpatched"


def test_an_attribute_that_is_not_said_stays(store_tree, patched, make_events):
    store_tree.write(patched)
    on = make_events('<observer name="customer_unlock" disabled="false"/>')
    module(store_tree, "Acme_Fix", "app/code/Acme/Fix", {"etc/webapi_rest/events.xml": on})
    assert states(store_tree) == all_are("patched")


def test_a_module_that_registers_it(store_tree, make_events):
    on = make_events(UNLOCK.replace("customer_unlock", "acme_unlock"))
    module(store_tree, "Acme_Fix", "app/code/Acme/Fix", {"etc/webapi_soap/events.xml": on})
    assert states(store_tree) == {"rest": "unpatched", "graphql": "unpatched", "soap": "mitigated"}
    assert states(store_tree, ENABLED[:-1]) == all_are("unpatched")


def test_registered_for_every_area(store_tree, make_events):
    module(store_tree, "Acme_Fix", "app/code/Acme/Fix", {"etc/events.xml": make_events(UNLOCK)})
    assert states(store_tree) == all_are("mitigated")


def test_an_api_that_is_not_installed_or_not_enabled(store_tree):
    assert states(store_tree, ("Magento_Customer", "Magento_Integration")) == {
        "rest": "unpatched",
        "graphql": "absent",
        "soap": "unpatched",
    }
    shutil.rmtree(store_tree.root / "vendor/magento/module-integration")
    without = tuple(name for name in ENABLED if name != "Magento_Integration")
    assert states(store_tree, without) == {"rest": "absent", "graphql": "unpatched", "soap": "absent"}
    # Commerce does not run so: it is somewhere.
    assert states(store_tree) == {"rest": "unknown", "graphql": "unpatched", "soap": "unknown"}
    # Unless the store says that it does without it, whatever its config.php still lists.
    store_tree.write({"composer.json": '{"replace": {"magento/module-integration": "*"}}'})
    assert states(store_tree) == {"rest": "absent", "graphql": "unpatched", "soap": "absent"}


def test_broken_xml(store_tree, patched):
    store_tree.write({REST: patched[REST].replace("</config>", "")})
    with pytest.raises(CommerceError) as caught:
        states(store_tree)
    assert caught.value.code == "broken_xml"
    assert REST in str(caught.value)


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE config [<!ENTITY a 'aaaa'>]>", "<!DOCTYPE config SYSTEM 'file:///etc/passwd'>"]
)
def test_a_document_type_is_refused(store_tree, patched, text):
    store_tree.write({REST: patched[REST].replace("<config>", text + "<config>")})
    with pytest.raises(CommerceError, match="document type") as caught:
        states(store_tree)
    assert caught.value.code == "broken_xml"


def test_what_a_disabled_module_says_is_not_even_read(store_tree):
    broken = {"etc/webapi_rest/events.xml": "<config><event name='customer_customer_authenticated'>"}
    module(store_tree, "Acme_Fix", "app/code/Acme/Fix", broken)
    assert states(store_tree, ENABLED[:-1]) == all_are("unpatched")
    with pytest.raises(CommerceError, match="Acme/Fix"):
        states(store_tree)


def test_what_is_disabled_for_every_area_stays_so(store_tree, patched, make_events):
    """The area's "false" leaves no trace in what Commerce lays over the global configuration."""
    store_tree.write({**patched, REST: make_events(UNLOCK.replace("/>", ' disabled="false"/>'))})
    off = make_events('<observer name="customer_unlock" disabled="true"/>')
    module(store_tree, "Acme_Fix", "app/code/Acme/Fix", {"etc/events.xml": off})
    assert states(store_tree) == all_are("unpatched")
    found = api_evidence(read_store(str(store_tree.root)), ENABLED, ACSD_61103)
    assert found["rest"].detail == "app/code/Acme/Fix/etc/events.xml disables the observer."


@pytest.mark.parametrize("word", ["1", "TRUE", "yes", ""])
def test_only_one_word_disables(store_tree, patched, make_events, word):
    off = UNLOCK.replace("/>", f' disabled="{word}"/>')
    store_tree.write({**patched, REST: make_events(off)})
    assert states(store_tree)["rest"] == "patched"


def test_an_event_has_no_case(store_tree, make_events):
    store_tree.write({REST: make_events(UNLOCK, event="Customer_Customer_Authenticated")})
    assert states(store_tree)["rest"] == "patched"


def test_a_class_is_the_same_with_a_leading_backslash(store_tree, make_events):
    store_tree.write({REST: make_events(UNLOCK.replace('"Magento', '"\\Magento'))})
    assert states(store_tree)["rest"] == "patched"


def test_the_area_takes_the_instance_of_every_area(store_tree, make_events):
    own = make_events('<observer name="customer_unlock" shared="false"/>')
    module(store_tree, "Acme_Fix", "app/code/Acme/Fix", {"etc/events.xml": make_events(UNLOCK)})
    store_tree.write({REST: own})
    assert states(store_tree) == {"rest": "patched", "graphql": "mitigated", "soap": "mitigated"}


def test_a_later_module_takes_the_observer_away(store_tree, patched, make_events):
    other = make_events('<observer name="customer_unlock" instance="Acme\\Fix\\Nothing"/>')
    store_tree.write(patched)
    module(store_tree, "Acme_Fix", "app/code/Acme/Fix", {"etc/webapi_rest/events.xml": other})
    assert states(store_tree)["rest"] == "unpatched"
    assert states(store_tree, ENABLED[::-1])["rest"] == "patched"


def test_other_files_that_are_the_vendors_without_the_patch(store_tree, patched):
    path = "vendor/magento/module-customer/Model/Authentication.php"
    before = git_blob(store_tree.read(path).encode())
    store_tree.write({name: text for name, text in patched.items() if name.endswith(".xml")})
    known = ACSD_61103._replace(blobs={path: (before[:13], "0" * 13)})

    def found(patch_state=None):
        evidence = api_evidence(read_store(str(store_tree.root)), ENABLED, known, patch_state)
        return {api: each.state for api, each in evidence.items()}

    assert found() == all_are("partial")
    # Who holds the patch itself against the files knows better.
    assert found("not_available") == all_are("patched")
    store_tree.write({path: patched[path]})
    assert found() == all_are("patched")


def test_the_registering_file_of_one_api_says_nothing_of_another(store_tree, patched):
    before = git_blob(store_tree.read(REST).encode())
    store_tree.write({name: text for name, text in patched.items() if "soap" in name})
    known = ACSD_61103._replace(blobs={REST: (before, "0" * 13)})
    found = api_evidence(read_store(str(store_tree.root)), ENABLED, known)
    assert found["soap"].state == "patched"


def test_a_clone_of_the_vendors_repository(store_tree, patched, monkeypatch):
    for name, package in (("Integration", "integration"), ("CustomerGraphQl", "customer-graph-ql")):
        folder = store_tree.root / f"vendor/magento/module-{package}"
        shutil.copytree(folder, store_tree.root / f"app/code/Magento/{name}")
        shutil.rmtree(folder)
    store_tree.write({"composer.json": '{"name": "magento/magento2ce", "version": "2.4.6-p3"}'})
    assert states(store_tree) == all_are("unpatched")
    store_tree.write({"app/code/Magento/Integration/etc/webapi_rest/events.xml": patched[REST]})
    found = api_evidence(read_store(str(store_tree.root)), ENABLED, ACSD_61103)
    assert found["rest"].state == "patched"
    assert found["rest"].file == "app/code/Magento/Integration/etc/webapi_rest/events.xml"
    expected = []
    monkeypatch.setattr(Modules, "folder", lambda dummy, name, likely: expected.append((name, likely)))
    assert states(store_tree) == all_are("unknown")
    assert expected[0] == ("Magento_Integration", "app/code/Magento/Integration")
