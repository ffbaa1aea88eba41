#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: failures_num_reset
short_description: Resets the counters of failed logins that a login should have reset
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - The patch ACSD-61103 does not repair counters that are already wrong. A customer with such a counter is locked out
    at one of the next wrong passwords.
  - Resets, in one transaction, the counter of every customer whose last login came after the first of the counted
    failures, as that login should have done. C(failures_num) becomes 0, C(first_failure) and C(lock_expires) C(NULL).
    Nothing else is changed, not C(updated_at) either.
  - A customer who is locked now is left alone. A locked customer cannot log in, so wrong passwords came after the last
    login, and whether the lock is right cannot be told. It ends by itself after C(customer/password/lockout_threshold)
    minutes. From then on the row is like the others.
  - Failures after the last login are forgotten with those before it, as Commerce counts them together.
  - Customers who have not logged in since their first failure are left alone, and where both are of the same second.
  - On a store that still has the defect counters pile up again. The module works there too, and warns.
  - Needs PyMySQL. Where the host lacks it and the control node has its wheel, it is taken along for the task, and
    nothing is installed.
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.wheels
options:
  limit:
    description: How many customers RV(counters.customers) and the diff hold at most. All are reset.
    type: int
    default: 50
attributes:
  check_mode:
    support: full
    description: Writes nothing, and tells which counters a real run would reset.
  diff_mode:
    support: full
    description: Shows the counters before and after, in check mode as predicted.
  idempotent:
    support: full
    description: A second run finds no such counter and changes nothing.
  platform:
    support: full
    platforms: posix
    description: Works on POSIX hosts, as it becomes the store's owner by its user id.
notes:
  - Run it on a host whose store writes to the primary database. A read-only server is refused.
  - Commerce's own grid of customers shows an ended lock until it is indexed again. It does no harm.
seealso:
  - module: storefleet.commerce.failures_num_info
  - module: storefleet.commerce.quality_patch_live
"""

EXAMPLES = r"""
- name: The counters that would be reset are shown
  storefleet.commerce.failures_num_reset:
    root: /var/www/store
  check_mode: true
  diff: true

- name: No customer has a counter that a login should have reset
  storefleet.commerce.failures_num_reset:
    root: /var/www/store
  register: done

- name: The number of counters is shown
  ansible.builtin.debug:
    msg: "{{ done.counters.reset }} reset, {{ done.counters.locked }} left alone"
"""

RETURN = r"""
counters:
  description: What was found and done. All keys are always there.
  returned: success
  type: dict
  contains:
    stuck:
      description: Customers whose counter a later login should have reset.
      type: int
      sample: 13
    reset:
      description: Those whose counter is reset, or would be in check mode.
      type: int
      sample: 12
    locked:
      description: Those who are locked now, and left alone.
      type: int
      sample: 1
    customers:
      description: The counters that are reset, as they were before, by id of the customer. Times are UTC.
      type: list
      elements: dict
      contains:
        customer:
          description: The customer's id, C(customer_entity.entity_id).
          type: int
          sample: 1207
        failures_num:
          description: The counter.
          type: int
          sample: 7
        first_failure:
          description: The time of the first failure that it counted.
          type: str
          sample: "2026-03-01 08:15:42"
        lock_expires:
          description: When a lock ended. V(none) if there was none.
          type: str
          sample: null
    not_listed:
      description: How many are reset beyond those in RV(counters.customers), which O(limit) keeps short.
      type: int
      sample: 0
    notes:
      description: What to know, sentences. Each is a warning too.
      type: list
      elements: str
      sample: ["The files still have the defect (graphql, rest, soap), so counters pile up again: apply ACSD-61103."]
code:
  description:
    - Why it failed, and nothing was reset.
    - V(read_only), V(proxy) and V(not_allowed) the counters cannot be written there.
    - V(database_away), V(denied) and others of the database, V(settings_unreadable) of the store's settings.
    - V(missing_library) the host lacks PyMySQL, and the control node has no wheel of it.
    - Others are about the store and the connection.
  returned: failure
  type: str
  sample: database_away
next_step:
  description: What to do about it, a sentence.
  returned: failure
  type: str
  sample: Check that the server runs and that this host may reach it.
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import STORE_ARGUMENTS, in_store
from ansible_collections.storefleet.commerce.plugins.module_utils.database import load
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.failures_num import reset
from ansible_collections.storefleet.commerce.plugins.module_utils.libraries import WHEELS_ARGUMENTS, load_or_fail


def main():
    """Ends with the counters that are reset."""
    own = {"limit": {"type": "int", "default": 50}}
    module = AnsibleModule(argument_spec=dict(STORE_ARGUMENTS, **WHEELS_ARGUMENTS, **own), supports_check_mode=True)
    limit = module.params["limit"]
    load_or_fail(module, load)

    def work(place, dummy):
        return reset(place.root, place.php, place.runner, ACSD_61103, not place.check, limit)

    try:
        result = in_store(module, work)
    except CommerceError as error:
        module.fail_json(msg=str(error), code=error.code, next_step=error.next_step)
    else:
        for note in result["counters"]["notes"]:
            module.warn(note)
        module.exit_json(**result)


if __name__ == "__main__":
    main()
