# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What serves a store, on hosts that are folders."""

from __future__ import annotations

import os

import pytest
from support.host_files import write_files

from ansible_collections.storefleet.commerce.plugins.module_utils import config_files
from ansible_collections.storefleet.commerce.plugins.module_utils.served import serving_of

FOLDER = "/etc/php/8.2/fpm"
SOCKET = "/run/php/php8.2-fpm.sock"
WWW = {f"{FOLDER}/pool.d/www.conf": f"[www]\nuser = www-data\nlisten = {SOCKET}\n", SOCKET: ""}
SHOP = {
    f"{FOLDER}/pool.d/shop.conf": "[shop]\nuser = shop\nlisten = 127.0.0.1:9001\nclear_env = no\n"
    "env[MAGE_MODE] = production\nphp_admin_value[opcache.validate_timestamps] = 0\n"
}
INI = {f"{FOLDER}/conf.d/10-opcache.ini": "zend_extension=opcache.so\n"}


@pytest.fixture
def host(tmp_path):
    """What serves the store /srv/shop of a host with these files; nginx and apache: its configuration there."""
    root = tmp_path / "srv/shop"
    (root / "pub").mkdir(parents=True)

    def found(*files, nginx="", apache=""):
        merged = {}
        for each in files:
            merged.update(each)
        if nginx:
            merged["/etc/nginx/nginx.conf"] = "http { " + nginx + " }"
        if apache:
            merged["/etc/apache2/apache2.conf"] = apache
        write_files(tmp_path, merged)
        return serving_of(os.path.realpath(root), str(tmp_path))

    return found


def passing(address, root="/srv/shop/pub"):
    return f"server {{ root {root}; location / {{ fastcgi_pass {address}; }} }}"


def test_nginx_and_its_pool(host):
    found = host(WWW, SHOP, INI, nginx=passing("127.0.0.1:9001"))
    assert (found.sapi, found.found_by, found.address) == ("fpm-fcgi", "nginx", "127.0.0.1:9001")
    assert (found.pool.name, found.pool.user, found.pool.clear_env) == ("shop", "shop", False)
    assert found.pool.environment == {"MAGE_MODE": "production"}
    assert (found.php_version, found.process_control_timeout, found.sharing) == ("8.2", 0, ("www",))
    assert (found.opcache.enable, found.opcache.validate_timestamps) == (True, False)
    assert (found.also, found.notes) == ((), ())


def test_apache_and_its_pool(host):
    apache = '<VirtualHost *:80>\nDocumentRoot /srv/shop\nSetHandler "proxy:unix:/run/php/php8.2-fpm.sock|fcgi://x"\n'
    found = host(WWW, SHOP, apache=apache + "</VirtualHost>\n")
    assert (found.found_by, found.pool.name, found.opcache.validate_timestamps) == ("apache", "www", True)


def test_an_nginx_before_apache_has_no_pool(host):
    apache = "DocumentRoot /srv/shop/pub\nSetHandler proxy:fcgi://127.0.0.1:9001\n"
    proxy = "server { root /srv/shop/pub; location / { proxy_pass http://127.0.0.1:8080; } }"
    found = host(WWW, SHOP, nginx=proxy, apache=apache)
    assert (found.found_by, found.pool.name) == ("apache", "shop")


@pytest.mark.parametrize("root", ["/srv/shop", "/srv/shop/", "/srv/shop/pub", "/srv/shop/pub/b2b", "/srv/current/pub"])
def test_roots_that_are_the_stores(host, tmp_path, root):
    (tmp_path / "srv/current").symlink_to("shop")
    assert host(WWW, SHOP, nginx=passing("127.0.0.1:9001", root)).found_by == "nginx"


@pytest.mark.parametrize("root", ["/srv", "/srv/shop2", "/srv/shop2/pub", "srv/shop", "$somewhere/srv/shop", "/"])
def test_roots_that_are_somebody_elses(host, root):
    found = host(WWW, SHOP, nginx=passing("127.0.0.1:9001", root))
    assert (found.found_by, found.pool) == (None, None)


@pytest.mark.parametrize(
    ("address", "listen", "same"),
    [
        ("unix:/run/a.sock", "/run/a.sock", True),
        ("unix:/var/run/a.sock", "/run/a.sock", True),
        ("unix:/run/php-fpm.sock", "/run/a.sock", True),
        ("unix:/run/b.sock", "/run/a.sock", False),
        ("unix:/run/9000", "9000", False),
        ("127.0.0.1:9000", "9000", True),
        ("localhost:9000", "127.0.0.1:9000", True),
        ("[::1]:9000", "[::]:9000", True),
        ("127.0.0.1:9000", "0.0.0.0:9000", True),
        ("127.0.0.1:9001", "9000", False),
        ("10.0.0.5:9000", "10.0.0.5:9000", True),
        ("10.0.0.5:9000", "9000", False),
        ("10.0.0.5:9000", "127.0.0.1:9000", False),
        ("php:9000", "9000", False),
    ],
)
def test_where_a_pool_listens(host, tmp_path, address, listen, same):
    (tmp_path / "run").mkdir()
    (tmp_path / "var").mkdir()
    (tmp_path / "var/run").symlink_to("../run")
    (tmp_path / "run/php-fpm.sock").symlink_to("a.sock")
    pool = {f"{FOLDER}/pool.d/p.conf": f"[p]\nlisten = {listen}\n"}
    found = host(pool, WWW, nginx=passing(address))
    assert (found.pool is not None) is same
    assert (found.sapi, found.found_by) == ("fpm-fcgi", "nginx")
    assert bool(found.notes) is not same


def test_a_pool_elsewhere_is_told(host):
    found = host(WWW, nginx=passing("php:9000"))
    assert (found.pool, found.address, found.opcache, found.php_version) == (None, "php:9000", None, None)
    assert found.notes == ("nginx passes the store's PHP to php:9000, where no php-fpm pool of this host listens.",)


def test_further_pools_of_the_store_are_told(host):
    admin = "server { root /srv/shop/pub; fastcgi_pass unix:/run/php/php8.2-fpm.sock; }"
    found = host(WWW, SHOP, nginx=passing("127.0.0.1:9001") + admin)
    assert (found.pool.name, found.also) == ("shop", ("www",))
    assert found.notes == ("nginx serves the store with pool www too.",)


def test_pools_of_another_php_do_not_share_the_master(host):
    other = {"/etc/php/8.3/fpm/pool.d/www.conf": "[www]\nlisten = /run/83.sock\n"}
    found = host(WWW, other, nginx=passing("unix:/run/83.sock"))
    assert (found.php_version, found.sharing) == ("8.3", ())


def test_the_only_pool_is_taken_and_said(host):
    found = host(WWW, INI)
    assert (found.sapi, found.found_by, found.pool.name) == ("fpm-fcgi", "only_pool", "www")
    assert found.address == "/run/php/php8.2-fpm.sock"
    assert found.opcache.enable
    assert found.notes == (
        "No site of nginx or Apache is at this root: taken to be served by www, the host's only pool.",
    )


def test_one_of_several_is_not_guessed(host):
    found = host(WWW, SHOP)
    assert (found.sapi, found.found_by, found.pool) == (None, None, None)
    assert "there are 2 pools" in found.notes[0]


def test_a_pool_without_its_socket_is_a_left_over(host):
    old = {"/etc/php/8.1/fpm/pool.d/www.conf": "[www]\nlisten = /run/php/php8.1-fpm.sock\n"}
    found = host(WWW, old)
    assert (found.found_by, found.php_version, found.sharing) == ("only_pool", "8.2", ())


def test_a_host_whose_pools_are_all_down_still_has_them(host):
    pools = {f"{FOLDER}/pool.d/{name}.conf": f"[{name}]\nlisten = /run/{name}.sock\n" for name in "ab"}
    assert "there are 2 pools" in host(pools).notes[0]


def test_something_else_inside_the_store_is_not_the_store(host):
    blog = passing("unix:/run/php/php8.2-fpm.sock", "/srv/shop/pub/blog")
    found = host(WWW, SHOP, nginx=blog + passing("127.0.0.1:9001"))
    assert (found.pool.name, found.also, found.notes) == ("shop", (), ())


def test_a_host_without_php(host):
    found = host()
    assert (found.sapi, found.pool) == (None, None)
    assert "no php-fpm pool" in found.notes[0]


@pytest.mark.parametrize("folder", ["/etc/php/8.2/apache2", None])
def test_php_inside_apache(host, folder):
    apache = "LoadModule php_module modules/libphp8.2.so\nDocumentRoot /srv/shop/pub\n"
    ini, more = (f"{folder}/php.ini", f"{folder}/conf.d/a.ini") if folder else ("/etc/php.ini", "/etc/php.d/a.ini")
    files = {ini: "opcache.validate_timestamps=0\n", more: "zend_extension=opcache\n"}
    found = host(WWW, files, apache=apache)
    assert (found.sapi, found.found_by, found.pool, found.php_version) == ("apache2handler", "apache", None, "8.2")
    assert (found.opcache.enable, found.opcache.validate_timestamps) == (True, False)
    assert found.process_control_timeout is None


def test_files_that_may_not_be_read_are_named(host, monkeypatch):
    host(WWW, SHOP, nginx=passing("127.0.0.1:9001"))

    def refuse(path, *rest, **more):
        if str(path).endswith(("nginx.conf", "shop.conf")):
            raise PermissionError(13, "Permission denied", path)
        return open(path, *rest, **more)

    monkeypatch.setattr(config_files, "open", refuse, raising=False)
    found = host()
    assert (found.found_by, found.pool.name) == ("only_pool", "www")
    names = f"{FOLDER}/pool.d/shop.conf, /etc/nginx/nginx.conf"
    assert found.notes[-1] == f"What serves the store is told without {names}, which may not be read."


def test_nothing_of_the_environment_is_shown(host):
    secret = {f"{FOLDER}/pool.d/p.conf": "[p]\nlisten = 9000\nenv[DB_PASSWORD] = geheim\n"}
    found = host(secret)
    assert found.pool.environment == {"DB_PASSWORD": "geheim"}
    assert "geheim" not in repr(found)
