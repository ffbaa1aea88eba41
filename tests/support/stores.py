# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store container as a customer and a database administrator see it: HTTP from outside, SQL as root inside.

Shares nothing with the collection's own modules, so that a defect there cannot hide itself here.
"""

from __future__ import annotations

import json
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import requests

ENGINE = Path(__file__).resolve().parents[2] / "extensions" / "commerce_image" / "engine"
APIS = ("rest", "graphql", "soap")
HOST = "store.example"
PASSWORD = "Correct-Horse-7"
GRAPHQL_LOGIN = """
mutation($email: String!, $password: String!) { generateCustomerToken(email: $email, password: $password) { token } }
"""
SOAP_SERVICE = "integrationCustomerTokenServiceV1"
SOAP_LOGIN = """<?xml version="1.0" encoding="UTF-8"?>
<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:ns="{namespace}"><env:Body>
<ns:integrationCustomerTokenServiceV1CreateCustomerAccessTokenRequest>
<username>{email}</username><password>{password}</password>
</ns:integrationCustomerTokenServiceV1CreateCustomerAccessTokenRequest>
</env:Body></env:Envelope>"""

OPCACHE_STATUS = """<?php
$statistics = opcache_get_status(false)['opcache_statistics'];
echo json_encode([
    'notices_changes' => (bool) ini_get('opcache.validate_timestamps'),
    'empty_since' => max($statistics['start_time'], $statistics['last_restart_time']),
]);
"""


@dataclass(frozen=True)
class Steps:
    """The article's steps on one API: the counter after a wrong and after a right login, and if that got a token."""

    after_wrong: int
    after_right: int
    token: bool

    @property
    def as_expected(self) -> bool:
        return (self.after_wrong, self.after_right, self.token) == (1, 0, True)


class StoreContainer:
    """One running store.

    name: the container's. address: where its port 80 is published, as host:port.
    prefix: that of the store's tables.
    """

    def __init__(self, name: str, address: str, prefix: str = ""):
        self.name = name
        self._url = f"http://{address}"
        self._prefix = prefix

    def run(self, *argv: str, user: str = "root") -> str:
        """The output of a command in the container; a status other than 0 raises CalledProcessError."""
        command = [str(ENGINE), "exec", "--user", user, self.name, *argv]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def sql(self, statement: str) -> list[list[str]]:
        """The rows of a statement on the store's database; {prefix} stands for the prefix of its tables."""
        output = self.run(
            "mariadb", "--batch", "--skip-column-names", "commerce", "--execute", statement.format(prefix=self._prefix)
        )
        return [line.split("\t") for line in output.splitlines()]

    def run_in_pool(self, php: str) -> str:
        """What a PHP program prints that the store's php-fpm pool runs: cgi-fcgi asks it over its socket."""
        script = f"/tmp/{secrets.token_hex(8)}.php"
        request = f"SCRIPT_FILENAME={script} REQUEST_METHOD=GET cgi-fcgi -bind -connect /run/php/php8.2-fpm.sock"
        program = 'printf %s "$1" >"$2" && trap "rm $2" EXIT && ' + request
        answer = self.run("bash", "-euc", program, "bash", php, script)
        return answer.partition("\n\n")[2]

    def serves_its_files(self, root: str) -> bool:
        """Whether php-fpm notices changed files by itself, or has begun with an empty opcache since the last change."""
        status = json.loads(self.run_in_pool(OPCACHE_STATUS))
        found = self.run("find", f"{root}/vendor", f"{root}/generated", "-name", "*.php", "-printf", "%C@\\n")
        return status["notices_changes"] or status["empty_since"] >= int(max(map(float, found.split())))

    def request(self, method: str, path: str, **arguments) -> requests.Response:
        headers = {"Host": HOST, **arguments.pop("headers", {})}
        return requests.request(
            method, self._url + path, headers=headers, timeout=30, allow_redirects=False, **arguments
        )

    def create_customer(self) -> str:
        """A new customer with PASSWORD, made by the store's REST API; returns its e-mail address."""
        email = f"customer-{secrets.token_hex(6)}@example.com"
        customer = {"email": email, "firstname": "Ada", "lastname": "Byron"}
        answer = self.request("POST", "/rest/V1/customers", json={"customer": customer, "password": PASSWORD})
        answer.raise_for_status()
        return email

    def remove_customer(self, email: str) -> None:
        self.sql(
            f"""DELETE log FROM {{prefix}}customer_log log JOIN {{prefix}}customer_entity ON entity_id = customer_id
                WHERE email = '{email}';
                DELETE FROM {{prefix}}oauth_token_request_log WHERE user_name = '{email}';
                DELETE FROM {{prefix}}customer_entity WHERE email = '{email}'"""
        )

    def counter(self, email: str) -> int:
        return int(self.sql(f"SELECT failures_num FROM {{prefix}}customer_entity WHERE email = '{email}'")[0][0])

    def login(self, api: str, email: str, password: str = PASSWORD) -> bool:
        """Whether a login through that API gets a token."""
        return {"rest": self._rest, "graphql": self._graphql, "soap": self._soap}[api](email, password)

    def _rest(self, email, password):
        answer = self.request(
            "POST", "/rest/V1/integration/customer/token", json={"username": email, "password": password}
        )
        return answer.status_code == 200 and answer.json().count(".") == 2

    def _graphql(self, email, password):
        body = {"query": GRAPHQL_LOGIN, "variables": {"email": email, "password": password}}
        answer = self.request("POST", "/graphql", json=body)
        if answer.status_code != 200:
            return False
        token = (answer.json().get("data") or {}).get("generateCustomerToken")
        return bool(token) and token["token"].count(".") == 2

    def _soap(self, email, password):
        path = f"/soap/default?services={SOAP_SERVICE}"
        body = SOAP_LOGIN.format(namespace=f"http://{HOST}{path}", email=email, password=password)
        answer = self.request("POST", path, data=body, headers={"Content-Type": "application/soap+xml"})
        if answer.status_code != 200:
            return False
        result = ElementTree.fromstring(answer.text).find(".//result")
        return result is not None and (result.text or "").count(".") == 2

    def article_steps(self, api: str) -> Steps:
        """A wrong and a right login of a customer of its own, which is gone afterwards."""
        email = self.create_customer()
        try:
            self.login(api, email, "wrong-" + PASSWORD)
            after_wrong = self.counter(email)
            token = self.login(api, email)
            return Steps(after_wrong, self.counter(email), token)
        finally:
            self.remove_customer(email)
