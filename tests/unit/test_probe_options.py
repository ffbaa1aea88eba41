# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a probe, as a module gives them."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import (
    PROBE_ARGUMENTS,
    checked_headers,
    options_or_fail,
    probe_options,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.verdict import APIS


def parameters(**given) -> dict:
    defaults = {name: argument.get("default") for name, argument in PROBE_ARGUMENTS.items()}
    return dict(defaults, probe="article", **given)


def test_options_are_those_of_the_module_and_keep_their_secrets() -> None:
    params = parameters(url_username="op", url_password="s3cret", account_email="a@b", account_password="s3cret")
    params["headers"] = {"X-Team": "s3cret"}
    options = probe_options(params, "account")
    assert (options.form, options.apis, options.url_password) == ("account", APIS, "s3cret")
    assert options.headers == {"X-Team": "s3cret"}
    assert "s3cret" not in repr(options)


class Failed(Exception):
    pass


class FakeModule:
    def __init__(self, **given) -> None:
        self.params = parameters(**given)
        self.no_log_values = {"https", "hidden"}

    def fail_json(self, **result) -> None:
        raise Failed(result)


def test_values_of_headers_are_neither_printed_nor_masked_in_results() -> None:
    module = FakeModule()
    module.params["headers"] = {"X-Forwarded-Proto": "https"}
    assert options_or_fail(module).headers == {"X-Forwarded-Proto": "https"}
    assert (module.params["headers"], module.no_log_values) == ({}, {"hidden"})


def test_headers_that_cannot_be_sent_end_the_module() -> None:
    module = FakeModule()
    module.params["headers"] = {"Host": "other.example"}
    with pytest.raises(Failed) as failed:
        options_or_fail(module)
    assert failed.value.args[0]["code"] == "bad_headers"
    assert "Host" in failed.value.args[0]["msg"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "other.example"},
        {"content-length": "3"},
        {"Store": "de"},
        {"X Team": "a"},
        {"X-Team:": "a"},
        {"": "a"},
        {"X-Team": "s3cret\r\nHost: other.example"},
        {"X-Team": "s3cret\n"},
        {"X-Team": "s3cret\u20ac"},
    ],
)
def test_headers_that_cannot_be_sent_are_refused_without_their_values(headers: dict) -> None:
    with pytest.raises(CommerceError) as refused:
        checked_headers(headers)
    assert refused.value.code == "bad_headers"
    assert "s3cret" not in str(refused.value)


def test_headers_are_text() -> None:
    assert checked_headers({"X-Number": 1, "X-Latin": "\xe9\t"}) == {"X-Number": "1", "X-Latin": "\xe9\t"}
