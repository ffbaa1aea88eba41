# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container of the test Commerce that a contract test may do anything to."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from pathlib import Path

import requests
from support.stores import ENGINE, HOST, PASSWORD, SOAP_LOGIN, SOAP_SERVICE, StoreContainer

ROOT = "/var/www/store"
PATCH = "ACSD-61103"
WRONG_PASSWORD = "Wrong-Horse-7"
SOAP_PATH = f"/soap/default?services={SOAP_SERVICE}"

GRAPHQL_LOGIN = 'mutation{generateCustomerToken(email:"%s",password:"%s"){token}}'

AS_DEPLOY = """cd "$1" && shift && umask 0002
exec env -i HOME=/home/deploy PATH=/usr/local/bin:/usr/bin:/bin LC_ALL=C \
setpriv --reuid deploy --regid deploy --init-groups -- "$@" """

# An old worker takes no request any more as soon as none of the processes that the reload found is there.
RELOAD = """
old=$(pgrep -P "$(cat /run/php/php8.2-fpm.pid)") && service php8.2-fpm reload >/dev/null
for _ in $(seq 200); do kill -0 $old 2>/dev/null || { pgrep -P "$(cat /run/php/php8.2-fpm.pid)" >/dev/null && exit 0; }
sleep 0.02; done; exit 1
"""

REMEMBER = """
cp -a /var/www/store /root/store && mariadb-dump --skip-comments commerce >/root/commerce.sql
"""

RESET = """
rsync -a --delete /root/store/ /var/www/store/ && mariadb commerce </root/commerce.sql
redis-cli flushall >/dev/null
"""


class Commerce(StoreContainer):
    """A running container; what it serves can be put back to what it was at first."""

    def __init__(self, name: str, address: str, prefix: str = "", started: float = 0.0):
        super().__init__(name, address, prefix)
        self.address = address
        self.started = started

    def execute(self, *argv: str, stdin: str = "") -> subprocess.CompletedProcess:
        """A command of root, whatever its status."""
        return self.session.execute(*argv, stdin=stdin)

    def close(self) -> None:
        """Ends the session in the container."""
        self.session.close()

    def shell(self, script: str, *argv: str) -> str:
        return self.run("bash", "-euc", script, "bash", *argv)

    def deploy(self, *argv: str, stdin: str = "", environment: dict[str, str] | None = None):
        """A command of the store's owner, in the store; returns the completed process whatever its status."""
        variables = (f"{name}={value}" for name, value in (environment or {}).items())
        return self.execute("bash", "-euc", AS_DEPLOY, "bash", ROOT, "env", *variables, *argv, stdin=stdin)

    def magento(self, *argv: str):
        return self.deploy("php", "bin/magento", *argv)

    def patches(self, *argv: str):
        """vendor/bin/magento-patches, as our modules call it."""
        return self.deploy("php", "vendor/bin/magento-patches", "--no-interaction", "--no-ansi", *argv)

    def succeed(self, process) -> str:
        assert process.returncode == 0, process.stdout + process.stderr
        return process.stdout

    def apply(self) -> None:
        self.succeed(self.patches("apply", PATCH))

    def revert(self) -> None:
        self.succeed(self.patches("revert", PATCH))

    def clean(self, *types: str) -> None:
        self.succeed(self.magento("cache:clean", *(types or ("config", "compiled_config"))))

    def compile(self) -> None:
        self.succeed(self.magento("setup:di:compile"))

    def configure(self, path: str, value: str, scope: str = "default", scope_id: int = 0) -> None:
        """A row of core_config_data, and caches that know it."""
        self.sql(
            "REPLACE INTO {prefix}core_config_data (scope, scope_id, path, value) "
            f"VALUES ('{scope}', {scope_id}, '{path}', '{value}')"
        )
        self.clean("config")

    def deployment(self, php: str) -> None:
        """Changes app/etc/env.php by a PHP statement on $env."""
        code = (
            f"$f = 'app/etc/env.php'; $env = require $f; {php}; "
            "file_put_contents($f, '<?php return ' . var_export($env, true) . ';');"
        )
        self.succeed(self.deploy("php", "-r", code))
        self.reload()
        self.clean("config")

    def reload(self) -> None:
        self.shell(RELOAD)

    def pool_environment(self, **variables: str) -> None:
        """Gives the php-fpm pool variables that no command line has."""
        lines = "".join(f"env[{name}] = '{value}'\n" for name, value in variables.items())
        self.shell('printf "[www]\\n%s" "$1" >/etc/php/8.2/fpm/pool.d/zz-environment.conf', lines)
        self.reload()

    def remember(self) -> None:
        self.shell(REMEMBER)

    def reset(self) -> None:
        """Files, database and php-fpm as they were when remember was called."""
        self.shell("rm -f /etc/php/8.2/fpm/pool.d/zz-environment.conf;" + RESET + RELOAD)

    def wait(self) -> None:
        """Until the store serves, seen from inside and through its published port."""
        for _attempt in range(600):
            state = subprocess.run(
                [ENGINE, "inspect", "--format", "{{.State.Running}}", self.name],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            assert state.stdout.strip() == "true", self.log()
            ready = subprocess.run([ENGINE, "exec", self.name, "test", "-e", "/run/commerce-ready"], check=False)
            if ready.returncode == 0 and self.is_listening():
                return
            time.sleep(0.1)
        raise AssertionError(f"{self.name} does not serve at {self.address}:\n{self.log()}")

    def is_listening(self) -> bool:
        host, _colon, port = self.address.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
        except OSError:
            return False
        return True

    def log(self) -> str:
        process = subprocess.run([ENGINE, "logs", self.name], capture_output=True, text=True, check=False)
        return process.stdout + process.stderr

    def rest(self, email: str, password: str, store: str = "default", **headers: str) -> requests.Response:
        path = f"/rest/{store}/V1/integration/customer/token".replace("//", "/")
        return self.request("POST", path, json={"username": email, "password": password}, headers=headers)

    def graphql(self, email: str, password: str, **headers: str) -> requests.Response:
        return self.query(GRAPHQL_LOGIN % (email, password), **headers)

    def query(self, query: str, variables: dict | None = None, **headers: str) -> requests.Response:
        return self.request("POST", "/graphql", json={"query": query, "variables": variables or {}}, headers=headers)

    def soap(self, email: str, password: str, **headers: str) -> requests.Response:
        body = SOAP_LOGIN.format(namespace=f"http://{HOST}{SOAP_PATH}", email=email, password=password)
        headers = {"Content-Type": "application/soap+xml; charset=utf-8", **headers}
        return self.request("POST", SOAP_PATH, data=body, headers=headers)

    def call(self, api: str, email: str, password: str) -> requests.Response:
        return {"rest": self.rest, "graphql": self.graphql, "soap": self.soap}[api](email, password)

    def counters(self, email: str) -> list[int]:
        """failures_num after a wrong and a right login on REST, GraphQL and SOAP in turn."""
        seen = []
        for api in ("rest", "graphql", "soap"):
            for password in (WRONG_PASSWORD, PASSWORD):
                self.call(api, email, password)
                seen.append(self.counter(email))
        return seen

    def forget_failures(self) -> None:
        self.sql("UPDATE {prefix}customer_entity SET failures_num = 0, first_failure = NULL, lock_expires = NULL")

    def customer(self, email: str) -> dict[str, str | None]:
        """The columns that logins change."""
        columns = ("failures_num", "first_failure", "lock_expires")
        row = self.sql(f"SELECT {', '.join(columns)} FROM {{prefix}}customer_entity WHERE email = '{email}'")[0]
        return {name: None if value == "NULL" else value for name, value in zip(columns, row, strict=True)}

    def read(self, path: str) -> str:
        return self.run("cat", str(Path(ROOT, path)))

    def installed(self) -> dict[str, str]:
        packages = json.loads(self.read("vendor/composer/installed.json"))["packages"]
        return {package["name"]: package["version"] for package in packages}
