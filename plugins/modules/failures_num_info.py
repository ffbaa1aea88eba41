#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: failures_num_info
short_description: Tells what a store's files and database say of its counters of failed logins
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Tells for each API whether the observer that ACSD-61103 registers is registered, by the C(events.xml) of all enabled
    modules, merged as Commerce merges them.
  - Compares the files of the patch with the vendor's by the ids that git gives to their content.
  - Counts the customers whose counter a login should have reset, and names the settings under which
    M(storefleet.commerce.failures_num_probe) cannot tell a good store from a bad one.
  - Logs nobody in and writes nothing. Files are no proof of what a running store does; see
    M(storefleet.commerce.failures_num_probe) for that.
  - The database needs PyMySQL. Where the host lacks it and the control node has its wheel, it is taken along for the
    task, and nothing is installed.
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.wheels
  - storefleet.commerce.attributes
options:
  database:
    description:
      - Whether to ask the store's database, read only.
      - A database that does not answer does not fail the module. It is in RV(failures_num.failures).
    type: bool
    default: true
  store_code:
    description:
      - The code of the store view whose settings RV(failures_num.blocking) is about.
      - That of the default website's default store view when not given.
    type: str
seealso:
  - module: storefleet.commerce.failures_num_probe
  - module: storefleet.commerce.failures_num_reset
  - module: storefleet.commerce.commerce_audit
"""

EXAMPLES = r"""
- name: The state of the files and the counters is known
  storefleet.commerce.failures_num_info:
    root: /var/www/store
  register: counted

- name: The customers whose counter is stuck are counted
  ansible.builtin.debug:
    msg: "{{ counted.failures_num.passive.stuck }} counters are stuck"
  when: counted.failures_num.passive is not none

- name: The files of a host that may not reach the database are known
  storefleet.commerce.failures_num_info:
    root: /var/www/store
    database: false
"""

RETURN = r"""
failures_num:
  description: What was found. All keys are always there.
  returned: success
  type: dict
  contains:
    patch:
      description: The patch that this is about.
      type: str
      sample: ACSD-61103
    version:
      description: Version of Commerce, as Composer writes it.
      type: str
      sample: 2.4.6-p3
    apis:
      description: What the files say of each of C(rest), C(graphql) and C(soap).
      type: dict
      contains:
        rest:
          description: What they say of REST. Those of C(graphql) and C(soap) have the same keys.
          type: dict
          contains:
            state:
              description:
                - V(patched) has the observer where the patch registers it, V(mitigated) by another enabled module.
                - V(unpatched) lacks it, or a module disables it.
                - V(partial) has it, but another file of the patch is the vendor's without it.
                - V(absent) does not have the API, or has its module disabled. V(unknown) has it enabled, and its files
                  were not found.
              type: str
              choices: [patched, unpatched, mitigated, partial, absent, unknown]
              sample: unpatched
            detail:
              description: Why, a sentence.
              type: str
              sample: customer_customer_authenticated is not observed.
            file:
              description: The file in which the patch registers the observer. V(none) if the module is not installed.
              type: str
              sample: vendor/magento/module-integration/etc/webapi_rest/events.xml
    files:
      description:
        - The patch's files, by their path below C(vendor); in a clone of the vendor's repository they lie elsewhere.
        - V(before) and V(after) are equal to a known file of the vendor's without and with the patch. V(before) is
          also a file that the patch creates and that is not there.
        - V(other) says nothing, as other releases have other contents. V(missing) is not there, V(unreadable) cannot be
          read.
      type: dict
      sample:
        vendor/magento/module-customer/Model/Customer.php: before
    passive:
      description: What the store's real customers show. V(none) if the database was not asked or did not answer.
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
    blocking:
      description:
        - Settings that keep a login from telling a good store from a bad one, the gravest first.
        - V(none) if the database was not asked or did not answer.
      type: list
      elements: dict
      contains:
        setting:
          description: Its path in the configuration.
          type: str
          sample: customer/password/lockout_failures
        value:
          description: Its value.
          type: str
          sample: "0"
        scope:
          description: Where Commerce reads it, C(default) or C(stores/) and the code of the store view.
          type: str
          sample: default
        reason:
          description: A short name, as M(storefleet.commerce.failures_num_probe) has it.
          type: str
          choices: [lockout_disabled, throttled, recaptcha]
          sample: lockout_disabled
        why:
          description: Why it is in the way.
          type: str
          sample: customer/password/lockout_failures is 0, so failed logins are not counted
        forms:
          description: Forms of the probe that it is in the way of.
          type: list
          elements: str
          sample: [article, gentle, account]
    notes:
      description:
        - What to know before trusting RV(failures_num.apis), sentences. Such as a plugin on a class that the observer
          works with.
      type: list
      elements: str
      sample: ["app/code/Acme/Login/etc/di.xml has a plugin on Magento\\Customer\\Model\\Authentication."]
    failures:
      description: What could not be found out, and why, sentences.
      type: list
      elements: str
      sample: []
code:
  description:
    - Why it failed.
    - V(no_store) there is no store at O(root), V(settings_unreadable) its settings cannot be read.
    - Others are about the store and the connection. A database that does not answer is no failure.
  returned: failure
  type: str
  sample: settings_unreadable
next_step:
  description: What to do about it, a sentence.
  returned: failure
  type: str
  sample: Check env.php and config.php with the store's own PHP, and that commerce_php names that PHP.
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import STORE_ARGUMENTS, exit_with
from ansible_collections.storefleet.commerce.plugins.module_utils.database import load
from ansible_collections.storefleet.commerce.plugins.module_utils.failures_num import info
from ansible_collections.storefleet.commerce.plugins.module_utils.libraries import WHEELS_ARGUMENTS, load_or_fail


def main():
    """Ends with what files and database say."""
    own = {"database": {"type": "bool", "default": True}, "store_code": {"type": "str"}}
    module = AnsibleModule(argument_spec=dict(STORE_ARGUMENTS, **WHEELS_ARGUMENTS, **own), supports_check_mode=True)
    database, store_code = module.params["database"], module.params["store_code"]
    hindrance = module.params["_no_wheels"] if database else None
    if database and not hindrance:
        load_or_fail(module, load)

    def work(place, dummy):
        found = info(place.root, place.php, place.runner, ACSD_61103, database, store_code, hindrance)
        return {"changed": False, "failures_num": found}

    exit_with(module, work)


if __name__ == "__main__":
    main()
