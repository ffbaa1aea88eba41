# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_window
short_description: Whether the window in which stores may be switched is open
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Says whether stores may be switched now, until when, when they may be again, and whether something of a given length
    still fits.
  - Times are those that clocks show in the time zone that is named, also when summer time begins or ends.
options:
  _input:
    description:
      - When stores may be switched, a text or a list of texts. Such as overlap or touch count as one.
      - Every week, as C(Mon-Thu 09:00-16:00 Europe/Berlin). The days may be several, as C(Mon,Wed) or C(Fri..Sun), and
        are all when none is given. One that ends before the time at which it begins goes over midnight, and its day is
        that of the beginning. C(24:00) is the end of a day.
      - Once, as C(2026-11-24T01:00Z/2026-11-24T04:00Z), or as C(2026-11-24T02:00/2026-11-24T05:00 Europe/Berlin).
      - The time zone is UTC when none is given.
      - An empty list or V(none) is a window that is always open.
    type: list
    elements: str
    required: true
  seconds:
    description: How long what is to begin now takes.
    type: float
    default: 0
  now:
    description: The time that counts as now, as C(2026-11-24T01:00:00Z). That of the controller's clock when not given.
    type: str
"""

EXAMPLES = r"""
- name: A stage begins only if it can end in the window
  ansible.builtin.assert:
    that: window.fits
    fail_msg: "{{ window.text }}"
  vars:
    window: "{{ ['Mon-Thu 09:00-16:00 Europe/Berlin'] | storefleet.commerce.rollout_window(seconds=600) }}"
"""

RETURN = r"""
_value:
  description: The state of the window.
  type: dict
  contains:
    open:
      description: Whether it is open now.
      type: bool
    fits:
      description: Whether it is, and O(seconds) remain of it.
      type: bool
    until:
      description:
        - When it closes, in UTC, as C(2026-11-24T15:00:00Z). V(none) if it is closed or none is given.
        - Of a weekly window that never closes it is some time after the next two weeks.
      type: str
    next_opens:
      description: When it opens next after now, in UTC. V(none) if it does not.
      type: str
    seconds_left:
      description: How long it is open yet. V(none) if it is closed or none is given.
      type: int
    text:
      description: All of that in words, for people.
      type: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.window import moment_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.window_state import window_state


def rollout_window(window, seconds=0, now=None):
    """See DOCUMENTATION."""
    try:
        return window_state(window, float(seconds), moment_of(now) if now else None)
    except (CommerceError, ValueError, TypeError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_window": rollout_window}
