# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a store is as well as it was, besides its logins: a few requests, and what it writes down about errors."""

from __future__ import annotations

import json
import secrets
import time
from contextlib import closing
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Tuple
from urllib.parse import quote

from . import probe
from .answers import BROKEN_WORDS
from .database import Database
from .error_records import ErrorRecords, new_exceptions, new_reports, read_error_records
from .errors import CommerceError
from .scope_config import ScopeConfig

CUSTOMER_CREATION, STORE_CONFIG, HOME_PAGE = "customer creation", "storeConfig of GraphQL", "the home page"

# What Commerce and PHP put where a page should be.
_PAGE_BROKEN = BROKEN_WORDS + ("Error log record number", "Exception printing is disabled", "Fatal error")


class Sign(NamedTuple):
    """What a request got: the HTTP status, None where no answer came; broken: it is an error of Commerce or PHP."""

    status: Optional[int]
    broken: bool = False

    def in_words(self) -> str:
        """As a part of a sentence."""
        if self.status is None:
            return "does not answer"
        return "answers {0}{1}".format(self.status, " with an error of Commerce" if self.broken else "")


class Health(NamedTuple):
    """How a store is at one time.

    signs: what each request got; unasked: why none could be made, in words. records: see error_records.
    """

    signs: Mapping[str, Sign]
    unasked: Optional[str]
    records: ErrorRecords

    def as_dict(self) -> Dict[str, Any]:
        """As JSON has it, for a journal."""
        signs = {name: list(sign) for name, sign in self.signs.items()}
        return {"signs": signs, "unasked": self.unasked, "records": self.records.as_dict()}


def health_from(values: Mapping[str, Any]) -> Health:
    """What as_dict gave."""
    signs = {name: Sign(*sign) for name, sign in values["signs"].items()}
    return Health(signs, values["unasked"], ErrorRecords.from_dict(values["records"]))


def take_health(store, settings, options) -> Health:
    """How a store (store.Store, settings.Settings) is now; options: probe_options.ProbeOptions. Changes nothing.

    What cannot be asked or read is part of the result. Take it after the behaviour was probed: what the store writes
    down about that is none of a change's doing.
    """
    signs: Dict[str, Sign] = {}
    unasked = None
    try:
        if settings.database is None:
            raise CommerceError("ask the store", store.root, "app/etc/env.php names no database", "")
        with Database(settings.database) as database:
            config = ScopeConfig(settings, database)
            view = config.view(options.store_code)
            with closing(probe.node_for(config, view, options)) as node:
                signs = {name: _sign(ask, node, view.code) for name, ask in _REQUESTS.items()}
    except CommerceError as error:
        unasked = str(error.came_back)
    return Health(signs, unasked, read_error_records(store.root, time.time()))


def worse(before: Health, after: Health) -> Tuple[str, ...]:
    """In what the store is worse than it was, sentences. Reads what its log of exceptions says since."""
    found = []
    if after.unasked and not before.unasked:
        found.append("It cannot be asked any more: {0}.".format(after.unasked))
    for name, sign in after.signs.items():
        if name in before.signs and _is_worse(before.signs[name], sign):
            old, new = before.signs[name].in_words(), sign.in_words()
            found.append("{0} {1}; before it was: {2}.".format(name[0].upper() + name[1:], new, old))
    found.extend(new_exceptions(before.records, after.records))
    found.extend(new_reports(before.records, after.records))
    return tuple(found)


def _is_worse(before: Sign, after: Sign) -> bool:
    if before.status is None:
        return False
    if after.status is None or (after.broken and not before.broken):
        return True
    # A page that is closed to us is closed before and after; one that was there is.
    return after.status // 100 > before.status // 100 and after.status >= 400


def _sign(ask: Callable, node, store_code: str) -> Sign:
    try:
        answer, words = ask(node, store_code)
    except CommerceError:
        return Sign(None)
    return Sign(answer.status, any(word in answer.body for word in words))


def _create_customer(node, store_code):
    """A creation that every store refuses, twice over: such an address, and such a password. No row, and no mail."""
    customer = {"email": "not-an-address", "firstname": "Storefleet", "lastname": "Health"}
    body = json.dumps({"customer": customer, "password": "x"})
    path = "rest/{0}/V1/customers".format(quote(store_code))
    return node.post(path, body, "application/json"), BROKEN_WORDS


def _store_config(node, store_code):
    body = json.dumps({"query": "{storeConfig{code}}"})
    return node.post("graphql", body, "application/json", {"Store": store_code}), BROKEN_WORDS


def _home_page(node, dummy):
    # An address that no page cache has yet: it is PHP that is to be seen.
    return node.get("?storefleet=" + secrets.token_hex(4)), _PAGE_BROKEN


_REQUESTS: Mapping[str, Callable] = {
    CUSTOMER_CREATION: _create_customer,
    STORE_CONFIG: _store_config,
    HOME_PAGE: _home_page,
}
