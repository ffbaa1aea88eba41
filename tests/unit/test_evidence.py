# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files say of each API, by the merged events.xml of the enabled modules."""

from __future__ import annotations

import shutil

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.evidence import api_evidence, module_folders
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
    assert states(store_tree) == {"rest": "absent", "graphql": "unpatched", "soap": "absent"}


def test_broken_xml(store_tree, patched):
    store_tree.write({REST: patched[REST].replace("</config>", "")})
    with pytest.raises(CommerceError) as caught:
        states(store_tree)
    assert caught.value.code == "broken_xml"
    assert REST in str(caught.value)


def test_modules_by_composers_autoloader(store_tree):
    module(store_tree, "Acme_Deep", "vendor/acme/suite/src/Deep", {})
    module(store_tree, "Acme_Root", "lib/Root", {})
    module(store_tree, "Acme_Code", "app/code/Acme/Code", {})
    store_tree.write({"vendor/acme/theme/registration.php": "<?php"})
    listed = "\n".join(
        f"    'a{number}' => ${base}Dir . '/{folder}/registration.php',"
        for number, (base, folder) in enumerate(
            [("vendor", "acme/suite/src/Deep"), ("base", "lib/Root"), ("vendor", "acme/theme"), ("vendor", "gone/gone")]
        )
    )
    store_tree.write({"vendor/composer/autoload_files.php": f"<?php\nreturn array(\n{listed}\n);\n"})
    assert module_folders(str(store_tree.root)) == {
        "Acme_Deep": "vendor/acme/suite/src/Deep",
        "Acme_Root": "lib/Root",
        "Acme_Code": "app/code/Acme/Code",
    }
