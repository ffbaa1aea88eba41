# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the store answers over HTTP."""

from __future__ import annotations

import base64
import json
import re

import pytest
from contract.commerce import PASSWORD, ROOT, WRONG_PASSWORD
from support.stores import HOST

TOKEN_PATH = "/rest/default/V1/integration/customer/token"
SIGN_IN_FAILED = (
    "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later."
)
JWT = r"[\w-]+\.[\w-]+\.[\w-]+"


def test_customer_is_created_over_rest(store):
    answer = store.request(
        "POST",
        "/rest/default/V1/customers",
        json={"customer": {"email": "p@example.com", "firstname": "P", "lastname": "Q"}, "password": PASSWORD},
    )
    assert answer.status_code == 200
    customer = answer.json()
    for time in ("created_at", "updated_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", customer.pop(time))
    number = customer.pop("id")
    assert customer == {
        "group_id": 1,
        "created_in": "Default Store View",
        "email": "p@example.com",
        "firstname": "P",
        "lastname": "Q",
        "store_id": 1,
        "website_id": 1,
        "addresses": [],
        "disable_auto_group_change": 0,
        "extension_attributes": {"is_subscribed": False},
    }
    assert store.sql("SELECT entity_id, failures_num, first_failure, lock_expires FROM {prefix}customer_entity") == [
        [str(number), "0", "NULL", "NULL"]
    ]
    assert store.login("rest", "p@example.com")


def test_customer_is_created_over_graphql(store):
    for mutation in ("createCustomer", "createCustomerV2"):
        email = f"{mutation}@example.com"
        answer = store.query(
            f"mutation($input: {'CustomerInput' if mutation == 'createCustomer' else 'CustomerCreateInput'}!) "
            f"{{ {mutation}(input: $input) {{ customer {{ email }} }} }}",
            {"input": {"email": email, "firstname": "P", "lastname": "Q", "password": PASSWORD}},
        )
        assert answer.json() == {"data": {mutation: {"customer": {"email": email}}}}
        assert store.login("graphql", email)


def test_rest_logins(store, email):
    wrong = store.rest(email, WRONG_PASSWORD)
    assert (wrong.status_code, wrong.text) == (401, f'{{"message":"{SIGN_IN_FAILED}"}}')
    right = store.rest(email, PASSWORD)
    assert right.status_code == 200
    assert re.fullmatch(f'"{JWT}"', right.text)


def test_graphql_logins(store, email):
    wrong = store.graphql(email, WRONG_PASSWORD)
    assert wrong.status_code == 200
    assert wrong.text == (
        f'{{"errors":[{{"message":"{SIGN_IN_FAILED}","locations":[{{"line":1,"column":10}}],'
        '"path":["generateCustomerToken"],"extensions":{"category":"graphql-authentication"}}],'
        '"data":{"generateCustomerToken":null}}'
    )
    right = store.graphql(email, PASSWORD)
    assert right.status_code == 200
    assert re.fullmatch(r'\{"data":\{"generateCustomerToken":\{"token":"' + JWT + r'"\}\}\}', right.text)


def test_soap_logins(store, email):
    wrong = store.soap(email, WRONG_PASSWORD)
    assert wrong.status_code == 200
    assert wrong.text.splitlines() == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" >',
        "   <env:Body>",
        "      <env:Fault>",
        "         <env:Code>",
        "            <env:Value>env:Sender</env:Value>",
        "         </env:Code>",
        "         <env:Reason>",
        f'            <env:Text xml:lang="en">{SIGN_IN_FAILED}</env:Text>',
        "         </env:Reason>",
        "         ",
        "      </env:Fault>",
        "   </env:Body>",
        "</env:Envelope>",
    ]
    right = store.soap(email, PASSWORD)
    assert right.status_code == 200
    assert re.fullmatch(
        r'<\?xml version="1.0" encoding="UTF-8"\?>\n<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" '
        rf'xmlns:ns1="http://{HOST}/soap/default\?services=integrationCustomerTokenServiceV1"><env:Body>'
        r"<ns1:integrationCustomerTokenServiceV1CreateCustomerAccessTokenResponse>"
        rf"<result>{JWT}</result></ns1:integrationCustomerTokenServiceV1CreateCustomerAccessTokenResponse>"
        r"</env:Body></env:Envelope>\n",
        right.text,
    )


def test_soap_client_of_php_logs_in_by_the_wsdl(store, email):
    code = """
    $options = ['soap_version' => SOAP_1_2, 'cache_wsdl' => WSDL_CACHE_NONE];
    $url = 'http://127.0.0.1/soap/default?services=integrationCustomerTokenServiceV1';
    $client = new SoapClient("$url&wsdl=1", $options + ['location' => $url]);
    echo $client->integrationCustomerTokenServiceV1CreateCustomerAccessToken(
        ['username' => $argv[1], 'password' => $argv[2]])->result;"""
    assert re.fullmatch(JWT, store.run("php", "-r", code, email, PASSWORD))


def test_token_is_signed_and_opens_the_customers_own_data(store, email):
    token = store.rest(email, PASSWORD).json()
    header, payload, _signature = token.split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "=="))["alg"] == "HS256"
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert claims["exp"] > claims["iat"]
    me = store.request("GET", "/rest/V1/customers/me", headers={"Authorization": f"Bearer {token}"})
    assert (me.status_code, me.json()["email"]) == (200, email)
    forged = ".".join([header, payload, "A" * 43])
    for authorization in ({}, {"Authorization": f"Bearer {forged}"}):
        assert store.request("GET", "/rest/V1/customers/me", headers=authorization).status_code == 401
    query = store.query("{customer{email}}", Authorization=f"Bearer {token}")
    assert query.json() == {"data": {"customer": {"email": email}}}


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        (TOKEN_PATH, "{", 400, "Decoding error."),
        (TOKEN_PATH, '{"username": "a"}', 400, '"%fieldName" is required. Enter and try again.'),
        ("/rest/nosuch/V1/integration/customer/token", "{}", 400, "Specified request cannot be processed."),
        ("/rest/default/V1/nosuch", "{}", 404, "Request does not match any route."),
    ],
    ids=["bad JSON", "missing field", "unknown store", "unknown route"],
)
def test_rest_errors(store, path, body, status, message):
    answer = store.request("POST", path, data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["message"]) == (status, message)


@pytest.mark.parametrize("code", ["", "default/", "all/"])
def test_rest_takes_the_store_code_or_none(store, email, code):
    answer = store.request(
        "POST", f"/rest/{code}V1/integration/customer/token", json={"username": email, "password": PASSWORD}
    )
    assert answer.status_code == 200


def test_graphql_with_an_unknown_store(store, email):
    answer = store.graphql(email, PASSWORD, Store="nosuch")
    assert answer.status_code == 500
    assert answer.json()["errors"]
    assert store.graphql(email, PASSWORD, Store="default").status_code == 200


def test_store_config_over_graphql(store):
    answer = store.query("{storeConfig{store_code base_url}}")
    assert answer.json() == {"data": {"storeConfig": {"store_code": "default", "base_url": f"http://{HOST}/"}}}


def test_version_says_no_more_than_it_must(store):
    answer = store.request("GET", "/magento_version")
    assert (answer.status_code, answer.text.strip()) == (200, "Magento/2.4 (Community)")


def test_storefront_page_is_cached(store):
    store.clean("full_page")
    first = store.request("GET", "/")
    assert first.status_code == 200
    assert "<title>" in first.text
    assert first.headers["X-Magento-Cache-Debug"] == "MISS"
    assert store.request("GET", "/").headers["X-Magento-Cache-Debug"] == "HIT"
    # bin/magento cleans the page cache with any type; the cache manager alone does not.
    store.clean("config")
    assert store.request("GET", "/").headers["X-Magento-Cache-Debug"] == "MISS"
    store.succeed(
        store.deploy(
            "php",
            "-r",
            "require 'app/bootstrap.php'; Magento\\Framework\\App\\Bootstrap::create(BP, $_SERVER)->getObjectManager()"
            "->get(Magento\\Framework\\App\\Cache\\Manager::class)->clean(['config', 'compiled_config']);",
        )
    )
    assert store.request("GET", "/").headers["X-Magento-Cache-Debug"] == "HIT"


def test_maintenance(store, email):
    store.succeed(store.magento("maintenance:enable"))
    for answer in (
        store.rest(email, PASSWORD),
        store.graphql(email, PASSWORD),
        store.soap(email, PASSWORD),
        store.request("GET", "/"),
    ):
        assert answer.status_code == 503
        assert answer.headers["Content-Type"].startswith("text/html")
    gateway = store.run("bash", "-c", "ip route | sed -n 's/^default via \\([^ ]*\\).*/\\1/p'").strip()
    store.succeed(store.magento("maintenance:enable", f"--ip={gateway}"))
    assert store.rest(email, PASSWORD).status_code == 200
    store.succeed(store.magento("maintenance:disable"))
    assert store.rest(email, PASSWORD).status_code == 200


def test_uncaught_error_is_reported(store, email):
    file = "vendor/magento/module-customer-graph-ql/etc/graphql/events.xml"
    store.succeed(store.deploy("bash", "-c", 'echo "<config><broken" > "$0"', file))
    store.clean("config")
    page = store.graphql(email, PASSWORD)
    assert page.status_code == 500
    assert "There has been an error processing your request" in page.text
    number = re.search(r"Error log record number: (\w+)", page.text).group(1)
    assert store.shell(f"grep -rl . {ROOT}/var/report | grep -c '{number}'").strip() == "1"
    assert store.read("var/log/exception.log")


def test_paths_outside_the_docroot_are_closed(store):
    for path in ("/app/etc/env.php", "/../app/etc/env.php", "/vendor/autoload.php", "/composer.json"):
        answer = store.request("GET", path)
        assert "crypt" not in answer.text
        assert "quality-patches" not in answer.text
