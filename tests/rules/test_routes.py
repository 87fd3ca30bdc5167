"""The one route engine: whose turn it is, who may take it, when it is over."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from chancery.envelope import Standing
from chancery.events.parts import StepDone
from chancery.names import Capacity, PersonId
from chancery.refusal import Refused
from chancery.roster import Roster
from chancery.rules.grammar import DECIDING, Route, Step
from chancery.rules.resolve import Case, Resolution
from chancery.rules.routes import RouteState, progress
from chancery.rules.rulebook import Rules
from tests.rules.small import NOW, acting, made, roster, route, rules

CASE = Case(lead_unit="works", units_involved=("works", "purse", "upstream"), raiser="gus")


def here(tmp_path: Path, people: Roster | None = None) -> Rules:
    return rules(made(tmp_path), people)


def turns(state: RouteState) -> list[str]:
    """Whose turn it is: ``sign: ann bo``."""
    return [
        f"{one.step.do}: {' '.join(sorted(str(h.person) for h in one.left)) or one.waits_for_nobody}"
        for one in state.open
    ]


def walk(of: Rules, written: Any, *takers: str, case: Case = CASE, **more: Any) -> RouteState:
    """Let people take steps in turn, and see where the route is."""
    way = route(written)
    done: list[StepDone] = []
    for taker in takers:
        taking = of.may_take(of.route(way, done, case, **more), taker)
        done.append(of.step_done(taking))
    return of.route(way, done, case, **more)


SERIAL = [{"do": "review", "by": {"post": "office_chief"}}, {"do": "sign", "by": {"post": "head"}}]
PARALLEL = [
    {"do": "countersign", "by": {"post": "office_chief"}, "order": "parallel"},
    {"do": "countersign", "by": {"head_of": "lead_unit"}, "order": "parallel"},
    {"do": "sign", "by": {"post": "head"}},
]


def test_serial_steps_come_in_turn(tmp_path: Path) -> None:
    of = here(tmp_path)
    assert turns(walk(of, SERIAL)) == ["review: di"]
    assert turns(walk(of, SERIAL, "di")) == ["sign: ann"]
    done = walk(of, SERIAL, "di", "ann")
    assert (done.complete, done.open, done.last and done.last.person) == (True, (), "ann")


def test_parallel_neighbours_are_open_together_in_any_order(tmp_path: Path) -> None:
    of = here(tmp_path)
    assert turns(walk(of, PARALLEL)) == ["countersign: di", "countersign: ed"]
    assert turns(walk(of, PARALLEL, "ed")) == ["countersign: di"]
    assert turns(walk(of, PARALLEL, "ed", "di")) == turns(walk(of, PARALLEL, "di", "ed")) == ["sign: ann"]


def test_each_of_them_acts_and_nobody_twice(tmp_path: Path) -> None:
    of = here(tmp_path)
    way = [{"do": "countersign", "by": {"each": {"head_of": "involved_unit"}}, "order": "parallel"}, SERIAL[1]]
    assert turns(walk(of, way)) == ["countersign: ed flo ida"]
    assert turns(walk(of, way, "flo")) == ["countersign: ed ida"]
    with pytest.raises(Refused, match="not_your_step"):
        walk(of, way, "flo", "flo")
    assert turns(walk(of, way, "flo", "ed", "ida")) == ["sign: ann"]


def test_any_one_is_enough_unless_all_are_asked(tmp_path: Path) -> None:
    of = here(tmp_path)
    assert turns(walk(of, [{"do": "consent", "by": {"post": "deputy"}}, SERIAL[1]], "cy")) == ["sign: ann"]
    both = [{"do": "consent", "by": {"post": "deputy"}, "quorum": "all_of"}, SERIAL[1]]
    assert turns(walk(of, both, "cy")) == ["consent: bo"]
    assert turns(walk(of, both, "cy", "bo")) == ["sign: ann"]


def test_where_nobody_else_is_concerned_the_step_is_done(tmp_path: Path) -> None:
    way = [{"do": "countersign", "by": {"each": {"in_charge_of": "other_portfolios"}}, "order": "parallel"}, SERIAL[1]]
    assert turns(walk(here(tmp_path), way)) == ["countersign: cy"]
    assert turns(walk(here(tmp_path), way, case=replace(CASE, units_involved=("works", "upstream")))) == ["sign: ann"]


@pytest.mark.parametrize(
    ("way", "gone", "seen"),
    [
        (SERIAL, "di", ["review: vacant"]),
        ([{"do": "approve", "by": {"in_charge_of": "doc"}}], "bo", ["approve: nobody_in_charge"]),
        ([{"do": "approve", "by": {"external": "province"}}], "", ["approve: outside"]),
        ([{"do": "sign", "by": {"chair_of": "sitting"}}], "", ["sign: nobody_named"]),
    ],
)
def test_a_step_that_nobody_can_take_stands_there_with_the_reason(
    tmp_path: Path, way: Any, gone: str, seen: list[str]
) -> None:
    of = here(tmp_path, roster(without=gone))
    state = walk(of, way)
    assert (turns(state), state.complete) == (seen, False)
    code = seen[0].partition(": ")[2].removeprefix("nobody_")
    with pytest.raises(Refused, match=f"nobody_{code}"):
        of.may_take(state, "ann")


def test_of_several_who_must_act_a_vacant_one_holds_the_step(tmp_path: Path) -> None:
    of = here(tmp_path, roster(without="flo"))
    way = [{"do": "countersign", "by": {"each": {"head_of": "involved_unit"}}}, SERIAL[1]]
    state = walk(of, way, "ed", "ida")
    assert (turns(state), state.complete) == (["countersign: vacant"], False)


def test_nobody_decides_his_own_case_also_not_for_another(tmp_path: Path) -> None:
    own = replace(CASE, applicant="bo", raiser="bo")
    way = [{"do": "approve", "by": {"post": "head"}}]
    assert turns(walk(here(tmp_path), way, case=own)) == ["approve: ann"]
    state = walk(here(tmp_path, roster(acting("bo"))), way, case=own)
    assert turns(state) == ["approve: own_case"]
    with pytest.raises(Refused, match="own_case"):
        here(tmp_path, roster(acting("bo"))).may_take(state, "bo")
    told = [{"do": "report", "to": {"post": "head"}}]
    assert turns(walk(here(tmp_path), told, case=own)) == ["report: bo"]
    assert walk(here(tmp_path), told, "bo", case=own).complete


def test_a_step_may_be_kept_from_whoever_acts(tmp_path: Path) -> None:
    of = here(tmp_path, roster(acting("bo")))
    assert turns(walk(of, [{"do": "sign", "by": {"post": "head"}}])) == ["sign: bo"]
    assert turns(walk(of, [{"do": "sign", "by": {"post": "head"}, "acting": "never"}])) == ["sign: ann"]
    assert turns(walk(of, [{"do": "sign", "by": {"post": "head"}, "acting": "listed_only"}])) == ["sign: ann"]
    chair = here(tmp_path, roster(acting("bo", excludes=("sign@council",))))
    assert turns(walk(chair, [{"do": "sign", "by": {"post": "head"}}], at_body="council")) == ["sign: ann"]


def test_a_step_that_does_not_block_may_be_left(tmp_path: Path) -> None:
    way = [{"do": "report", "to": {"post": "head"}, "blocks": False, "by": {"raiser_of": "doc"}}, *SERIAL]
    of = here(tmp_path)
    assert turns(walk(of, way)) == ["report: gus", "review: di"]
    state = walk(of, way, "di", "ann")
    assert (state.complete, turns(state)) == (True, ["report: gus"])


def test_a_step_as_needed_exists_once_switched_on(tmp_path: Path) -> None:
    way = [{"do": "consult", "by": {"post": "office_chief"}, "force": "as_needed"}, SERIAL[1]]
    of = here(tmp_path)
    assert turns(walk(of, way)) == ["sign: ann"]
    assert turns(walk(of, way, switched_on=frozenset({"consult"}))) == ["consult: di"]
    only = [{"do": "approve", "by": {"post": "deputy"}, "only_if": "referred"}, SERIAL[1]]
    assert turns(walk(of, only)) == ["sign: ann"]
    assert turns(walk(of, only, "bo", switched_on=frozenset({"referred"}))) == ["sign: ann"]


def test_the_same_act_of_the_same_person_is_not_asked_twice(tmp_path: Path) -> None:
    way = [
        {"do": "consent", "by": {"in_charge_of": "doc"}},
        {"do": "consent", "by": {"post": "deputy"}, "merge_if_same_person": True},
        SERIAL[1],
    ]
    assert turns(walk(here(tmp_path), way, "bo")) == ["sign: ann"]
    apart = [{"do": "consent", "by": {"post": "office_chief"}}, *way[1:]]
    assert turns(walk(here(tmp_path), apart, "di")) == ["consent: bo cy"]


def test_one_way_of_several_is_enough(tmp_path: Path) -> None:
    way = {"alternatives": [SERIAL, [{"do": "sign", "by": {"post": "deputy"}}]]}
    of = here(tmp_path)
    assert turns(walk(of, way)) == ["review: di", "sign: bo cy"]
    state = walk(of, way, "di", "cy")
    assert (state.complete, state.open) == (True, ())
    with pytest.raises(Refused, match="route_complete"):
        of.may_take(state, "ann")


def test_a_step_is_somebody_s() -> None:
    with pytest.raises(ValidationError, match="nobody is named to sign: add by"):
        route([{"do": "sign"}])
    assert route([{"do": "report", "to": {"post": "head"}}]).alternatives[0][0].by is None


def test_a_step_keeps_who_took_it_in_what_right(tmp_path: Path) -> None:
    of = here(tmp_path, roster(acting("bo")))
    state = walk(of, SERIAL, "di", "bo")
    assert state.last == StepDone(
        step=1, do="sign", person="bo", post="head", capacity=Capacity.ACTING, acts_for="ann", at=NOW
    )


# -- any route -----------------------------------------------------------------

PEOPLE = ("p", "q", "r", "s")
steps = st.tuples(
    st.sampled_from(("review", "countersign", "sign", "file")),
    st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True).map(tuple),
    st.sampled_from(("serial", "parallel")),
    st.sampled_from(("any_of", "all_of")),
    st.booleans(),
)
Made = tuple[str, tuple[str, ...], str, str, bool]


def a_route(*ways: Sequence[Made]) -> Route:
    """Steps whose ``by`` carries the people outright, so that any roster can be tried."""
    return Route(
        alternatives=tuple(
            tuple(
                Step.model_validate(
                    {"do": do, "by": {"external": "_".join(who) or "none"}, "order": o, "quorum": q, "blocks": b}
                )
                for do, who, o, q, b in way
            )
            for way in ways
        )
    )


def resolve(selector: Any, act: str, acting_: str) -> Resolution:
    people = [] if selector.name == "none" else str(selector.name).split("_")
    holders = tuple(Standing(PersonId(person), None) for person in people)
    return Resolution(holders, False, None if holders else "vacant")


def state_of(way: Route, done: Sequence[StepDone], applicant: str | None = None) -> RouteState:
    return progress(way, done, resolve, applicant=applicant)


def took(alternative: int, index: int, do: str, person: str) -> StepDone:
    return StepDone(alternative=alternative, step=index, do=do, person=person, capacity=Capacity.OWN, at=NOW)


def play(way: Route, choose: st.DataObject, applicant: str | None = None) -> list[StepDone]:
    """Take open steps in some order until none is left, or somebody loses interest."""
    done: list[StepDone] = []
    while True:
        state = state_of(way, done, applicant)
        free = [(one, standing) for one in state.open for standing in one.left]
        if not free or (state.complete and choose.draw(st.booleans())):
            return done
        one, standing = choose.draw(st.sampled_from(free))
        done.append(took(one.alternative, one.index, one.step.do, str(standing.person)))


@settings(deadline=None)
@given(st.lists(steps, min_size=1, max_size=5), st.sampled_from((None, *PEOPLE)), st.data())
def test_nobody_takes_a_step_twice_or_in_his_own_case(
    way: list[Made], applicant: str | None, data: st.DataObject
) -> None:
    done = play(a_route(way), data, applicant)
    assert len({(one.step, one.person) for one in done}) == len(done)
    assert not [one for one in done if one.do in DECIDING and one.person == applicant]


@settings(deadline=None)
@given(st.lists(steps, min_size=1, max_size=5), st.data())
def test_a_route_is_complete_exactly_when_every_blocking_step_is_done(way: list[Made], data: st.DataObject) -> None:
    of = a_route(way)
    done = play(of, data)

    def is_done(index: int, upto: Sequence[StepDone]) -> bool:
        _, who, _, quorum, _ = way[index]
        people = {one.person for one in upto if one.step == index}
        return bool(people) and (quorum == "any_of" or people >= set(who))

    for number in range(len(done) + 1):
        upto = done[:number]
        wanted = all(is_done(index, upto) for index, step in enumerate(way) if step[4])
        assert state_of(of, upto).complete == wanted


@settings(deadline=None)
@given(st.lists(steps, min_size=1, max_size=5), st.data())
def test_an_unfinished_route_always_says_whom_it_waits_for(way: list[Made], data: st.DataObject) -> None:
    of = a_route(way)
    state = state_of(of, play(of, data))
    if not state.complete:
        waiting = [one for one in state.open if one.step.blocks]
        assert waiting
        assert all(one.left or one.waits_for_nobody == "vacant" for one in waiting)


@settings(deadline=None)
@given(st.lists(steps, min_size=2, max_size=4), st.data())
def test_the_order_of_parallel_steps_changes_nothing(way: list[Made], data: st.DataObject) -> None:
    assume(all(step[1] for step in way))
    parallel = a_route([(do, who, "parallel", quorum, True) for do, who, _, quorum, _ in way])
    done = play(parallel, data)
    assert state_of(parallel, done).complete
    shuffled = data.draw(st.permutations(done))
    for number in range(len(done) + 1):
        before = state_of(parallel, shuffled[:number])
        assert before.complete == (number == len(done))
        left = {(one.index, str(h.person)) for one in before.open for h in one.left}
        assert {(one.step, one.person) for one in shuffled[number:]} <= left
    assert state_of(parallel, shuffled).complete


@settings(deadline=None)
@given(st.lists(steps, min_size=1, max_size=3), st.lists(steps, min_size=1, max_size=3), st.data())
def test_the_shorter_way_ends_the_longer_one(one: list[Made], other: list[Made], data: st.DataObject) -> None:
    both = a_route(one, other)
    done = play(both, data)
    first, second = (
        state_of(a_route(way), [replace_alternative(d) for d in done if d.alternative == number]).complete
        for number, way in enumerate((one, other))
    )
    state = state_of(both, done)
    assert state.complete == (first or second)
    if state.complete:
        assert all(not open_.step.blocks for open_ in state.open)


def replace_alternative(done: StepDone) -> StepDone:
    return done.model_copy(update={"alternative": 0})
