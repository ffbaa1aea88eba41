# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault that a repair has to bear, in the order of its steps."""

from __future__ import annotations

from support.faults import (
    CODE,
    CONFIGURATION,
    GENERATED,
    NEW_CODE,
    RECORD,
    ROOT,
    STAGE,
    WAY_BACK,
    Expected,
    Fault,
    Moment,
    at_php,
    php_command,
)

APPLY = "magento-patches.* apply "
COMPILE = " setup:di:compile "
CLEAN = "compiled_config"

AT_ONCE = Moment((("there", ROOT),))
COPY = Moment((("there", f"{STAGE}/vendor"),))
BUILT = Moment((("there", RECORD),))
SWITCH = Moment((("there", WAY_BACK),))
IN_THE_CODE = Moment((("there", WAY_BACK), ("there", NEW_CODE)))
CODE_DONE = Moment((("there", WAY_BACK), ("other", NEW_CODE), ("other", CODE), ("other", GENERATED)))
IN_THE_CONFIGURATION = Moment((("there", WAY_BACK), ("other", CONFIGURATION[0])))
CONFIGURATION_DONE = Moment((("there", WAY_BACK), *(("other", path) for path in CONFIGURATION)))
BEFORE_CLEAN, AFTER_CLEAN = at_php(CLEAN, "before"), at_php(CLEAN, "after")
KEEPING = Moment((("there", WAY_BACK), ("gone", WAY_BACK)))
IN_THE_WAY_BACK = Moment((*CONFIGURATION_DONE.conditions, ("changed", CONFIGURATION[0])))
CODE_WAY_BACK = Moment((*CONFIGURATION_DONE.conditions, ("changed", CODE)))

HALF_PATCHED = NEW_CODE.removeprefix(f"{ROOT}/")
HALF_COMPILED = "generated/code"
IN_THE_PATCH = at_php(APPLY, "middle", middle=HALF_PATCHED)
IN_THE_COMPILE = at_php(COMPILE, "middle", middle=HALF_COMPILED)

IN_PLACE = {"commerce_strategy": "in_place"}
DEPLOYER = f"{ROOT.rpartition('/')[0]}/.dep"
BY_HAND = "code/Magento/Store/Model/SlowTextFactory.php"
KEEPS_COUNT = "arrange third_party KeepsCount"
RENAMED_CONFIGURATION = CONFIGURATION[1].rpartition("/")[0]

# From the journal to the end of the proof; several in a row, so that what a run has to put right differs.
MILLISECONDS = ((0, 40, 150, 250), (5, 60, 180, 280), (10, 80, 200, 300), (20, 100, 160, 320), (30, 130, 220, 350))


def killed_in_a_row(first: int, *others: int) -> Fault:
    """Controller and module are killed after so many milliseconds of the switch, in one run after the other."""
    again = (("gone", WAY_BACK), ("there", WAY_BACK))
    return Fault(
        "switch",
        f"everything killed after {first}, then {', '.join(map(str, others))} ms",
        Expected.NEXT_RUN,
        Moment(SWITCH.conditions, delay=first / 1000),
        "all_lost",
        again=tuple(Moment(again, delay=milliseconds / 1000) for milliseconds in others),
    )


FAULTS = (
    Fault(
        "before",
        "the store is under maintenance, and one address is let in",
        Expected.AS_BEFORE,
        arrange=f"cd {ROOT}/var && echo 192.0.2.1 >.maintenance.ip && touch .maintenance.flag && chown deploy: .main*",
        says="maintenance",
        serves=False,
    ),
    Fault(
        "before",
        "Deployer is at work",
        Expected.AS_BEFORE,
        arrange=f"mkdir {DEPLOYER} && touch {DEPLOYER}/deploy.lock",
        clear=f"rm -r {DEPLOYER}",
        says="deploy.lock",
    ),
    Fault(
        "before",
        "php-fpm is stopped",
        Expected.AS_BEFORE,
        AT_ONCE,
        script="service php8.2-fpm stop >/dev/null",
        mend="service php8.2-fpm start >/dev/null",
    ),
    Fault(
        "before",
        "the database is gone",
        Expected.AS_BEFORE,
        AT_ONCE,
        script="arrange stop_database",
        mend="arrange start_database",
    ),
    Fault(
        "before",
        "no sudo rule for the reload",
        Expected.AS_BEFORE,
        user="deploy",
        options={"commerce_reload": "sudo"},
        says="sudo",
    ),
    Fault(
        "before",
        "connection with umask 077",
        Expected.SURVIVED,
        arrange="sed -i '1i umask 077' /root/.bashrc",
        clear="sed -i '/^umask 077$/d' /root/.bashrc",
    ),
    Fault(
        "before",
        "little room on the disk",
        Expected.AS_BEFORE,
        AT_ONCE,
        script="arrange room 512",
        arrange=f"arrange own_file_system {ROOT} 64m",
        mend="arrange room 65536",
        clear=f"arrange unmount {ROOT}",
        says="of room, of which 0 are free",
    ),
    Fault("copy", "module killed", Expected.NEXT_RUN, COPY, "kill"),
    Fault(
        "copy",
        "disk full in its middle",
        Expected.AS_BEFORE,
        COPY,
        script="arrange room 0",
        arrange=f"arrange own_file_system {ROOT} 64m",
        mend="arrange room 65536",
        clear=f"arrange unmount {ROOT}",
    ),
    Fault(
        "patch",
        "the tool fails",
        Expected.AS_BEFORE,
        php=php_command(APPLY, "instead", text="Error: patch conflict happened"),
        says="patch conflict happened",
    ),
    Fault(
        "patch",
        "the tool is killed in its middle",
        Expected.AS_BEFORE,
        php=php_command(APPLY, "killed", middle=HALF_PATCHED),
    ),
    Fault("patch", "module killed before it", Expected.NEXT_RUN, at_php(APPLY, "before"), "kill"),
    Fault("patch", "module killed in its middle", Expected.NEXT_RUN, IN_THE_PATCH, "kill_all"),
    Fault("patch", "module killed after it", Expected.NEXT_RUN, at_php(APPLY, "after"), "kill"),
    Fault(
        "compile",
        "a class of a third party does not compile with the patch",
        Expected.AS_BEFORE,
        arrange="arrange third_party LegacyLogin",
        says="LegacyLogin",
    ),
    Fault(
        "compile",
        "killed in its middle",
        Expected.AS_BEFORE,
        php=php_command(COMPILE, "killed", middle=HALF_COMPILED),
        says="setup:di:compile",
        core=True,
    ),
    Fault(
        "compile",
        "does not end",
        Expected.AS_BEFORE,
        php=php_command(COMPILE, "endless"),
        options={"commerce_compile_timeout": 3},
        says="no end within 3 s",
    ),
    Fault(
        "compile",
        "disk full in its middle",
        Expected.AS_BEFORE,
        IN_THE_COMPILE,
        script="arrange room 0",
        arrange=f"arrange own_file_system {ROOT} 64m",
        mend="arrange room 65536",
        clear=f"arrange unmount {ROOT}",
    ),
    Fault(
        "compile",
        "a command of a third party writes to database and Redis whenever it can",
        Expected.SURVIVED,
        at_php(COMPILE, "after"),
        arrange="arrange third_party HostileCommand && arrange written && arrange forget_writing",
        script="arrange nothing_written",
        mend="arrange forget_writing",
    ),
    Fault("compile", "module killed before it", Expected.NEXT_RUN, at_php(COMPILE, "before"), "kill"),
    Fault("compile", "module killed in its middle, PHP goes on", Expected.NEXT_RUN, IN_THE_COMPILE, "kill"),
    Fault("compile", "module killed in its middle with PHP", Expected.NEXT_RUN, IN_THE_COMPILE, "kill_all"),
    Fault("compile", "module killed after it", Expected.NEXT_RUN, at_php(COMPILE, "after"), "kill"),
    Fault(
        "compile",
        "controller killed, a second one starts at once",
        Expected.NEXT_RUN,
        IN_THE_COMPILE,
        "second_controller",
        core=True,
    ),
    Fault("compile", "controller killed", Expected.NEXT_RUN, IN_THE_COMPILE, "controller_lost"),
    Fault("compile", "SSH lost", Expected.NEXT_RUN, IN_THE_COMPILE, "hang_up"),
    Fault("compile", "node lost", Expected.NEXT_RUN, IN_THE_COMPILE, "node_lost"),
    Fault(
        "compare",
        "live's generated code was not made from live's code",
        Expected.AS_BEFORE,
        arrange=f"echo '// by hand' >>{ROOT}/generated/{BY_HAND}",
        says=BY_HAND,
    ),
    Fault(
        "compare",
        "the same, and accepted by name",
        Expected.SURVIVED,
        arrange=f"echo '// by hand' >>{ROOT}/generated/{BY_HAND}",
        options={"commerce_accept_generated": [BY_HAND]},
    ),
    Fault(
        "built",
        "a deployment changes live",
        Expected.AS_BEFORE,
        BUILT,
        script=f"echo >>{ROOT}/app/etc/config.php",
        mend=f"cp --preserve=all /root/before/store/app/etc/config.php {ROOT}/app/etc/config.php",
        says="config.php",
        core=True,
    ),
    Fault(
        "built",
        "Deployer begins its work",
        Expected.AS_BEFORE,
        BUILT,
        script=f"mkdir {DEPLOYER} && touch {DEPLOYER}/deploy.lock",
        mend=f"rm -r {DEPLOYER}",
        says="deploy.lock",
    ),
    Fault("built", "module killed", Expected.NEXT_RUN, BUILT, "kill"),
    Fault("journal", "module killed", Expected.NEXT_RUN, SWITCH, "kill"),
    Fault(
        "journal",
        "disk full",
        Expected.AS_BEFORE,
        SWITCH,
        script="arrange room 0",
        arrange=f"arrange own_file_system {ROOT} 64m",
        mend="arrange room 65536",
        clear=f"arrange unmount {ROOT}",
    ),
    Fault("code", "module killed in its middle", Expected.NEXT_RUN, IN_THE_CODE, "kill", core=True),
    Fault(
        "code",
        "generated/ is a mount point",
        Expected.SURVIVED,
        arrange=f"arrange own_file_system {ROOT}/generated 64m",
        clear=f"arrange unmount {ROOT}/generated",
    ),
    Fault("code", "SSH lost", Expected.NEXT_RUN, CODE_DONE, "hang_up", core=True),
    Fault("code", "node lost", Expected.NEXT_RUN, CODE_DONE, "node_lost"),
    Fault(
        "code",
        "controller killed, a second one starts at once",
        Expected.NEXT_RUN,
        CODE_DONE,
        "second_controller",
    ),
    Fault("reload", "module killed", Expected.NEXT_RUN, CODE_DONE, "kill"),
    Fault(
        "reload",
        "the pool's socket is gone",
        Expected.BY_HAND,
        IN_THE_CODE,
        script="mv /run/php/php8.2-fpm.sock /run/php/away",
        mend="mv /run/php/away /run/php/php8.2-fpm.sock",
    ),
    Fault("configuration", "module killed in its middle", Expected.NEXT_RUN, IN_THE_CONFIGURATION, "kill"),
    Fault("configuration", "module killed after it", Expected.NEXT_RUN, CONFIGURATION_DONE, "kill"),
    Fault("clean", "module killed before it", Expected.NEXT_RUN, BEFORE_CLEAN, "kill"),
    Fault("clean", "module killed after it", Expected.NEXT_RUN, AFTER_CLEAN, "kill"),
    Fault("clean", "SSH lost", Expected.NEXT_RUN, BEFORE_CLEAN, "hang_up"),
    Fault(
        "proof",
        "the probe says no",
        Expected.AS_BEFORE,
        arrange=KEEPS_COUNT,
        says="graphql fixed, rest fixed, soap defective",
    ),
    Fault(
        "proof",
        "the database goes",
        Expected.BY_HAND,
        AFTER_CLEAN,
        script="arrange stop_database",
        mend="arrange start_database",
    ),
    Fault("proof", "node lost", Expected.NEXT_RUN, AFTER_CLEAN, "node_lost"),
    Fault("keep", "module killed", Expected.NEXT_RUN, KEEPING, "kill"),
    Fault(
        "way back",
        "module killed in its configuration",
        Expected.BEFORE_BY_NEXT_RUN,
        IN_THE_WAY_BACK,
        "kill",
        arrange=KEEPS_COUNT,
    ),
    Fault(
        "way back",
        "module killed in its code",
        Expected.BEFORE_BY_NEXT_RUN,
        CODE_WAY_BACK,
        "kill",
        arrange=KEEPS_COUNT,
    ),
    Fault(
        "way back",
        "fails too",
        Expected.BY_HAND,
        CONFIGURATION_DONE,
        arrange=KEEPS_COUNT,
        script=f"chown root: {RENAMED_CONFIGURATION} && chmod 0755 {RENAMED_CONFIGURATION}",
        mend=f"chown deploy:www-data {RENAMED_CONFIGURATION} && chmod 2755 {RENAMED_CONFIGURATION}",
        core=True,
    ),
    Fault(
        "next run",
        "everything killed, again while it puts right, and again in its code",
        Expected.NEXT_RUN,
        AFTER_CLEAN,
        "all_lost",
        again=(Moment((("changed", CONFIGURATION[0]),)), Moment((("changed", CODE),))),
    ),
    *(killed_in_a_row(*each) for each in MILLISECONDS),
    Fault(
        "in place",
        "compile killed in its middle",
        Expected.AS_BEFORE,
        php=php_command(COMPILE, "killed", middle=HALF_COMPILED),
        options=IN_PLACE,
    ),
    Fault(
        "in place",
        "module killed in the middle of the compile",
        Expected.NEXT_RUN,
        IN_THE_COMPILE,
        "kill_all",
        options=IN_PLACE,
        serves=False,
    ),
)
