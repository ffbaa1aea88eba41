# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store container as a customer and a database administrator see it: HTTP from outside, SQL as root inside.

Shares nothing with the collection's own modules, so that a defect there cannot hide itself here.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import requests
from support.session import ENGINE, Session

__all__ = [
    "APIS",
    "DEFECTIVE",
    "ENGINE",
    "FIXED",
    "HOST",
    "HOSTILE_MODULE",
    "PASSWORD",
    "SOAP_LOGIN",
    "SOAP_SERVICE",
    "Steps",
    "StoreContainer",
]

APIS = ("rest", "graphql", "soap")
HOST = "store.example"
# Goes to app/code/Hostile/Command of a store; its name is Hostile_Command.
HOSTILE_MODULE = Path(__file__).resolve().parent / "modules" / "HostileCommand"
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


# What logins do, API by API, without the patch and with it.
DEFECTIVE = dict.fromkeys(APIS, Steps(after_wrong=1, after_right=1, token=True))
FIXED = dict.fromkeys(APIS, Steps(after_wrong=1, after_right=0, token=True))


class StoreContainer:
    """One store of a running container.

    name: the container's. address: where its port 80 is published, as host:port. session: that of the container.
    prefix: that of the store's tables. database, host: the store's, where it is not the container's own.
    auth, headers: user and password that the web server asks for, and what it wants to be sent.
    """

    def __init__(
        self,
        name: str,
        address: str,
        prefix: str = "",
        *,
        session: Session | None = None,
        database: str = "commerce",
        host: str = HOST,
        auth: tuple[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ):
        self.name = name
        self.session = session or Session(name)
        self._url = f"http://{address}"
        self._prefix = prefix
        self._database = database
        self._host = host
        self._auth = auth
        self._headers = {"Host": host, **(headers or {})}

    def run(self, *argv: str, user: str = "root") -> str:
        """The output of a command in the container; a status other than 0 raises CalledProcessError."""
        return self.session.run(*argv, user=user)

    def sql(self, statement: str) -> list[list[str]]:
        """The rows of a statement on the store's database; {prefix} stands for the prefix of its tables."""
        query = statement.format(prefix=self._prefix)
        output = self.run("mariadb", "--batch", "--skip-column-names", self._database, "--execute", query)
        return [line.split("\t") for line in output.splitlines()]

    def run_in_pool(self, php: str, socket: str = "/run/php/php8.2-fpm.sock") -> str:
        """What a PHP program prints that the store's php-fpm pool runs: cgi-fcgi asks it over its socket."""
        script = f"/tmp/{secrets.token_hex(8)}.php"
        request = f"SCRIPT_FILENAME={script} REQUEST_METHOD=GET cgi-fcgi -bind -connect {socket}"
        program = 'printf %s "$1" >"$2" && trap "rm $2" EXIT && ' + request
        answer = self.run("bash", "-euc", program, "bash", php, script)
        return answer.partition("\n\n")[2]

    def serves_its_files(self, root: str, changed: str = "%C@") -> bool:
        """Whether php-fpm notices changed files by itself, or has begun with an empty opcache since the last change.

        changed: what find prints for when a file was changed: %C@ sees a file of before that was put back, too, but
        also one that a hard link was made to; %T@ sees new content only.
        """
        status = json.loads(self.run_in_pool(OPCACHE_STATUS))
        found = self.run("find", f"{root}/vendor", f"{root}/generated", "-name", "*.php", "-printf", changed + "\\n")
        return status["notices_changes"] or status["empty_since"] >= int(max(map(float, found.split())))

    def request(self, method: str, path: str, **arguments) -> requests.Response:
        headers = {**self._headers, **arguments.pop("headers", {})}
        options = {"timeout": 30, "allow_redirects": False, "auth": self._auth, **arguments}
        return requests.request(method, self._url + path, headers=headers, **options)

    def create_customer(self) -> str:
        """A new customer with PASSWORD, made by the store's REST API; returns its e-mail address."""
        email = f"customer-{secrets.token_hex(6)}@example.com"
        customer = {"email": email, "firstname": "Ada", "lastname": "Byron"}
        answer = self.request("POST", "/rest/V1/customers", json={"customer": customer, "password": PASSWORD})
        answer.raise_for_status()
        return email

    def insert_customer(self) -> str:
        """A new customer with PASSWORD, made by SQL, so that no API need be open; returns its e-mail address."""
        email, salt = f"customer-{secrets.token_hex(6)}@example.com", secrets.token_hex(8)
        password = f"{hashlib.sha256((salt + PASSWORD).encode()).hexdigest()}:{salt}:1"
        self.sql(
            "INSERT INTO {prefix}customer_entity (website_id, email, group_id, store_id, firstname, lastname, "
            f"password_hash) VALUES (1, '{email}', 1, 1, 'Ada', 'Byron', '{password}')"
        )
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
        path = f"/soap?services={SOAP_SERVICE}"
        body = SOAP_LOGIN.format(namespace=f"http://{self._host}{path}", email=email, password=password)
        answer = self.request("POST", path, data=body, headers={"Content-Type": "application/soap+xml"})
        if answer.status_code != 200:
            return False
        result = ElementTree.fromstring(answer.text).find(".//result")
        return result is not None and (result.text or "").count(".") == 2

    def article_steps(self, api: str, customer: str | None = None) -> Steps:
        """A wrong and a right login of that customer, or of one that REST makes for it and that is gone afterwards."""
        email = customer or self.create_customer()
        try:
            self.login(api, email, "wrong-" + PASSWORD)
            after_wrong = self.counter(email)
            token = self.login(api, email)
            return Steps(after_wrong, self.counter(email), token)
        finally:
            if customer is None:
                self.remove_customer(email)
