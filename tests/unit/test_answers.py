# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers of the three APIs mean."""

from __future__ import annotations

import json

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import answers
from ansible_collections.storefleet.commerce.plugins.module_utils.http_node import HttpAnswer

SIGN_IN = "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later."
TYPE_ERROR = "Type Error occurred when creating object: %type, %msg"
ERROR_PAGE = "<html><body>There has been an error processing your request</body></html>"


def rest(status: int, body: object) -> HttpAnswer:
    return HttpAnswer(status, "application/json", json.dumps(body))


def graphql(status: int, message: str, category: str = "graphql") -> HttpAnswer:
    errors = [{"message": message, "extensions": {"category": category}}]
    return HttpAnswer(
        status, "application/json", json.dumps({"errors": errors, "data": {"generateCustomerToken": None}})
    )


def envelope(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body>{body}</env:Body></env:Envelope>\n'
    )


def fault(text: str, code: str = "Sender", detail: str = "") -> HttpAnswer:
    body = (
        f"<env:Fault><env:Code><env:Value>env:{code}</env:Value></env:Code>"
        f'<env:Reason><env:Text xml:lang="en">{text}</env:Text></env:Reason>{detail}</env:Fault>'
    )
    return HttpAnswer(200, "application/soap+xml", envelope(body))


def fault_11(code: str, text: str) -> HttpAnswer:
    return HttpAnswer(
        500,
        "text/xml",
        '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body><SOAP-ENV:Fault>'
        f"<faultcode>{code}</faultcode><faultstring>{text}</faultstring>"
        "</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>",
    )


def before(text: str) -> HttpAnswer:
    """A granted token with something before it."""
    return HttpAnswer(200, "application/json", text + json.dumps("e30.e30.c2ln"))


WARNING = "\nWarning: Undefined array key 1 in /srv/store/a.php on line 12\n"
HTML_WARNING = "<br />\n<b>Deprecated</b>:  Old in <b>/srv/store/a.php</b> on line <b>12</b><br />\n"
FATAL = "<br />\n<b>Fatal error</b>:  Uncaught Error: Class not found in <b>/srv/a.php</b> on line <b>2</b><br />"
TOKEN_AND_ERRORS = '{"errors":[{"message":"Internal server error"}],"data":{"generateCustomerToken":{"token":"t"}}}'
LOGIN = "not_testable login_before_the_store"
GRANTED = "granted granted"
UNEXPECTED = "not_testable unexpected_answer"
MAINTENANCE = (
    "<h1>Service Temporarily Unavailable</h1>"
    "<p>The server is temporarily unable to service your request due to maintenance downtime or capacity problems.</p>"
)
PARAMETER = "<m:GenericFaultParameter><m:key>type</m:key><m:value>A</m:value></m:GenericFaultParameter>"
DETAIL = f'<env:Detail xmlns:m="urn:m"><m:GenericFault>{PARAMETER}</m:GenericFault></env:Detail>'
RESULT = '<ns1:Answer xmlns:ns1="http://store.example/soap/default"><result>e30.e30.c2ln</result></ns1:Answer>'

TABLE = [
    (answers.judge_rest, rest(200, "e30.e30.c2ln"), "granted granted"),
    (answers.judge_rest, rest(401, {"message": SIGN_IN}), "refused refused"),
    (answers.judge_rest, rest(400, {"message": TYPE_ERROR, "parameters": {"type": "A", "msg": "B"}}), "broken error"),
    (answers.judge_rest, rest(500, {"message": "Internal Error. Report ID: webapi-1"}), "broken error"),
    (answers.judge_rest, rest(500, {"message": "Something else"}), "broken server_error"),
    (answers.judge_rest, rest(400, {"message": "ReCaptcha validation failed"}), "not_testable recaptcha"),
    (answers.judge_rest, rest(400, {"message": "Decoding error."}), "not_testable unexpected_answer"),
    (answers.judge_rest, rest(404, {"message": "Request does not match any route."}), "closed no_route"),
    (answers.judge_rest, rest(429, {"message": "Too many"}), "not_testable rate_limited"),
    (answers.judge_rest, rest(200, {"token": "of something else"}), "not_testable unexpected_answer"),
    (answers.judge_rest, rest(200, ""), "not_testable unexpected_answer"),
    (answers.judge_rest, rest(503, {"message": "failure to get a peer"}), "not_testable service_unavailable"),
    (answers.judge_rest, rest(504, {"message": "The upstream is timing out"}), "not_testable gateway_timeout"),
    (answers.judge_rest, rest(401, {"message": "Unauthorized"})._replace(asks_for_login=True), LOGIN),
    (answers.judge_rest, before("\ufeff"), "granted granted"),
    (answers.judge_rest, before(WARNING), "granted granted"),
    (answers.judge_rest, before("\ufeff" + WARNING), "granted granted"),
    (answers.judge_rest, before(WARNING * 2), "granted granted"),
    (answers.judge_rest, before(HTML_WARNING), "granted granted"),
    (answers.judge_rest, before("what a plugin prints\n"), "not_testable unexpected_answer"),
    (answers.judge_rest, rest(200, "e30.on line 3"), "granted granted"),
    (answers.judge_graphql, HttpAnswer(200, "", '{"data":{"generateCustomerToken":{"token":"t"}}}'), "granted granted"),
    (answers.judge_graphql, graphql(200, SIGN_IN, "graphql-authentication"), "refused refused"),
    (answers.judge_graphql, graphql(500, "Internal server error"), "broken error"),
    (answers.judge_graphql, graphql(500, "Requested store is not found"), "broken server_error"),
    (answers.judge_graphql, graphql(200, 'Cannot query field "generateCustomerToken"'), "closed no_route"),
    (answers.judge_graphql, graphql(200, "Something new"), "not_testable unexpected_answer"),
    (answers.judge_graphql, graphql(401, SIGN_IN, "graphql-authentication"), "refused refused"),
    (answers.judge_graphql, HttpAnswer(200, "", TOKEN_AND_ERRORS), "granted granted"),
    (answers.judge_graphql, HttpAnswer(200, "", WARNING + '{"data":{"generateCustomerToken":{"token":"t"}}}'), GRANTED),
    (answers.judge_graphql, HttpAnswer(200, "", '{"errors":"odd"}'), "not_testable unexpected_answer"),
    (answers.judge_graphql, HttpAnswer(200, "", '{"errors":[]}'), "not_testable unexpected_answer"),
    (answers.judge_graphql, HttpAnswer(200, "", '{"errors":["odd"]}'), "not_testable unexpected_answer"),
    (answers.judge_soap, HttpAnswer(200, "application/soap+xml", envelope(RESULT)), "granted granted"),
    (answers.judge_soap, fault(SIGN_IN), "refused refused"),
    (answers.judge_soap, fault("Die Anmeldung war falsch."), "refused refused"),
    (answers.judge_soap, fault(TYPE_ERROR, detail=DETAIL), "broken error"),
    (answers.judge_soap, fault("Internal Error. Report ID: webapi-1", "Receiver"), "broken error"),
    (answers.judge_soap, fault("Etwas anderes", "Receiver"), "broken server_error"),
    (answers.judge_soap, fault("Etwas fehlt", detail=DETAIL), "not_testable unexpected_answer"),
    (answers.judge_soap, HttpAnswer(200, "", envelope("<odd/>")), "not_testable unexpected_answer"),
    (answers.judge_soap, HttpAnswer(200, "", "<odd/>"), "not_testable unexpected_answer"),
    (answers.judge_soap, HttpAnswer(200, "", WARNING + envelope(RESULT)), "granted granted"),
    (answers.judge_soap, HttpAnswer(200, "", "\ufeff" + envelope(RESULT)), "granted granted"),
    (answers.judge_soap, fault("Procedure 'X' not present"), "not_testable wrong_namespace"),
    (answers.judge_soap, fault("SOAP-ERROR: Parsing WSDL: Couldn't load from 'data://'"), "broken error"),
    (answers.judge_soap, fault("SOAP extension is not loaded.", "Receiver"), "closed no_soap_extension"),
    (answers.judge_soap, fault('Requested service is not available: "x"'), "closed no_route"),
    (answers.judge_soap, fault_11("WSDL", "Parsing failed"), "broken server_error"),
    (answers.judge_soap, fault_11("SOAP-ENV:Server", "Something"), "broken server_error"),
    (answers.judge_soap, fault_11("SOAP-ENV:Client", "Bad Request"), "not_testable unexpected_answer"),
    (answers.judge_soap, HttpAnswer(200, "", fault_11("", "").body.replace("Fault", "Odd")), UNEXPECTED),
]

FOREIGN = [
    (HttpAnswer(403, "text/html", "<html>nginx"), "closed closed_by_server"),
    (HttpAnswer(404, "text/html", "<html>nginx"), "closed closed_by_server"),
    (HttpAnswer(405, "text/html", "<html>nginx"), "closed closed_by_server"),
    (HttpAnswer(401, "text/html", "", None, True), "not_testable login_before_the_store"),
    (HttpAnswer(401, "text/html", "Go away"), "not_testable unexpected_answer"),
    (HttpAnswer(429, "text/html", ""), "not_testable rate_limited"),
    (HttpAnswer(500, "text/html", ERROR_PAGE), "broken error"),
    (HttpAnswer(503, "text/html", ERROR_PAGE), "broken error"),
    (HttpAnswer(500, "text/html", ""), "broken server_error"),
    (HttpAnswer(500, "text/html", FATAL), "broken error"),
    (HttpAnswer(200, "text/html", FATAL), "broken error"),
    (HttpAnswer(500, "text/html", "<h1>SOAP extension is not loaded.</h1>"), "closed no_soap_extension"),
    (HttpAnswer(502, "text/html", "<html>Bad Gateway"), "broken bad_gateway"),
    (HttpAnswer(504, "text/html", "<html>Gateway Time-out"), "not_testable gateway_timeout"),
    (HttpAnswer(503, "text/html", MAINTENANCE), "not_testable maintenance"),
    (HttpAnswer(503, "text/html", MAINTENANCE.replace("Temporarily ", "")), "not_testable service_unavailable"),
    (HttpAnswer(525, "text/html", "SSL handshake failed"), "not_testable service_unavailable"),
    (HttpAnswer(410, "text/html", ""), "closed closed_by_server"),
    (HttpAnswer(501, "text/html", ""), "closed closed_by_server"),
    (HttpAnswer(404, "text/html", '<script type="text/x-magento-init">{}</script>'), "closed no_route"),
    (HttpAnswer(403, "text/html", "<title>Just a moment...</title>"), "not_testable challenged"),
    (HttpAnswer(503, "text/html", "<title>Attention Required! | Cloudflare</title>"), "not_testable challenged"),
    (HttpAnswer(406, "text/html", "generated by Mod_Security"), "not_testable challenged"),
    (HttpAnswer(200, "text/html", "<html>Request unsuccessful. Incapsula incident"), "not_testable challenged"),
    (HttpAnswer(400, "text/html", "<h1>400 Bad Request</h1>"), "not_testable bad_request"),
    (HttpAnswer(400, "", "The plain HTTP request was sent to HTTPS port"), "not_testable https_port"),
    (HttpAnswer(400, "", "You're speaking plain HTTP to an SSL-enabled server port."), "not_testable https_port"),
    (HttpAnswer(400, "", "No required SSL certificate was sent"), "not_testable client_certificate"),
    (HttpAnswer(400, "", "The SSL certificate error"), "not_testable client_certificate"),
    (HttpAnswer(200, "application/json", " \n"), "not_testable empty_answer"),
    (HttpAnswer(204, "", ""), "not_testable empty_answer"),
    (HttpAnswer(503, "text/html", "<html>Service Temporarily Unavailable"), "not_testable service_unavailable"),
    (HttpAnswer(302, "text/html", "", "https://sso.example/?token=x"), "not_testable redirected"),
    (HttpAnswer(200, "text/html", "<html>a page"), "not_testable page_instead"),
    (HttpAnswer(200, "text/plain", "gone"), "not_testable unexpected_answer"),
]


@pytest.mark.parametrize(("judge", "answer", "expected"), TABLE)
def test_answers_of_commerce(judge, answer: HttpAnswer, expected: str) -> None:
    judged = judge(answer)
    assert f"{judged.state} {judged.reason}" == expected


@pytest.mark.parametrize("judge", [answers.judge_rest, answers.judge_graphql, answers.judge_soap])
@pytest.mark.parametrize(("answer", "expected"), FOREIGN)
def test_answers_of_something_else(judge, answer: HttpAnswer, expected: str) -> None:
    judged = judge(answer)
    assert f"{judged.state} {judged.reason}" == expected


def test_details_are_told_with_their_parameters() -> None:
    assert answers.judge_rest(TABLE[2][1]).detail == "Type Error occurred when creating object: A, B"
    assert (
        answers.judge_soap(fault(TYPE_ERROR, detail=DETAIL)).detail
        == "Type Error occurred when creating object: A, %msg"
    )
    assert answers.judge_rest(TABLE[0][1]).detail is None
    assert answers.judge_rest(HttpAnswer(429, "", "", retry_after="30")).detail == "retry after 30"
    redirect = HttpAnswer(302, "", "", "https://sso.example/in")
    assert answers.judge_rest(redirect).detail == "redirected to https://sso.example/in"
    assert len(answers.judge_rest(rest(500, {"message": "x" * 999})).detail) == 200


def test_words_of_a_challenge_in_an_answer_of_the_api_are_none() -> None:
    assert answers.judge_rest(rest(400, {"message": "Just a moment..."})).reason == "unexpected_answer"
