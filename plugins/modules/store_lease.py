#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: store_lease
short_description: Take the right to change a store for the length of a run, or give it back
version_added: 0.1.0
description:
  - Between two tasks of a run, another run could change the same store. A run takes the lease of a store, on each of
    its nodes, before it changes any of them, and gives it back at the end.
  - The lease is a file below the store's root that only the store's owner can read. Every module of the collection
    that changes a store respects it and, called by the run that has it, renews it.
  - The lease of a run that cannot go on is taken over. That is so if no module of the run is at work on the host and
    the run's process is known to be gone. Where that cannot be seen, the lease has to have expired.
author:
  - The storefleet.commerce authors (@storefleet)
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.lease
options:
  state:
    description:
      - With V(present) this run has the lease. The module fails if another run has it.
      - With V(absent) this run does not have it. The lease of another run stays.
    type: str
    choices: [present, absent]
    default: present
  expires:
    description:
      - How long the lease counts after the run's last call on the store, in seconds.
      - It has to be longer than any pause between two calls, such as that for a compile on another node.
    type: int
    default: 3600
  force:
    description:
      - With O(state=absent), remove the lease of another run too.
      - For a run of which you know that it will never go on. One that is at work on the host just now keeps its lease.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
    description: Writes nothing, and fails where a real run would.
  diff_mode:
    support: none
    description: The only file that changes is none of the store's.
  idempotent:
    support: full
    description: A run that has the lease already only puts its expiry off.
  platform:
    support: full
    platforms: posix
    description: Works on POSIX hosts, as it becomes the store's owner by its user id.
"""

EXAMPLES = r"""
- name: No other run changes the store from here on
  storefleet.commerce.store_lease:
    root: /var/www/store

- name: Others may change the store again
  storefleet.commerce.store_lease:
    root: /var/www/store
    state: absent

- name: The lease of a run whose control node is no more is gone
  storefleet.commerce.store_lease:
    root: /var/www/store
    state: absent
    force: true
"""

RETURN = r"""
shared_with:
  description:
    - The host of the inventory that this run has taken the lease on already, in this very folder. Both see one tree.
    - V(none) if there is none.
  returned: success and O(state=present)
  type: str
  sample: web1
actions:
  description: Whose stale lease was taken over, in words.
  returned: success
  type: list
  elements: str
  sample: ["took over a stale lease: the run ops1:4711x8k2n5c3 of ops1 has had it since 2026-11-23 18:29:28 UTC"]
held_by:
  description: Who has the lease.
  returned: when another run has it
  type: dict
  contains:
    run:
      description: The run, by an id of its own.
      type: str
      sample: ops1:4711x8k2n5c3
    controller:
      description: The machine that it was started on.
      type: str
      sample: ops1
    process:
      description: Its process there. The number, when it began in clock ticks, and what machine and namespace it is in.
      type: list
      elements: raw
      sample: [4711, 350123, 6b2f pid:4026531836]
    node:
      description: The node of the store that it called last.
      type: str
      sample: web1
    expires:
      description: Until when the lease counts, in Unix time.
      type: float
      sample: 1790000000.5
code:
  description:
    - Why it failed.
    - V(leased) another run has the lease, or is changing the store just now.
    - V(no_lease) the lease can be neither written nor read, or the file system gives no locks.
  returned: failure
  type: str
  sample: leased
next_step:
  description: What to do now.
  returned: failure
  type: str
  sample: Wait until that run has ended, then run again.
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import STORE_ARGUMENTS, in_store
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import (
    LEASE_ARGUMENTS,
    give_back,
    holder_of,
    lease_of,
    take,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store

OWN_ARGUMENTS = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "expires": {"type": "int", "default": 3600},
    "force": {"type": "bool", "default": False},
}
HELD_BY = ("run", "controller", "process", "node", "expires")


def main():
    """Ends with the lease in this run's hands, or out of them."""
    module = AnsibleModule(
        argument_spec=dict(STORE_ARGUMENTS, **LEASE_ARGUMENTS, **OWN_ARGUMENTS), supports_check_mode=True
    )
    try:
        result = in_store(module, lambda place, dummy: _work(place, module.params))
    except CommerceError as error:
        module.fail_json(msg=str(error), code=error.code, next_step=error.next_step)
    if "msg" in result:
        module.fail_json(**result)
    module.exit_json(**result)


def _work(place, params):
    try:
        return _given_back(place, params) if params["state"] == "absent" else _taken(place, params)
    except CommerceError as error:
        held_by = _held_by(place) if error.code == "leased" else None
        return {"msg": str(error), "code": error.code, "next_step": error.next_step, "held_by": held_by}


def _held_by(place):
    found = lease_of(place.root)
    return {name: getattr(found, name) for name in HELD_BY} if found else None


def _taken(place, params):
    holder = holder_of(params)
    if holder is None:
        raise CommerceError(
            "take the lease",
            place.root,
            "the module does not know which run it is called by",
            "Call it by its full name, storefleet.commerce.store_lease, in a task of its own.",
            code="no_holder",
        )
    # A folder without a store gets no file of ours.
    taken = take(read_store(place.root).root, holder, params["expires"], place.check)
    return {
        "changed": taken.changed,
        "shared_with": taken.shared_with,
        "actions": [taken.words] if taken.words else [],
    }


def _given_back(place, params):
    given = give_back(place.root, holder_of(params), params["force"], place.check)
    held_by = None if given else _held_by(place)
    # Whoever called this may know that run to have ended.
    return dict({"changed": given, "actions": []}, **({"held_by": held_by} if held_by else {}))


if __name__ == "__main__":
    main()
