# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""php-fpm's configuration, as distributions lay it out."""

from __future__ import annotations

import pytest
from support.host_files import write_files

from ansible_collections.storefleet.commerce.plugins.module_utils.config_files import ConfigFiles
from ansible_collections.storefleet.commerce.plugins.module_utils.pool_config import (
    masters,
    opcache_settings,
    php_settings,
    version_in,
)

WWW = "[www]\nuser = www-data\nlisten = /run/php/www.sock\n"


@pytest.fixture
def host(tmp_path):
    """The masters of a host with these files."""

    def found(files):
        write_files(tmp_path, files)
        return masters(ConfigFiles(str(tmp_path)))

    return found


@pytest.mark.parametrize(
    ("pool_file", "main", "ini", "more", "version"),
    [
        ("/etc/php/8.2/fpm/pool.d/www.conf", "/etc/php/8.2/fpm/php-fpm.conf", "php.ini", "conf.d", "8.2"),
        ("/etc/php-fpm.d/www.conf", "/etc/php-fpm.conf", "php.ini", "php.d", None),
        ("/etc/opt/remi/php83/php-fpm.d/www.conf", "/etc/opt/remi/php83/php-fpm.conf", "php.ini", "php.d", "8.3"),
        ("/usr/local/etc/php-fpm.d/www.conf", "/usr/local/etc/php-fpm.conf", "php/php.ini", "php/conf.d", None),
        ("/etc/php81/php-fpm.d/www.conf", "/etc/php81/php-fpm.conf", "php.ini", "conf.d", "8.1"),
        ("/opt/cpanel/ea-php82/root/etc/php-fpm.d/w.conf",)
        + ("/opt/cpanel/ea-php82/root/etc/php-fpm.conf", "php.ini", "php.d", "8.2"),
        ("/opt/plesk/php/8.2/etc/php-fpm.d/w.conf", "/opt/plesk/php/8.2/etc/php-fpm.conf", "php.ini", "php.d", "8.2"),
    ],
)
@pytest.mark.parametrize("included", [True, False])
def test_layouts(host, pool_file, main, ini, more, version, included):
    folder = main.rpartition("/")[0]
    files = {
        pool_file: WWW,
        main: "[global]\nprocess_control_timeout = 2m\n"
        + (f"include={pool_file.rpartition('/')[0]}/*.conf\n" if included else ""),
        f"{folder}/{ini}": "opcache.enable = 0\nopcache.preload = /a.php\n",
        f"{folder}/{more}/10-opcache.ini": "zend_extension=opcache.so\nopcache.enable=1\n",
    }
    (master,) = host(files)
    (pool,) = master.pools
    assert (master.source, master.php_version, master.process_control_timeout) == (main, version, 120)
    assert (pool.name, pool.listen, pool.user, pool.source) == ("www", "/run/php/www.sock", "www-data", pool_file)
    assert master.ini == (f"{folder}/{ini}", f"{folder}/{more}/*.ini")


def test_later_ini_files_win_and_extensions_add_up(host, tmp_path):
    host(
        {
            "/etc/php.ini": '; opcache.enable = 5\n[x]\nopcache.enable = 0 ; off\r\n opcache.preload="/a;b.php"\n',
            "/etc/php.d/10-opcache.ini": "zend_extension=opcache.so\nopcache.enable=1\nother=1\n",
            "/etc/php.d/20-xdebug.ini": "zend_extension=xdebug.so",
        }
    )
    assert php_settings(ConfigFiles(str(tmp_path)), "/etc/php.ini", "/etc/php.d/*.ini") == {
        "opcache.enable": "1",
        "opcache.preload": "/a;b.php",
        "zend_extension": "opcache.so xdebug.so",
    }


def test_pools_may_be_where_only_the_main_file_says(host):
    (master,) = host(
        {
            "/etc/php/8.2/fpm/php-fpm.conf": "[global]\ninclude=/srv/pools/*.conf\n",
            "/srv/pools/a.conf": "[a]\nlisten = 9001\n",
            "/srv/pools/b.conf": "[b]\nlisten = 9002\n",
        }
    )
    assert [(pool.name, pool.source) for pool in master.pools] == [
        ("a", "/srv/pools/a.conf"),
        ("b", "/srv/pools/b.conf"),
    ]


def test_a_pool_in_the_main_file(host):
    (master,) = host({"/etc/php-fpm.conf": "[global]\npid = x\n[www]\nlisten = 9000\n"})
    assert [pool.listen for pool in master.pools] == ["9000"]


def test_a_pool_spread_over_files_is_one_and_the_later_wins(host):
    (master,) = host(
        {
            "/usr/local/etc/php-fpm.d/www.conf": "[www]\nuser = www-data\nlisten = 127.0.0.1:9000\n",
            "/usr/local/etc/php-fpm.d/zz-docker.conf": "[global]\ndaemonize = no\n[www]\nlisten = 9000\n",
        }
    )
    (pool,) = master.pools
    assert (pool.listen, pool.user, pool.source) == ("9000", "www-data", "/usr/local/etc/php-fpm.d/www.conf")


def test_a_php_without_pools_is_no_master(host):
    assert host({"/etc/php/8.2/fpm/php-fpm.conf": "[global]\n", "/etc/php.ini": "a = b\n"}) == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("process_control_timeout = 10", 10),
        ("process_control_timeout = 10s ; grace", 10),
        ("process_control_timeout=5m", 300),
        ("process_control_timeout=1h", 3600),
        (";process_control_timeout = 10", 0),
        ("process_control_timeout = soon", 0),
    ],
)
def test_process_control_timeout(host, text, seconds):
    (master,) = host({"/etc/php-fpm.conf": f"[global]\n{text}\n", "/etc/php-fpm.d/www.conf": WWW})
    assert master.process_control_timeout == seconds


def test_an_included_file_has_the_last_word_on_the_timeout(host):
    (master,) = host(
        {
            "/etc/php-fpm.conf": "[global]\nprocess_control_timeout = 1\ninclude=/etc/php-fpm.d/*.conf\n",
            "/etc/php-fpm.d/global.conf": "[global]\nprocess_control_timeout = 7s\n",
            "/etc/php-fpm.d/www.conf": WWW + "process_control_timeout = 99\n",
        }
    )
    assert master.process_control_timeout == 7


def pool_of(host, text):
    return host({"/etc/php-fpm.d/www.conf": f"[www]\nlisten = 9000\n{text}\n"})[0].pools[0]


@pytest.mark.parametrize(
    ("line", "environment"),
    [
        ("env[A] = plain", {"A": "plain"}),
        ('env[A] = "quo;ted = x"', {"A": "quo;ted = x"}),
        ("env[A] = 'single' ; why", {"A": "single"}),
        ("env[A] = bare ; why", {"A": "bare"}),
        ("env[A] = $FROM_FPM", {}),
        ('env[A] = "${FROM_FPM}"', {}),
        ("env[A] = a/${FROM_FPM}", {}),
        ("env[lower_Case] = 1", {"lower_Case": "1"}),
        ("env[A]=1\nenv[A]=2", {"A": "2"}),
        (";env[A] = 1", {}),
        ("env[A] =", {"A": ""}),
    ],
)
def test_environment(host, line, environment):
    assert pool_of(host, line).environment == environment


def test_the_environment_is_never_shown(host):
    assert "geheim" not in repr(pool_of(host, "env[A] = geheim\nphp_admin_value[mysqli.default_pw] = geheim"))


@pytest.mark.parametrize(("line", "cleared"), [("", True), ("clear_env = no", False), ("clear_env = yes", True)])
def test_clear_env(host, line, cleared):
    assert pool_of(host, line).clear_env is cleared


def test_an_admin_value_wins_over_a_plain_one_wherever_it_stands(host):
    pool = pool_of(host, "php_admin_flag[opcache.enable] = off\nphp_flag[opcache.enable] = on\nphp_value[x] = 1")
    assert pool.settings == {"opcache.enable": "off", "x": "1"}


def test_the_pools_name_stands_in_its_values(host):
    assert pool_of(host, "listen = /run/$pool.sock").listen == "/run/www.sock"


LOADED = {"zend_extension": "/usr/lib/opcache.so"}


@pytest.mark.parametrize(
    ("ini", "own", "version", "shown"),
    [
        (LOADED, {}, "8.2", {"enable": True, "validate_timestamps": True, "revalidate_freq": 2, "file_cache": None}),
        ({"zend_extension": "xdebug"}, {}, "8.2", {"enable": False}),
        ({}, {}, "8.5", {"enable": True}),
        ({}, {}, "8.10", {"enable": True}),
        ({}, {}, None, {"enable": False}),
        ({**LOADED, "opcache.enable": "Off"}, {}, "8.2", {"enable": False}),
        ({**LOADED, "opcache.enable": "0"}, {"opcache.enable": "On"}, "8.2", {"enable": True}),
        ({**LOADED, "opcache.validate_timestamps": "0"}, {}, "8.2", {"validate_timestamps": False}),
        ({**LOADED, "opcache.revalidate_freq": "60"}, {}, "8.2", {"revalidate_freq": 60}),
        ({**LOADED, "opcache.revalidate_freq": "?"}, {}, "8.2", {"revalidate_freq": 2}),
        ({**LOADED, "opcache.file_cache": "/c"}, {}, "8.2", {"file_cache": "/c"}),
        ({**LOADED, "opcache.file_cache": ""}, {}, "8.2", {"file_cache": None}),
        (LOADED, {"opcache.preload": "/p.php"}, "8.2", {"preload": "/p.php", "restrict_api": None}),
        ({**LOADED, "opcache.restrict_api": "/r"}, {}, "8.2", {"preload": None, "restrict_api": "/r"}),
    ],
)
def test_opcache(ini, own, version, shown):
    settings = opcache_settings(ini, own, version)
    assert {name: getattr(settings, name) for name in shown} == shown


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/etc/php/8.2/fpm", "8.2"),
        ("/etc/opt/remi/php82", "8.2"),
        ("/usr/lib/apache2/modules/libphp8.10.so", "8.10"),
        ("modules/libphp.so", None),
        ("/etc", None),
    ],
)
def test_version_in_a_path(path, version):
    assert version_in(path) == version


def test_pools_are_read_from_any_file_and_what_is_none_is_left_out(tmp_path):
    folder = tmp_path / "etc/php/8.2/fpm/pool.d"
    folder.mkdir(parents=True)
    (folder / "www.conf").write_text("; a comment\n[global]\nlisten = ignored\n" + WWW)
    (folder / "tcp.conf").write_text('[shop]\nlisten = "127.0.0.1:9001"\n')
    (folder / "broken.conf").write_text("no section\n[]\n= x\n[none]\n")
    found = masters(ConfigFiles(str(tmp_path)))
    assert [(each.name, each.listen, each.user) for each in found[0].pools] == [
        ("shop", "127.0.0.1:9001", ""),
        ("www", "/run/php/www.sock", "www-data"),
    ]
