#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: quality_patch_live
short_description: Bring vendor patches into effect in a live store, proven by its behaviour
version_added: 0.1.0
description:
  - Applies patches of Adobe's Quality Patches Tool in the store's live root, does what the store needs to follow, and
    tests the behaviour. If that is not as it should be, or a step fails, everything is put back and tested again.
  - Where dependency injection is compiled, the store is under maintenance from before its code changes until it is
    compiled again. A maintenance flag that somebody else had set is left alone, and such a store is refused.
  - What a run that was killed has left is put right first.
author:
  - The storefleet.commerce authors (@storefleet)
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.accepted
  - storefleet.commerce.probe
  - storefleet.commerce.wheels
  - storefleet.commerce.lease
  - storefleet.commerce.attributes.live
options:
  patches:
    description: The ids of the patches, as the tool lists them.
    type: list
    elements: str
    default: [ACSD-61103]
  state:
    description:
      - With V(present) the patches are applied, and every API that answers has to reset the counter.
      - With V(absent) they are reverted, and customers have to be able to log in.
    type: str
    choices: [present, absent]
    default: present
  probe:
    description:
      - How the behaviour is tested.
      - With V(article), a throw-away customer logs in with a wrong and then with the right password.
      - With V(gentle), its counter is set in the database, and it logs in with the right password only.
    type: str
    choices: [article, gentle, account]
    default: article
  reload:
    description:
      - How php-fpm is made to see new code.
      - V(opcache_reset) empties the opcache over the pool's own socket, and no request in flight is lost.
      - V(fpm) reloads php-fpm by a signal and waits until no old worker lives, which takes root. V(service) has its
        service do so, and V(sudo) uses a rule that lets the store's owner.
      - V(command) runs O(reload_command).
      - V(auto) is V(opcache_reset) where it can be done, else the first of V(fpm), V(service) and V(sudo) that can.
      - V(none) does nothing, for a store that no php-fpm serves.
    type: str
    choices: [auto, opcache_reset, fpm, service, sudo, command, none]
    default: auto
  reload_command:
    description: The command for O(reload=command), with its arguments quoted as for a shell.
    type: str
  compile_timeout:
    description: How long C(setup:di:compile) may take, and how long to wait for its turn, in seconds.
    type: int
    default: 1800
  compiles_per_machine:
    description: How many compiles a machine bears at once. The others wait.
    type: int
    default: 1
seealso:
  - module: storefleet.commerce.quality_patch
  - module: storefleet.commerce.commerce_audit
"""

EXAMPLES = r"""
- name: The failure counter's patch is in effect, or everything is as before
  storefleet.commerce.quality_patch_live:
    root: /var/www/store

- name: The patch is out of effect again
  storefleet.commerce.quality_patch_live:
    root: /var/www/store
    state: absent
"""

RETURN = r"""
patches:
  description: What became of each patch, as M(storefleet.commerce.quality_patch) returns it.
  returned: success
  type: list
  elements: dict
  sample: [{"id": ACSD-61103, "before": not_applied, "after": applied, "files": []}]
files:
  description: All files that were changed, relative to the root; in check mode those that would be.
  returned: success
  type: list
  elements: str
  sample: [vendor/magento/module-integration/etc/webapi_rest/events.xml]
actions:
  description: What was done, in words.
  returned: success
  type: list
  elements: str
  sample: [applied ACSD-61103, compiled dependency injection]
side_effects:
  description: What the tool does beside what it is asked for; in check mode what it would do.
  returned: success, or when RV(code) is V(side_effects)
  type: list
  elements: dict
  contains:
    id:
      description: Id of the patch.
      type: str
      sample: ACSD-61103
    what:
      description: V(deprecated) if it is applied although the vendor has deprecated it.
      type: str
      choices: [applied, reverted, deprecated]
      sample: applied
    because_of:
      description:
        - The patch that requires it, or that replaces it.
        - Of a deprecated one the patch that the vendor recommends instead; empty if none.
      type: str
      sample: ACSD-62332
  sample: []
due:
  description: The commands of the store's own that have to follow, in their order, as O(accept_needs) lets them be due.
  returned: success
  type: list
  elements: str
  sample: [bin/magento setup:upgrade --keep-generated]
before:
  description: What the behaviour of each API was. Empty in check mode.
  returned: success
  type: dict
  sample: {"rest": defective, "graphql": defective, "soap": defective}
after:
  description: What it is now. Empty in check mode.
  returned: success
  type: dict
  sample: {"rest": fixed, "graphql": fixed, "soap": fixed}
seconds:
  description: How long C(patch), C(compile), C(reload), C(clean) and C(prove) took. Empty in check mode.
  returned: success
  type: dict
  sample: {"patch": 2.9, "reload": 0.012, "clean": 0.9, "prove": 2.2}
code:
  description:
    - Why it failed.
    - V(rolled_back) the change did not do, and everything is as before.
    - V(rollback_failed) the way back failed too. RV(next_step) has the commands.
    - V(side_effects) the tool would do more than it was asked for, and O(accept_side_effects) does not name it.
    - V(needs_more) commands of the store's own would have to follow, and O(accept_needs) does not name that.
    - Others say that nothing was changed, and why.
  returned: failure
  type: str
  sample: rolled_back
next_step:
  description: What to do now.
  returned: failure
  type: str
  sample: See /var/www/store/var/log and the words above for the cause, then run again.
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils import database, http_node
from ansible_collections.storefleet.commerce.plugins.module_utils.accepted_arguments import ACCEPTED_ARGUMENTS
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import STORE_ARGUMENTS, exit_with
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.isolated_compile import CompileLimits
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import LEASE_ARGUMENTS, holder_of
from ansible_collections.storefleet.commerce.plugins.module_utils.libraries import WHEELS_ARGUMENTS, load_or_fail
from ansible_collections.storefleet.commerce.plugins.module_utils.live_patches import Wish, bring_about
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import (
    FORMS,
    PROBE_ARGUMENTS,
    PROBE_REQUIRED,
    PROBE_TOGETHER,
    options_or_fail,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import ABSENT, PRESENT
from ansible_collections.storefleet.commerce.plugins.module_utils.reload_plan import METHODS, command_words
from ansible_collections.storefleet.commerce.plugins.module_utils.root_services import service


def main():
    """Ends with what was done, or with everything as before."""
    own = {
        "patches": {"type": "list", "elements": "str", "default": ["ACSD-61103"]},
        "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
        **ACCEPTED_ARGUMENTS,
        "probe": {"type": "str", "choices": list(FORMS), "default": FORMS[0]},
        "reload": {"type": "str", "choices": list(METHODS), "default": METHODS[0]},
        "reload_command": {"type": "str"},
        "compile_timeout": {"type": "int", "default": 1800},
        "compiles_per_machine": {"type": "int", "default": 1},
    }
    module = AnsibleModule(
        argument_spec=dict(STORE_ARGUMENTS, **PROBE_ARGUMENTS, **WHEELS_ARGUMENTS, **LEASE_ARGUMENTS, **own),
        required_if=(*PROBE_REQUIRED, ("reload", "command", ("reload_command",))),
        required_together=PROBE_TOGETHER,
        supports_check_mode=True,
    )
    options = options_or_fail(module)
    wish = _wish(module, options)
    if not module.check_mode:
        load_or_fail(module, database.load, http_node.load)
    exit_with(module, lambda place, ask: bring_about(place, ask, wish), service(wish.reload_command))


def _wish(module, options):
    params = module.params
    try:
        return Wish(
            patches=tuple(params["patches"]),
            state=params["state"],
            probe=options,
            reload=params["reload"],
            compile_limits=CompileLimits(params["compile_timeout"], params["compiles_per_machine"]),
            reload_command=command_words(params["reload_command"]),
            holder=holder_of(params),
            accept_side_effects=tuple(params["accept_side_effects"]),
            accept_needs=tuple(params["accept_needs"]),
        )
    except CommerceError as error:
        module.fail_json(msg=str(error), code=error.code, next_step=error.next_step)


if __name__ == "__main__":
    main()
