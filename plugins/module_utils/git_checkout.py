# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A checkout of a git repository: what its branches hold, and a change of some files made a commit, or taken back."""

from __future__ import annotations

import glob
import os
from contextlib import contextmanager, suppress
from typing import Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence

from .command import Result, Runner
from .errors import CommerceError
from .interruptions import held
from .logins import without_login

# Nobody is there to be asked, and a look writes nothing, not even what git knows of the files' times.
_ENVIRONMENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
_LINK = "120000"
_SECONDS = 600


class Branch(NamedTuple):
    """A branch to work on.

    revision: the commit that it is at, or would begin at. exists: in this checkout. tracked: the branch of a remote
    that it would begin at and follow.
    """

    name: str
    revision: str
    exists: bool
    tracked: Optional[str] = None


class Author(NamedTuple):
    """Who commits; what is None is what git's configuration says."""

    name: Optional[str] = None
    email: Optional[str] = None

    @property
    def environment(self) -> Dict[str, str]:
        """The same for git."""
        given = {"NAME": self.name, "EMAIL": self.email}
        return {
            "GIT_{0}_{1}".format(role, part): value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in given.items()
            if value
        }


class Checkout:
    """The checkout at a path; a path that leads to none raises CommerceError no_checkout or no_commit."""

    def __init__(self, path: str, runner: Runner):
        self.path = path
        self._runner = runner
        found = self._run("rev-parse", "--is-inside-work-tree")
        if found.rc or found.out.strip() != "true":
            words = without_login(found.err.strip()) or "it is a repository without files"
            raise _refused(
                path, "find a git checkout", words, "Give the folder of the project's checkout.", "no_checkout"
            )
        found = self._run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if found.rc:
            step = "Let the checkout have the project's commits: git pull."
            raise _refused(path, "find the checkout's commit", "there is none yet", step, "no_commit")
        self.head = found.out.strip()
        # None while no branch is checked out.
        self.current = self._run("symbolic-ref", "--quiet", "--short", "HEAD").out.strip() or None

    def require_clean(self, files: Sequence[str]) -> None:
        """Refuse what is changed and not committed, and those of the files that git does not know."""
        changed = self.git("status", "--porcelain", "-z", "--untracked-files=no").out.split("\0")
        changed += self.git(
            "status", "--porcelain", "-z", "--untracked-files=all", "--ignored", "--", *files
        ).out.split("\0")
        named = tuple(dict.fromkeys(entry[3:] for entry in changed if entry))
        if named:
            raise _refused(
                self.path,
                "work in the checkout",
                "it has changes that are not committed: {0}".format(", ".join(named[:5])),
                "Commit them, or put them aside with git stash --include-untracked.",
                "dirty",
            )

    def require_author(self, author: Author) -> None:
        """Refuse to commit as nobody, or as whom git makes up."""
        for role in ("AUTHOR", "COMMITTER"):
            found = self._run(
                "-c", "user.useConfigOnly=true", "var", "GIT_{0}_IDENT".format(role), more=author.environment
            )
            if found.rc:
                raise _refused(
                    self.path,
                    "find out who commits",
                    "neither git's configuration nor the options say so",
                    "Give author_name and author_email, or set user.name and user.email with git config.",
                    "no_author",
                )

    def branch(self, name: Optional[str], remote: Optional[str]) -> Branch:
        """The branch of that name, the one that is checked out for None; one that is missing would begin here.

        Where only a remote has it, as far as the checkout knows, it begins there; remote decides between several.
        """
        if name is None and self.current is None:
            step = "Check a branch out, or name one in the option branch."
            raise _refused(self.path, "find the branch", "none is checked out", step, "detached")
        name = name or str(self.current)
        if name.startswith("-") or self._run("check-ref-format", "refs/heads/" + name).rc:
            step = "Give a name that git takes, such as quality-patches."
            raise _refused(
                self.path, "use the branch {0}".format(name), "it is no name of a branch", step, "bad_branch"
            )
        revision = self._commit_of("refs/heads/" + name)
        if revision:
            return Branch(name, revision, True)
        tracked = self._tracked(name, remote)
        return Branch(name, self._commit_of(tracked) or self.head if tracked else self.head, False, tracked)

    def contents(self, revision: str, files: Sequence[str]) -> Dict[str, Optional[str]]:
        """What files hold in a commit, as text; None for one that is not there. A link is refused."""
        found: Dict[str, Optional[str]] = dict.fromkeys(files)
        for entry in self.git("ls-tree", "-z", revision, "--", *files).out.split("\0"):
            if entry:
                mode, kind, rest = entry.split(" ", 2)
                number, file = rest.split("\t", 1)
                if kind != "blob" or mode == _LINK:
                    raise _refused(
                        self.path,
                        "read {0}".format(file),
                        "it is no file",
                        "Let the file itself stand there, not a link.",
                        "not_a_file",
                    )
                found[file] = self.git("cat-file", "blob", number).out
        return found

    def has(self, commit: str, within: str) -> bool:
        """Whether a commit is known here, and is the other one or comes before it."""
        known = self._run("cat-file", "-e", commit + "^{commit}").rc == 0
        return known and self._run("merge-base", "--is-ancestor", commit, within).rc == 0

    @contextmanager
    def on(self, branch: Branch, files: Sequence[str]) -> Iterator[None]:
        """Work on a branch; afterwards what was checked out is so again.

        Whatever is raised within takes everything back: commits, the content of the files, a branch that was made.
        """
        before = self.current or self.head
        others = self._locks()
        with held() as signals:
            kept: Optional[Mapping[str, Optional[bytes]]] = None
            try:
                with signals.let_through():
                    self._check_out(branch)
                    kept = {file: content(os.path.join(self.path, file)) for file in files}
                    yield
            except BaseException as error:
                if not isinstance(error, CommerceError) or error.code == "timeout":
                    # git was ended in the middle of its work, and could not remove what keeps others out.
                    self._unlock(others)
                self._take_back(branch, before, kept, error)
                raise
            self._switch(before, branch)

    def commit(self, message: str, files: Sequence[str], author: Author) -> str:
        """Commit the files, and nothing else that may be staged, with the repository's hooks; the new commit."""
        self.git("add", "--all", "--", *files)
        self.git("commit", "--quiet", "--file=-", "--", *files, stdin=message, tried="commit", more=author.environment)
        return self.git("rev-parse", "HEAD").out.strip()

    def git(
        self,
        *arguments: str,
        tried: Optional[str] = None,
        code: str = "git_failed",
        stdin: Optional[str] = None,
        timeout: float = _SECONDS,
        more: Optional[Mapping[str, str]] = None,
    ) -> Result:
        """Run git; a status other than 0 raises CommerceError with git's words, without any login."""
        result = self._run(*arguments, stdin=stdin, timeout=timeout, more=more)
        if result.rc:
            words = without_login("\n".join(part for part in (result.err.strip(), result.out.strip()) if part))
            raise _refused(
                self.path,
                tried or "run git {0}".format(arguments[0]),
                words or "git ended with status {0}".format(result.rc),
                "Put right what git says, then run again.",
                code,
            )
        return result

    def _run(self, *arguments, stdin=None, timeout=_SECONDS, more=None) -> Result:
        environment = dict(_ENVIRONMENT, **(more or {}))
        return self._runner.run(
            ("git",) + arguments, cwd=self.path, environment=environment, timeout=timeout, stdin=stdin
        )

    def _commit_of(self, reference: str) -> Optional[str]:
        found = self._run("rev-parse", "--verify", "--quiet", reference + "^{commit}")
        return found.out.strip() if found.rc == 0 else None

    def _tracked(self, name: str, remote: Optional[str]) -> Optional[str]:
        pattern = "refs/remotes/*/{0}".format(name)
        found = self.git("for-each-ref", "--format=%(refname)", pattern).out.split()
        of_remote = "refs/remotes/{0}/{1}".format(remote, name)
        if of_remote in found:
            return of_remote
        return found[0] if len(found) == 1 and remote is None else None

    def _check_out(self, branch: Branch) -> None:
        if branch.name == self.current:
            return
        new: List[str] = []
        if not branch.exists:
            new = ["--track" if branch.tracked else "--no-track", "-b"]
        start = [] if branch.exists else [branch.tracked or branch.revision]
        self.git("checkout", "--quiet", *new, branch.name, *start, "--", tried="check out {0}".format(branch.name))

    def _switch(self, before: str, branch: Branch) -> None:
        if before != branch.name:
            self.git("checkout", "--quiet", before, "--", tried="check out {0} again".format(before))

    def _locks(self) -> List[str]:
        folder = os.path.join(self.path, self.git("rev-parse", "--git-dir").out.strip())
        return glob.glob(os.path.join(glob.escape(folder), "*.lock"))

    def _unlock(self, others: Sequence[str]) -> None:
        """Remove git's locks but those that were there before, which are somebody else's."""
        for lock in set(self._locks()).difference(others):
            with suppress(FileNotFoundError):
                os.unlink(lock)

    def _take_back(self, branch: Branch, before: str, kept, error: BaseException) -> None:
        try:
            if kept is not None:
                self.git("reset", "--quiet", "--soft", branch.revision)
                self.git("reset", "--quiet", "--", *kept)
                for file, held_before in kept.items():
                    write_content(os.path.join(self.path, file), held_before)
            # A hook may refuse a checkout that has taken place.
            if self._run("symbolic-ref", "--quiet", "--short", "HEAD").out.strip() == branch.name:
                self._switch(before, branch)
            if not branch.exists and self._commit_of("refs/heads/" + branch.name):
                self.git("branch", "--quiet", "-D", "--", branch.name)
        except (CommerceError, OSError) as second:
            raise CommerceError(
                "put the checkout back as it was, after: {0}".format(error),
                self.path,
                str(second),
                "Look at git status there, and put it right by hand.",
                code="needs_hands",
            ) from error


def content(path: str) -> Optional[bytes]:
    """What a file holds, None where there is none."""
    with suppress(FileNotFoundError), open(path, "rb") as file:
        return file.read()
    return None


def write_content(path: str, held: Optional[bytes]) -> None:
    """Let a file hold this, with its mode as it was; None: let there be none. What it holds already is not written."""
    if content(path) == held:
        return
    if held is None:
        os.unlink(path)
        return
    with open(path, "wb") as file:
        file.write(held)


def _refused(path, tried, came_back, next_step, code) -> CommerceError:
    return CommerceError(tried, path, came_back, next_step, code=code)
