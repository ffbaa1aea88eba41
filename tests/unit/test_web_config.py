# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sites of nginx and Apache, as distributions and people write them."""

from __future__ import annotations

import pytest
from support.host_files import write_files

from ansible_collections.storefleet.commerce.plugins.module_utils.config_files import ConfigFiles
from ansible_collections.storefleet.commerce.plugins.module_utils.web_config import apache_sites, nginx_sites


@pytest.fixture
def write(tmp_path):
    """Write a host's files and return them as the code reads them."""

    def made(files):
        write_files(tmp_path, files)
        return ConfigFiles(str(tmp_path))

    return made


@pytest.fixture
def nginx(write):
    """(roots, addresses) of each server block of a host whose nginx.conf has this in its http block."""

    def made(http, **files):
        named = {f"/etc/nginx/{name.replace('__', '/')}.conf": text for name, text in files.items()}
        main = {"/etc/nginx/nginx.conf": "user www-data;\nevents { }\nhttp {\n" + http + "\n}\n"}
        return [(site.roots, site.addresses) for site in nginx_sites(write({**main, **named}))]

    return made


SAMPLE = "root $MAGE_ROOT/pub;\nlocation ~ ^/index\\.php(/|$) { fastcgi_pass fastcgi_backend; }\n"
UPSTREAM = "upstream fastcgi_backend { server unix:/run/php/shop.sock; }\n"


@pytest.mark.parametrize(
    ("http", "sites"),
    [
        (
            "server { root /srv/pub; location / { fastcgi_pass unix:/run/a.sock; } }",
            [(("/srv/pub",), ("/run/a.sock",))],
        ),
        ("server { root /srv; fastcgi_pass 127.0.0.1:9000; }", [(("/srv",), ("127.0.0.1:9000",))]),
        ("server { root '/srv/a b'; }", [(("/srv/a b",), ())]),
        ('server { root "/srv/a;{b"; }', [(("/srv/a;{b",), ())]),
        ("server { # } it's\n root /srv; }", [(("/srv",), ())]),
        ("server { # root /no;\n root /srv; }", [(("/srv",), ())]),
        ("server { set $R /srv; set $S $R/shop; root ${S}/pub; }", [(("/srv/shop/pub",), ())]),
        ("server { root $unset/pub; }", [(("$unset/pub",), ())]),
        ("server { location /shop { alias /srv/pub; } }", [(("/srv/pub",), ())]),
        (UPSTREAM + "server { set $MAGE_ROOT /srv; " + SAMPLE + "}", [(("/srv/pub",), ("/run/php/shop.sock",))]),
        (
            "server { fastcgi_pass both; }\nupstream both { least_conn; server 127.0.0.1:9000 weight=2; server h:1; }",
            [((), ("127.0.0.1:9000", "h:1"))],
        ),
        (
            "upstream php { server unix:/run/a.sock; } server { set $to php; fastcgi_pass $to; }",
            [((), ("/run/a.sock",))],
        ),
        ("server { root /a; } server { root /b; }", [(("/a",), ()), (("/b",), ())]),
        # Written by half.
        ("} } server { root /a;", [(("/a",), ())]),
        ("server", []),
        ("server { root ; include; ; }", [((), ())]),
    ],
)
def test_nginx(nginx, http, sites):
    assert nginx(http) == sites


def test_nginx_includes(nginx):
    sites = nginx(
        "include /etc/nginx/conf.d/*.conf;\ninclude sites/shop.conf;\ninclude mime.conf;",
        conf_d="",
        **{
            "conf.d__upstreams": UPSTREAM,
            "sites__shop": "server { set $MAGE_ROOT /srv/shop; include sample.conf; }",
            "sample": SAMPLE,
            "mime": "types { text/html html; }",
        },
    )
    assert sites == [(("/srv/shop/pub",), ("/run/php/shop.sock",))]


def test_a_file_that_many_sites_include_means_something_else_in_each(nginx):
    server = "server { set $MAGE_ROOT %s; include sample.conf; }\n"
    sites = nginx(UPSTREAM + server % "/a" + server % "/b", sample=SAMPLE)
    assert [roots for roots, dummy in sites] == [("/a/pub",), ("/b/pub",)]


def test_a_file_that_includes_itself_comes_to_an_end(nginx):
    sites = nginx("include loop.conf;", loop="include loop.conf; server { root /a; }")
    assert sites[0] == (("/a",), ())


@pytest.fixture
def apache(write):
    """(roots, addresses, module) of each host of an Apache with these files, the main server last."""

    def made(main, **files):
        named = {f"/etc/apache2/{name.replace('__', '/')}": text for name, text in files.items()}
        files = write({"/etc/apache2/apache2.conf": main, **named})
        return [(site.roots, site.addresses, site.module) for site in apache_sites(files)]

    return made


FPM = 'SetHandler "proxy:unix:/run/php/php8.2-fpm.sock|fcgi://localhost"'
HOST = "<VirtualHost *:80>\n  ServerName a\n  DocumentRoot /srv/pub\n  %s\n</VirtualHost>\n"


@pytest.mark.parametrize(
    ("own", "address"),
    [
        (f'<FilesMatch "\\.php$">\n    {FPM}\n  </FilesMatch>', "/run/php/php8.2-fpm.sock"),
        ("sethandler proxy:fcgi://127.0.0.1:9000", "127.0.0.1:9000"),
        ('ProxyPassMatch "^/(.*\\.php)$" "unix:/run/a.sock|fcgi://localhost/srv/pub/"', "/run/a.sock"),
        ("ProxyPassMatch ^/(.*\\.php(/.*)?)$ fcgi://[::1]:9000/srv/pub/$1", "[::1]:9000"),
        ("ProxyPass / \\\n    fcgi://127.0.0.1:9001/", "127.0.0.1:9001"),
    ],
)
def test_apache_hands_php_on(apache, own, address):
    assert apache(HOST % own)[0] == (("/srv/pub",), (address,), None)


@pytest.mark.parametrize(
    "own", ["# " + FPM, "ProxyPass / http://127.0.0.1:8080/", "SetHandler application/x-httpd-php"]
)
def test_apache_without_a_fastcgi_server(apache, own):
    assert apache(HOST % own)[0] == (("/srv/pub",), (), None)


def test_debians_switch_for_all_hosts_holds_for_those_without_their_own(apache):
    main = "Define TO /run/own.sock\nIncludeOptional conf-enabled/*.conf\nInclude sites-enabled/*.conf\n"
    sites = apache(
        main,
        **{
            "conf-enabled__php.conf": FPM,
            "sites-enabled__a.conf": HOST % "",
            "sites-enabled__b.conf": HOST % 'SetHandler "proxy:unix:${TO}|fcgi://b"',
        },
    )
    assert [addresses for dummy, addresses, dummy in sites[:2]] == [("/run/php/php8.2-fpm.sock",), ("/run/own.sock",)]


def test_what_stands_after_a_host_is_not_the_hosts(apache):
    sites = apache(HOST % "SetHandler proxy:fcgi://127.0.0.1:9001" + "DocumentRoot /srv/main\n" + FPM)
    assert sites == [
        (("/srv/pub",), ("127.0.0.1:9001",), None),
        (("/srv/main",), ("/run/php/php8.2-fpm.sock",), None),
    ]


MODULE = "LoadModule php_module /usr/lib/apache2/modules/libphp8.2.so\n"


@pytest.mark.parametrize(
    ("main", "found"),
    [
        (MODULE + FPM + "\n" + HOST % "", ((), "/usr/lib/apache2/modules/libphp8.2.so")),
        (MODULE + HOST % FPM, (("/run/php/php8.2-fpm.sock",), None)),
        # Red Hat's files name the module for another model than the one that runs.
        (MODULE + "LoadModule mpm_event_module m.so\n" + FPM + "\n" + HOST % "", (("/run/php/php8.2-fpm.sock",), None)),
        (MODULE + "LoadModule mpm_prefork_module m.so\n" + HOST % "", ((), "/usr/lib/apache2/modules/libphp8.2.so")),
    ],
)
def test_the_module_of_apache(apache, main, found):
    assert apache(main)[0][1:] == found


def test_a_host_without_a_folder_has_the_main_servers(apache):
    sites = apache('DocumentRoot "/srv/main"\n<VirtualHost *:443>\n</VirtualHost>\n')
    assert [roots for roots, dummy, dummy in sites] == [("/srv/main",), ("/srv/main",)]


def test_red_hats_includes_are_below_the_server_root(write):
    files = write(
        {
            "/etc/httpd/conf/httpd.conf": 'ServerRoot "/etc/httpd"\nIncludeOptional conf.d/*.conf\n',
            "/etc/httpd/conf.d/a.conf": HOST % FPM,
        }
    )
    assert apache_sites(files)[0].addresses == ("/run/php/php8.2-fpm.sock",)


def test_an_apache_that_includes_itself_comes_to_an_end(apache):
    assert apache("Include apache2.conf\nDocumentRoot /srv\n")[-1][0] == ("/srv",)
