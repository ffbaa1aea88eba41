# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of every module that asks a running store."""

    DOCUMENTATION = r"""
options:
  apis:
    description: The APIs to test. The others are C(not_run), and do not count.
    type: list
    elements: str
    choices: [rest, graphql, soap]
    default: [rest, graphql, soap]
  base_url:
    description: The store's base URL. That of the store view when not given, as the store's configuration has it.
    type: str
  store_code:
    description: The code of the store view. That of the default website's default store view when not given.
    type: str
  connect_to:
    description:
      - Where the requests really go, as C([http|https://]host:port), with the host name of the base URL in them.
      - The node itself when not given, C(127.0.0.1) at the port of the base URL. Where nothing listens on port 443
        there, and something does on port 80, it is that one.
      - For an C(https) store on an C(http) address, the request has the header by which a proxy says that it ended TLS,
        as C(web/secure/offloader_header) names it.
      - A redirect is never followed, as a login must not go elsewhere. The result says where it leads.
    type: str
  validate_certs:
    description: Whether the certificate of an HTTPS connection has to be valid for the store's name.
    type: bool
    default: true
  ca_path:
    description: A file on the host with the certificate authorities to trust. The host's own when not given.
    type: path
  url_username:
    description: The user name for a web server that wants a login of its own before the store (HTTP Basic).
    type: str
  url_password:
    description: The password for O(url_username).
    type: str
  headers:
    description:
      - Headers to send with each request, such as one that a firewall wants. Never logged and never returned.
      - C(Host), C(Content-Length), C(Content-Type), C(Transfer-Encoding), C(Connection) and C(Store) are the
        request's own.
    type: dict
    default: {}
  account_email:
    description:
      - The e-mail address of a test customer of your own, for O(probe=account).
      - It has to be one of the store view's website, or of any where customer accounts are shared.
    type: str
  account_password:
    description: The password of that customer.
    type: str
"""
