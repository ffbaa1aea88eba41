# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our connection against a real MariaDB, and against PDO: we connect where the store can, and as it does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from support.certificates import Authority
from support.stores import ENGINE

COLLECTION = Path(__file__).resolve().parents[2]
PLACE = "/srv/collection"

# Both sides answer each request with {"code", "told", "cipher"}; code is None where all went well.
OURS = """
import json, sys
sys.path.insert(0, "/srv/collection")
from ansible_collections.storefleet.commerce.plugins.module_utils import database
from ansible_collections.storefleet.commerce.plugins.module_utils.database import Database
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.settings import DatabaseSettings
database.CONNECT_SECONDS = database.QUERY_SECONDS = 3
def answer(request):
    try:
        with Database(DatabaseSettings(**request["settings"])) as there:
            for name, arguments in request["calls"]:
                getattr(there, name)(*arguments)
            return {"code": None, "told": None, "cipher": there.query("SHOW STATUS LIKE 'Ssl_cipher'")[0]["Value"]}
    except CommerceError as error:
        return {"code": error.code, "told": str(error), "cipher": None}
print(json.dumps([answer(request) for request in json.load(sys.stdin)]))
"""
PDO = """
$answers = [];
foreach (json_decode(stream_get_contents(STDIN), true) as $request) {
    $s = $request['settings'];
    $dsn = $s['unix_socket'] ? "mysql:unix_socket=$s[unix_socket];dbname=$s[name]"
        : "mysql:host=$s[host];port=$s[port];dbname=$s[name]";
    $options = [PDO::ATTR_TIMEOUT => 3];
    foreach ($s['tls'] as $name => $value) {
        $name = $name === 'verify' ? 'verify_server_cert' : $name;
        $options[constant('PDO::MYSQL_ATTR_SSL_' . strtoupper($name))] = $value;
    }
    try {
        $there = new PDO($dsn, $s['user'], $s['password'], $options);
        $cipher = $there->query("SHOW STATUS LIKE 'Ssl_cipher'")->fetch(PDO::FETCH_NUM)[1];
        $answers[] = ['code' => null, 'told' => null, 'cipher' => $cipher];
    } catch (PDOException $error) {
        $answers[] = ['code' => $error->getCode(), 'told' => $error->getMessage(), 'cipher' => null];
    }
}
echo json_encode($answers);
"""


class Server:
    """The MariaDB of a store container, with users of its own, and the two that connect to it."""

    def __init__(self, store):
        self.store = store
        base = {"host": "127.0.0.1", "port": 3306, "unix_socket": None, "name": "commerce", "prefix": "", "tls": {}}
        self.base = {**base, "user": "shop", "password": "shop", "local_socket": None}

    def sql(self, text: str) -> None:
        self.store.execute("mariadb", "--batch", stdin=text).check_returncode()

    def user(self, name: str, how: str = "IDENTIFIED BY 'shop'", grant: str = "ALL") -> None:
        self.sql(f"DROP USER IF EXISTS {name}; CREATE USER {name} {how}; GRANT {grant} ON commerce.* TO {name}")

    def ours(self, *calls, **settings) -> dict:
        return self._ask(["python3", "-c", OURS], [settings], calls)[0]

    def both(self, *cases: dict) -> list[dict]:
        """What we answer, which is what PDO answers: whether it connects, and whether encrypted."""
        answers = self._ask(["python3", "-c", OURS], cases)
        for case, ours, pdo in zip(
            cases, answers, self._ask(["php", "-d", "display_errors=0", "-r", PDO], cases), strict=True
        ):
            assert (ours["code"] is None) == (pdo["code"] is None), (case, ours, pdo)
            assert bool(ours["cipher"]) == bool(pdo["cipher"]), (case, ours, pdo)
        return answers

    def _ask(self, command, cases, calls=()) -> list[dict]:
        calls = [[name, list(rest)] for name, *rest in calls]
        requests = [{"settings": {**self.base, **case}, "calls": calls} for case in cases]
        process = self.store.execute(*command, stdin=json.dumps(requests))
        assert process.returncode == 0, process.stderr
        return json.loads(process.stdout)


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server(start, authority):
    store = start("databases", COMMERCE_VERSION="2.4.6-p1", COMMERCE_PYTHON_LIBRARIES="present")
    folder = f"{PLACE}/ansible_collections/storefleet/commerce/plugins"
    store.shell(f"mkdir -p {folder} /srv/tls")
    subprocess.run([ENGINE, "cp", COLLECTION / "plugins/module_utils", f"{store.name}:{folder}/"], check=True)
    for name, host, days in (("good", "127.0.0.1", 1), ("other", "other.example", 1), ("expired", "127.0.0.1", -1)):
        authority.issue(name, host, days=days)
    subprocess.run([ENGINE, "cp", f"{authority.certificate.parent}/.", f"{store.name}:/srv/tls/"], check=True)
    configuration = "[mariadbd]\nssl_cert=/srv/tls/now.pem\nssl_key=/srv/tls/now.key\n"
    store.shell(
        "chmod -R a+rX /srv; cp /srv/tls/good.pem /srv/tls/now.pem; cp /srv/tls/good.key /srv/tls/now.key;"
        'printf "%s" "$1" >/etc/mysql/mariadb.conf.d/99-tls.cnf; service mariadb restart',
        configuration,
    )
    there = Server(store)
    there.user("shop")
    return there


ADDRESSES = (
    ({}, None),
    ({"host": "localhost"}, None),
    ({"unix_socket": "/run/mysqld/mysqld.sock"}, None),
    ({"unix_socket": "/run/nowhere.sock"}, "database_away"),
    ({"port": 3307}, "database_away"),
    ({"host": "db.invalid"}, "database_away"),
    ({"password": "wrong"}, "denied"),
    ({"user": "nobody"}, "denied"),
    ({"name": "nowhere"}, "denied"),
)


def test_where_the_store_connects(server) -> None:
    answers = server.both(*[case for case, dummy in ADDRESSES])
    assert [answer["code"] for answer in answers] == [code for dummy, code in ADDRESSES]


TLS = (
    {},
    {"verify": False},
    {"verify": True},
    {"ca": "/srv/tls/ca.pem"},
    {"ca": "/srv/tls/ca.pem", "verify": True},
    {"ca": "/srv/tls/ca.pem", "verify": False},
    {"ca": "/srv/tls/nowhere.pem"},
    {"ca": "/srv/tls/nowhere.pem", "verify": False},
    {"capath": "/srv/tls"},
    {"cipher": "DEFAULT", "verify": False},
    {"cert": "/srv/tls/other.pem", "key": "/srv/tls/other.key", "verify": False},
)


@pytest.mark.parametrize(("certificate", "verified"), [("good", True), ("other", False), ("expired", False)])
def test_tls_is_as_pdo_has_it(server, certificate: str, verified: bool) -> None:
    server.store.shell(f"cd /srv/tls; cp {certificate}.pem now.pem; cp {certificate}.key now.key")
    server.sql("FLUSH SSL")
    answers = server.both(*[{"tls": tls} for tls in TLS])
    assert [bool(answer["cipher"]) for answer in answers[:6]] == [False] * 3 + [verified] * 2 + [True]


def test_a_server_that_wants_tls(server) -> None:
    server.user("tls_only", "IDENTIFIED BY 'shop' REQUIRE SSL")
    with_tls = {"user": "tls_only", "tls": {"cipher": "DEFAULT", "verify": False}}
    refused, connected = server.both({"user": "tls_only"}, with_tls)
    assert (refused["code"], connected["code"]) == ("denied", None)
    assert "over TLS only" in refused["told"]
    server.sql("SET GLOBAL require_secure_transport = ON")
    try:
        # MariaDB says it as it says that a password is wrong.
        assert server.both({})[0]["code"] == "denied"
    finally:
        server.sql("SET GLOBAL require_secure_transport = OFF")


@pytest.mark.parametrize(
    ("name", "how", "code"),
    [
        ("expired", "IDENTIFIED BY 'shop' PASSWORD EXPIRE", "password_expired"),
        ("locked", "IDENTIFIED BY 'shop' ACCOUNT LOCK", "account_locked"),
        ("by_socket", "IDENTIFIED VIA unix_socket", "denied"),
        ("umlaut", "IDENTIFIED BY 'schön'", None),
    ],
)
def test_users_that_need_care(server, name: str, how: str, code: str | None) -> None:
    server.user(name, how)
    assert server.ours(user=name, password="schön" if name == "umlaut" else "shop")["code"] == code


def test_a_user_of_ed25519_is_none_of_a_stores(server) -> None:
    server.sql("INSTALL SONAME 'auth_ed25519'")
    server.user("signing", "IDENTIFIED VIA ed25519 USING PASSWORD('shop')")
    assert server.both({"user": "signing"})[0]["code"] == "login_method"


def test_no_connection_left(server) -> None:
    server.user("one", "IDENTIFIED BY 'shop' WITH MAX_USER_CONNECTIONS 1")
    hold = server.store.execute(
        "bash", "-c", "mariadb -h 127.0.0.1 -uone -pshop -e 'SELECT SLEEP(3)' >/dev/null 2>&1 & sleep 0.5"
    )
    assert hold.returncode == 0
    assert server.ours(user="one")["code"] == "too_many_connections"


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        ("SELECT", "not_allowed"),
        ("SELECT, INSERT, UPDATE", "not_allowed"),
        ("SELECT, INSERT, UPDATE, DELETE", None),
    ],
)
def test_rights_are_known_before_anything_is_written(server, grant: str, code: str | None) -> None:
    server.user("limited", grant=grant)
    count = "SELECT (SELECT COUNT(*) FROM customer_entity), (SELECT auto_increment FROM information_schema.tables"
    count += " WHERE table_schema = 'commerce' AND table_name = 'customer_entity')"
    before = server.store.sql(count)
    assert server.ours(["require_writable"], user="limited")["code"] == code
    assert server.store.sql(count) == before


def test_a_role_counts_as_a_right(server) -> None:
    server.sql("CREATE OR REPLACE ROLE shopkeeper; GRANT ALL ON commerce.* TO shopkeeper")
    server.user("with_role", grant="USAGE")
    server.sql("GRANT shopkeeper TO with_role; SET DEFAULT ROLE shopkeeper FOR with_role")
    assert server.ours(["require_writable"], user="with_role")["code"] is None


@pytest.mark.parametrize("variable", ["read_only", "tx_read_only"])
def test_a_read_only_server(server, variable: str) -> None:
    server.sql(f"SET GLOBAL {variable} = ON")
    try:
        assert server.ours()["code"] is None
        assert server.ours(["require_writable"])["code"] == "read_only"
    finally:
        server.sql(f"SET GLOBAL {variable} = OFF")


def test_a_database_of_something_else(server) -> None:
    assert server.ours(["require_writable"], prefix="other_")["code"] == "no_tables"
    assert server.ours(["require_writable"])["code"] is None


def test_a_statement_that_takes_too_long(server) -> None:
    server.user("hurried", "IDENTIFIED BY 'shop' WITH MAX_STATEMENT_TIME 0.2")
    assert server.ours(["query", "SELECT SLEEP(2)"], user="hurried")["code"] == "database_slow"
    assert server.ours(["query", "SELECT SLEEP(10)"])["code"] == "database_slow"


def test_the_session_is_as_commerces(server) -> None:
    said = "CONCAT_WS(' ', @@sql_mode, @@time_zone, @@character_set_client, @@autocommit, 'ö€')"
    write = f"INSERT INTO {{core_config_data}} (scope, scope_id, path, value) SELECT 'default', 0, 'd/e/f', {said}"
    server.sql("SET GLOBAL autocommit = OFF")
    try:
        assert server.ours(["execute", write])["code"] is None
    finally:
        server.sql("SET GLOBAL autocommit = ON")
    assert server.store.sql("SELECT value FROM core_config_data WHERE path = 'd/e/f'") == [[" +00:00 utf8mb4 ON ö€"]]
