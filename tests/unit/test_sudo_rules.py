# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reload that sudo's own listing lets the owner do, and nothing that it does not."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.sudo_rules import reload_by_sudo

HEAD = """Matching Defaults entries for deploy on web1:
    env_reset, mail_badpass, secure_path=/usr/sbin\\:/usr/bin

User deploy may run the following commands on web1:
"""
UNIT = ("php8.2-fpm.service",)
RELOAD = "/usr/bin/systemctl reload php8.2-fpm"


class Sudo:
    """Answers sudo -l."""

    def __init__(self, *rules: str, rc: int = 0):
        self._answer = Result(rc, HEAD + "".join(f"    {rule}\n" for rule in rules), "")
        self.argv: list[list[str]] = []

    def run(self, argv, **dummy):
        self.argv.append(list(argv))
        return self._answer


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([f"(root) NOPASSWD: {RELOAD}"], RELOAD),
        ([f"(ALL : ALL) NOPASSWD: /bin/ls, {RELOAD}"], RELOAD),
        (["(root) NOPASSWD: /usr/sbin/service php8.2-fpm reload"], "/usr/sbin/service php8.2-fpm reload"),
        (["(root) NOPASSWD: /etc/init.d/php8.2-fpm reload"], "/etc/init.d/php8.2-fpm reload"),
        ([f"(root) NOPASSWD: /usr/bin/systemctl reload php7.4-fpm, {RELOAD}.service"], f"{RELOAD}.service"),
        (["(ALL) NOPASSWD: ALL"], "service php8.2-fpm reload"),
        ([f"(root) PASSWD: /bin/ls, NOPASSWD: {RELOAD}"], RELOAD),
        ([f"(root) NOPASSWD: SETENV: {RELOAD}"], RELOAD),
        # Each of these would ask for a password, or is another thing.
        ([f"(root) {RELOAD}"], None),
        (["(ALL) ALL"], None),
        ([f"(root) NOPASSWD: /bin/ls, PASSWD: {RELOAD}"], None),
        (["(root) NOPASSWD: /usr/bin/systemctl reload php7.4-fpm"], None),
        (["(root) NOPASSWD: /usr/bin/systemctl stop php8.2-fpm"], None),
        (["(root) NOPASSWD: /usr/bin/systemctl reload php*-fpm"], None),
        (["(root) NOPASSWD: /opt/reload php8.2-fpm"], None),
    ],
)
def test_the_rule_for_the_stores_service(rules: list[str], found: str | None) -> None:
    assert reload_by_sudo(Sudo(*rules), UNIT) == (("sudo", "-n", *found.split()) if found else ())


def test_where_the_service_is_not_known_the_one_that_is_allowed_is_taken() -> None:
    assert reload_by_sudo(Sudo(f"(root) NOPASSWD: {RELOAD}"), ()) == ("sudo", "-n", *RELOAD.split())
    assert reload_by_sudo(Sudo("(ALL) NOPASSWD: ALL"), ()) == ()
    assert reload_by_sudo(Sudo("(root) NOPASSWD: /usr/bin/systemctl reload php*-fpm"), ()) == ()


def test_the_operators_own_command_is_the_only_one() -> None:
    sudo = Sudo(f"(root) NOPASSWD: {RELOAD}")
    assert reload_by_sudo(sudo, UNIT, ("/opt/reload", "store")) == ("sudo", "-n", "/opt/reload", "store")
    assert sudo.argv == [["sudo", "-n", "-l", "/opt/reload", "store"]]
    assert reload_by_sudo(Sudo(rc=1), UNIT, ("/opt/reload", "store")) == ()


def test_a_host_without_sudo_has_no_rule() -> None:
    class Nothing:
        def run(self, argv, **dummy):
            raise CommerceError("start sudo", "/", "no such file", "", code="not_started")

    assert reload_by_sudo(Nothing(), UNIT) == ()
    assert reload_by_sudo(Sudo(f"(root) NOPASSWD: {RELOAD}", rc=1), UNIT) == ()
