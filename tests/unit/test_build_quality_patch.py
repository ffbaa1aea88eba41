# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module build_quality_patch: what of its options becomes which list."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.modules import build_quality_patch

OPTIONS = {
    **dict.fromkeys(("branch", "commit_message", "change_id", "remote", "author_email")),
    "path": "/srv/shop",
    "patches": ["ACSD-1", "ACSD-2"],
    "state": "absent",
    "push_timeout": 5,
    "composer": ("composer",),
    "author_name": "Ada",
}


@pytest.mark.parametrize(
    ("method", "files"),
    [
        ("composer_script", ("composer.json", "composer.lock")),
        ("hotfix", ("m2-hotfixes/ACSD-1.patch", "m2-hotfixes/ACSD-2.patch", "composer.json", "composer.lock")),
    ],
)
def test_the_core_gets_the_list_of_the_method(monkeypatch, method: str, files: tuple[str, ...]) -> None:
    calls = []
    monkeypatch.setattr(build_quality_patch, "ensure", lambda *asked: calls.append(asked))
    build_quality_patch.work({**OPTIONS, "method": method}, None, True)
    [(patch_list, request, dummy, check)] = calls
    assert (patch_list.files, check) == (files, True)
    assert (request.path, request.patches, request.state, request.author.name) == (
        "/srv/shop", ["ACSD-1", "ACSD-2"], "absent", "Ada"
    )  # fmt: skip
