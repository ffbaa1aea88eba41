# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a compile has made otherwise than it was, class by class, as the store's PHP reads it."""

from __future__ import annotations

import json
from typing import Any, Dict, FrozenSet, Iterable, List, NamedTuple, Optional, Sequence, Tuple

from .command import Runner
from .settings_program import OPTIONS

MARK = "storefleet-wiring:"
_SECONDS = 600

# Two levels: a section (arguments, preferences, instanceTypes, …) and a class in it. The order of both says nothing;
# that of a constructor's arguments does. A virtual type stands for the class that instanceTypes has for it.
_COMPARE = r"""
[, $mark, $old, $new] = $argv;
$answer = [];
foreach (array_slice($argv, 4) as $name) {
    ob_start();
    try {
        $was = require "$old/$name";
        $is = require "$new/$name";
    } catch (\Throwable $error) {
        $was = $is = null;
    }
    ob_end_clean();
    if (!is_array($was) || !is_array($is)) {
        $answer[$name] = null;
        continue;
    }
    $found = [];
    foreach (array_keys($was + $is) as $section) {
        $before = $was[$section] ?? [];
        $after = $is[$section] ?? [];
        if (!is_array($before) || !is_array($after)) {
            if ($before !== $after) {
                $found[] = [(string) $section, '', ''];
            }
            continue;
        }
        foreach (array_keys($before + $after) as $key) {
            $same = array_key_exists($key, $before) && array_key_exists($key, $after)
                && $before[$key] === $after[$key];
            if (!$same) {
                $type = $is['instanceTypes'][$key] ?? $was['instanceTypes'][$key] ?? $key;
                $found[] = [(string) $section, (string) $key, is_string($type) ? $type : (string) $key];
            }
        }
    }
    $answer[$name] = $found;
    unset($was, $is);
}
echo $mark, json_encode($answer, JSON_INVALID_UTF8_SUBSTITUTE | JSON_FORCE_OBJECT);
"""

# Each answer is written at once: a class that cannot be loaded ends PHP, and those before it are still answered.
_DESCENDANTS = r"""
[, $mark, $root] = $argv;
[$names, $parents] = json_decode(stream_get_contents(STDIN), true);
chdir($root);
require $root . '/vendor/autoload.php';
foreach ($names as $name) {
    foreach ($parents as $parent) {
        try {
            if (is_a($name, $parent, true)) {
                echo "\n", $mark, json_encode($name), "\n";
                break;
            }
        } catch (\Throwable $error) {
            break;
        }
    }
}
"""


class WiringChange(NamedTuple):
    """One entry of a metadata file that differs: its section and key there, and the class that it is about."""

    section: str
    key: str
    type: str


def wiring_changes(
    old: str, new: str, names: Sequence[str], php: Sequence[str], runner: Runner
) -> Dict[str, Optional[Tuple[WiringChange, ...]]]:
    """For each file of that name in the folders old and new: what differs; None where that cannot be told.

    They are PHP files that return an array, and differ in their text perhaps only.
    """
    result = runner.run([*_php(php), "-r", _COMPARE, "--", MARK, old, new, *names], cwd=new, timeout=_SECONDS)
    answers = _answers(result.out)
    if result.rc != 0 or not answers:
        return dict.fromkeys(names)
    return {
        name: None if found is None else tuple(WiringChange(*entry.values()) for entry in found.values())
        for name, found in answers[-1].items()
    }


def descendants(
    root: str, names: Iterable[str], parents: Iterable[str], php: Sequence[str], runner: Runner
) -> FrozenSet[str]:
    """Those of the class names that are, or inherit from, one of the parents, by the classes of the store at root.

    Loads the classes, so the store is a copy. What cannot be loaded inherits from nothing.
    """
    question = json.dumps([sorted(names), sorted(parents)])
    argv = [*_php(php), "-r", _DESCENDANTS, "--", MARK, root]
    return frozenset(_answers(runner.run(argv, cwd=root, timeout=_SECONDS, stdin=question).out))


def _php(php: Sequence[str]) -> List[str]:
    words = [word for name, value in OPTIONS for word in ("-d", "{0}={1}".format(name, value))]
    return [*php, *words, "-d", "memory_limit=-1"]


def _answers(out: str) -> List[Any]:
    found: List[Any] = []
    for line in out.splitlines():
        if line.startswith(MARK):
            try:
                found.append(json.loads(line[len(MARK) :]))
            except ValueError:
                continue
    return found
