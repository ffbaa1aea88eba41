# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real php-fpm is made to see new code, while a request that takes seconds is in flight."""

from __future__ import annotations

import concurrent.futures
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.commerce import ROOT, Commerce
from support.stores import ENGINE

PLUGINS = Path(__file__).parents[2] / "plugins"
COLLECTION = "/opt/ansible_collections/storefleet/commerce/plugins"

# What a module does around the work, without Ansible; the work is a Reloading, and what was asked of it.
DRIVER = """
import json, sys, time
sys.path.insert(0, "/opt")
from ansible_collections.storefleet.commerce.plugins.module_utils import arguments, reloading, root_services
asked = json.loads(sys.argv[1])

class Module:
    params = {"root": "/var/www/store", "php": "php", "user": None, "environment": {}}
    check_mode = asked.get("check", False)
    no_log_values = set()
    def exit_json(self, **result):
        print(json.dumps(result))
    def fail_json(self, **result):
        print(json.dumps(result))

def work(place, ask):
    with reloading.Reloading(place, ask, asked["method"], tuple(asked.get("command", ()))) as found:
        seen = {"plan": found.plan.as_dict(), "pools": list(found.pools)}
        if "change" in asked:
            open("/var/www/store/" + asked["change"], "w").write("<?php return 'new';")
        if "hold" in asked:
            found.hold(asked["hold"])
            seen["ended"] = True
        seen["stale"] = list(found.stale(asked.get("paths", [])))
        if asked.get("reload"):
            found.require()
            begun = time.monotonic()
            seen["words"] = found.reload()
            seen["seconds"] = time.monotonic() - begun
        if "wait" in asked:
            seen["ended"] = found.wait_for_requests_of_before(asked["wait"])
        seen["stale_after"] = list(found.stale(asked.get("paths", [])))
    return seen

arguments.exit_with(Module(), work, root_services.service(tuple(asked.get("command", ()))))
"""

# Answers after some seconds, with what a file says that it reads only then.
SLOW = """<?php
$code = require __DIR__ . '/../var/code.php';
$asked = (float) ($_GET['seconds'] ?? 0);
$until = microtime(true) + $asked;
while (microtime(true) < $until) {
    usleep(20000);
}
echo 'whole ', $asked ? require __DIR__ . '/../var/late.php' : $code;
"""
NGINX = """location ~ ^/(slow|cold)\\.php$ {
    include fastcgi_params;
    fastcgi_param SCRIPT_FILENAME /var/www/store/pub$uri;
    fastcgi_pass unix:/run/php/php8.2-fpm.sock;
}
"""
CODE = "var/code.php"
CACHE = "/var/tmp/opcache"
HARDENED = ("opcache.validate_timestamps=0",)
IN_FLIGHT = 2.0
SUDO_RULE = "deploy ALL=(root) NOPASSWD: /usr/bin/id, /usr/sbin/service php8.2-fpm reload"
OTHER_FPM = """mkdir -p /etc/php-fpm.d
cat >/etc/php-fpm.conf <<END
[global]
pid = /run/other-fpm.pid
error_log = /var/log/other-fpm.log
include = /etc/php-fpm.d/*.conf
END
cat >/etc/php-fpm.d/other.conf <<END
[other]
user = nobody
group = nogroup
listen = /run/php/other.sock
listen.mode = 0600
pm = static
pm.max_children = 2
access.log = /var/log/other-access.log
access.format = "%f"
END
rm -f /var/log/other-access.log
php-fpm8.2 --daemonize --fpm-config /etc/php-fpm.conf
"""


class Host:
    """A store's container with a page that takes its time, and our modules' code."""

    def __init__(self, store: Commerce):
        self.store = store
        subprocess.run([ENGINE, "exec", store.name, "mkdir", "-p", str(Path(COLLECTION).parent)], check=True)
        subprocess.run([ENGINE, "cp", str(PLUGINS), f"{store.name}:{Path(COLLECTION).parent}"], check=True)
        store.shell('printf %s "$1" >/var/www/store/pub/slow.php; mkdir -p /etc/nginx/stores/store', SLOW)
        store.shell('printf %s "$1" >/etc/nginx/stores/store/slow.conf; nginx -s reload', NGINX)
        self.settings("")

    def settings(self, *ini: str, control_timeout: int = 0) -> None:
        """A fresh php-fpm with lines of opcache's settings beside Debian's, and the old code."""
        self.store.shell(
            """printf '%s\\n' "$1" >/etc/php/8.2/fpm/conf.d/99-test.ini
            printf '[global]\\nprocess_control_timeout = %ss\\n' "$2" >/etc/php/8.2/fpm/pool.d/zz-test.conf
            rm -f /etc/sudoers.d/test; service php8.2-fpm restart >/dev/null""",
            "\n".join(ini),
            str(control_timeout),
        )
        self.write("old")
        assert self.get() == "whole old"
        # An opcache knows only in which second it began.
        time.sleep(1.1)

    def write(self, word: str) -> None:
        self.store.shell(
            """for f in code late; do echo "<?php return '$1';" >/var/www/store/var/$f.php
            chown deploy:www-data /var/www/store/var/$f.php; touch -d '-5 seconds' /var/www/store/var/$f.php; done""",
            word,
        )

    def get(self, seconds: float = 0) -> str:
        """What the page says; the status of an answer that is an error."""
        answer = self.store.request("GET", f"/slow.php?seconds={seconds}")
        return answer.text if answer.status_code == 200 else str(answer.status_code)

    def ask(self, user: str = "root", **asked) -> dict:
        argv = ["python3", "-c", DRIVER, json.dumps(asked)]
        if user != "root":
            argv = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--", *argv]
        process = self.store.execute(*argv)
        assert process.returncode == 0, process.stderr
        return json.loads(process.stdout)

    def reload(self, method: str, user: str = "root", **asked) -> tuple[dict, str]:
        """The code changes and php-fpm is made to see it, with a request in flight; that request's answer too."""
        with concurrent.futures.ThreadPoolExecutor() as pool:
            in_flight = pool.submit(self.get, IN_FLIGHT)
            time.sleep(0.5)
            found = self.ask(user, method=method, reload=True, paths=[CODE], change=CODE, **asked)
            return found, in_flight.result()

    def workers(self) -> set[str]:
        """The process ids of php-fpm's workers."""
        return set(self.store.shell('pgrep -P "$(cat /run/php/php8.2-fpm.pid)"').split())

    def traces(self) -> list[str]:
        """What is left of ours on the host."""
        listing = self.store.run("find", "/run", "/tmp", "/var/tmp", f"{ROOT}/var", "-name", "*storefleet*")
        return listing.splitlines()


@pytest.fixture(scope="module")
def host(start) -> Host:
    return Host(start("reloading", COMMERCE_VERSION="2.4.6-p1"))


@pytest.mark.parametrize("user", ["root", "deploy"])
@pytest.mark.parametrize("ini", [(), ("opcache.revalidate_freq=60",), HARDENED])
def test_auto_empties_the_opcache_at_once_and_no_request_is_lost(host: Host, user: str, ini: tuple[str, ...]) -> None:
    host.settings(*ini)
    found, in_flight = host.reload("auto", user)
    assert (found["plan"]["method"], found["plan"]["loses_requests"]) == ("opcache_reset", False)
    assert found["words"] == "emptied the opcache of the php-fpm pool www"
    assert (host.get(), in_flight) == ("whole new", "whole old")
    assert found["seconds"] < 0.5
    assert (found["stale"], found["stale_after"]) == ([CODE], [])
    assert host.traces() == []


@pytest.mark.parametrize(("seconds", "ended"), [(20, True), (0.5, False)])
def test_requests_that_began_before_are_waited_for(host: Host, seconds: float, ended: bool) -> None:
    host.settings()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        in_flight = pool.submit(host.get, 2 * IN_FLIGHT)
        time.sleep(0.5)
        found = host.ask(method="auto", reload=True, wait=seconds)
        assert (found["ended"], in_flight.done()) == (ended, ended)
        assert in_flight.result() == "whole old"


@pytest.mark.parametrize(("same_time", "answer"), [(True, "whole old"), (False, "whole new")])
def test_an_opcache_that_validates_timestamps_goes_by_the_time_alone(host: Host, same_time: bool, answer: str) -> None:
    host.settings("opcache.revalidate_freq=0")
    host.store.shell(
        """cd /var/www/store/var; for f in code late; do echo "<?php return 'new';" >$f.new
        touch -r $f.php $f.new; [ "$1" = True ] || touch -d '-3 seconds' $f.new; mv $f.new $f.php; done""",
        str(same_time),
    )
    assert host.get() == answer


@pytest.mark.parametrize(
    ("user", "held", "ini"),
    [
        ("root", True, ()),
        ("deploy", True, ()),
        ("root", True, HARDENED),
        ("root", False, ()),
        ("root", False, HARDENED),
    ],
)
def test_a_file_that_is_held_is_gone_by_until_a_reload(host: Host, user: str, held: bool, ini: tuple[str, ...]) -> None:
    """Also one that no request has asked for yet, and one whose time has changed since."""
    host.settings(*ini)
    host.store.shell(
        """cd /var/www/store/var; echo "<?php return 'old';" >cold.php; chown deploy: cold.php
        touch -d '-1 hour' cold.php code.php"""
    )
    paths = [CODE, "var/cold.php"]
    assert host.ask(user, method="auto", hold=paths if held else [])["ended"]
    host.store.shell(
        """cd /var/www/store/var; for f in code cold; do echo "<?php return 'new';" >$f.new
        touch -r $f.php $f.new; mv $f.new $f.php; done
        cat >../pub/cold.php <<<'<?php echo require __DIR__ . "/../var/cold.php";'"""
    )
    time.sleep(2.1)
    cold = host.store.request("GET", "/cold.php").text
    # Without timestamps an opcache never looks at what it has.
    assert (host.get(), cold) == ("whole old" if held or ini else "whole new", "old" if held else "new")
    assert host.ask(user, method="auto", reload=True)["words"] == "emptied the opcache of the php-fpm pool www"
    assert host.store.request("GET", "/cold.php").text == "new"


def test_without_a_reload_the_pool_is_known_to_serve_old_code(host: Host) -> None:
    host.settings(*HARDENED)
    found, dummy = host.reload("none")
    assert (found["words"], found["stale_after"]) == ("left php-fpm alone", [CODE])
    assert host.get() == "whole old"


def test_an_opcache_that_waits_for_a_request_to_end_can_be_emptied_again(host: Host) -> None:
    host.settings(*HARDENED)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        in_flight = pool.submit(host.get, 3 * IN_FLIGHT)
        time.sleep(0.5)
        for word in ("one", "two"):
            host.write(word)
            assert host.ask(method="auto", reload=True)["words"] == "emptied the opcache of the php-fpm pool www"
            assert host.get() == f"whole {word}"
        assert not in_flight.done()
        assert in_flight.result() == "whole two"


@pytest.mark.parametrize(("control_timeout", "answer"), [(0, "502"), (10, "whole old")])
@pytest.mark.parametrize("method", ["fpm", "service"])
def test_a_reload_waits_for_old_workers_and_says_what_it_loses(
    host: Host, method: str, control_timeout: int, answer: str
) -> None:
    host.settings(*HARDENED, control_timeout=control_timeout)
    workers = host.workers()
    found, in_flight = host.reload(method)
    assert (found["plan"]["method"], found["plan"]["loses_requests"]) == (method, control_timeout == 0)
    assert ("kills the requests in flight" in found["plan"]["words"]) == (control_timeout == 0)
    assert (host.get(), in_flight) == ("whole new", answer)
    assert not workers & host.workers()
    assert found["stale_after"] == []


def test_the_owner_reloads_by_the_rule_that_sudo_has_for_it(host: Host) -> None:
    host.settings(*HARDENED, control_timeout=10)
    host.store.shell("printf '%s\n' \"$1\" >/etc/sudoers.d/test", SUDO_RULE)
    workers = host.workers()
    found, in_flight = host.reload("sudo", "deploy")
    assert found["words"] == "ran sudo /usr/sbin/service php8.2-fpm reload"
    assert (host.get(), in_flight) == ("whole new", "whole old")
    assert not workers & host.workers()


@pytest.mark.parametrize("user", ["root", "deploy"])
def test_in_check_mode_the_plan_is_told_and_nothing_is_written(host: Host, user: str) -> None:
    host.settings(control_timeout=10)
    host.store.shell("touch /tmp/before; sleep 0.1")
    plans = {method: host.ask(user, method=method, check=True)["plan"] for method in ("auto", "fpm")}
    assert (plans["auto"]["method"], plans["auto"]["possible"]) == ("opcache_reset", True)
    assert plans["fpm"]["possible"] == (user == "root")
    assert host.store.run("find", ROOT, "/run", "-newer", "/tmp/before", "-type", "f") == ""


def test_the_owner_is_refused_what_takes_root(host: Host) -> None:
    host.settings()
    for method in ("fpm", "service", "sudo"):
        assert host.ask("deploy", method=method, reload=True)["code"] == "no_reload"


@pytest.mark.parametrize(("user", "runs_as"), [("root", "root"), ("deploy", "deploy")])
def test_the_operators_command_is_run_as_who_connected(host: Host, user: str, runs_as: str) -> None:
    host.settings()
    found = host.ask(user, method="command", reload=True, command=["sh", "-c", f"id -un >/tmp/ran-{user}"])
    assert (found["words"], found["plan"]["method"]) == ("ran the given reload command", "command")
    assert host.store.run("cat", f"/tmp/ran-{user}").strip() == runs_as


def test_a_command_that_fails_fails_the_step(host: Host) -> None:
    found = host.ask(method="command", reload=True, command=["sh", "-c", "echo no such pool >&2; exit 3"])
    assert (found["code"], "ended with status 3: no such pool" in found["msg"]) == ("service_failed", True)


@pytest.mark.parametrize("user", ["root", "deploy"])
def test_where_the_pool_keeps_its_opcache_from_us_root_reloads_and_the_owner_is_told(host: Host, user: str) -> None:
    host.settings(*HARDENED, "opcache.restrict_api=/nowhere")
    found = host.ask(user, method="auto", reload=True)
    if user == "root":
        assert (found["plan"]["method"], found["plan"]["loses_requests"]) == ("fpm", True)
    else:
        assert (found["code"], "opcache.restrict_api" in found["msg"]) == ("no_reload", True)


@pytest.mark.parametrize("method", ["auto", "fpm"])
def test_the_stores_part_of_a_file_cache_is_taken_out_of_use_and_removed(host: Host, method: str) -> None:
    host.store.shell(f"rm -rf {CACHE}; install -d -o www-data {CACHE}")
    host.settings(*HARDENED, f"opcache.file_cache={CACHE}", control_timeout=10)
    host.get()
    assert f"{ROOT}/{CODE}.bin" in host.store.run("find", CACHE)
    found, dummy = host.reload(method)
    assert found["plan"]["possible"]
    assert host.get() == "whole new"
    host.store.shell("service php8.2-fpm restart >/dev/null")
    assert host.get() == "whole new"
    assert host.traces() == []


def test_a_file_cache_that_the_pool_may_not_change_is_refused_and_named(host: Host) -> None:
    host.store.shell(f"rm -rf {CACHE}; install -d -o www-data {CACHE}")
    host.settings(*HARDENED, f"opcache.file_cache={CACHE}")
    host.store.shell(f"chown root $(find {CACHE} -type d) && chmod 755 $(find {CACHE} -type d)")
    for method in ("auto", "fpm", "service"):
        found = host.ask(method=method, reload=True)
        assert (found["code"], CACHE in found["msg"]) == ("no_reload", True), method


@pytest.mark.parametrize("user", ["root", "deploy"])
def test_preloaded_code_is_renewed_by_a_reload_and_by_nothing_less(host: Host, user: str) -> None:
    host.settings()
    host.store.shell(f"echo '<?php opcache_compile_file(\"{ROOT}/{CODE}\");' >{ROOT}/var/preload.php")
    host.settings(*HARDENED, f"opcache.preload={ROOT}/var/preload.php", "opcache.preload_user=www-data")
    found = host.ask(user, method="auto", reload=True, change=CODE)
    if user == "root":
        assert (found["plan"]["method"], "runs opcache.preload again" in found["plan"]["words"]) == ("fpm", True)
        assert host.get() == "whole new"
    else:
        assert (found["code"], "opcache.preload" in found["msg"]) == ("no_reload", True)


def test_a_php_fpm_that_would_not_start_again_is_not_reloaded(host: Host) -> None:
    host.settings()
    host.store.shell("printf '[global]\nno_such_setting = 1\n' >/etc/php/8.2/fpm/pool.d/zz-test.conf")
    found = host.ask(method="fpm", reload=True)
    assert (found["code"], "its configuration is not valid" in found["msg"]) == ("no_reload", True)
    assert host.get() == "whole old"


@pytest.fixture
def other_site(host: Host) -> Iterator[Host]:
    """A second php-fpm of the host, for another site and as another user."""
    host.settings(*HARDENED, control_timeout=10)
    host.store.shell(OTHER_FPM)
    yield host
    host.store.shell("kill $(cat /run/other-fpm.pid); rm -r /etc/php-fpm.conf /etc/php-fpm.d")


def test_root_lets_no_pool_run_what_the_owner_of_a_store_could_change(other_site: Host) -> None:
    found, dummy = other_site.reload("auto")
    assert (found["pools"], found["stale_after"]) == (["www"], [])
    # In a container without systemd, root's own files lie in /run.
    ran = other_site.store.run("cat", "/var/log/other-access.log").split()
    assert ran
    assert {path.split("/")[1] for path in ran} == {"run"}


def test_a_php_fpm_that_does_not_serve_the_store_is_left_alone(other_site: Host) -> None:
    others = other_site.store.shell('pgrep -P "$(cat /run/other-fpm.pid)"')
    other_site.reload("fpm")
    assert other_site.get() == "whole new"
    assert other_site.store.shell('pgrep -P "$(cat /run/other-fpm.pid)"') == others
