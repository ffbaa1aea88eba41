# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the probe makes of a real nginx before a store: TLS, logins, limits, the PROXY protocol, other pages."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing

import pytest
from contract.commerce import PASSWORD, WRONG_PASSWORD
from support.stores import ENGINE, HOST

sys.path.append(os.environ["ANSIBLE_COLLECTIONS_PATH"].partition(os.pathsep)[0])

from ansible_collections.storefleet.commerce.plugins.module_utils import tokens
from ansible_collections.storefleet.commerce.plugins.module_utils.http_node import Access, Node

SITE = "/etc/nginx/sites-enabled/commerce"

PREPARE = """
cd /etc/nginx && cp -L {site} original
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3 -subj /CN={host} \
    -addext subjectAltName=DNS:{host} -keyout key.pem -out certificate.pem 2>/dev/null
printf 'op:%s\\n' "$(openssl passwd -apr1 secret)" >passwords
sed -n '/location/,$p' original >locations
cat certificate.pem
"""

# One server on port 80, the only one that is published, whatever it speaks.
SERVE = """
{ echo 'limit_req_zone $binary_remote_addr zone=one:1m rate=1r/m;'
  echo "server { listen 80 $1; server_name _; root /var/www/store/pub; index index.php;"
  echo "ssl_certificate /etc/nginx/certificate.pem; ssl_certificate_key /etc/nginx/key.pem; $2"
  if [ "$3" = store ]; then cat /etc/nginx/locations; else echo '}'; fi
} >"$4"
nginx -s stop 2>/dev/null && while [ -e /run/nginx.pid ]; do sleep 0.02; done
nginx
"""

LOGIN = "auth_basic staging; auth_basic_user_file /etc/nginx/passwords;"
CLIENT = "ssl_verify_client on; ssl_client_certificate /etc/nginx/certificate.pem;"
CHALLENGE = "default_type text/html; return 403 '<html><title>Just a moment...</title></html>';"
HTTPS_ONLY = "if ($http_x_forwarded_proto != https) { return 301 https://$host$request_uri; }"
TEAM = 'if ($http_x_team != "a b") { return 403; }'

CASES = {
    "as it is": ("", "", "store", "http", {}, "granted"),
    "TLS": ("ssl", "", "store", "https", {}, "granted"),
    "compressed": ("", "gzip on; gzip_min_length 1; gzip_types application/json;", "store", "http", {}, "granted"),
    "TLS ended by a proxy": ("", HTTPS_ONLY, "store", "http", {}, "granted"),
    "another name's certificate": ("ssl", "", "store", "https", {"name": "other.example"}, "certificate"),
    "nobody's certificate": ("ssl", "", "store", "https", {"ca_path": None}, "certificate"),
    "nobody's certificate, taken": ("ssl", "", "store", "https", {"ca_path": None, "validate_certs": False}, "granted"),
    "a client certificate wanted": ("ssl", CLIENT, "store", "https", {}, "client_certificate"),
    "TLS asked in plain": ("ssl", "", "store", "http", {}, "https_port"),
    "plain asked in TLS": ("", "", "store", "https", {}, "http_port"),
    "HTTP/2 only": ("http2", "", "store", "http", {}, "http2_only"),
    "the PROXY protocol": ("proxy_protocol", "", "store", "http", {}, "proxy_protocol"),
    "the PROXY protocol under TLS": ("ssl proxy_protocol", "", "store", "https", {}, "proxy_protocol"),
    "hangs up": ("", "return 444;", "", "http", {}, "no_answer"),
    "a login": ("", LOGIN, "store", "http", {}, "login_before_the_store"),
    "a login, given": ("", LOGIN, "store", "http", {"url_username": "op", "url_password": "secret"}, "granted"),
    "a header": ("", TEAM, "store", "http", {}, "closed_by_server"),
    "a header, given": ("", TEAM, "store", "http", {"headers": {"X-Team": "a b"}}, "granted"),
    "a limit": ("", "limit_req zone=one; limit_req_status 429;", "store", "http", {}, "rate_limited"),
    "a challenge": ("", CHALLENGE, "", "http", {}, "challenged"),
    "closed": ("", "location ^~ /rest { return 405; }", "store", "http", {}, "closed_by_server"),
    "a redirect": ("", "return 308 https://www.store.example$request_uri;", "", "http", {}, "redirected"),
    "PHP away": ("", "location / { proxy_pass http://127.0.0.1:9; }", "", "http", {}, "bad_gateway"),
    "the web server's 503": ("", "return 503;", "", "http", {}, "service_unavailable"),
}


@pytest.fixture(scope="module")
def node_of(start, tmp_path_factory):
    """Makes nginx serve the store in another way, and a node to ask it by; and a customer of the store."""
    store = start("probe-http", COMMERCE_VERSION="2.4.6-p1", COMMERCE_BASE_URL=f"https://{HOST}/")
    port = subprocess.run([ENGINE, "port", store.name, "80/tcp"], check=True, capture_output=True, text=True).stdout
    authority = tmp_path_factory.mktemp("probe-http") / "ca.pem"
    email = store.create_customer()
    authority.write_text(store.shell(PREPARE.format(site=SITE, host=HOST)))

    def make(listen, directives, content, scheme, options):
        store.shell(SERVE, listen, directives, content, SITE)
        given = {"ca_path": str(authority), **options}
        name = given.pop("name", HOST)
        return Node(f"https://{name}/", f"{scheme}://{port.strip()}", Access(**given))

    make.email = email
    return make


@pytest.mark.parametrize("case", CASES)
def test_what_stands_before_the_store_is_named(node_of, case):
    *served, expected = CASES[case]
    with closing(node_of(*served)) as node:
        if case == "a limit":
            node.get("magento_version")
        assert tokens.request(node, "rest", node_of.email, PASSWORD, "default").reason == expected
        assert tokens.is_commerce(node) is (case == "closed" or expected == "granted")


def test_every_api_is_asked_through_a_login_and_tls(node_of):
    access = {"url_username": "op", "url_password": "secret"}
    with closing(node_of("ssl", LOGIN, "store", "https", access)) as node:
        for api in ("rest", "graphql", "soap"):
            assert tokens.request(node, api, node_of.email, WRONG_PASSWORD, "default").reason == "refused"
            assert tokens.request(node, api, node_of.email, PASSWORD, "default").reason == "granted"
