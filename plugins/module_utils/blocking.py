# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a store that keep a login from telling a good behaviour from a bad one."""

from __future__ import annotations

from typing import Optional, Tuple

from .scope_config import LOCKOUT_FAILURES, LOCKOUT_THRESHOLD, RECAPTCHA_LOGIN, THROTTLE_FAILURES


def blocking_setting(config, view, form: str) -> Optional[Tuple[str, str]]:
    """A setting of the store under which a good behaviour cannot be told from a bad one: its reason, and in words."""
    for path in (LOCKOUT_FAILURES, LOCKOUT_THRESHOLD):
        # Commerce reads these two at default scope, whatever a website says.
        if config.number(path) == 0:
            return "lockout_disabled", "{0} is 0, so failed logins are not counted".format(path)
    if form == "article" and config.number(THROTTLE_FAILURES) <= 1:
        return (
            "throttled",
            "{0} is {1}, so one wrong login locks the right one out; the form gentle does without a wrong one".format(
                THROTTLE_FAILURES, config.number(THROTTLE_FAILURES)
            ),
        )
    if config.value(RECAPTCHA_LOGIN, view):
        return "recaptcha", "customers log in with a reCAPTCHA"
    return None
