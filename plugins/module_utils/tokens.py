# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three APIs that give a customer a token, asked on one node."""

from __future__ import annotations

import json
from typing import Optional
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from . import answers
from .answers import Answer
from .errors import CommerceError
from .http_node import Node

SOAP_SERVICE = "integrationCustomerTokenServiceV1"


def request(node: Node, api: str, email: str, password: str, store_code: Optional[str] = None) -> Answer:
    """Ask an API ("rest", "graphql" or "soap") for a customer's token; the token itself is thrown away."""
    try:
        answer = _APIS[api](node, email, password, store_code)
        if answer.reason == answers.BAD_REQUEST:
            node.require_no_proxy_protocol()
    except CommerceError as error:
        return Answer(answers.NOT_TESTABLE, error.code, None, error.came_back)
    if answer.detail:
        # The other side's words may quote what it was sent.
        return answer._replace(detail=answer.detail.replace(password, "…").replace(email, "…"))
    return answer


def is_commerce(node: Node) -> bool:
    """Whether Commerce answers at all under the store's name on that node: by its version page, or by its home page."""
    try:
        return node.get("magento_version").body.startswith("Magento/") or "Magento_" in node.get("").body
    except CommerceError:
        return False


def _rest(node, email, password, store_code):
    path = "rest/{0}V1/integration/customer/token".format(quote(store_code) + "/" if store_code else "")
    body = json.dumps({"username": email, "password": password})
    return answers.judge_rest(node.post(path, body, "application/json"))


def _graphql(node, email, password, store_code):
    mutation = (
        "mutation($email: String!, $password: String!)"
        " { generateCustomerToken(email: $email, password: $password) { token } }"
    )
    body = json.dumps({"query": mutation, "variables": {"email": email, "password": password}})
    headers = {"Store": store_code} if store_code else None
    return answers.judge_graphql(node.post("graphql", body, "application/json", headers))


def _soap(node, email, password, store_code):
    path = "soap/{0}?services={1}".format(quote(store_code or "default"), SOAP_SERVICE)
    answer = _soap_login(node, path, node.address.base_url + path, email, password)
    if answer.reason == answers.WRONG_NAMESPACE:
        # Commerce makes it of what it takes for its address, which web/url/use_store and a proxy's headers change.
        namespace = _namespace(node.get(path + "&wsdl=1").body)
        if namespace:
            answer = _soap_login(node, path, namespace, email, password)
    return answer


def _soap_login(node, path, namespace, email, password):
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<env:Envelope xmlns:env="{0}" xmlns:ns1="{1}"><env:Body><ns1:{2}CreateCustomerAccessTokenRequest>'
        "<username>{3}</username><password>{4}</password>"
        "</ns1:{2}CreateCustomerAccessTokenRequest></env:Body></env:Envelope>"
    ).format(answers.SOAP_ENVELOPE, escape(namespace, {'"': "&quot;"}), SOAP_SERVICE, escape(email), escape(password))
    media_type = 'application/soap+xml; charset=utf-8; action="{0}CreateCustomerAccessToken"'.format(SOAP_SERVICE)
    return answers.judge_soap(node.post(path, body, media_type))


def _namespace(wsdl):
    """The namespace of the service, which is the WSDL's own."""
    try:
        return ElementTree.fromstring(wsdl.strip().encode("utf-8")).get("targetNamespace")
    except ElementTree.ParseError:
        return None


_APIS = {"rest": _rest, "graphql": _graphql, "soap": _soap}
