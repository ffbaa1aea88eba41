# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in two files of the collection because Ansible wants it so, held against each other."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest
import yaml

COLLECTION = "ansible_collections.storefleet.commerce"
CHECKOUT = Path(__file__).resolve().parents[2]
MODULES = sorted(file.stem for file in (CHECKOUT / "plugins/modules").glob("*.py") if file.stem != "__init__")
ATTRIBUTES = {"check_mode", "diff_mode", "idempotent", "platform"}
ROLES = sorted(folder.name for folder in (CHECKOUT / "roles").iterdir())


def load(name: str):
    return yaml.safe_load((CHECKOUT / name).read_text())


def options(role: str) -> dict:
    return load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]


def module(name: str) -> ModuleType:
    return importlib.import_module(f"{COLLECTION}.plugins.modules.{name}")


def fragments(documentation: dict) -> list[dict]:
    """What the documentation takes from elsewhere: storefleet.commerce.FILE, or with a part of it .NAME."""
    found = []
    for name in documentation.get("extends_documentation_fragment", []):
        file, dummy, part = name.removeprefix("storefleet.commerce.").partition(".")
        fragment = importlib.import_module(f"{COLLECTION}.plugins.doc_fragments.{file}").ModuleDocFragment
        found.append(yaml.safe_load(getattr(fragment, part.upper() or "DOCUMENTATION")))
    return found


def documented_options(name: str) -> dict[str, dict]:
    """The options as ansible-doc shows them; one that stands in two places counts as the module has it."""
    documentation = yaml.safe_load(module(name).DOCUMENTATION)
    options = {}
    for part in [*fragments(documentation), documentation]:
        options.update(part.get("options", {}))
    return options


@pytest.fixture
def taken(monkeypatch):
    """With what a module makes its AnsibleModule."""

    class Made(BaseException):
        pass

    def of(name: str) -> dict:
        given = {}

        def make(**arguments):
            given.update(arguments)
            raise Made

        monkeypatch.setattr(module(name), "AnsibleModule", make)
        with pytest.raises(Made):
            module(name).main()
        return given

    return of


def test_every_module_that_is_for_a_store_or_a_checkout_has_its_action_group() -> None:
    for_a_store = [name for name in MODULES if "root" in documented_options(name)]
    assert load("meta/runtime.yml")["action_groups"]["commerce"] == for_a_store
    for_a_checkout = [name for name in MODULES if "path" in documented_options(name)]
    assert load("meta/runtime.yml")["action_groups"]["checkout"] == for_a_checkout
    assert set(MODULES) - set(for_a_store) - set(for_a_checkout) == {"fleet_report"}


@pytest.mark.parametrize("name", MODULES)
def test_options_are_taken_as_they_are_documented(name: str, taken) -> None:
    parts = ("type", "elements", "default", "choices", "required")
    as_documented = {
        option: {part: each[part] for part in parts if part in each}
        for option, each in documented_options(name).items()
    }
    as_taken = {
        option: {part: each[part] for part in parts if part in each}
        for option, each in taken(name)["argument_spec"].items()
    }
    assert as_taken == as_documented


@pytest.mark.parametrize("name", MODULES)
def test_secrets_are_options_that_are_not_logged(name: str, taken) -> None:
    spec = taken(name)["argument_spec"]
    words = ("password", "headers", "environment", "auth")
    secret = {option for option in spec if option.split("_")[-1] in words}
    assert {option for option, each in spec.items() if each.get("no_log")} == secret


@pytest.mark.parametrize("name", MODULES)
def test_what_options_require_of_each_other_are_options(name: str, taken) -> None:
    given = taken(name)
    named = {option for rule in given.get("required_if", ()) for option in (rule[0], *rule[2])}
    named |= {option for rule in given.get("required_together", ()) for option in rule}
    assert named <= set(given["argument_spec"])
    assert ("account_email" in given["argument_spec"]) == any(
        "account_email" in rule[2] for rule in given.get("required_if", ())
    )
    assert ("url_username" in given["argument_spec"]) == bool(given.get("required_together"))


@pytest.mark.parametrize("name", MODULES)
def test_check_mode_is_supported_and_its_attributes_say_how(name: str, taken) -> None:
    assert taken(name)["supports_check_mode"] is True
    documentation = yaml.safe_load(module(name).DOCUMENTATION)
    attributes = {}
    for part in [*fragments(documentation), documentation]:
        attributes.update(part.get("attributes", {}))
    assert set(attributes) == ATTRIBUTES
    assert attributes["check_mode"]["support"] in ("full", "partial")
    assert all(each["description"] for each in attributes.values())


def undescribed(values: dict, path: str = ""):
    for name, value in values.items():
        if not {"description", "type"} <= set(value) or not ({"sample", "contains"} & set(value)):
            yield path + name
        if value.get("type") == "list" and "elements" not in value:
            yield path + name
        yield from undescribed(value.get("contains", {}), f"{path}{name}.")


@pytest.mark.parametrize("name", MODULES)
def test_every_returned_key_has_its_type_and_a_sample(name: str) -> None:
    documented = yaml.safe_load(module(name).RETURN)
    assert list(undescribed(documented)) == []
    assert all(each["returned"] for each in documented.values())


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_named_tasks_with_options_that_the_module_has(name: str) -> None:
    tasks = yaml.safe_load(module(name).EXAMPLES)
    assert all(task["name"] for task in tasks)
    own = [task[f"storefleet.commerce.{name}"] for task in tasks if f"storefleet.commerce.{name}" in task]
    assert own
    options = documented_options(name)
    for arguments in own:
        assert set(arguments) <= set(options)
        for option, value in arguments.items():
            assert not isinstance(value, str) or value in options[option].get("choices", [value])


@pytest.mark.parametrize("name", MODULES)
def test_an_option_is_of_the_type_that_it_has_in_the_roles(name: str) -> None:
    by_role = {
        option: each for role in ROLES for option, each in options(role).items() if option.startswith("commerce_")
    }
    found = {}
    for option, each in documented_options(name).items():
        other = by_role.get(f"commerce_{option}")
        if other and (each["type"], each.get("elements")) != (other["type"], other.get("elements")):
            found[option] = (each, other)
    assert found == {}


@pytest.mark.parametrize("role", ROLES)
def test_defaults_are_those_of_the_argument_specs(role: str) -> None:
    specified = {name: option["default"] for name, option in options(role).items() if "default" in option}
    assert load(f"roles/{role}/defaults/main.yml") == specified


def test_an_option_means_the_same_in_each_role() -> None:
    by_name = {}
    for role in ROLES:
        for name, option in options(role).items():
            by_name.setdefault(name, []).append((option["type"], option.get("elements"), option.get("default")))
    assert {name: uses for name, uses in by_name.items() if any(use != uses[0] for use in uses)} == {}


@pytest.mark.parametrize("role", ROLES)
def test_no_choice_is_a_word_that_yaml_takes_for_a_truth_value(role: str) -> None:
    choices = {choice for option in options(role).values() for choice in option.get("choices", [])}
    assert choices & {True, False, "yes", "no", "on", "off", "y", "n"} == set()
