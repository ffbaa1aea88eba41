#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: release_switch
short_description: Bring a staged release into effect without a failed request, proven, or go back whole
version_added: 0.1.0
description:
  - Switches a live store to what M(storefleet.commerce.release_stage) has built. Code comes first, and php-fpm is made
    to see it at once. Then comes configuration, and the caches that hold it are cleaned. On the way out it is the other
    way round. The store is whole at every moment in between.
  - Then the behaviour is tested. If it is not as it should be, or a step fails, everything goes back the mirrored way,
    and is tested again.
  - A journal beside the release says what is to be undone, before it is done. What a run that was killed has left is
    put right first. The module goes on to a good end without its connection.
  - Nothing is changed where live is not what it was at the build any more, where a deploy tool is at work, or where the
    behaviour cannot be tested.
author:
  - The storefleet.commerce authors (@storefleet)
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.probe
  - storefleet.commerce.wheels
  - storefleet.commerce.lease
options:
  step:
    description:
      - What is to be done.
      - V(whole) is all of it, on the only node of a store. Where nothing is staged, php-fpm and the caches are made to
        follow the files if the behaviour does not.
      - V(revert) brings the files of before back that O(keep_way_back) has kept, without a build.
      - The others are for several nodes of one store, which wait for each other in between.
        V(code) and V(configuration) switch these files. V(prove) tests the behaviour and undoes nothing. V(keep) ends a
        switch that all nodes have proven.
      - V(back_configuration) and V(back_code) undo a step, V(back) both. When nothing is left to undo, the behaviour of
        before is proven.
      - V(expire) removes kept files whose time is over, and nothing else.
    type: str
    choices: [whole, revert, code, configuration, prove, keep, back_configuration, back_code, back, expire]
    default: whole
  patches:
    description: With O(step=revert), the patches that are to go. The kept files have to be those of before them.
    type: list
    elements: str
    default: [ACSD-61103]
  state:
    description: What the behaviour has to show where nothing is staged, V(present) that the patches are in effect.
    type: str
    choices: [present, absent]
    default: present
  probe:
    description: How the behaviour is tested, see M(storefleet.commerce.failures_num_probe).
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
  keep_way_back:
    description:
      - How long the files of before are kept once the switch is proven, for O(step=revert). A number with s, m, h or d.
      - With V(0) they are not kept.
    type: str
    default: '0'
  soak_seconds:
    description: How long the store is watched once it is proven. What gets worse in that time takes the way back.
    type: int
    default: 0
  restart_services:
    description: Services to restart once the switch is proven, which takes root.
    type: list
    elements: str
    default: []
  consumers:
    description: Whether the consumers of the store's queue are told to begin anew once the switch is proven.
    type: bool
    default: true
  clean:
    description: Whether this node cleans the caches that hold configuration. Of nodes that share one, one does.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    description: Writes nothing at all and starts no login, and predicts which files a real run would change.
  diff_mode:
    support: none
    description: M(storefleet.commerce.release_stage) shows what differs.
  idempotent:
    support: full
    description: Where nothing is staged and the behaviour is right, nothing is done.
  platform:
    support: full
    platforms: posix
    description: Works on POSIX hosts, as it becomes the store's owner by its user id.
seealso:
  - module: storefleet.commerce.release_stage
  - module: storefleet.commerce.quality_patch_live
"""

EXAMPLES = r"""
- name: What was staged is in effect and proven, or everything is as before
  storefleet.commerce.release_switch:
    root: /var/www/store
    keep_way_back: 24h

- name: The files of before are back
  storefleet.commerce.release_switch:
    root: /var/www/store
    step: revert
"""

RETURN = r"""
actions:
  description: What was done, in words.
  returned: success
  type: list
  elements: str
  sample: [emptied the opcache of the php-fpm pool www, switched the code]
files:
  description: The files that the switch is about, relative to the root.
  returned: success
  type: list
  elements: str
  sample: [vendor/magento/module-integration/etc/webapi_rest/events.xml, generated/metadata/global.php]
before:
  description: What the behaviour of each API was. Empty in check mode.
  returned: success
  type: dict
  sample: {"rest": defective, "graphql": defective, "soap": defective}
after:
  description: What it is now. Empty in check mode, and for a step that does not test it.
  returned: success
  type: dict
  sample: {"rest": fixed, "graphql": fixed, "soap": fixed}
seconds:
  description: How long what took. C(code) and C(configuration) are the moments in which files are renamed.
  returned: success
  type: dict
  sample: {"prepare": 0.41, "code": 0.001, "reload": 0.012, "configuration": 0.0004, "clean": 0.9, "prove": 1.1}
caches:
  description:
    - Where the caches lie that hold configuration, without any password. Nodes with the same C(key) share one, so that
      one of them cleans it for all; one that is C(local) is of this node alone. Empty in check mode.
  returned: success
  type: list
  elements: dict
  sample: [{"backend": redis, "address": "db:6379/1", "prefix": a_, "local": false, "key": "redis:db:6379/1:a_"}]
due:
  description:
    - The store's own commands that have to follow, in their order, by the files that the switch is about. The patches
      were built with O(storefleet.commerce.release_stage#module:accept_needs).
  returned: success
  type: list
  elements: str
  sample: [bin/magento setup:upgrade --keep-generated]
kept_until:
  description: Until when the files of before are kept, null where they are not.
  returned: success
  type: str
  sample: "2026-11-24T10:15:00+00:00"
code:
  description:
    - Why it failed.
    - V(rolled_back) the switch did not do, and everything is as before.
    - V(rollback_failed) the way back failed too. RV(next_step) has the commands.
    - V(step_failed) this step was undone, and those before it are still done. V(not_effective) from O(step=prove), the
      store does not behave as it should, and nothing was undone.
    - V(way_back_stale) there are no kept files that would fit. Take the patches out by a build.
    - Others, such as V(live_changed), V(deploy_running) and V(leased), say that nothing was changed, and why.
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
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import STORE_ARGUMENTS, exit_with
from ansible_collections.storefleet.commerce.plugins.module_utils.durations import seconds_of
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import LEASE_ARGUMENTS, holder_of
from ansible_collections.storefleet.commerce.plugins.module_utils.libraries import WHEELS_ARGUMENTS, load_or_fail
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
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_release import CHOICES, switch_release
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_site import Wish


def main():
    """Ends with what was done, or with everything as before."""
    own = {
        "step": {"type": "str", "choices": list(CHOICES), "default": CHOICES[0]},
        "patches": {"type": "list", "elements": "str", "default": ["ACSD-61103"]},
        "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
        "probe": {"type": "str", "choices": list(FORMS), "default": FORMS[0]},
        "reload": {"type": "str", "choices": list(METHODS), "default": METHODS[0]},
        "reload_command": {"type": "str"},
        "keep_way_back": {"type": "str", "default": "0"},
        "soak_seconds": {"type": "int", "default": 0},
        "restart_services": {"type": "list", "elements": "str", "default": []},
        "consumers": {"type": "bool", "default": True},
        "clean": {"type": "bool", "default": True},
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
    exit_with(
        module,
        lambda place, ask: switch_release(place, ask, wish),
        service(wish.reload_command, tuple(module.params["restart_services"])),
    )


def _wish(module, options):
    params = module.params
    try:
        return Wish(
            step=params["step"],
            patches=tuple(params["patches"]),
            state=params["state"],
            probe=options,
            reload=params["reload"],
            reload_command=command_words(params["reload_command"]),
            keep_way_back=seconds_of(params["keep_way_back"]),
            soak_seconds=params["soak_seconds"],
            restart_services=bool(params["restart_services"]),
            consumers=params["consumers"],
            clean=params["clean"],
            holder=holder_of(params),
        )
    except CommerceError as error:
        module.fail_json(msg=str(error), code=error.code, next_step=error.next_step)


if __name__ == "__main__":
    main()
