#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: failures_num_probe
short_description: Finds out by behaviour whether a login resets the counter of failed logins
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Logs a throw-away customer in through each API of a running store and looks whether C(customer_entity.failures_num)
    is 0 afterwards. On a store with the defect that ACSD-61103 repairs it is not.
  - The customer is made in the database, not by Commerce, so that no mail is sent. At the end it is deleted with all
    its traces, also when the probe fails or is ended by a signal. Customers that a killed run has left are deleted too.
  - Talks to the web server of the host that it runs on, unless O(connect_to) names another one.
  - Needs PyMySQL and requests. Where the host lacks them and the control node has their wheels, they are taken along
    for the task, and nothing is installed.
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.probe
  - storefleet.commerce.wheels
  - storefleet.commerce.attributes.probe
options:
  probe:
    description:
      - How to ask.
      - With V(article), a wrong login and then a right one, as in the vendor's article.
      - With V(gentle), the counter is set in the database, followed by a right login only.
      - With V(account), the test customer of O(account_email) logs in, and the database is only read. It gets a wrong
        login only while its counter is 0, and is left alone when two more failures might lock it. On a store with the
        defect its counter stays at 1, however often this runs.
    type: str
    choices: [article, gentle, account]
    default: article
seealso:
  - module: storefleet.commerce.commerce_audit
"""

EXAMPLES = r"""
- name: Each API is known to reset the counter or not
  storefleet.commerce.failures_num_probe:
    root: /var/www/store
  register: probed

- name: The store is not seen to fail a login
  storefleet.commerce.failures_num_probe:
    root: /var/www/store
    probe: gentle
    apis: [rest, graphql]

- name: A node without TLS of its own is asked as the balancer asks it
  storefleet.commerce.failures_num_probe:
    root: /var/www/store
    base_url: https://store.example/
    connect_to: http://127.0.0.1:8080

- name: A test customer logs in, and nothing is written to the database
  storefleet.commerce.failures_num_probe:
    root: /var/www/store
    probe: account
    account_email: probe@store.example
    account_password: "{{ lookup('ansible.builtin.env', 'PROBE_PASSWORD') }}"
"""

RETURN = r"""
probe:
  description: What the store did. All keys are always there.
  returned: success
  type: dict
  contains:
    form:
      description: How it was asked.
      type: str
      sample: article
    apis:
      description: A result for each of C(rest), C(graphql) and C(soap).
      type: dict
      contains:
        rest:
          description: The result of REST. Those of C(graphql) and C(soap) have the same keys.
          type: dict
          contains:
            behaviour:
              description:
                - V(fixed) resets the counter, V(defective) keeps it, V(broken) cannot log in, V(closed) is not there
                  for customers, V(not_testable) and V(not_run) say nothing of the store.
              type: str
              sample: defective
            reason:
              description: Why, a short name.
              type: str
              sample: counter_kept
            detail:
              description: Why, in words. V(none) where the reason says it all.
              type: str
              sample: failures_num is 1 after a right login
            statuses:
              description: The HTTP statuses of the answers, in order.
              type: list
              elements: int
              sample: [401, 200]
            counter:
              description: The counter after the last login that was judged. V(none) if there was none.
              type: int
              sample: 1
    passive:
      description: What the store's real customers show, read only. V(none) if the database did not answer in time.
      type: dict
      contains:
        stuck:
          description: Customers whose counter was not reset by a later login.
          type: int
          sample: 12
        locked:
          description: Customers whose account is locked now.
          type: int
          sample: 3
    base_url:
      description: The URL that was asked. V(none) if nothing was asked.
      type: str
      sample: https://store.example/
    store_code:
      description: The store view that was asked. V(none) if nothing was asked.
      type: str
      sample: default
    node:
      description: Where the connections went. V(none) if nothing was asked.
      type: str
      sample: https://127.0.0.1:443/
    route:
      description:
        - How the node was found. V(connect_to) is as O(connect_to) says, V(base_url) is this host at the port of the
          base URL, V(port_80) is this host's port 80, as nothing listens on port 443. V(none) if nothing was asked.
      type: str
      sample: base_url
    swept:
      description: Throw-away customers that killed runs had left, and that are deleted now.
      type: int
      sample: 0
    notes:
      description: What else is worth knowing, such as triggers in the database that the customer set off.
      type: list
      elements: str
      sample: []
code:
  description:
    - Why it failed.
    - V(no_store) there is no store at O(root), V(settings_unreadable) its settings cannot be read.
    - V(bad_headers) a header of O(headers) cannot be sent.
    - V(missing_library) the host lacks PyMySQL or requests, and the control node has no wheels of them.
    - V(canary_left) the throw-away customer could not be removed.
    - Others are about the store and the connection. A store that cannot be tested is no failure.
  returned: failure
  type: str
  sample: missing_library
next_step:
  description: What to do about it, a sentence.
  returned: failure
  type: str
  sample: Install it on the host, or fetch the wheels that the control node takes along.
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils import database, http_node
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import STORE_ARGUMENTS, exit_with
from ansible_collections.storefleet.commerce.plugins.module_utils.libraries import WHEELS_ARGUMENTS, load_or_fail
from ansible_collections.storefleet.commerce.plugins.module_utils.probe import run
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import (
    FORMS,
    PROBE_ARGUMENTS,
    PROBE_REQUIRED,
    PROBE_TOGETHER,
    options_or_fail,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_result import not_run
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import read_settings
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store


def main():
    """Ends with the probe's result."""
    own = {"probe": {"type": "str", "choices": list(FORMS), "default": FORMS[0]}}
    module = AnsibleModule(
        argument_spec=dict(STORE_ARGUMENTS, **PROBE_ARGUMENTS, **WHEELS_ARGUMENTS, **own),
        required_if=PROBE_REQUIRED,
        required_together=PROBE_TOGETHER,
        supports_check_mode=True,
    )
    options = options_or_fail(module)
    if not module.check_mode:
        load_or_fail(module, database.load, http_node.load)

    def work(place, dummy):
        if place.check:
            result = not_run(options.form, "check_mode")
        else:
            store = read_store(place.root)
            result = run(store, read_settings(store.root, place.php, place.runner), options)
        return {"changed": False, "probe": result.as_dict()}

    exit_with(module, work)


if __name__ == "__main__":
    main()
