# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Composer would have to do so that a store has the Quality Patches Tool, decided by its files."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Optional, Sequence

from .composer_packages import INSTALLED, LOCK, MANIFEST, is_number, read_json
from .composer_patches import patched_by_plugin
from .errors import CommerceError
from .store import CLOUD_PATCHES, QUALITY_PATCHES, Store
from .tool_releases import bad_releases, is_within, least_release, narrowed, without_bad
from .version import satisfies

AS_IS, INSTALL = "as_is", "install"


class ToolWish(NamedTuple):
    """What an operator says of the tool. version: a constraint; None: whatever has the patches.

    composer: the path of the program, None for the one that is found. auth: as in Composer's auth.json. environment:
    variables of Composer's. Both may hold secrets.
    """

    version: Optional[str] = None
    composer: Optional[str] = None
    auth: Mapping[str, Any] = {}
    environment: Mapping[str, str] = {}

    def __repr__(self):
        return "ToolWish({0!r}, {1!r})".format(self.version, self.composer)


class ToolPlan(NamedTuple):
    """before: the release that is installed, None without one. allowed: the constraint that the new one has to be in;
    narrowed: the same within what composer.json says, None where that cannot be said.

    require: the constraint that composer.json is to get; None where it stays as it is. is_dev: it is among the packages
    for development there.
    """

    before: Optional[str]
    allowed: str
    narrowed: Optional[str]
    require: Optional[str]
    is_dev: bool


def plan_tool(store: Store, patches: Sequence[str], wish: ToolWish) -> Optional[ToolPlan]:
    """What there is to do, None where the tool is there already.

    CommerceError: lock_missing, pinned, bad_release, patched_tool, bad_version.
    """
    least = least_release(patches)
    wanted = wish.version or ">={0}".format(least)
    # Refuses what is no constraint.
    satisfies(least, wanted)
    allowed = without_bad(wanted, store.base_version)
    if is_within(store.qpt_version, allowed):
        return None
    missing = [path for path in (MANIFEST, LOCK, INSTALLED) if path in store.missing]
    if missing:
        raise refused(
            "lock_missing",
            store.root,
            "{0} is not there, and without it Composer would choose every package anew".format(missing[0]),
            "Deploy the store with the files that Composer writes.",
            patches,
        )
    manifest = read_json(store.root, MANIFEST)
    is_dev = QUALITY_PATCHES in _object(manifest.get("require-dev"))
    own = _object(manifest.get("require-dev" if is_dev else "require")).get(QUALITY_PATCHES)
    _refuse_bad(store, wish.version, "commerce_tool_version", patches)
    if wish.version is None:
        _refuse_pinned(store, own, allowed, patches)
    _refuse_patched(store, patches)
    require = _to_require(store, own, wish, least)
    return ToolPlan(store.qpt_version, allowed, narrowed(require or own, allowed), require, is_dev)


def refused(code: str, root: str, came_back: str, next_step: str, patches: Sequence[str]) -> CommerceError:
    """The error that says why the tool is not installed, with the other ways to get there."""
    return CommerceError(
        "install {0} in a copy of the release".format(QUALITY_PATCHES),
        root,
        came_back,
        "{0} The other ways: run `composer require {1}:^{2}` where the store's composer.json and composer.lock are "
        "kept, and deploy that; or let the pipeline that builds the store apply the patch. Nothing has been "
        "changed.".format(next_step, QUALITY_PATCHES, least_release(patches)),
        code=code,
    )


def _to_require(store, own, wish, least) -> Optional[str]:
    if wish.version is not None:
        # Another package may bring the tool, and has its say through the solver.
        return None if own == wish.version else wish.version
    return None if own is not None or store.qpt_version is not None else "^{0}".format(least)


def _refuse_pinned(store, own, allowed, patches) -> None:
    _refuse_bad(store, own, MANIFEST, patches)
    if is_number(own) and not is_within(own, allowed):
        raise refused(
            "pinned",
            store.root,
            "composer.json pins it to {0}, and {1} is wanted".format(own, allowed),
            "Set commerce_tool_version to the constraint that composer.json is to have from now on, or change it "
            "there.",
            patches,
        )


def _refuse_bad(store, constraint, where, patches) -> None:
    """A constraint that is one release, and one that is known to be bad."""
    for bad in bad_releases(store.base_version):
        if is_number(constraint) and is_within(bad.release, constraint):
            raise refused(
                "bad_release",
                store.root,
                "{0} wants {1}: {2}".format(where, bad.release, bad.why),
                "Take another release, by commerce_tool_version.",
                patches,
            )


def _refuse_patched(store, patches) -> None:
    """A plugin of the operator's patches the tool itself: an update without plugins would lose that."""
    patched = sorted(patched_by_plugin(store.root) & {QUALITY_PATCHES, CLOUD_PATCHES})
    if patched:
        raise refused(
            "patched_tool",
            store.root,
            "composer.json has patches for {0} itself (extra.patches), which an update would take out".format(
                " and ".join(patched)
            ),
            "Update it where these patches are applied.",
            patches,
        )


def _object(value) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
