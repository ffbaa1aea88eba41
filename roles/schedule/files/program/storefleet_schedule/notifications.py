# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells whoever wants to know: a command of the operator's, and a webhook."""

from __future__ import annotations

import json
import subprocess
from typing import Any, Callable, List, Mapping, Optional

from .configuration import Configuration, Webhook
from .webhook import NotPosted, post

# Seconds that the operator's command may take.
COMMAND_TIMEOUT = 300


def notify(
    configuration: Configuration,
    webhook: Optional[Webhook],
    content: Mapping[str, Any],
    poster: Callable[..., None] = post,
) -> List[str]:
    """Tell all of them, whatever one of them says. A sentence for each that was not told."""
    problems = []
    if webhook:
        try:
            poster(webhook, content, configuration.webhook_attempts, configuration.webhook_timeout)
        except NotPosted as error:
            problems.append(str(error))
    if configuration.command:
        problem = _run(configuration.command, content)
        if problem:
            problems.append(problem)
    return problems


def _run(argv, content):
    """Run the command with the message on its standard input. A sentence where it did not do."""
    try:
        done = subprocess.run(
            argv, input=json.dumps(content), text=True, encoding="utf-8", check=False, timeout=COMMAND_TIMEOUT
        )
    except OSError as error:
        return "The notification command {0} could not be started: {1}.".format(argv[0], error.strerror)
    except subprocess.TimeoutExpired:
        return "The notification command {0} did not end within {1} seconds.".format(argv[0], COMMAND_TIMEOUT)
    if done.returncode:
        return "The notification command {0} ended with status {1}.".format(argv[0], done.returncode)
    return None
