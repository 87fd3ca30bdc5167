"""Cells of a row: each type has its predicates and no others; an unknown fact matches nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.rules.grammar import BadPredicate, Fact, compile_predicate

WORDS = ("red", "green", "blue", "grey")
some = st.lists(st.sampled_from(WORDS), min_size=1, unique=True)
few = st.lists(st.sampled_from(WORDS), unique=True)
ENUM, BOOL, NUMBER, SET = Fact("enum"), Fact("bool"), Fact("number"), Fact("set")


def passes(fact: Fact, written: Any, value: Any) -> bool:
    return compile_predicate("colour", fact, written).test(value)


@given(some, st.sampled_from(WORDS))
def test_a_list_is_any_of_its_words(words: list[str], value: str) -> None:
    assert passes(ENUM, words, value) == (value in words)
    assert passes(ENUM, {"not": words}, value) == (value not in words)


@given(some, few)
def test_sets_have_any_all_or_none(words: list[str], value: list[str]) -> None:
    for known in (value, tuple(value), frozenset(value)):
        assert passes(SET, {"has_any": words}, known) == any(word in value for word in words)
        assert passes(SET, {"has_all": words}, known) == all(word in value for word in words)
        assert passes(SET, {"has_none": words}, known) == (not any(word in value for word in words))


@given(st.booleans(), st.booleans())
def test_a_truth_value_is_itself(written: bool, value: bool) -> None:
    assert passes(BOOL, written, value) == (written == value)


@given(st.none() | st.integers(-9, 9), st.none() | st.floats(-9, 9), st.integers(-9, 9))
def test_both_ends_of_a_range_belong_to_it(low: int | None, high: float | None, value: int) -> None:
    written = {key: bound for key, bound in (("min", low), ("max", high)) if bound is not None}
    if written:
        assert passes(NUMBER, written, value) == ((low is None or value >= low) and (high is None or value <= high))


@pytest.mark.parametrize(
    ("fact", "written"),
    [
        (ENUM, "red"),
        (ENUM, []),
        (ENUM, True),
        (ENUM, {"not": "red"}),
        (ENUM, {"not": ["red"], "any": ["blue"]}),
        (ENUM, {"has_any": ["red"]}),
        (ENUM, [1]),
        (BOOL, "true"),
        (BOOL, [True]),
        (BOOL, 1),
        (NUMBER, 5),
        (NUMBER, {}),
        (NUMBER, {"min": "5"}),
        (NUMBER, {"min": True}),
        (NUMBER, {"least": 5}),
        (SET, ["red"]),
        (SET, {"has_any": []}),
        (SET, {"has_any": ["red"], "has_none": ["blue"]}),
        (SET, {"some": ["red"]}),
        (SET, None),
        (ENUM, "lambda value: True"),
    ],
)
def test_what_a_type_does_not_have_is_refused_with_what_it_has(fact: Fact, written: Any) -> None:
    with pytest.raises(BadPredicate, match=f"^colour is a {fact.kind}: write "):
        compile_predicate("colour", fact, written)
