# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patches listed for the build of a repository, or not: planned from a commit, made a commit, pushed."""

from __future__ import annotations

import os
import tempfile
from abc import ABC, abstractmethod
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .build_project import Fit, Project, fit_of, is_new_enough, tool_to_raise
from .command import Runner
from .composer_packages import LOCK, MANIFEST, read_composer_files
from .composer_update import by_hand, raise_tool
from .errors import CommerceError, UnclearFile
from .git_checkout import Author, Branch, Checkout, content, write_content
from .git_remote import Remote
from .patch_ids import Listed, refuse_strange
from .quality_patches import ABSENT, PRESENT
from .store import QUALITY_PATCHES

LISTED, NOT_LISTED = "listed", "not_listed"
ALL_LISTED = "everything"

# What files of the repository hold, as text; None for one that is not there.
Contents = Mapping[str, Optional[str]]


class PatchList(ABC):
    """Where a repository says which patches its build applies.

    name: in words; title: the same for the first line of a commit. path: the file that says it; files: those that may
    change. everything: what stands there for all patches. What it raises as UnclearFile says why a file cannot be
    changed safely.
    """

    name = ""
    title = ""
    path = ""
    files: Tuple[str, ...] = ()
    everything = ""

    @abstractmethod
    def listed(self, held: Contents) -> Listed:
        """The ids that the files list."""

    @abstractmethod
    def edited(self, held: Contents, add: Sequence[str], remove: Sequence[str]) -> Dict[str, Optional[str]]:
        """The files with and without ids, all else as it is."""

    @abstractmethod
    def read_project(self, folder: str, checkout: str) -> Project:
        """The project whose files, as they are in a commit of the checkout, stand in folder; raises CommerceError."""

    @abstractmethod
    def by_hand(self, ids: str) -> str:
        """What a person writes to list the ids, as a sentence without its end."""


class Request(NamedTuple):
    """What is wanted: see the options of the modules cloud_quality_patch and build_quality_patch."""

    path: str
    patches: Sequence[str]
    state: str = PRESENT
    branch: Optional[str] = None
    commit_message: Optional[str] = None
    change_id: Optional[str] = None
    remote: Optional[str] = None
    push_timeout: float = 1800
    author: Author = Author()
    composer: Sequence[str] = ("composer",)


_OPTIONS = ("path", "patches", "state", "branch", "commit_message", "change_id", "remote", "push_timeout", "composer")


def request_of(options: Mapping[str, Any]) -> Request:
    """What the options of a module ask for."""
    author = Author(options["author_name"], options["author_email"])
    return Request(author=author, **{name: options[name] for name in _OPTIONS})


class Plan(NamedTuple):
    """What has to be done to the files of a commit.

    before: what they hold. add, remove: ids. minimum: the release that magento/quality-patches has to be raised to.
    refused: ids that the build could not apply. fits: per id, empty where nobody asked.
    """

    before: Contents
    listed: Listed
    add: Tuple[str, ...] = ()
    remove: Tuple[str, ...] = ()
    minimum: Optional[str] = None
    refused: Tuple[str, ...] = ()
    fits: Mapping[str, Fit] = {}
    project: Optional[Project] = None

    @property
    def is_change(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.add or self.remove or self.minimum)


def ensure(patch_list: PatchList, request: Request, runner: Runner, check: bool = False) -> Dict[str, Any]:
    """See to it that the ids are listed (or not) on a branch of the checkout, and that a remote has that branch.

    The calling process is the checkout's owner. check: nothing is written, the result is what a real run would bring.
    Returns the values of the module; with failed, msg, code and next_step where ids were refused that are out of range,
    those that were listed being removed all the same. All else that goes wrong raises CommerceError, and nothing is
    changed then. Codes: see git_checkout, git_remote, PatchList.read_project, composer_update; and cannot_edit,
    all_patches.
    """
    refuse_strange(request.patches)
    checkout = Checkout(request.path, runner)
    checkout.require_clean(patch_list.files)
    branch = checkout.branch(request.branch, request.remote)
    remote = Remote(checkout, request.remote) if request.remote else None
    head = remote.head(branch.name) if remote else None
    if remote:
        remote.require_part(branch, head)
    plan = planned(patch_list, request, checkout.contents(branch.revision, patch_list.files))
    work = _Work(patch_list, request, checkout, branch, remote, plan, runner)
    if plan.is_change:
        checkout.require_author(request.author)
        return work.predicted() if check else work.done()
    # What an earlier run could not push, for one.
    behind = remote is not None and branch.exists and head != branch.revision
    return work.nothing_to_change(push=behind, check=check)


def planned(patch_list: PatchList, request: Request, files: Contents) -> Plan:
    """What the content of the files means for what is wanted."""
    ids = tuple(dict.fromkeys(request.patches))
    if "\ufffd" in (files[patch_list.path] or ""):
        raise _cannot_edit(patch_list, request, "it is not UTF-8")
    try:
        listed = patch_list.listed(files)
    except UnclearFile as error:
        raise _cannot_edit(patch_list, request, str(error)) from error
    if request.state == ABSENT:
        if listed.everything:
            raise _all_patches(patch_list, request)
        return Plan(files, listed, remove=tuple(patch_id for patch_id in ids if patch_id in listed.ids))
    project = _project_of(patch_list, request, files)
    minimum = tool_to_raise(project, ids)
    # Of what a later tool will have, the one that is installed knows nothing.
    fits = {patch_id: fit_of(project._replace(catalogue=None) if minimum else project, patch_id) for patch_id in ids}
    refused = tuple(patch_id for patch_id in ids if fits[patch_id].fits is False)
    if refused:
        remove = tuple(patch_id for patch_id in refused if patch_id in listed.ids)
        return Plan(files, listed, remove=remove, refused=refused, fits=fits, project=project)
    add = () if listed.everything else tuple(patch_id for patch_id in ids if patch_id not in listed.ids)
    return Plan(files, listed, add, minimum=minimum, fits=fits, project=project)


def _project_of(patch_list: PatchList, request: Request, files: Contents) -> Project:
    # As the commit has them, which need not be what is checked out.
    with tempfile.TemporaryDirectory(prefix="storefleet-") as folder:
        for name in (MANIFEST, LOCK):
            write_content(os.path.join(folder, name), (files[name] or "").encode("utf-8") or None)
        return patch_list.read_project(folder, request.path)


class _Work:
    """A plan, to be carried out on a branch."""

    def __init__(
        self,
        patch_list: PatchList,
        request: Request,
        checkout: Checkout,
        branch: Branch,
        remote: Optional[Remote],
        plan: Plan,
        runner: Runner,
    ):
        self._list = patch_list
        self._request = request
        self._checkout = checkout
        self._branch = branch
        self._remote = remote
        self._plan = plan
        self._runner = runner

    def nothing_to_change(self, push: bool, check: bool) -> Dict[str, Any]:
        """The files are as wanted, or the ids are refused and not listed; the branch may have to be pushed."""
        said: Tuple[str, ...] = ()
        if push and self._remote and not check:
            said = self._remote.push(self._branch.name, self._request.push_timeout)
        return self._result(self._plan.before, changed=push, pushed=push and not check, said=said, check=check)

    def predicted(self) -> Dict[str, Any]:
        """What done would bring. Composer is not asked."""
        after = dict(self._plan.before, **self._edited(self._plan.before))
        return self._result(after, changed=True, check=True)

    def done(self) -> Dict[str, Any]:
        """Change the files on the branch, commit and push them; or leave everything as it was."""
        request, branch, plan = self._request, self._branch, self._plan
        said: Tuple[str, ...] = ()
        with self._checkout.on(branch, self._list.files):
            self._edit()
            if plan.minimum:
                raise_tool(request.path, request.composer, plan.minimum, self._runner)
                self._require_raised()
            after = {name: self._text(name) for name in self._list.files}
            changed = [name for name in self._list.files if after[name] != plan.before[name]]
            commit = self._checkout.commit(self.message, changed, request.author)
            self._confirm(commit)
            if self._remote:
                said = self._remote.push(branch.name, request.push_timeout)
        return self._result(after, changed=True, commit=commit, pushed=self._remote is not None, said=said)

    @property
    def message(self) -> str:
        """The commit's: what was asked for, but for ids that were to be added and have to go."""
        plan, request = self._plan, self._request
        if request.commit_message and not plan.refused:
            text = request.commit_message.strip()
        elif plan.remove:
            text = "Remove {0} from {1}".format(", ".join(plan.remove), self._list.title)
            if plan.refused and plan.project:
                text += "\n\nMagento {0} is out of range: the build would fail.".format(plan.project.version)
        elif plan.add:
            text = "Add {0} to {1}".format(", ".join(plan.add), self._list.title)
        else:
            text = "Raise {0} to {1}".format(QUALITY_PATCHES, plan.minimum)
        if request.change_id:
            text += "\n\nChange: {0}".format(request.change_id)
        return text + "\n"

    def _edit(self) -> None:
        root = self._request.path
        # Their line breaks need not be those of the commit.
        held = {name: self._text(name) for name in self._list.files}
        for name, text in self._edited(held).items():
            if text == held[name]:
                continue
            if os.path.islink(os.path.join(root, name)):
                raise _cannot_edit(self._list, self._request, "it is a link")
            os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
            write_content(os.path.join(root, name), None if text is None else text.encode("utf-8"))

    def _edited(self, held: Contents) -> Dict[str, Optional[str]]:
        try:
            return self._list.edited(held, self._plan.add, self._plan.remove)
        except UnclearFile as error:
            raise _cannot_edit(self._list, self._request, str(error)) from error

    def _text(self, name: str) -> Optional[str]:
        held = content(os.path.join(self._request.path, name))
        return None if held is None else held.decode("utf-8", "replace")

    def _require_raised(self) -> None:
        locked = read_composer_files(self._request.path).listings[LOCK].packages.get(QUALITY_PATCHES)
        minimum = str(self._plan.minimum)
        if not is_new_enough(locked, minimum):
            raise CommerceError(
                "raise {0} to {1} with Composer".format(QUALITY_PATCHES, minimum),
                self._request.path,
                "{0} has {1} now".format(LOCK, locked or "none"),
                "Raise it by hand: {0}".format(by_hand(minimum)),
                code="composer_failed",
            )

    def _confirm(self, commit: str) -> None:
        """Hooks may change what is committed."""
        ids = self._list.listed(self._checkout.contents(commit, self._list.files)).ids
        if set(self._plan.add).difference(ids) or set(self._plan.remove).intersection(ids):
            raise CommerceError(
                "commit {0}".format(self._list.path),
                self._request.path,
                "{0} holds {1} in the commit".format(self._list.name, ", ".join(ids) or "nothing"),
                "Look at the repository's hooks: one of them changes the file.",
                code="changed_by_hook",
            )

    def _result(
        self,
        after: Contents,
        changed: bool,
        commit: Optional[str] = None,
        pushed: bool = False,
        said: Tuple[str, ...] = (),
        check: bool = False,
    ) -> Dict[str, Any]:
        plan = self._plan
        before = plan.before
        files = [name for name in self._list.files if after[name] != before[name]]
        result = {
            "changed": changed,
            "version": plan.project.version if plan.project else None,
            "patches": [self._patch(patch_id) for patch_id in dict.fromkeys(self._request.patches)],
            "tool": self._tool(after, check),
            "branch": self._branch.name,
            "commit": commit,
            "pushed": pushed,
            "remote_said": list(said),
            "files": files,
            "actions": self._actions(bool(changed and self._remote), check),
            "diff": [
                {
                    "before_header": name,
                    "after_header": name,
                    "before": before[name] or "",
                    "after": after[name] or "",
                }
                for name in files
            ],
        }
        if plan.refused:
            result.update(self._refusal(check))
        return result

    def _patch(self, patch_id: str) -> Dict[str, Any]:
        plan = self._plan
        before = ALL_LISTED if plan.listed.everything else LISTED if patch_id in plan.listed.ids else NOT_LISTED
        after = LISTED if patch_id in plan.add else NOT_LISTED if patch_id in plan.remove else before
        fit = plan.fits.get(patch_id, Fit(None, ""))
        return {"id": patch_id, "before": before, "after": after, "in_range": fit.fits, "rule": fit.rule or None}

    def _tool(self, after: Contents, check: bool) -> Dict[str, Optional[str]]:
        before = self._plan.project.tool if self._plan.project else None
        now = before
        if self._plan.minimum:
            now = self._plan.minimum
            if not check:
                with tempfile.TemporaryDirectory(prefix="storefleet-") as folder:
                    write_content(os.path.join(folder, LOCK), (after[LOCK] or "{}").encode("utf-8"))
                    now = read_composer_files(folder).listings[LOCK].packages.get(QUALITY_PATCHES)
        return {"before": before, "after": now}

    def _actions(self, push: bool, check: bool) -> List[str]:
        plan = self._plan
        done = ["added {0} to {1}".format(patch_id, self._list.name) for patch_id in plan.add]
        done += ["removed {0} from {1}".format(patch_id, self._list.name) for patch_id in plan.remove]
        if plan.minimum:
            done.append("raised {0} to {1} or later".format(QUALITY_PATCHES, plan.minimum))
        if plan.is_change:
            done.append("committed on {0}".format(self._branch.name))
        if push and self._remote:
            done.append("pushed {0} to {1}".format(self._branch.name, self._remote.shown))
        return ["would have {0}".format(each) if check else each for each in done]

    def _refusal(self, check: bool) -> Dict[str, Any]:
        plan = self._plan
        version = plan.project.version if plan.project else ""
        rules = "; ".join("{0}: {1}".format(patch_id, plan.fits[patch_id].rule) for patch_id in plan.refused)
        came_back = "Magento {0} is out of its range, and the build would fail ({1})".format(version, rules)
        if plan.remove:
            done = "would be removed" if check else "was removed"
            came_back += ". {0} stood there and {1}".format(", ".join(plan.remove), done)
        error = CommerceError(
            "have {0} in {1}".format(", ".join(plan.refused), self._list.name),
            self._request.path,
            came_back,
            "Audit the store that is built of it, as another version may have the fix; ask for state absent here.",
            code="out_of_range",
        )
        return {"failed": True, "msg": str(error), "code": error.code, "next_step": error.next_step}


def _cannot_edit(patch_list: PatchList, request: Request, why: str) -> CommerceError:
    ids = ", ".join(request.patches)
    step = patch_list.by_hand(ids) if request.state == PRESENT else "Take {0} out by hand".format(ids)
    return CommerceError(
        "change {0}".format(patch_list.name),
        os.path.join(request.path, patch_list.path),
        why,
        "{0}; commit, then run again.".format(step),
        code="cannot_edit",
    )


def _all_patches(patch_list: PatchList, request: Request) -> CommerceError:
    return CommerceError(
        "keep {0} out of {1}".format(", ".join(request.patches), patch_list.name),
        os.path.join(request.path, patch_list.path),
        "{0!r} stands there, so that the build applies every patch that there is".format(patch_list.everything),
        "List the wanted patches one by one in its place, by hand, then run again.",
        code="all_patches",
    )
