# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How new code will be seen: a table of hosts, and what each method and the choice among them come to."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.reload_plan import (
    METHODS,
    HostFacts,
    PoolFacts,
    command_words,
    plan_for,
)

WWW = PoolFacts("www", held=3, control_timeout=10, master=7, may_signal=True, unit="php8.2-fpm")
HARD = WWW._replace(control_timeout=0)
SHY = WWW._replace(why_unasked="its socket is closed")
FOREIGN = SHY._replace(may_signal=False)
PRELOADED = WWW._replace(preloaded=True)
ON_DISK = WWW._replace(file_cache="/c", clearable=False)
BROKEN = SHY._replace(broken="no")
LOST = SHY._replace(master=None, unit=None)


def host(*pools: PoolFacts, **facts) -> HostFacts:
    return HostFacts(pools=pools, **facts)


@pytest.mark.parametrize(
    ("facts", "method", "loses"),
    [
        (host(WWW), "opcache_reset", False),
        (host(HARD), "opcache_reset", False),
        (host(HARD, root=True), "opcache_reset", False),
        (host(), "opcache_reset", False),
        (host(SHY), "fpm", False),
        (host(SHY._replace(control_timeout=0)), "fpm", True),
        (host(WWW, SHY), "fpm", False),
        (host(WWW, SHY._replace(control_timeout=0)), "fpm", True),
        (host(PRELOADED), "fpm", False),
        (host(FOREIGN, sudo="reload it"), "sudo", False),
        (host(FOREIGN._replace(control_timeout=0), sudo="reload it"), "sudo", True),
        (host(SHY._replace(master=None), root=True), "service", False),
        (host(apache=True, apache_unit="apache2", root=True), "service", False),
        (host(apache=True, sudo="reload it"), "sudo", False),
    ],
)
def test_auto_takes_what_loses_nothing_and_else_the_first_that_can_be_done(facts, method, loses) -> None:
    plan = plan_for("auto", facts)
    assert (plan.method, plan.loses_requests, plan.possible, plan.why_not) == (method, loses, True, "")
    assert ("kills the requests in flight" in plan.words) == loses


@pytest.mark.parametrize(
    ("method", "facts", "why_not"),
    [
        ("opcache_reset", host(SHY), "pool www: its socket is closed"),
        ("opcache_reset", host(PRELOADED), "opcache.preload holds files of the store"),
        ("opcache_reset", host(apache=True), "inside Apache"),
        ("opcache_reset", host(ON_DISK), "pool www: opcache.file_cache /c outlives every reload"),
        ("fpm", host(FOREIGN), "pool www: it takes root to signal its php-fpm"),
        ("fpm", host(LOST), "pool www: its php-fpm was not found"),
        ("fpm", host(BROKEN), "pool www: php-fpm says no"),
        ("fpm", host(ON_DISK), "opcache.file_cache"),
        ("fpm", host(), "no php-fpm pool was found"),
        ("fpm", host(apache=True), "not in php-fpm"),
        ("service", host(WWW), "it takes root"),
        ("service", host(LOST, root=True), "pool www: its service is not known"),
        ("service", host(root=True), "no php-fpm pool was found"),
        ("service", host(apache=True, root=True), "the service that Apache is was not found"),
        ("service", host(ON_DISK, root=True), "opcache.file_cache"),
        ("service", host(BROKEN, root=True), "php-fpm says no"),
        ("sudo", host(WWW), "sudo lets the store's owner reload no php-fpm"),
        ("sudo", host(ON_DISK, sudo="x"), "opcache.file_cache"),
        ("command", host(WWW), "commerce_reload_command is empty"),
        ("command", host(ON_DISK, command=True), "opcache.file_cache"),
        ("auto", host(FOREIGN), "its socket is closed; pool www: it takes root to signal its php-fpm; it takes root"),
    ],
)
def test_what_cannot_be_done_is_told_beforehand(method: str, facts: HostFacts, why_not: str) -> None:
    plan = plan_for(method, facts)
    assert not plan.possible
    assert why_not in plan.why_not
    assert "None" not in plan.words


@pytest.mark.parametrize(
    ("method", "facts", "words"),
    [
        ("opcache_reset", host(WWW), "empty the opcache of pool www, which loses no request in flight"),
        ("opcache_reset", host(), "find no opcache to empty"),
        ("fpm", host(WWW, HARD._replace(name="b")), "reload php-fpm by USR2 for pool www, b, which kills"),
        ("fpm", host(PRELOADED), "reload php-fpm by USR2 for pool www; it runs opcache.preload again"),
        ("service", host(WWW, WWW, root=True), "reload the service php8.2-fpm"),
        ("service", host(apache=True, apache_unit="apache2", root=True), "reload the service apache2"),
        ("sudo", host(WWW, sudo="service x reload"), "run sudo service x reload"),
        ("command", host(SHY, command=True), "run the given command"),
        ("none", host(ON_DISK), "leave php-fpm alone"),
    ],
)
def test_the_words_say_what_will_be_done(method: str, facts: HostFacts, words: str) -> None:
    plan = plan_for(method, facts)
    assert plan.possible
    assert plan.words.startswith(words)
    assert plan.method == method


def test_every_method_has_a_plan() -> None:
    for method in METHODS:
        assert plan_for(method, host(WWW)).as_dict()["method"] in METHODS


@pytest.mark.parametrize(
    ("text", "words"), [(None, ()), ("", ()), ("sudo systemctl reload 'a b'", ("sudo", "systemctl", "reload", "a b"))]
)
def test_a_command_is_split_as_a_shell_does(text: str | None, words: tuple[str, ...]) -> None:
    assert command_words(text) == words


def test_a_command_with_an_open_quote_is_refused() -> None:
    with pytest.raises(CommerceError) as raised:
        command_words("a 'b")
    assert raised.value.code == "bad_command"
