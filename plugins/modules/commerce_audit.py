#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: commerce_audit
short_description: Says in one call whether a store has the login-failure-counter defect
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Reads the store's version and files, probes its behaviour, and returns a verdict with its evidence.
  - A store is compliant only if its files and its behaviour say so. What could not be found out is unknown, never well.
  - A store that is sick or cannot be tested does not fail the module. It is in the verdict.
  - Writes nothing but the throw-away customer of the probe, which is gone at the end.
  - The probe needs PyMySQL and requests. Where the host lacks them and the control node has their wheels, they are
    taken along for the task, and nothing is installed.
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.probe
  - storefleet.commerce.wheels
  - storefleet.commerce.attributes.probe
options:
  patches:
    description:
      - The quality patches that the store is to have. The defect that ACSD-61103 repairs is audited in any case.
      - Of others it is known what they change and not what for, so they have no part in the status. The evidence has
        what their files say, and the next step those that are missing.
    type: list
    elements: str
    default: [ACSD-61103]
  probe:
    description:
      - How the behaviour is tested.
      - With V(article), a throw-away customer logs in with a wrong and then with the right password, as in the vendor's
        article.
      - With V(gentle), its counter is set in the database and it only logs in with the right password.
      - With V(account), the test customer of O(account_email) logs in, and the database is only read.
      - With V(skip), the behaviour is not tested, and the verdict is never better than unknown.
    type: str
    choices: [article, gentle, account, skip]
    default: article
  verify_with_tool:
    description:
      - Whether to ask the Quality Patches Tool too, which holds all of its patches against the files and takes seconds.
      - What it says is shown beside what the files say. A tool that fails makes the store C(unknown) at best.
      - In check mode it is not asked, as it may write its log.
    type: bool
    default: false
  carrier:
    description:
      - Where patches have to live so that they stay, which the next step goes by.
      - With V(host), in the files of the host, where the Quality Patches Tool applies them.
      - With V(build), in the repository that the store is built from, in a pipeline or an image; with V(cloud), in a
        Commerce Cloud project's.
      - With V(auto), V(cloud) where the store has the marks of Commerce Cloud, V(build) where it is one of several
        releases of a deploy tool or lies on a read-only file system, and V(host) elsewhere.
    type: str
    choices: [auto, host, build, cloud]
    default: auto
  waiver:
    description:
      - Somebody's decision that this store is accepted as it is for a time.
      - While it is in force, a store that is C(vulnerable) or C(unknown) has the status C(waived) instead, and keeps
        its reason. One that needs hands is never waived.
      - Once it has expired, the verdict is the one without it, and the next step begins with that.
    type: dict
    suboptions:
      reason:
        description: Why, a sentence.
        type: str
        required: true
      expires:
        description:
          - The last day on which it is in force, as C(YYYY-MM-DD).
          - The day by UTC on which the run began decides, by the clock of the control node.
        type: str
        required: true
  _today:
    description: Set by the collection itself. The day that the run goes by, as C(YYYY-MM-DD).
    type: str
seealso:
  - module: storefleet.commerce.failures_num_probe
  - module: storefleet.commerce.commerce_info
  - module: storefleet.commerce.quality_patch
"""

EXAMPLES = r"""
- name: The store's verdict is known
  storefleet.commerce.commerce_audit:
    root: /var/www/store
  register: audited

- name: The files are looked at, without a login
  storefleet.commerce.commerce_audit:
    root: /var/www/store
    probe: skip

- name: The store's verdict is known, and accepted until it is closed for good
  storefleet.commerce.commerce_audit:
    root: /var/www/store
    waiver:
      reason: The store is closed for good in January.
      expires: "2027-01-31"

- name: Only a store that is well goes on
  ansible.builtin.assert:
    that: audited.audit.status in ['compliant', 'not_applicable']
    fail_msg: "{{ audited.audit.next_step }}"
"""

RETURN = r"""
audit:
  description: The verdict and all that it rests on. All keys are always there.
  returned: success
  type: dict
  contains:
    status:
      description: One of V(compliant), V(vulnerable), V(not_applicable), V(unknown), V(waived) and V(needs_hands).
      type: str
      sample: vulnerable
    reason:
      description: Why the store has this status, a short name.
      type: str
      sample: unpatched
    next_step:
      description: What to do now, a sentence.
      type: str
      sample: Apply ACSD-61103 with remediate.yml.
    patch:
      description: The quality patch that was audited.
      type: str
      sample: ACSD-61103
    waiver:
      description: The O(waiver), and whether it has C(expired). V(none) without one.
      type: dict
      sample: {reason: The store is closed for good in January., expires: "2027-01-31", expired: false}
    evidence:
      description: What the verdict rests on.
      type: dict
      contains:
        apis:
          description: For each of C(rest), C(graphql) and C(soap), C(files), C(behaviour), C(reason) and C(detail).
          type: dict
          sample:
            rest:
              files: unpatched
              behaviour: defective
              reason: counter_kept
              detail: failures_num is 1 after a right login
        version:
          description: The store's version of Commerce. V(none) where it could not be found out.
          type: str
          sample: 2.4.6-p3
        patch:
          description: What the patch's C(files) say, a C(detail) in words, and what the C(tool) says if it was asked.
          type: dict
          sample: {files: not_applied, detail: "", tool: null}
        patches:
          description: What the files say of the other O(patches), by id, as C(files) of C(patch) does.
          type: dict
          sample: {ACSD-62332: not_applied}
        passive:
          description:
            - Counters of real customers that are C(stuck), and accounts that are C(locked) now.
            - V(none) if they were not read.
          type: dict
          sample: {stuck: 12, locked: 3}
        failures:
          description: What should have given evidence and did not, a sentence each.
          type: list
          elements: str
          sample: []
    store:
      description:
        - What the store is, and what serves it by the host's configuration.
        - M(storefleet.commerce.commerce_info) tells more. What serves it is not looked at with O(probe=skip).
        - A C(fingerprint) is another one when another release is there, by a deploy, Composer, a module or a patch.
        - The C(carrier) is O(carrier), found out with V(auto), and what is changed on a C(temporary) host is lost at
          its next deploy.
        - A value is V(none) where it could not be found out.
      type: dict
      sample:
        root: /var/www/store
        version: 2.4.6-p3
        edition: community
        layout: composer
        mode: production
        php_version: 8.2.24
        compiled: true
        maintenance: false
        interrupted: false
        leased: false
        kept: false
        owner: deploy
        group: www-data
        read_only: false
        deploy_tool: null
        carrier: host
        temporary: false
        qpt_version: 1.1.82
        notes: []
        fingerprint: 4c1b0e6f1d2a4b6f9d1f0b7f3c9e8a52
        serving:
          sapi: fpm-fcgi
          pool: www
          php_version: "8.2"
          same_php: true
          validate_timestamps: true
          process_control_timeout: 0
    probe:
      description: How and where the behaviour was tested. A value is V(none) where nothing was asked.
      type: dict
      sample:
        form: article
        base_url: https://store.example/
        store_code: default
        node: https://127.0.0.1:443/
        route: base_url
        swept: 0
        notes: []
code:
  description:
    - Why it failed. The only reasons of its own are V(bad_options), options that cannot be taken, told before the host
      is connected to, V(bad_headers), a header of O(headers) that cannot be sent, and V(bad_waiver), a waiver without a
      reason or a day.
  returned: failure
  type: str
  sample: bad_headers
next_step:
  description: What to do about it, a sentence.
  returned: failure
  type: str
  sample: Correct the option headers.
"""

from datetime import date

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103, ADVISORIES
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import in_store
from ansible_collections.storefleet.commerce.plugins.module_utils.audit import Plan, audit, failed
from ansible_collections.storefleet.commerce.plugins.module_utils.audit_options import AUDIT_OPTIONS, SKIP
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.libraries import find_or_fail, load_or_fail
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import options_or_fail
from ansible_collections.storefleet.commerce.plugins.module_utils.waiver import waiver_of


def plan_of(module):
    """What to do, and all that it takes loaded: a process that gave up root cannot load anything later."""
    params = module.params
    plan = Plan(
        options_or_fail(module),
        skipped=SKIP,
        waiver=waiver_or_fail(module),
        carrier=params["carrier"],
        patches=tuple(dict.fromkeys(params["patches"])),
    )
    if plan.options.form != SKIP:
        plan = probing(module, plan)
    if module.params["verify_with_tool"] and not module.check_mode:
        from ansible_collections.storefleet.commerce.plugins.module_utils.patch_info import ask_tool

        plan = plan._replace(ask_tool=ask_tool)
    return plan


def waiver_or_fail(module):
    """The store's waiver, None without one; one that cannot be taken ends the module."""
    given = module.params["waiver"]
    try:
        return None if given is None else waiver_of(given, date.fromisoformat(module.params["_today"]))
    except CommerceError as error:
        module.fail_json(msg=str(error), code=error.code, next_step=error.next_step)


def probing(module, plan):
    """The plan with a look at what serves the store, and with the probe, if it can be."""
    no_wheels = module.params["_no_wheels"]
    if not module.check_mode and not no_wheels:
        find_or_fail(module, "PyMySQL", "requests")
    from ansible_collections.storefleet.commerce.plugins.module_utils.served import serving_of

    plan = plan._replace(serving_of=serving_of)
    if module.check_mode:
        return plan._replace(skipped="check_mode")
    if no_wheels:
        return plan._replace(skipped="missing_library", hindrance=no_wheels)
    from ansible_collections.storefleet.commerce.plugins.module_utils import database, http_node, probe

    load_or_fail(module, database.load, http_node.load)
    return plan._replace(probe=probe.run)


def _require_some(patches):
    if not patches:
        raise CommerceError(
            "audit no patch",
            "this host",
            "it is to have none",
            "Name {0} in commerce_patches.".format(" or ".join(sorted(ADVISORIES))),
            code="bad_patches",
        )


def main():
    """Ends with the audit, whatever the store is like."""
    module = AnsibleModule(supports_check_mode=True, **AUDIT_OPTIONS)
    plan = plan_of(module)
    patches = module.params["patches"]
    # Nobody wants the defect of one back for having another.
    advisory = next((ADVISORIES[patch_id] for patch_id in patches if patch_id in ADVISORIES), ACSD_61103)

    def work(place, dummy):
        _require_some(patches)
        return audit(place.root, place.php, place.runner, plan, advisory)

    try:
        audited = in_store(module, work)
    except CommerceError as error:
        audited = failed(error, plan, advisory)
    module.exit_json(changed=False, audit=audited)


if __name__ == "__main__":
    main()
