# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As whom: a module that was started as root works as the owner of the store; only what needs root stays root."""

from __future__ import annotations

import grp
import json
import os
import pwd
import signal
import sys
import traceback
from contextlib import contextmanager, suppress
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

from .errors import CommerceError
from .interruptions import SIGNALS
from .root_folder import no_store, statuses


class Identity(NamedTuple):
    """A user of the host."""

    name: str
    uid: int
    gid: int
    groups: Tuple[int, ...]
    home: str


def identity_of(name: str) -> Identity:
    """The user of that name, with all groups it is a member of."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError as error:
        raise CommerceError(
            "find the user {0}".format(name),
            "this host",
            "there is no such user",
            "Give an existing user in commerce_user.",
            code="no_user",
        ) from error
    groups = {entry.pw_gid} | {group.gr_gid for group in grp.getgrall() if name in group.gr_mem}
    return Identity(entry.pw_name, entry.pw_uid, entry.pw_gid, tuple(sorted(groups)), entry.pw_dir)


def owner_of(root: str, user: Optional[str] = None) -> Identity:
    """Who the store at root belongs to, or the user given instead.

    A link as root (Deployer's current) must belong to root or to the owner of its target: nobody
    can point us at files of somebody else.
    """
    owner = _owning(root, "store", user)
    if not user and owner.uid == 0:
        if not os.path.isdir(os.path.join(root, "app", "etc")):
            raise no_store(root, "there is no app/etc in it")
        raise CommerceError(
            "work as the owner of the store",
            root,
            "it belongs to root",
            "Name the user that runs the store's commands in commerce_user (root, if it has to be).",
            code="owned_by_root",
        )
    return owner


def owner_of_checkout(path: str, user: Optional[str] = None) -> Identity:
    """Who a checkout belongs to, root perhaps, or the user given instead. Of links see owner_of."""
    try:
        return _owning(path, "checkout", user)
    except CommerceError as error:
        if error.code not in ("no_store", "relative_root", "symlink_loop", "unreadable"):
            raise
        step = "Give the absolute path of the project's checkout."
        raise CommerceError("find the checkout", path, error.came_back, step, code="no_checkout") from error


def _owning(root: str, what: str, user: Optional[str]) -> Identity:
    link, target = statuses(root)
    if link.st_uid not in (0, target.st_uid):
        raise CommerceError(
            "find the owner of the {0}".format(what),
            root,
            "the link belongs to user id {0}, its target to user id {1}".format(link.st_uid, target.st_uid),
            "Give the link and its target one owner, or name the target itself.",
            code="foreign_link",
        )
    if user:
        return identity_of(user)
    try:
        return identity_of(pwd.getpwuid(target.st_uid).pw_name)
    except KeyError as error:
        raise CommerceError(
            "find the owner of the {0}".format(what),
            root,
            "user id {0} has no name on this host".format(target.st_uid),
            "Name the user that runs the {0}'s commands in commerce_user.".format(what),
            code="no_user",
        ) from error


def run_as(
    identity: Identity,
    work: Callable[[RootService], Dict[str, Any]],
    service: Callable[[Dict[str, Any]], Dict[str, Any]],
) -> Dict[str, Any]:
    """Run work as that user and return its result.

    work gets a function by which it asks for what needs root. Started as root, work runs in a child process that has
    dropped to the user; service answers its requests in this process, still root. Started as the user itself, both run
    here. work must have imported everything it needs: a dropped process cannot read root's temporary folders.
    A signal that asks this process to end is passed on to work, which may have to undo something first. Should this
    process be killed all the same, service answers in that of work, as the user.
    Requests, answers and the result are JSON objects. A CommerceError of work is raised here again.
    """
    if os.geteuid() == identity.uid:
        return work(service)
    if os.geteuid() != 0:
        raise CommerceError(
            "work as {0}".format(identity.name),
            "this host",
            "the connection is neither root nor that user but {0}".format(pwd.getpwuid(os.geteuid()).pw_name),
            "Connect as root or as {0}, or set ansible_become for a user who may use sudo.".format(identity.name),
            code="wrong_user",
        )
    return _run_dropped(identity, work, service)


RootService = Callable[[Dict[str, Any]], Dict[str, Any]]


def _run_dropped(identity, work, service):
    from_child, to_parent = os.pipe()
    from_parent, to_child = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(from_child)
        os.close(to_child)
        _child(identity, work, service, os.fdopen(from_parent), os.fdopen(to_parent, "w"))
    os.close(from_parent)
    os.close(to_parent)
    with _passed_on(child) as signals:
        with os.fdopen(from_child) as messages, os.fdopen(to_child, "w") as answers:
            outcome = _serve(messages, answers, service)
        dummy, status = os.waitpid(child, 0)
    if outcome is None and signals:
        os.kill(os.getpid(), signals[0])
    if outcome is None:
        raise CommerceError(
            "work as {0}".format(identity.name),
            "this host",
            "the process ended without a result (wait status {0})".format(status),
            "Look for an out-of-memory kill in the host's log, then run again.",
            code="died",
        )
    if "error" in outcome:
        raise CommerceError(**outcome["error"])
    return outcome["result"]


@contextmanager
def _passed_on(child: int) -> Iterator[List[int]]:
    """Pass signals that ask for an end on to the child; the list is of those that came."""
    came: List[int] = []

    def pass_on(number, dummy):
        came.append(number)
        with suppress(ProcessLookupError):
            os.kill(child, number)

    handlers = {number: signal.signal(number, pass_on) for number in SIGNALS}
    try:
        yield came
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _serve(messages, answers, service):
    for line in messages:
        message = json.loads(line)
        if "request" not in message:
            return message
        try:
            answer = {"answer": service(message["request"])}
        except CommerceError as error:
            answer = {"error": error.as_dict()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    return None


def _child(identity, work, service, answers, messages):
    def ask(request):
        try:
            messages.write(json.dumps({"request": request}) + "\n")
            messages.flush()
            line = answers.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            return service(request)
        answer = json.loads(line)
        if "error" in answer:
            raise CommerceError(**answer["error"])
        return answer["answer"]

    try:
        _drop_to(identity)
        outcome = {"result": work(ask)}
    except CommerceError as error:
        outcome = {"error": error.as_dict()}
    except BaseException as error:
        # The class and the place, never the message: it may quote what the store's settings hold.
        place = traceback.extract_tb(error.__traceback__)[-1]
        outcome = {
            "error": CommerceError(
                "finish the work",
                "this host",
                "{0} in {1}:{2}".format(type(error).__name__, os.path.basename(place.filename), place.lineno),
                "This is a defect of the collection: please report it.",
                code="defect",
            ).as_dict()
        }
    try:
        messages.write(json.dumps(outcome) + "\n")
        messages.flush()
    finally:
        # Not sys.exit: the cleaning-up of the module's process is the parent's.
        os._exit(0)


def _drop_to(identity):
    os.setgroups(list(identity.groups))
    os.setgid(identity.gid)
    os.setuid(identity.uid)
    for name in list(os.environ):
        if name not in ("PATH", "LANG", "LC_ALL", "TZ"):
            del os.environ[name]
    os.environ["HOME"] = identity.home
    os.environ["USER"] = os.environ["LOGNAME"] = identity.name
    os.chdir("/")
