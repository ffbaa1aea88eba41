# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our reading of versions and constraints, held against Composer's own answers: thousands of them, asked in one go."""

from __future__ import annotations

import functools
import itertools
import json
import os
import random
import sys

import pytest

# Where tools/run lets Ansible find this checkout.
sys.path.append(os.environ["ANSIBLE_COLLECTIONS_PATH"])

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.version import Version, satisfies

ASK = r"""
require '/usr/share/php/Composer/Semver/autoload.php';
use Composer\Semver\{Comparator, Semver, VersionParser};
$parser = new VersionParser();
$ask = static function (callable $question) {
    try {
        return $question();
    } catch (\UnexpectedValueException $e) {
        return null;
    }
};
$in = json_decode(stream_get_contents(STDIN), true);
$normal = fn ($version) => $ask(fn () => $parser->normalize($version));
echo json_encode([
    'normal' => array_map($normal, $in['versions']),
    'less' => array_map(
        fn ($pair) => $ask(fn () => Comparator::lessThan($normal($pair[0]), $normal($pair[1]))),
        $in['pairs']
    ),
    'within' => array_map(fn ($case) => $ask(fn () => Semver::satisfies(...$case)), $in['cases']),
]);
"""

words = str.split


def lines(text):
    return text.strip().split("\n")


# Every kind of version that Commerce, its packages and the tool's rules have.
COMMERCE = [
    f"{series}.{patch}{suffix}"
    for series in ("2.0", "2.3", "2.4")
    for patch in (0, 3, 5, 6, 7, 8, 10)
    for suffix in ("", "-p1", "-p2", "-p9", "-p10", "-p15", "-beta1", "-beta2", "-alpha1", "-rc1", "-p1-dev", "-dev")
] + ["103.0.6-p3", "100.4.6", "1.1.54", "1.1.82", "1.3.0-beta.4", "2.4.6.0-patch3", "2.4.x-dev", "2.4-develop"]
NUMBERS = words("""
    0 1 2.4 2.4.6 2.4.6.1 0.0.3 0.3 1.0.0.0 v2.4 00.1 2.04 1.2.3.4.5 20100102 2010-01-02 2010.01.02.3 99999
    100000 123456789012345678 2.x x * 2.* 2.4.X 1.x.3 v*
""")
SUFFIXES = [
    *words("""
    - . _ -p p1 -p1 -p10 .p2 _pl3 -patch4 -patch.4 -beta -b2 -BETA2 beta2.3 -beta-3.1 -a1 -alpha10 -RC1 -rc2 RC
    -stable -STABLE -stable2 -stable-dev -dev .dev dev -DEV -beta1-dev -p1-dev -p1.dev .x-dev .*-dev -x-dev
    +build -p1+build.5 +a+b @stable @dev @RC @beta @Beta -p1@alpha @none #abc -12 -foo -p-1
"""),
    "",
    " as 3.0",
]
NAMES = [
    *words("""
    dev-main DEV-main dev- dev-feature/x dev-feature#1a2b dev-2.4 main master trunk default main-dev
    feature-x-dev 2.4-develop-dev dev-main@dev latest =1.0 ٣.1 2.4.6;rm -1 1..2 .1 v v1 V1.2 vv1 a.b 9999999-dev
"""),
    "",
    " ",
    "dev-main as 2.4.6",
    "1.0 2.0",
    "\t2.4.6\n",
    "1.0\n2.0",
    "2.4.6-p3 ",
]
OPERATORS = [
    *words("""
    = == != <> > >= < <= ^ ~ ~> ! =>
"""),
    "",
    ">= ",
    "< ",
    "^ ",
    "> = ",
]
BOUNDS = [
    *words("""
    0 1 2 2.4 2.4.6 v2.4.6 2.4.6.0 0.0.3 0.3.1 0.0 2.4.6-p3 2.4.6-p10 2.4.7-beta1 2.4.6-RC1 2.4.6-rc1 2.4.6-dev
    2.4-p1 2.4.6p1 2.4.6- 2.4.* 2.* * x v* *.* 0.* 2.4.x-dev 2.x-dev 2.4.6.x-dev 2.4.6@dev 2.4.6@beta
    2.4.6@stable 2.4.6@RC 2.4.6@Beta 2.4.6-p1@beta @dev 2.4.6+build 2.4.6#abc 2.x-dev#abc dev-main dev-main#abc
    main-dev master 20100102 x.y 2.4.6.7.8 2.4.6-STABLE
"""),
    "2.4.6 as 3.0",
    "",
]
WHOLE = [
    *lines("""
>=2.4.6 <2.4.7
>=2.4.6, <2.4.7
>=2.4.6,<2.4.7
>= 2.4.6 < 2.4.7
>=2.4.6  <2.4.7
>=2.4.6 , <2.4.7
>=2.4.6,, <2.4.7
>=2.3.6 <=2.3.7-p1 || >=2.4.1 <2.4.4
>=2.4.6|<2.3
>=2.4.6 ||<2.3|| 2.3.5
||
2.4.6||
|2.4.6
2.4.6 2.4.7
2.4.6,2.4.6
>=2.4.6 !=2.4.6-p3
>=2.4.4 <2.4.6 || >=2.4.6 <2.4.8
>2.4 <=2.4.6-p3 || dev-main
* || dev-main
,2.4.6
2.4.6,
2.4.6 ,
>=2.4.6 as 3.0
dev-main as 2.4.6 || ^2.4
>=2.4.6@dev <2.4.7@stable
2.4.6 -p3
2.4.6 - p3
2.4.6-p1 - 2.4.6-p9
2.4.6 -2.4.7
2.4.6- 2.4.7
2.4.6  - 2.4.7
2.4.6 -  2.4.7
2.4 - 2.5 || 2.3.*
^2.4 ~2.4.6 !=2.4.6
2.4.6 <
2.4.6 |||| 2.4.7
>=2.4.6-dev <2.4.7-dev
(>=2.4.6)
>=2.4.6 <2.4.x
"""),
    ">=2.4.6 <2.4.7 ",
    ">=\u00a02.4.6",
    ">=2.4.6\u00a0<2.4.7",
    "2.4.6 \u017ftable",
    " ^2.4",
    "1.0\n2.4.6",
    ">=2.4.6\n<2.4.7",
]


def versions():
    return sorted({*COMMERCE, *NAMES, *map("".join, itertools.product(NUMBERS, SUFFIXES))})


def constraints():
    ranges = (f"{low} - {high}" for low, high in itertools.product(BOUNDS[:40], BOUNDS[:40]))
    return sorted({*COMMERCE, *WHOLE, *map("".join, itertools.product(OPERATORS, BOUNDS)), *ranges})


def ours(question):
    try:
        return question()
    except CommerceError:
        return None


@pytest.fixture(scope="module")
def asked(stores):
    """The questions, and Composer's answers to them."""
    texts, rules = versions(), constraints()
    good = [text for text in texts if ours(lambda text=text: Version.parse(text))]
    # Pairs by chance, the same in every run; near neighbours in the order are where it matters.
    chance = random.Random(2406)
    near = sorted(good, key=Version.parse)
    pairs = [*itertools.pairwise(near), *itertools.pairwise(reversed(near))]
    pairs += [tuple(chance.choices(good, k=2)) for dummy in range(4000)]
    cases = [(version, rule) for rule in rules for version in chance.sample(COMMERCE, 4) + chance.choices(texts, k=2)]
    cases += list(itertools.product(COMMERCE, WHOLE))
    cases += [(version, operator + version) for version in texts for operator in (">=", "<", "^", "~", "!=")]
    store = stores(COMMERCE_VERSION="2.4.6-p1")
    question = json.dumps({"versions": texts, "pairs": pairs, "cases": cases})
    answer = json.loads(store.succeed(store.execute("php", "-d", "memory_limit=-1", "-r", ASK, stdin=question)))
    return texts, pairs, cases, answer


def different(questions, theirs, mine):
    assert len(questions) == len(theirs)
    own = [ours(functools.partial(mine, question)) for question in questions]
    together = zip(questions, theirs, own, strict=True)
    return [(asked, f"Composer: {answer}", f"ours: {other}") for asked, answer, other in together if answer != other]


def test_versions(asked):
    texts, dummy, dummy, answer = asked
    assert len([text for text in answer["normal"] if text]) > 500
    assert answer["normal"].count(None) > 100
    assert different(texts, answer["normal"], lambda text: Version.parse(text).normal) == []


def test_order(asked):
    # Composer leaves two branches without an order.
    pairs, answers = zip(
        *(
            (pair, less)
            for pair, less in zip(asked[1], asked[3]["less"], strict=True)
            if not all(Version.parse(text).is_branch for text in pair)
        ),
        strict=True,
    )
    assert len(pairs) > 4000
    assert different(pairs, answers, lambda pair: Version.parse(pair[0]) < Version.parse(pair[1])) == []


def test_constraints(asked):
    dummy, dummy, cases, answer = asked
    assert min(answer["within"].count(each) for each in (True, False, None)) > 1000
    assert different(cases, answer["within"], lambda case: satisfies(*case)) == []
