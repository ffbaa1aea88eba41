# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML report in a headless Chromium."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support.browser import Page, chromium

# Where tools/run lets Ansible find this checkout.
sys.path.append(os.environ["ANSIBLE_COLLECTIONS_PATH"])

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import render_html

Show = Callable[..., Page]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("browser")) as page:
        yield page


@pytest.fixture
def show(browser: Page, tmp_path: Path) -> Iterator[Show]:
    """Opens the page of a report, in a desktop's window; fragment: what the address ends with."""

    def opened(report: Mapping[str, Any], fragment: str = "") -> Page:
        file = tmp_path / "fleet-report.html"
        file.write_text(render_html.render(report), encoding="utf-8")
        # Else only the fragment of the address would change, and the page stay as it is.
        browser.open("about:blank")
        browser.open(file.as_uri() + fragment)
        return browser

    browser.size(1280, 900)
    browser.media()
    yield opened
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
