# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the audit printed at -vvv holds no secret: none of a store's settings, and none that the operator gave."""

from __future__ import annotations

import base64
import re

GIVEN = ("commerce_url_password", "commerce_account_password")


def test_no_secret_of_the_store_is_printed(request, variables, audit, log):
    if "made" not in variables or "remove:app/etc/env.php" in variables.get("changes", []):
        return
    text = request.getfixturevalue("store").run("cat", f"{audit['store']['root']}/app/etc/env.php")
    secrets = re.findall(r"'(?:key|password)' => '([^']{8,})'", text)
    assert len(secrets) == 2
    assert not [secret for secret in secrets if secret in log]


def test_no_secret_of_the_operator_is_printed(variables, log):
    environment = variables.get("commerce_environment", {})
    secrets = [variables[name] for name in GIVEN if name in variables]
    secrets += variables.get("commerce_headers", {}).values()
    secrets += [value for name, value in environment.items() if name.endswith("PASSWORD")]
    if "commerce_url_password" in variables:
        pair = f"{variables['commerce_url_username']}:{variables['commerce_url_password']}"
        secrets.append(base64.b64encode(pair.encode()).decode())
    assert not [secret for secret in secrets if secret in log]


def test_the_log_is_one_that_would_show_them(log):
    assert "ESTABLISH SSH CONNECTION FOR USER" in log
    assert "url_password: VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in log
