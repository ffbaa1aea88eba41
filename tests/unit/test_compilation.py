# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The compile as the store's own command, and the generated classes that a change makes stale."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.command import Result
from ansible_collections.storefleet.commerce.plugins.module_utils.compilation import compile_di, generated_from
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

PHP = ["/opt/php/bin/php", "-d", "x=1"]


class Recorder:
    """A runner that answers from a list and keeps what it was asked to run."""

    def __init__(self, *results):
        self._results = list(results)
        self.argv = []

    def run(self, argv, **dummy):
        self.argv.append(list(argv))
        return self._results.pop(0)


def test_the_compile_is_the_stores_own_without_a_memory_limit(tmp_path):
    (tmp_path / "generated/metadata").mkdir(parents=True)
    (tmp_path / "generated/metadata/global.php").touch()
    runner = Recorder(Result(0, "", ""))
    assert compile_di(str(tmp_path), PHP, runner, 60) == "compiled dependency injection"
    compile_argv = [*PHP, "-d", "memory_limit=-1", "bin/magento", "setup:di:compile", "--no-ansi", "--no-interaction"]
    assert runner.argv == [compile_argv]


@pytest.mark.parametrize("result", [Result(1, "Class X\n does not fit", ""), Result(0, "Class X does not fit", "")])
def test_a_compile_without_a_result_is_a_failure_in_its_own_words(tmp_path, result):
    with pytest.raises(CommerceError, match=r"ended with status [01]: Class X does not fit\."):
        compile_di(str(tmp_path), PHP, Recorder(result), 60)


def test_generated_classes_are_found_by_the_class_in_the_file(tmp_path):
    (tmp_path / "Login.php").write_text(
        "<?php\nnamespace Vendor\\X;\n\n/** class Other */\nfinal class Login extends Base\n{\n}\n"
    )
    (tmp_path / "helpers.php").write_text("<?php function f() {}")
    base = "generated/code/Vendor/X/Login"
    found = generated_from(str(tmp_path), ["Login.php", "helpers.php", "events.xml", "gone.php"])
    assert found == [f"{base}/Interceptor.php", f"{base}/Proxy.php", f"{base}Factory.php"]
