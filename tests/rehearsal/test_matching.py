"""Saved answers are found again, and an answer that lacks something is told where."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.rehearsal.house import unsettled
from chancery.rehearsal.matching import UnknownReference, differences, filled
from chancery.rehearsal.runner import check
from chancery.rehearsal.scenario import Expectation

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_everything_holds_itself(value: object) -> None:
    assert differences(value, value) == []


@given(st.dictionaries(st.text(min_size=1, max_size=4), JSON, min_size=1, max_size=4), JSON)
def test_what_is_not_named_is_not_looked_at(value: dict[str, object], more: object) -> None:
    assert differences(value, value | {"something else": more}) == []


def test_a_missing_field_is_named_with_its_place() -> None:
    assert differences({"a": {"b": 1, "c": 2}}, {"a": {"b": 2}}) == ["a.b: expected 1, found 2", "a.c: missing"]


def test_lists_have_the_same_length() -> None:
    assert differences([1], [1, 2]) == ["the answer: expected 1, found 2: [1, 2]"]


def test_a_reference_alone_keeps_its_type_and_within_a_text_becomes_text() -> None:
    saved = {"item": {"version": 3, "events": [{"id": "e1"}]}}
    assert filled({"v": "$item.version", "t": "no. $item.version", "e": "$item.events.0.id"}, saved) == {
        "v": 3,
        "t": "no. 3",
        "e": "e1",
    }


def test_a_reference_to_nothing_says_so() -> None:
    with pytest.raises(UnknownReference, match="saved by no earlier step"):
        filled("$nobody.id", {})
    with pytest.raises(UnknownReference, match="no 'id'"):
        filled("$item.id", {"item": {}})


def test_a_refusal_must_cite_these_clauses_and_no_other() -> None:
    body = {"clauses": [{"id": "X-1"}, {"id": "X-2"}], "reasons": [{"code": "needs_a"}, {"code": "needs_b"}]}
    assert check(Expectation(refused_by=("X-2", "X-1"), reasons=("needs_b", "needs_a")), 409, body, {}) == []
    assert check(Expectation(refused_by=("X-1",)), 409, body, {}) == [
        "expected refusal by ['X-1'], found ['X-1', 'X-2']"
    ]
    assert check(Expectation(reasons=("needs_a",)), 409, body, {})
    assert check(Expectation(refused_by=("X-1", "X-2")), 201, body, {})


def test_an_error_nobody_expected_is_an_error() -> None:
    assert check(Expectation(), 403, {"detail": "not yours"}, {}) == ["answered 403: not yours"]


NOON = datetime(2022, 1, 19, 4, tzinfo=UTC)


def at_rest(**changes: object) -> dict[str, object]:
    rest: dict[str, object] = {"clock": NOON.isoformat(), "position": 4, "relayed": 4, "due": 0, "consumers": ()}
    return rest | changes


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (at_rest(clock="2022-01-19T03:59:59+00:00"), "has not seen the clock move"),
        (at_rest(relayed=3), "has told 3 of 4 events"),
        (at_rest(due=1), "1 deadlines due"),
        (at_rest(consumers=[{"name": "x", "source": "a", "position": 3}]), "has heard 3 of 4 events of a"),
    ],
)
def test_whatever_is_still_on_its_way_is_named(state: dict[str, object], said: str) -> None:
    (line,) = unsettled({"a": state}, NOON)
    assert said in line


def test_a_house_at_rest_is_at_rest() -> None:
    assert unsettled({"a": at_rest(consumers=[{"name": "x", "source": "a", "position": 4}])}, NOON) == []
