# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report
type: aggregate
short_description: Writes a report of all stores of the fleet
version_added: 0.1.0
author: The storefleet.commerce authors (@storefleet)
description:
  - Writes what became of every store of the pattern, also of those that were unreachable, outside of C(--limit), or not
    come to before the run ended, as JSON, HTML, JUnit, CSV and Prometheus text files.
  - Compares with the last report of the whole fleet, and says which stores were lost since.
  - Each event of a run is on disk as soon as it happens. What a killed run has left is made a report by the next run,
    or by the playbook C(storefleet.commerce.report).
  - On a terminal, shows a line for each store and a summary at the end.
  - Whatever becomes of the report, the run goes on.
requirements:
  - None for the playbooks of this collection, which turn it on by themselves. For playbooks of your own that have its
    roles, C(callbacks_enabled = storefleet.commerce.fleet_report) in C(ansible.cfg).
options:
  directory:
    description:
      - The folder of the reports, made if it does not exist.
      - Relative to the current folder; from C(ansible.cfg) relative to that file.
    type: path
    default: reports
    ini:
      - section: callback_fleet_report
        key: directory
    env:
      - name: STOREFLEET_REPORT_DIR
  formats:
    description: What to write besides the JSON report, which is always written.
    type: list
    elements: str
    choices: [html, junit, csv, prom]
    default: [html, junit, csv, prom]
    ini:
      - section: callback_fleet_report
        key: formats
    env:
      - name: STOREFLEET_REPORT_FORMATS
  keep:
    description: How many reports of earlier runs to keep in the folder C(runs).
    type: int
    default: 30
    ini:
      - section: callback_fleet_report
        key: keep
    env:
      - name: STOREFLEET_REPORT_KEEP
  progress:
    description:
      - Whether to show a line for each store as its verdict comes in, and a summary at the end.
      - With V(auto), on a terminal and not in a pipe.
    type: str
    choices: [auto, always, never]
    default: auto
    ini:
      - section: callback_fleet_report
        key: progress
    env:
      - name: STOREFLEET_REPORT_PROGRESS
"""

import atexit
import functools
import os
import sys

from ansible import constants, context
from ansible.plugins.callback import CallbackBase
from ansible.utils import color

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import publishing, scope, terminal
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.recording import Recording
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.task_events import (
    AUDIT,
    FAILED,
    OK,
    UNREACHABLE,
    Done,
)

COLORS = {
    terminal.GOOD: constants.COLOR_OK,
    terminal.BAD: constants.COLOR_ERROR,
    terminal.DOUBTFUL: constants.COLOR_CHANGED,
    terminal.PLAIN: None,
}


def never_raising(hook):
    """Let a failure of the report end the report, with one warning, and not the run."""

    @functools.wraps(hook)
    def guarded(self, *arguments, **options):
        if self._gave_up:
            return
        try:
            hook(self, *arguments, **options)
        except Exception as error:  # pylint: disable=broad-exception-caught
            self._gave_up = True
            self._display.warning(f"There will be no complete fleet report of this run. {error}")

    return guarded


class CallbackModule(CallbackBase):
    """Maps what Ansible tells to the events of a run, and has the report written at the end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "storefleet.commerce.fleet_report"
    CALLBACK_NEEDS_ENABLED = True

    # The playbook that an instance reports on: two are loaded where an ansible.cfg enables what our playbooks turn on.
    _reported = None

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._begin(None)

    def _begin(self, playbook):
        """Forget the playbook before: one process may run several, one after the other."""
        self._gave_up = False
        self._playbook = playbook
        self._play = None
        self._is_ours = False
        self._recording = None
        self._progress = None

    @never_raising
    def v2_playbook_on_start(self, playbook):
        """See CallbackBase."""
        self._begin(playbook)
        self._gave_up = playbook is CallbackModule._reported
        CallbackModule._reported = playbook

    @never_raising
    def v2_playbook_on_play_start(self, play):
        """See CallbackBase."""
        self._play = play
        self._is_ours = scope.is_ours(play)
        if self._recording is None and scope.has_our_roles(play):
            self._record()
        # A rollout's batches are its stages; other plays have all hosts in one.
        if self._recording and self._is_ours and play.serial:
            self._show(self._recording.batch(scope.batch_of(play)))

    @never_raising
    def v2_runner_on_ok(self, result):
        """See CallbackBase."""
        self._done(result, OK)

    @never_raising
    def v2_runner_on_failed(self, result, ignore_errors=False):
        """See CallbackBase."""
        self._done(result, FAILED, ignored=ignore_errors)

    @never_raising
    def v2_runner_on_unreachable(self, result):
        """See CallbackBase."""
        self._done(result, UNREACHABLE)

    @never_raising
    def v2_playbook_on_stats(self, stats):
        """See CallbackBase."""
        if self._recording is None:
            return
        self._recording.end({host: stats.summarize(host) for host in stats.processed})
        self._publish()

    def _record(self):
        """Begin to write events down: this play is the first that is about stores."""
        begun = self._place().begin()
        about = scope.scope_of(self._play, self._playbook.get_plays(), context.CLIARGS)
        self._recording = Recording(begun.file, {"event": "run", **begun.said, **about.said})
        if self._shows():
            self._progress = terminal.Progress(self._recording.hosts)
        self._warn([*begun.notes, *about.notes])
        # After Ctrl-C there are no statistics. Workers are copies of this process, and none of theirs to report on.
        atexit.register(self._at_exit, self._recording, os.getpid())

    def _done(self, result, outcome, ignored=False):
        task = result._task
        action = task.resolved_action or task.action
        if self._recording is None and action == AUDIT:
            self._record()
        role = task._role
        concerned = self._is_ours or action == AUDIT or (role and role._role_collection == scope.COLLECTION)
        # What the last play fails for is what the audit found out.
        if self._recording is None or not concerned or scope.is_verdict(self._play):
            return
        done = Done(
            host=result._host.name,
            action=action,
            task=task.get_name(),
            outcome=outcome,
            result=result._result,
            ignored=ignored,
            step=(result._task_fields.get("args") or {}).get("step"),
            check=bool(result._task_fields.get("check_mode")),
        )
        self._show(self._recording.done(done))

    def _at_exit(self, recording, pid):
        """Make an aborted run's report where that is still possible. Else the next run does it."""
        if recording is self._recording and pid == os.getpid():
            self._publish_aborted()

    @never_raising
    def _publish_aborted(self):
        self._publish()

    def _publish(self):
        recording, self._recording = self._recording, None
        place = self._place()
        published = place.publish(recording.file)
        self._warn(published.notes)
        if self._shows():
            self._display.display(place.summary(published.report, color=color.ANSIBLE_COLOR))

    def _warn(self, notes):
        for note in notes:
            self._display.warning(note)

    def _place(self):
        return publishing.Place(self.get_option("directory"), self.get_option("formats"), self.get_option("keep"))

    def _shows(self):
        progress = self.get_option("progress")
        return progress == "always" or (progress == "auto" and sys.stdout.isatty())

    def _show(self, events):
        if self._progress is None:
            return
        for event in events:
            line = self._progress.line(event)
            if line:
                self._display.display(line.text, color=COLORS[line.mood])
