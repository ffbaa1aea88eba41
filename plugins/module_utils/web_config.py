# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sites of nginx and Apache by their configuration files: which folders they serve, and who runs PHP for them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Tuple

from .config_files import ConfigFiles

NGINX_FILES = (
    "/etc/nginx/nginx.conf",
    "/usr/local/nginx/conf/nginx.conf",
    "/usr/local/etc/nginx/nginx.conf",
    "/usr/local/openresty/nginx/conf/nginx.conf",
)
APACHE_FILES = (
    "/etc/apache2/apache2.conf",
    "/etc/apache2/httpd.conf",
    "/etc/httpd/conf/httpd.conf",
    "/usr/local/apache2/conf/httpd.conf",
    "/etc/httpd/httpd.conf",
)
_DEEPEST = 10


@dataclass(frozen=True)
class Site:
    """A server block or virtual host: folders; addresses of FastCGI servers (a socket's path, or host:port).

    module: where PHP runs inside Apache, the library it is in.
    """

    roots: Tuple[str, ...]
    addresses: Tuple[str, ...]
    module: Optional[str] = None


# A statement of nginx: its words, and the statements in its block or None.
_Statements = List[Tuple[List[str], Optional[list]]]
_TOKEN = re.compile(
    r"""#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([{};])|((?:\$\{\w+\}|[^\s{};])+)""",
    re.DOTALL,
)
# Most included files are tables of types and parameters.
_NGINX_WORTH = re.compile(r"\b(?:server|root|alias|fastcgi_pass|upstream|include|set|location)\b")
# What is left of a site once it is read; a host may have hundreds.
_KEPT = ("server", "root", "alias", "fastcgi_pass", "set")
_APACHE_WORTH = re.compile(
    r"^\s*(</?VirtualHost\b|(?:DocumentRoot|SetHandler|ProxyPass(?:Match)?|LoadModule|Define|Include(?:Optional)?"
    r"|ServerRoot)\s)(.*?)\s*>?\s*$",
    re.IGNORECASE | re.MULTILINE,
)


def nginx_sites(files: ConfigFiles) -> List[Site]:
    """The server blocks of the host's nginx."""
    found: List[Site] = []
    for main in NGINX_FILES:
        statements = list(_deep(_Nginx(files, main).statements))
        upstreams = {
            words[1]: [inner[1] for inner, dummy in block if inner[0] == "server" and len(inner) > 1]
            for words, block in statements
            if words[0] == "upstream" and block and len(words) > 1
        }
        found.extend(_server(block, upstreams) for words, block in statements if words[0] == "server" and block)
    return found


def apache_sites(files: ConfigFiles) -> List[Site]:
    """The virtual hosts of the host's Apache, and its main server."""
    for main in APACHE_FILES:
        lines = list(_apache(files, main, [os.path.dirname(main)], 0))
        if lines:
            return _hosts(lines)
    return []


class _Nginx:
    """The statements of nginx' main file, with those of included files in their place."""

    def __init__(self, files: ConfigFiles, main: str):
        self._files = files
        self._folder = os.path.dirname(main)
        # Many sites include one and the same file.
        self._parsed: Dict[str, _Statements] = {}
        self.statements = self._of(main, 0)

    def _of(self, path: str, depth: int) -> _Statements:
        if path not in self._parsed:
            text = self._files.read(path)
            self._parsed[path] = self._parse(text, depth) if _NGINX_WORTH.search(text) else []
        return self._parsed[path]

    def _parse(self, text: str, depth: int) -> _Statements:
        top: _Statements = []
        stack: List[_Statements] = [top]
        words: List[str] = []
        for found in _TOKEN.finditer(text):
            double, single, mark, word = found.groups()
            if mark == ";" and words:
                if words[0] == "include" and len(words) > 1:
                    stack[-1].extend(self._included(words[1], depth))
                elif words[0] in _KEPT:
                    stack[-1].append((words, None))
                words = []
            elif mark == "{":
                block: _Statements = []
                stack[-1].append((words or [""], block))
                stack.append(block)
                words = []
            elif mark == "}":
                words = []
                del stack[max(len(stack) - 1, 1) :]
            elif not mark:
                words.extend(each for each in (double, single, word) if each is not None)
        return top

    def _included(self, pattern: str, depth: int) -> _Statements:
        if depth >= _DEEPEST:
            return []
        paths = self._files.glob(os.path.join(self._folder, pattern))
        return [statement for path in paths for statement in self._of(path, depth + 1)]


def _deep(statements: _Statements) -> Iterator[Tuple[List[str], Optional[list]]]:
    for words, block in statements:
        yield words, block
        if block:
            yield from _deep(block)


def _server(block: _Statements, upstreams: Dict[str, List[str]]) -> Site:
    inside = [words for words, inner in _deep(block) if inner is None and len(words) > 1]
    variables = {words[1].lstrip("$"): words[2] for words in inside if words[0] == "set" and len(words) > 2}

    def plain(text: str) -> str:
        # A variable may be set from another.
        for dummy in range(3):
            text = re.sub(r"\$\{?(\w+)\}?", lambda each: variables.get(each.group(1), each.group(0)), text)
        return text

    passed = [plain(words[1]) for words in inside if words[0] == "fastcgi_pass"]
    addresses = [address for name in passed for address in upstreams.get(name, [name])]
    roots = [plain(words[1]) for words in inside if words[0] in ("root", "alias")]
    return Site(_each(roots), _each(re.sub(r"^unix:", "", address) for address in addresses))


def _apache(files: ConfigFiles, path: str, folder: List[str], depth: int) -> Iterator[Tuple[str, str]]:
    """Directive (lower case) and the rest of each line that matters, included files in place."""
    text = re.sub(r"\\\r?\n", " ", files.read(path))
    for found in _APACHE_WORTH.finditer(text):
        name, rest = found.group(1).strip().lower(), found.group(2)
        if name == "serverroot":
            folder[0] = rest.strip("\"'")
        if not name.startswith("include"):
            yield name, rest
        elif depth < _DEEPEST:
            for each in files.glob(os.path.join(folder[0], rest.strip("\"'"))):
                yield from _apache(files, each, folder, depth + 1)


def _hosts(lines: List[Tuple[str, str]]) -> List[Site]:
    defined: Dict[str, str] = {}
    module, threaded = None, False
    # The main server's first: what it says holds for the virtual hosts that say nothing of their own.
    hosts: List[Tuple[List[str], List[str]]] = [([], [])]
    current = hosts[0]
    for name, rest in lines:
        rest = re.sub(r"\$\{(\w+)\}", lambda each: defined.get(each.group(1), each.group(0)), rest)
        words = [word.strip("\"'") for word in rest.split()]
        if name == "<virtualhost":
            current = ([], [])
            hosts.append(current)
        elif name == "</virtualhost":
            current = hosts[0]
        elif name == "define" and len(words) > 1:
            defined[words[0]] = words[1]
        elif name == "loadmodule" and len(words) > 1:
            threaded = threaded or words[0] in ("mpm_event_module", "mpm_worker_module")
            module = words[1] if re.match(r"php\d?_module$", words[0]) else module
        elif name == "documentroot" and words:
            current[0].append(words[0])
        elif name in ("sethandler", "proxypass", "proxypassmatch"):
            current[1].extend(_fastcgi(rest))
    # PHP's module is for the prefork model; Red Hat's files name it for whoever switches to that.
    module = None if threaded else module
    sites = []
    for roots, addresses in hosts:
        # Debian's switch to php-fpm for all hosts does nothing while the module is loaded.
        inside = module if not addresses else None
        sites.append(Site(_each(roots or hosts[0][0]), _each(addresses or ([] if inside else hosts[0][1])), inside))
    return sites[1:] + sites[:1]


def _fastcgi(rest: str) -> List[str]:
    return re.findall(r"unix:(/[^|\"'\s]+)\|fcgi:", rest) or re.findall(r"fcgi://([^/|\"'\s]+)", rest)


def _each(values) -> Tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
