# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to probe: the options that every module which probes shares, and their check. Imports nothing that probes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Tuple

from .errors import CommerceError
from .verdict import APIS

ARTICLE, GENTLE, ACCOUNT = FORMS = ("article", "gentle", "account")

# Each is set by the request itself.
OWN_HEADERS = ("host", "content-length", "content-type", "transfer-encoding", "connection", "store")

PROBE_ARGUMENTS: Dict[str, Dict[str, Any]] = {
    "apis": {"type": "list", "elements": "str", "choices": list(APIS), "default": list(APIS)},
    "base_url": {"type": "str"},
    "store_code": {"type": "str"},
    "connect_to": {"type": "str"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "url_username": {"type": "str"},
    "url_password": {"type": "str", "no_log": True},
    "headers": {"type": "dict", "default": {}, "no_log": True},
    "account_email": {"type": "str"},
    "account_password": {"type": "str", "no_log": True},
}
PROBE_REQUIRED = (("probe", ACCOUNT, ("account_email", "account_password")),)
PROBE_TOGETHER = (("url_username", "url_password"),)


@dataclass(frozen=True)
class ProbeOptions:
    """How to probe.

    base_url, store_code: None is what the store itself says; connect_to: None is this host; ca_path: a file with
    certificate authorities instead of the host's. url_username, url_password, headers: for what stands before the
    store. account_email, account_password: of the operator's test customer, for the form account.
    """

    form: str = ARTICLE
    apis: Tuple[str, ...] = APIS
    base_url: Optional[str] = None
    store_code: Optional[str] = None
    connect_to: Optional[str] = None
    validate_certs: bool = True
    ca_path: Optional[str] = None
    url_username: Optional[str] = None
    url_password: Optional[str] = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    account_email: Optional[str] = field(default=None, repr=False)
    account_password: Optional[str] = field(default=None, repr=False)


def probe_options(params: Mapping[str, Any], form: str) -> ProbeOptions:
    """The options from a module's parameters, which are those of PROBE_ARGUMENTS.

    Headers that cannot be sent raise CommerceError bad_headers.
    """
    given = {name: params[name] for name in PROBE_ARGUMENTS if name not in ("apis", "headers")}
    return ProbeOptions(
        form=form, apis=tuple(params["apis"]), headers=checked_headers(params["headers"] or {}), **given
    )


def options_or_fail(module: Any) -> ProbeOptions:
    """The options of a module, or its end. The headers are taken out of its parameters, which a verbose run prints.

    Their values are not masked in results: none is ever part of one, and masking an "https" would spoil them.
    """
    try:
        options = probe_options(module.params, module.params["probe"])
    except CommerceError as error:
        module.fail_json(msg=str(error), code=error.code, next_step=error.next_step)
    module.no_log_values.difference_update(options.headers.values())
    module.params["headers"] = {}
    return options


def checked_headers(headers: Mapping[str, object]) -> Mapping[str, str]:
    """Headers to send along, as text. One that cannot be sent raises CommerceError bad_headers, without its value."""
    checked = {str(name): str(value) for name, value in headers.items()}
    for name, value in checked.items():
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            wrong = "is not the name of a header"
        elif name.lower() in OWN_HEADERS:
            wrong = "is set by the request itself"
        elif not re.fullmatch(r"[\t\x20-\x7e\xa0-\xff]*", value):
            wrong = "has a value with a line break, or with characters that no header can hold"
        else:
            continue
        raise CommerceError(
            "send the given headers",
            repr(name),
            "it " + wrong,
            "Correct the option headers.",
            code="bad_headers",
        )
    return checked
