# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The compile as the store's own command, and the generated classes that a change makes stale."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
from ansible_collections.storefleet.commerce.plugins.module_utils.compilation import (
    compile_copy,
    generated_from,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

PHP = ["/opt/php/bin/php", "-d", "x=1"]


class Shell:
    """A runner that runs sh for real, with another program in the place of PHP, and keeps what it was asked to run."""

    def __init__(self, program):
        self._program = program
        self.argv = []

    def run(self, argv, **options):
        if argv[0] != "sh":
            return LocalRunner().run(argv, **options)
        self.argv = list(argv)
        script = argv[: argv.index(PHP[0])] + ["sh", "-c", self._program]
        return LocalRunner().run(script, **options)


COMPILE = "mkdir -p generated/metadata; touch generated/metadata/global.php; echo compiled; "


def test_a_copy_is_compiled_politely_and_leaves_no_log(tmp_path):
    runner = Shell(COMPILE)
    log = tmp_path / "compile.log"
    assert compile_copy(str(tmp_path), PHP, runner, 60, str(log)) == "compiled dependency injection"
    assert not log.exists()
    assert runner.argv[-8:] == [*PHP[1:], "-d", "memory_limit=-1", "bin/magento", "setup:di:compile", *runner.argv[-2:]]
    assert runner.argv[4:13] == ["nice", "-n", "10", "ionice", "-c", "3", "setpriv", "--pdeathsig", "KILL"]


@pytest.mark.parametrize("status", [1, 0])
def test_a_compile_of_a_copy_that_fails_leaves_its_log(tmp_path, status):
    log = tmp_path / "compile.log"
    program = "echo Class X; echo does not fit >&2; exit {0}".format(status)
    with pytest.raises(CommerceError, match=r"ended with status {0}: Class X does not fit\.".format(status)) as caught:
        compile_copy(str(tmp_path), PHP, Shell(program), 60, str(log))
    assert caught.value.code == "compile_failed"
    assert str(log) in caught.value.next_step
    assert log.read_text() == "Class X\ndoes not fit\n"


def test_what_a_compile_that_takes_too_long_had_to_say_is_kept(tmp_path):
    log = tmp_path / "compile.log"
    with pytest.raises(CommerceError, match="no end within") as caught:
        compile_copy(str(tmp_path), PHP, Shell("echo begun; exec sleep 60"), 0.5, str(log))
    assert caught.value.code == "timeout"
    assert "commerce_compile_timeout" in caught.value.next_step
    assert log.read_text() == "begun\n"


def test_generated_classes_are_found_by_the_class_in_the_file(tmp_path):
    (tmp_path / "Login.php").write_text(
        "<?php\nnamespace Vendor\\X;\n\n/** class Other */\nfinal class Login extends Base\n{\n}\n"
    )
    (tmp_path / "helpers.php").write_text("<?php function f() {}")
    base = "generated/code/Vendor/X/Login"
    found = generated_from(str(tmp_path), ["Login.php", "helpers.php", "events.xml", "gone.php"])
    assert found == [f"{base}/Interceptor.php", f"{base}/Proxy.php", f"{base}Factory.php"]
