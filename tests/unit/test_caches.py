# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The caches that a change makes stale: cleaned by the store's own manager, or by its own command."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.caches import clean_configuration, clean_plan
from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner, Result
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

PHP = ["/opt/php/bin/php", "-d", "x=1"]
FATAL = Result(255, "", "PHP Fatal error")

# What of Commerce the cleaning asks, writing down what is asked of it.
BOOTSTRAP = r"""<?php
namespace Magento\Framework\App\Cache {
    class Manager
    {
        public function clean(array $types)
        {
            file_put_contents(BP . '/asked', implode(',', $types));
        }

        public function getAvailableTypes()
        {
            return ['config', 'layout', 'compiled_config', 'eav'];
        }
    }
}

namespace Magento\Framework\App {
    class Bootstrap
    {
        public static function create($root, array $environment)
        {
            if ($root !== BP) {
                throw new \RuntimeException('another root');
            }
            return new self();
        }

        public function getObjectManager()
        {
            return $this;
        }

        public function get($class)
        {
            return new $class();
        }
    }
}

namespace {
    define('BP', dirname(__DIR__));
}
"""


class Recorder:
    """A runner that answers from a list and keeps what it was asked to run, and how."""

    def __init__(self, *results: Result):
        self._results = list(results)
        self.argv: list[list[str]] = []
        self.options: list[dict] = []

    def run(self, argv, **options):
        self.argv.append(list(argv))
        self.options.append(options)
        return self._results.pop(0)


def test_the_caches_are_cleaned_without_touching_others() -> None:
    runner = Recorder(Result(0, "cleaned", ""))
    assert clean_configuration("/s", PHP, runner, timeout=7) == "cleaned the caches config and compiled_config"
    assert runner.argv[0][:4] == [*PHP, "-r"]
    assert runner.argv[0][-4:] == ["--", "/s", "config", "compiled_config"]
    assert runner.options == [{"cwd": "/s", "timeout": 7}]


def test_the_stores_cache_manager_is_asked_by_its_own_php(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/bootstrap.php").write_text(BOOTSTRAP)
    assert clean_configuration(str(tmp_path), ["php"], LocalRunner()) == "cleaned the caches config and compiled_config"
    assert (tmp_path / "asked").read_text() == "config,compiled_config"


@pytest.mark.parametrize(
    "narrow", [FATAL, Result(0, "", ""), Result(0, "cleaned, but not the end", ""), Result(1, "cleaned", "")]
)
def test_the_stores_command_stands_in_and_is_named(narrow: Result) -> None:
    runner = Recorder(narrow, Result(0, "", ""))
    assert "also empties the page cache" in clean_configuration("/s", PHP, runner, timeout=7)
    assert runner.argv[1] == [*PHP, "bin/magento", "cache:clean", "config", "compiled_config", "--no-ansi", "-n"]
    assert runner.options[1] == {"cwd": "/s", "timeout": 7}


@pytest.mark.parametrize(
    ("wide", "told"),
    [
        (Result(1, " No such cache\n", "PHP Warning"), "No such cache"),
        (Result(1, "", "Redis is away"), "Redis is away"),
        (Result(1, "", ""), "PHP Fatal error"),
        (Result(1, "x" * 500 + "the last words", ""), "x" * 386 + "the last words"),
    ],
)
def test_caches_that_cannot_be_cleaned_are_told_in_the_stores_words(wide: Result, told: str) -> None:
    with pytest.raises(CommerceError) as raised:
        clean_configuration("/s", PHP, Recorder(FATAL, wide))
    assert (raised.value.code, raised.value.on, raised.value.came_back) == ("cache_clean_failed", "/s", told)
    assert "bin/magento cache:clean config compiled_config" in raised.value.next_step


@pytest.mark.parametrize(
    ("tried", "narrow"),
    [
        (Result(0, "cleaned", ""), True),
        (FATAL, False),
        (Result(0, "", ""), False),
        (Result(1, "cleaned", ""), False),
    ],
)
def test_how_the_caches_will_be_cleaned_is_known_beforehand(tried: Result, narrow: bool) -> None:
    runner = Recorder(tried)
    plan = clean_plan("/s", PHP, runner, timeout=7)
    assert plan.narrow == narrow
    assert ("also empties the page cache" in plan.words) != narrow
    assert plan.words.startswith("clean the caches config and compiled_config")
    plan = clean_plan("/s", PHP, Recorder(tried), ("eav",))
    assert plan.words.startswith("clean the caches config, compiled_config and eav")
    # Who cleans pages has to tell Varnish, which only the command does.
    assert clean_plan("/s", PHP, Recorder(), ("full_page",)).narrow is False
    # No type: nothing is cleaned.
    assert runner.argv[0][-2:] == ["--", "/s"]
    assert runner.options == [{"cwd": "/s", "timeout": 7}]


def test_trying_cleans_nothing(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/bootstrap.php").write_text(BOOTSTRAP)
    assert clean_plan(str(tmp_path), ["php"], LocalRunner()).narrow
    assert (tmp_path / "asked").read_text() == ""


def test_further_types_are_cleaned_with_them_as_far_as_the_store_has_them(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/bootstrap.php").write_text(BOOTSTRAP)
    words = clean_configuration(
        str(tmp_path), ["php"], LocalRunner(), ("config", "eav", "graphql_query_resolver_result")
    )
    assert words == "cleaned the caches config, compiled_config, eav and graphql_query_resolver_result"
    assert (tmp_path / "asked").read_text() == "config,compiled_config,eav"


def test_pages_are_cleaned_by_the_command_that_tells_varnish_too() -> None:
    runner = Recorder(Result(0, "", ""))
    assert "also empties the page cache" in clean_configuration("/s", PHP, runner, ("layout", "full_page"))
    assert runner.argv == [
        [*PHP, "bin/magento", "cache:clean", "config", "compiled_config", "layout", "full_page", "--no-ansi", "-n"]
    ]


def test_where_the_command_lacks_a_type_every_cache_is_cleaned() -> None:
    refused = Result(1, "The following requested cache types are not supported: 'full_page'.", "")
    runner = Recorder(refused, Result(0, "", ""))
    assert "cleaned all caches" in clean_configuration("/s", PHP, runner, ("full_page",))
    assert runner.argv[1] == [*PHP, "bin/magento", "cache:clean", "--no-ansi", "-n"]
    with pytest.raises(CommerceError) as raised:
        clean_configuration("/s", PHP, Recorder(refused, Result(1, "", "")), ("full_page",))
    assert (raised.value.code, raised.value.came_back) == ("cache_clean_failed", refused.out)
