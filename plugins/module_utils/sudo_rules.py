# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reload of php-fpm that sudo lets the owner of a store do without a password."""

from __future__ import annotations

import re
import shlex
from typing import Iterator, List, Sequence, Tuple

from .command import Runner
from .errors import CommerceError

SUDO_ARGV = ("sudo", "-n")
_RULE = re.compile(r"^\s+\([^)]*\)\s+(.*)$", re.MULTILINE)
_TAGS = re.compile(r"\s*((?:[A-Z_]+:\s*)*)(.*)")
_RELOADS = (
    re.compile(r"(?:/\w+)*/systemctl (?:reload|reload-or-restart) \S*(?:fpm|apache2|httpd)\S*"),
    re.compile(r"(?:/\w+)*/service \S*(?:fpm|apache2|httpd)\S* (?:reload|force-reload)"),
    re.compile(r"/etc/init\.d/\S*(?:fpm|apache2|httpd)\S* (?:reload|force-reload)"),
)


def reload_by_sudo(runner: Runner, units: Sequence[str], command: Sequence[str] = ()) -> Tuple[str, ...]:
    """The argv of a reload that the runner's user may run by sudo; empty if there is none.

    units: the services that serve the store, for a rule that allows every command. command: the operator's own, without
    sudo, which then is the only one in question.
    """
    try:
        listed = runner.run([*SUDO_ARGV, "-l", *command], timeout=20)
    except CommerceError:
        return ()
    if listed.rc != 0:
        return ()
    if command:
        return (*SUDO_ARGV, *command)
    return _chosen(list(_without_password(listed.out)), units)


def _chosen(commands: List[str], units: Sequence[str]) -> Tuple[str, ...]:
    # A rule that names the store's own service before one that names another php-fpm of the host.
    stems = [re.sub(r"\.service$", "", unit) for unit in units]
    reloads = [each for each in commands if any(form.fullmatch(each) for form in _RELOADS)]
    named = [each for each in reloads if any(stem in re.split(r"[ /.]service|[ /]", each) for stem in stems)]
    for each in named or ([] if units else reloads):
        return (*SUDO_ARGV, *shlex.split(each))
    if "ALL" in commands and units:
        return (*SUDO_ARGV, "service", stems[0], "reload")
    return ()


def _without_password(listing: str) -> Iterator[str]:
    """The commands that "sudo -l" lists with the tag NOPASSWD, but those with a pattern or an escape in them."""
    for rule in _RULE.findall(listing):
        free = False
        for part in rule.split(","):
            tags, command = _TAGS.fullmatch(part).groups()
            if "NOPASSWD:" in tags:
                free = True
            elif "PASSWD:" in tags:
                free = False
            if free and not re.search(r"[*?\[\\!]", command):
                yield command.strip()
