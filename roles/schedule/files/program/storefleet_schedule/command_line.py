# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of the schedule: the audit under a lock, and then the notifications."""

from __future__ import annotations

import os
import sys
from typing import Sequence

from .configuration import Configuration, Credentials, read_configuration
from .connections import close_connections
from .news import current_report, is_news, message, report_of_run
from .notifications import notify
from .playbook import run
from .run_lock import StillGoing, only_run

# As in sysexits.h, and none that ansible-playbook ends with.
CANNOT_START = 71
NOT_NOTIFIED = 74
STILL_GOING = 75
CONFIGURATION_ERROR = 78


def main(arguments: Sequence[str]) -> int:
    """The exit status: the audit's, or one of those above."""
    if len(arguments) != 1:
        return _stop(CONFIGURATION_ERROR, "One argument: the schedule's configuration file.")
    try:
        configuration = read_configuration(arguments[0])
    except (OSError, ValueError) as error:
        return _stop(CONFIGURATION_ERROR, str(error))
    try:
        with only_run(configuration.reports):
            return _audit_and_tell(configuration, Credentials.of_the_service())
    except StillGoing as error:
        return _stop(STILL_GOING, str(error))


def _audit_and_tell(configuration: Configuration, credentials: Credentials) -> int:
    before = current_report(configuration.reports)
    try:
        status = run([*configuration.argv, *credentials.options()], configuration.environment)
    except OSError as error:
        status = _stop(CANNOT_START, "{0} could not be started: {1}.".format(configuration.argv[0], error.strerror))
    close_connections(configuration.connections)
    report = report_of_run(before, current_report(configuration.reports))
    if configuration.notify != "always" and not is_news(status, report, before):
        return status
    node = os.uname().nodename
    content = message(configuration.name, node, configuration.reports, status, report)
    problems = notify(configuration, credentials.webhook(), content)
    for problem in problems:
        _stop(NOT_NOTIFIED, problem)
    return status or (NOT_NOTIFIED if problems else 0)


def _stop(status: int, sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return status
