# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seconds from the start of a play's one task to its end, and what the hosts answered, to $BENCH_WALL."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from pathlib import Path

from ansible.plugins.callback import CallbackBase


def _in_short(answer):
    if "audit" in answer:
        return f"{answer['audit']['status']}: {answer['audit']['reason']}"
    if "patches" in answer:
        return answer["patches"][0]["state"]
    return answer.get("ping", "ok")


class CallbackModule(CallbackBase):
    """{"seconds": float, "answers": {status and reason, a patch's state, pong, or a failure: hosts}}."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "wall"

    def __init__(self):
        super().__init__()
        self._answers = Counter()
        self._started = 0.0

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._started = time.monotonic()

    def v2_runner_on_ok(self, result):
        self._answers[_in_short(result._result)] += 1

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._answers[f"failed: {result._result.get('msg')}"] += 1

    def v2_runner_on_unreachable(self, result):
        self._answers[f"unreachable: {result._result.get('msg')}"] += 1

    def v2_playbook_on_stats(self, stats):
        found = {"seconds": time.monotonic() - self._started, "answers": self._answers}
        Path(os.environ["BENCH_WALL"]).write_text(json.dumps(found))
