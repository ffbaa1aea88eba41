# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML file that can be forwarded: no request goes out from it, and it reads without JavaScript too.

Everything that came from a host is escaped by Jinja. The page's own style and script are named by their hashes in its
content security policy, so that nothing else runs even if something were to slip through.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .html_charts import donut_of, versions_of
from .html_details import details_of
from .html_head import banners_of, facts_of, headline_of, steps_of
from .html_words import counted, day, duration, human, moment, noun_of, outcome
from .plain import one_line
from .terms import OUTCOMES

SUFFIX = ".html"

# What needs a human first. The order of the page; the JSON report has another one.
SEVERITY = ("needs_hands", "vulnerable", "unknown", "waived", "not_applicable", "compliant")

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def render(report: Mapping[str, Any]) -> str:
    """The report as a page; equal reports give equal pages."""
    style, script = _asset("report.css"), _asset("report.js")
    lost = frozenset(report["drift"]["lost"])
    return _template().render(
        report=report,
        noun=noun_of(report),
        headline=headline_of(report),
        banners=banners_of(report),
        facts=facts_of(report),
        steps=steps_of(report, SEVERITY),
        donut=donut_of(report["totals"], SEVERITY),
        versions=versions_of(report["stores"], SEVERITY),
        severity=SEVERITY,
        outcomes=OUTCOMES,
        entries=sorted(
            report["stores"], key=lambda entry: (SEVERITY.index(entry["status"]), entry["name"] not in lost)
        ),
        lost=lost,
        names=frozenset(entry["name"] for entry in report["stores"]),
        details=lambda entry: details_of(entry, report["drift"]["was"].get(entry["name"])),
        style=style,
        script=script,
        policy=_policy(style, script),
    )


def anchor(name: str) -> str:
    """The id of a host's row. It is spelled as the browser spells it in an address."""
    return "host-" + quote(name, safe="", errors="replace")


def _shown(value: Any) -> Any:
    """What a template prints, without what would act on the page's text though it is escaped."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else one_line(value)


def _gravest_first(entries, lost):
    return sorted(entries, key=lambda entry: (SEVERITY.index(entry["status"]), entry["name"] not in lost))


def _policy(style: str, script: str) -> str:
    own = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=None)
def _asset(name: str) -> Markup:
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=None)
def _template():
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        anchor=anchor, counted=counted, day=day, duration=duration, human=human, moment=moment, outcome=outcome
    )
    return environment.get_template("report.html.j2")
