# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The defect, and which of the steps that repair it has which effect."""

from __future__ import annotations

import json
import time

import pytest
from contract.commerce import PASSWORD, ROOT, WRONG_PASSWORD
from support.stores import APIS, HOST

PILING_UP = [1, 1, 2, 2, 3, 3]
RESETTING = [1, 0, 1, 0, 1, 0]

STALE_METADATA = (
    "Magento\\Customer\\Model\\CustomerAuthUpdate::__construct(): Argument #3 ($customerFactory) must be of type "
    "Magento\\Customer\\Model\\CustomerFactory, null given, called in "
    f"{ROOT}/vendor/magento/framework/ObjectManager/Factory/AbstractFactory.php on line 121"
)
# As PHP's json_encode gives it, with escaped slashes.
STALE_METADATA_REST = json.dumps(
    {
        "message": "Type Error occurred when creating object: %type, %msg",
        "parameters": {"type": "Magento\\Customer\\Model\\CustomerAuthUpdate", "msg": STALE_METADATA},
    },
    separators=(",", ":"),
).replace("/", "\\/")
STALE_METADATA_SOAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" \
xmlns:m="http%3A%2F%2F{HOST}%2Fsoap%2Fdefault%3Fservices%3DintegrationCustomerTokenServiceV1%26wsdl%3D1">
   <env:Body>
      <env:Fault>
         <env:Code>
            <env:Value>env:Sender</env:Value>
         </env:Code>
         <env:Reason>
            <env:Text xml:lang="en">Type Error occurred when creating object: %type, %msg</env:Text>
         </env:Reason>
         <env:Detail><m:GenericFault><m:Parameters><m:GenericFaultParameter><m:key>type</m:key>\
<m:value>Magento\\Customer\\Model\\CustomerAuthUpdate</m:value></m:GenericFaultParameter><m:GenericFaultParameter>\
<m:key>msg</m:key><m:value>{STALE_METADATA}</m:value></m:GenericFaultParameter></m:Parameters></m:GenericFault>\
</env:Detail>
      </env:Fault>
   </env:Body>
</env:Envelope>"""


def assert_logins_and_creation_fail(store, email):
    created = store.request(
        "POST",
        "/rest/default/V1/customers",
        json={
            "customer": {"email": "new@example.com", "firstname": "A", "lastname": "B"},
            "password": PASSWORD,
        },
    )
    assert (created.status_code, created.text.strip()) == (400, STALE_METADATA_REST)
    for password in (WRONG_PASSWORD, PASSWORD):
        rest = store.rest(email, password)
        assert (rest.status_code, rest.text.strip()) == (400, STALE_METADATA_REST)
        graphql = store.graphql(email, password)
        assert graphql.status_code == 500
        assert "There has been an error processing your request" in graphql.text
        assert "Error log record number" in graphql.text
        soap = store.soap(email, password)
        assert (soap.status_code, soap.text.strip()) == (200, STALE_METADATA_SOAP)
    assert store.counter(email) == 0


def test_failures_pile_up_on_every_api(store, email):
    assert store.counters(email) == PILING_UP


def test_first_failure_stays_after_a_right_login(store, email):
    store.rest(email, WRONG_PASSWORD)
    failed = store.customer(email)
    store.rest(email, PASSWORD)
    assert failed["failures_num"] == "1"
    assert failed["first_failure"] is not None
    assert store.customer(email) == failed


def test_login_in_the_storefront_resets_the_counter(store, email):
    store.rest(email, WRONG_PASSWORD)
    answer = store.request(
        "POST", "/customer/account/loginPost", data={"login[username]": email, "login[password]": PASSWORD}
    )
    assert answer.status_code in (200, 302)
    assert store.customer(email) == {"failures_num": "0", "first_failure": None, "lock_expires": None}


@pytest.mark.parametrize("mode", ["developer", "default"])
def test_patch_takes_effect_with_the_cleaned_config_cache(store, email, mode):
    store.succeed(store.magento("deploy:mode:set", mode))
    store.reload()
    assert store.counters(email) == PILING_UP
    store.apply()
    store.reload()
    store.forget_failures()
    assert store.counters(email) == PILING_UP
    store.forget_failures()
    store.clean("config")
    assert store.counters(email) == RESETTING
    assert store.customer(email) == {"failures_num": "0", "first_failure": None, "lock_expires": None}


def test_revert_brings_the_defect_back_with_the_cleaned_config_cache(store, email):
    store.apply()
    store.clean("config")
    store.reload()
    assert store.counters(email) == RESETTING
    store.revert()
    store.reload()
    assert store.counters(email) == RESETTING
    store.clean("config")
    assert store.counters(email) == PILING_UP


def test_a_single_api_is_repaired_by_its_own_events(store, email):
    module = "vendor/magento/module-integration/etc/webapi_rest/events.xml"
    store.succeed(store.deploy("sed", "-i", "s/customer_login/customer_customer_authenticated/", module))
    store.succeed(store.deploy("sed", "-i", "s/LogLastLoginAtObserver/CustomerLoginSuccessObserver/", module))
    store.clean("config")
    assert store.counters(email) == [1, 0, 1, 1, 2, 2]


def test_a_disabled_observer_is_no_observer(store, email):
    store.apply()
    for area in ("module-integration/etc/webapi_rest", "module-customer-graph-ql/etc/graphql"):
        file = f"vendor/magento/{area}/events.xml"
        store.succeed(store.deploy("sed", "-i", 's/name="customer_unlock"/& disabled="true"/', file))
    store.clean("config")
    store.reload()
    assert store.counters(email) == [1, 1, 2, 2, 3, 0]


def test_observer_of_another_module_counts(store, email):
    folder = "app/code/Acme/Unlock"
    observer = (
        '<config><event name="customer_customer_authenticated"><observer name="acme_unlock" '
        'instance="Magento\\Customer\\Observer\\CustomerLoginSuccessObserver"/></event></config>'
    )
    files = {
        "registration.php": "<?php \\Magento\\Framework\\Component\\ComponentRegistrar::register("
        "'module', 'Acme_Unlock', __DIR__);",
        "etc/module.xml": '<config><module name="Acme_Unlock"/></config>',
        "etc/graphql/events.xml": observer,
    }
    for name, content in files.items():
        store.succeed(
            store.deploy("bash", "-c", 'mkdir -p "$(dirname "$0")" && cat > "$0"', f"{folder}/{name}", stdin=content)
        )
    store.succeed(store.magento("module:enable", "Acme_Unlock"))
    store.clean("config")
    store.reload()
    assert store.counters(email) == [1, 1, 2, 0, 1, 1]


def test_compiled_store_breaks_after_patch_and_cleaned_cache_until_it_is_compiled(compiled):
    email = compiled.create_customer()
    assert compiled.counters(email) == PILING_UP
    compiled.forget_failures()
    compiled.apply()
    compiled.clean()
    compiled.reload()
    assert_logins_and_creation_fail(compiled, email)

    compiled.compile()
    compiled.reload()
    compiled.clean()
    assert compiled.counters(email) == RESETTING


def test_compiled_store_breaks_the_other_way_after_revert(compiled):
    email = compiled.create_customer()
    compiled.apply()
    compiled.compile()
    compiled.clean()
    compiled.reload()
    assert compiled.counters(email) == RESETTING

    compiled.revert()
    compiled.clean()
    compiled.reload()
    answer = compiled.rest(email, PASSWORD)
    assert answer.status_code == 400
    assert (
        "must be of type ?Magento\\Customer\\Model\\Customer, Magento\\Customer\\Model\\CustomerFactory given"
        in (answer.json()["parameters"]["msg"])
    )

    compiled.compile()
    compiled.clean()
    compiled.reload()
    assert compiled.counters(email) == PILING_UP


def test_metadata_decides_and_not_the_mode(store, compiled):
    """Default mode with metadata breaks; production mode without it does not."""
    email = store.create_customer()
    store.succeed(store.magento("deploy:mode:set", "default"))
    store.compile()
    store.apply()
    store.clean()
    store.reload()
    assert_logins_and_creation_fail(store, email)

    email = compiled.create_customer()
    compiled.succeed(compiled.deploy("rm", "-r", "generated/metadata"))
    compiled.apply()
    compiled.clean()
    compiled.reload()
    assert "production" in compiled.magento("deploy:mode:show").stdout
    assert compiled.counters(email) == RESETTING


def test_without_timestamps_old_code_is_served_until_the_reload(stores):
    store = stores(COMMERCE_VERSION="2.4.6-p1", COMMERCE_MODE="production", COMMERCE_OPCACHE="hardened")
    email = store.create_customer()
    for api in APIS:
        assert store.login(api, email)
    store.apply()
    store.clean()
    # Longer than opcache waits by default before it looks at a file again.
    time.sleep(2.5)
    # The new events.xml with the old code and its old metadata: whole by chance, and the code is not on disk any more.
    assert store.counters(email) == RESETTING
    store.reload()
    assert_logins_and_creation_fail(store, email)
