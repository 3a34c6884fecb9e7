"""Limits on measures of the code. If the code exceeds one, look for a second noun in it."""

import re
from statistics import median

from tests.project.measures import (
    PRODUCT,
    at_share,
    class_names,
    functions,
    in_folders,
    largest_value,
    leaving_members_out,
    length,
    lines,
    modules,
    modules_of_tests,
    name_of,
    parsed,
    positional,
    public_function_names,
    with_two_meanings,
)
from tests.support.places import ROOT

MODULE, MIDDLE_MODULE = 500, 200
"""The maximum number of lines of a module, and of the median module."""

FUNCTION, NINE_FUNCTIONS_OF_TEN = 60, 25
"""The maximum number of lines of a function, and of the shorter nine tenths of all functions."""

FOLDER = 16
"""The maximum number of modules in a folder, including `__init__.py`."""

ACROSS = {"contract", "faults", "trust", "chromium"}
"""Folders of tests that belong to several folders of the product."""

CLASS_NAMES, FUNCTION_NAMES = 3, 4
"""How many names of classes and of public functions may have two meanings."""

FIELDS = 14
"""The maximum number of fields of a value. With more fields, it is probably two nouns."""

POSITIONAL_SHARE = 0.06
"""The maximum share of functions with more than two positional parameters."""

TESTS_A_LINE = 1.18
"""The maximum number of lines of tests per line of the product, without fakes and support."""

RECORDS = 30
"""The maximum number of decision records. A new one replaces another or is merged with it."""

WORDS, LATEST = 88_400, 400
"""Words of all documents, as `wc -w` counts them, and of the latest part of the CHANGELOG."""

UNTYPED = 3
"""The maximum number of `type: ignore` comments outside the tests."""


def test_a_module_is_a_screen_or_two() -> None:
    found = {name_of(path): lines([path]) for path in modules(*PRODUCT)}

    assert {name: long for name, long in found.items() if long > MODULE} == {}


def test_a_function_fits_a_hand() -> None:
    found = {
        f"{module}: {each.name}": length(each) for module, tree in parsed(*PRODUCT).items() for each in functions(tree)
    }

    assert {name: long for name, long in found.items() if long > FUNCTION} == {}


def test_the_middle_module_and_nine_functions_of_ten_are_short() -> None:
    lengths = [lines([path]) for path in modules(*PRODUCT) if path.name != "__init__.py"]
    functions_of_all = [length(each) for tree in parsed(*PRODUCT).values() for each in functions(tree)]

    assert median(lengths) <= MIDDLE_MODULE
    assert at_share(functions_of_all, 0.9) <= NINE_FUNCTIONS_OF_TEN


def test_a_folder_is_seen_at_one_glance() -> None:
    found = in_folders(modules(*PRODUCT, "tests"))

    assert {folder: held for folder, held in found.items() if held > FOLDER} == {}


def test_tests_lie_where_what_they_test_lies() -> None:
    """A folder of tests has the path of a folder or module of the product, unless it is in `ACROSS`."""
    tests = ROOT / "tests"
    folders = {path.parent.relative_to(tests) for package in PRODUCT for path in (tests / package).rglob("test_*.py")}

    assert len(folders) > 40
    apart = [each for each in folders if each.name not in ACROSS and not (ROOT / each).is_dir()]
    assert [str(each) for each in apart if not (ROOT / each).with_suffix(".py").is_file()] == []


def test_a_class_name_means_one_thing() -> None:
    found = with_two_meanings(class_names(parsed(*PRODUCT)))

    assert len(found) <= CLASS_NAMES, found


def test_a_value_is_one_noun() -> None:
    found, name = largest_value()

    assert found <= FIELDS, name


def test_a_public_function_name_means_one_thing() -> None:
    found = with_two_meanings(public_function_names(parsed(*PRODUCT)))

    assert len(found) <= FUNCTION_NAMES, found


def test_few_functions_take_more_than_two_positional_arguments() -> None:
    every = [each for tree in parsed(*PRODUCT).values() for each in functions(tree)]
    many = [each for each in every if positional(each) > 2]

    assert len(many) <= POSITIONAL_SHARE * len(every), f"{len(many)} of {len(every)}"


def test_tests_are_not_much_longer_than_what_they_test() -> None:
    assert lines(modules_of_tests()) <= TESTS_A_LINE * lines(modules(*PRODUCT))


def test_decision_records_are_few() -> None:
    assert len(list(ROOT.glob("docs/adr/0*.md"))) <= RECORDS


def test_documents_are_short_enough_to_be_read() -> None:
    pages = [path.read_text(encoding="utf-8") for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))]
    latest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1].partition("\n")[2]

    assert sum(len(page.split()) for page in pages) <= WORDS
    assert len(latest.split()) <= LATEST


def test_types_look_away_in_few_places_and_say_from_what() -> None:
    texts = [path.read_text(encoding="utf-8") for path in modules(*PRODUCT, "bench", "docs")]
    found = [each for text in texts for each in re.findall(r"#\s*type:\s*ignore(\[[a-z-]+\])?", text)]

    assert len(found) <= UNTYPED
    assert all(found)


def test_a_match_over_an_enumeration_names_every_member() -> None:
    """If every member is named, mypy shows the author of a new member each place where something has to be decided."""
    found = [
        f"{module}: {each.lineno}" for module, tree in parsed(*PRODUCT).items() for each in leaving_members_out(tree)
    ]

    assert found == []
