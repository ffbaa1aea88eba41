# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a store that keep a login from telling a good behaviour from a bad one."""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

from .probe_options import ACCOUNT, ARTICLE, FORMS
from .scope_config import LOCKOUT_FAILURES, LOCKOUT_THRESHOLD, RECAPTCHA_LOGIN, THROTTLE_FAILURES

_WITH_A_WRONG_LOGIN = (ARTICLE, ACCOUNT)


class Blocking(NamedTuple):
    """A setting in the way of the probe.

    scope: where Commerce reads it, "default" or "stores/CODE". reason: snake_case; why: in words. forms: of the probe,
    those that it is in the way of.
    """

    setting: str
    value: str
    scope: str
    reason: str
    why: str
    forms: Tuple[str, ...]


def blocking_settings(config, view) -> Tuple[Blocking, ...]:
    """All settings in the way, the gravest first. config: scope_config.ScopeConfig; view: scope_config.StoreView."""
    found = []
    for path in (LOCKOUT_FAILURES, LOCKOUT_THRESHOLD):
        # Commerce reads these two at default scope, whatever a website says.
        if config.number(path) == 0:
            why = "{0} is 0, so failed logins are not counted".format(path)
            found.append(Blocking(path, config.value(path), "default", "lockout_disabled", why, FORMS))
    if config.number(THROTTLE_FAILURES) <= 1:
        why = "{0} is {1}, so one wrong login locks the right one out; the form gentle does without a wrong one".format(
            THROTTLE_FAILURES, config.number(THROTTLE_FAILURES)
        )
        value = config.value(THROTTLE_FAILURES)
        found.append(Blocking(THROTTLE_FAILURES, value, "default", "throttled", why, _WITH_A_WRONG_LOGIN))
    value = config.value(RECAPTCHA_LOGIN, view)
    if value:
        why = "customers log in with a reCAPTCHA"
        found.append(Blocking(RECAPTCHA_LOGIN, value, "stores/" + view.code, "recaptcha", why, FORMS))
    return tuple(found)


def blocking_setting(config, view, form: str) -> Optional[Tuple[str, str]]:
    """The gravest setting in the way of that form of the probe: its reason, and in words; None if there is none."""
    found = (setting for setting in blocking_settings(config, view) if form in setting.forms)
    return next(((setting.reason, setting.why) for setting in found), None)
