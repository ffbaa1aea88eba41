# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One customer logs in by each API, and the counter is looked at: what one API did follows from that."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Sequence

from . import answers, canary, tokens
from .probe_options import ACCOUNT, ARTICLE, GENTLE
from .probe_result import ApiResult
from .verdict import BROKEN, CLOSED, DEFECTIVE, FIXED, NOT_TESTABLE

# The counter that a form starts from; the operator's own customer is taken as it is.
START = {ARTICLE: 0, GENTLE: 1}

_BEHAVIOURS = {answers.BROKEN: BROKEN, answers.CLOSED: CLOSED}


class Counter:
    """A customer and its counter. value: as it was last seen, None when it may have moved since."""

    def __init__(self, database: Any, customer: Any, value: int):
        self._database = database
        self.customer = customer
        self.value: Optional[int] = value

    def read(self) -> int:
        """The counter as it is now."""
        self.value = canary.failures(self._database, self.customer.customer_id)
        return self.value

    def set(self, number: int) -> None:
        """Give it a value, if it has another one."""
        if self.value != number:
            canary.set_failures(self._database, self.customer.customer_id, number)
            self.value = number


def ask_all(
    node: Any,
    store_code: str,
    counter: Counter,
    form: str,
    apis: Sequence[str],
    near_lockout: Callable[[int], bool] = lambda dummy: False,
) -> Dict[str, ApiResult]:
    """The result of each API, asked in turn on an http_node.Node.

    near_lockout: whether an account with that counter is to be left alone; asked for the form account only.
    """
    results: Dict[str, ApiResult] = {}
    for api in apis:
        if form == ACCOUNT:
            if any(result.reason == "login_refused" for result in results.values()):
                results[api] = ApiResult(
                    NOT_TESTABLE, "account_refused", "another API refused the password of account_email"
                )
                continue
            value = counter.read() if counter.value is None else counter.value
            if near_lockout(value):
                detail = "the test customer has {0} failed logins, and a few more would lock it".format(value)
                results[api] = ApiResult(NOT_TESTABLE, "account_near_lockout", detail, (), value)
                continue
        else:
            counter.set(START[form])
        results[api] = _ask(api, node, store_code, counter)
    return results


def _ask(api, node, store_code, counter) -> ApiResult:
    """Log in by one API: a counter of 0 is moved by a wrong login first. Then a right one, and what it left."""
    statuses: List[int] = []

    def log_in(password):
        counter.value = None
        answer = tokens.request(node, api, counter.customer.email, password, store_code)
        statuses.extend(() if answer.status is None else (answer.status,))
        return answer

    password = counter.customer.password
    if counter.value == 0:
        wrong = log_in(password + "-wrong")
        if wrong.state != answers.REFUSED:
            return _unasked(wrong, statuses, "wrong_password_accepted")
        if counter.read() == 0:
            detail = "a wrong login was refused but not counted"
            return ApiResult(NOT_TESTABLE, "counter_unmoved", detail, tuple(statuses), 0)
    right = log_in(password)
    if right.state != answers.GRANTED:
        return _unasked(right, statuses, "login_refused")
    left = counter.read()
    if left == 0:
        return ApiResult(FIXED, "counter_reset", None, tuple(statuses), 0)
    detail = "failures_num is {0} after a right login".format(left)
    return ApiResult(DEFECTIVE, "counter_kept", detail, tuple(statuses), left)


def _unasked(answer, statuses, unexpected) -> ApiResult:
    """The result of an answer that is not the one that was expected: the question itself was not answered."""
    reason = unexpected if answer.state in (answers.GRANTED, answers.REFUSED) else answer.reason
    return ApiResult(_BEHAVIOURS.get(answer.state, NOT_TESTABLE), reason, answer.detail, tuple(statuses))
