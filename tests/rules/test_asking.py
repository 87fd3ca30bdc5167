"""Asking a table: hit policies, precedence, exceptions, silence, and facts that nobody declared."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.envelope import PackRef
from chancery.rules.grammar import Fact, Unless, compile_predicate
from chancery.rules.pack import BadFacts, Clause, Dates, Head, Pack, Row, table_named
from chancery.rules.tables import BODIES, CHECKS, CLOCKS, GATES, SIGNING, Bilingual, Check, Clock, Table
from tests.rules.small import made

COLOURS = ("red", "green", "blue")
FACTS = {
    "colour": Fact("enum", COLOURS),
    "marks": Fact("set", ("x", "y", "z")),
    "done": Fact("bool"),
    "n": Fact("number"),
}
CLAUSE = Clause(id="MP-1-1", article="1", zh="甲", en="one", kind="enforce")
HEAD = Head(
    id="millpond-2024",
    version="1",
    title=Bilingual(zh="磨坊", en="Millpond"),
    tier="district",
    issuer=Bilingual(zh="磨坊", en="Millpond"),
    dates=Dates.model_validate({"effective": "2024-01-01"}),
)
some = st.lists(st.sampled_from(COLOURS), min_size=1, unique=True)
marks = st.lists(st.sampled_from(("x", "y", "z")), min_size=1, unique=True)
cells = st.fixed_dictionaries(
    {},
    optional={
        "colour": some | some.map(lambda words: {"not": words}),
        "marks": st.tuples(st.sampled_from(("has_any", "has_all", "has_none")), marks).map(
            lambda cell: {cell[0]: cell[1]}
        ),
        "done": st.booleans(),
        "n": st.integers(0, 3).map(lambda low: {"min": low}),
    },
)
asked = st.fixed_dictionaries(
    {},
    optional={
        "colour": st.sampled_from(COLOURS),
        "marks": st.frozensets(st.sampled_from(("x", "y", "z"))),
        "done": st.booleans(),
        "n": st.integers(0, 3),
    },
)


def row(number: int, when: dict[str, Any], name: str = "one", unless: tuple[str, ...] = ()) -> Row[Clock]:
    return Row(
        id=f"row-{number}",
        clauses=("MP-1-1",),
        force="must",
        when=tuple(compile_predicate(fact, FACTS[fact], written) for fact, written in when.items()),
        unless=(Unless(exception=unless),) if unless else (),
        outcome=Clock(name=name, starts="meeting_ended", n=number, unit="working_day"),
        reading=None,
        file="clocks.yaml",
        line=number,
    )


def holds(when: dict[str, Any], facts: dict[str, Any]) -> bool:
    """The predicates once more, written plainly."""
    for fact, written in when.items():
        if fact not in facts:
            return False
        value = facts[fact]
        match fact, written:
            case "colour", {"not": words}:
                good = value not in words
            case "colour", words:
                good = value in words
            case "marks", {"has_any": words}:
                good = bool(set(words) & value)
            case "marks", {"has_all": words}:
                good = set(words) <= value
            case "marks", {"has_none": words}:
                good = not set(words) & value
            case "n", {"min": low}:
                good = value >= low
            case _:
                good = value == written
        if not good:
            return False
    return True


def small_pack(table: Table[Any], rows: tuple[Row[Any], ...]) -> Pack:
    return Pack(HEAD, {"MP-1-1": CLAUSE}, {}, {table.name: rows})


@settings(deadline=None)
@given(st.lists(cells, max_size=6), asked)
def test_each_hit_policy_does_what_its_name_says(written: list[dict[str, Any]], facts: dict[str, Any]) -> None:
    rows = tuple(row(number, when, name=f"name_{number % 2}") for number, when in enumerate(written))
    fitting = [f"row-{number}" for number, when in enumerate(written) if holds(when, facts)]
    by_name = [next((r for r in fitting if int(r[4:]) % 2 == odd), None) for odd in (0, 1)]
    wanted = {
        "first": fitting[:1],
        "collect": fitting,
        "by_name": sorted(filter(None, by_name), key=lambda r: int(r[4:])),
    }
    for hit, expected in wanted.items():
        table = Table("clocks", hit, FACTS, Clock)  # pyright: ignore[reportArgumentType]  a hit policy by its name
        assert list(small_pack(table, rows).ask(table, facts).rows) == expected


def test_a_named_exception_takes_its_row_away(tmp_path: Path) -> None:
    pack = made(
        tmp_path,
        gates="""
            - id: asked-first
              clauses: [MP-1-1]
              when: {stage: [agenda]}
              unless: [{exception: [storm, flood], needs: reason}]
              require: [{evidence: hearing}]
            """,
    )
    assert pack.ask(GATES, {"stage": "agenda"}).regulated
    assert pack.ask(GATES, {"stage": "agenda", "exceptions": ("drought",)}).regulated
    assert not pack.ask(GATES, {"stage": "agenda", "exceptions": ("flood",)}).regulated


def test_nothing_matched_is_an_answer_that_names_the_pack(tmp_path: Path) -> None:
    ruling = made(tmp_path).ask(SIGNING, {"kind": "plan"})
    assert (ruling.regulated, ruling.first, ruling.rows, ruling.pack) == (
        False,
        None,
        (),
        PackRef("millpond-2024", "1"),
    )


def test_a_ruling_cites_each_clause_once_in_our_own_words(tmp_path: Path) -> None:
    pack = made(
        tmp_path,
        checks="""
            - {id: a, clauses: [MP-1-1, MP-2-1], when: {kind: [plan]}, check: single_matter, on_fail: return}
            - {id: b, clauses: [MP-2-1], force: may, when: {}, check: no_embedded_request, on_fail: flag}
            """,
    )
    ruling = pack.ask(CHECKS, {"kind": "plan"})
    assert [(c.clause, c.article, c.says_zh, c.row, c.force) for c in ruling.citations] == [
        ("MP-1-1", "1", "甲", "a", "must"),
        ("MP-2-1", "2", "乙", "a", "must"),
    ]
    assert [hit.outcome.on_fail for hit in ruling.hits] == ["return", "flag"]
    assert all(isinstance(hit.outcome, Check) for hit in ruling.hits)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"weather": "fine"}, "gates has no fact weather; it has stage, body"),
        ({"kind": "poem"}, "kind: millpond-2024 does not know the word 'poem'"),
        ({"features": ["costly", "loud"]}, "features: millpond-2024 does not know the word 'loud'"),
        ({"features": "costly"}, "features is a set of words, not 'costly'"),
        ({"features": [1]}, "features is a set of words"),
        ({"kind": ["plan"]}, "kind is one word, not"),
        ({"major": "true"}, "major is true or false, not 'true'"),
        ({"major": 1}, "major is true or false, not 1"),
        ({"money": "much"}, "money is a number, not 'much'"),
        ({"money": True}, "money is a number, not True"),
        ({"stage": "breakfast"}, "stage: millpond-2024 does not know the word 'breakfast'"),
        ({"exceptions": "storm"}, "exceptions is a set of words, not 'storm'"),
    ],
)
def test_facts_nobody_declared_are_refused_with_a_sentence(tmp_path: Path, facts: dict[str, Any], said: str) -> None:
    with pytest.raises(BadFacts, match=said.replace("(", r"\(")):
        made(tmp_path).ask(GATES, facts)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from((*GATES.facts, "exceptions", "weather")),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=5)
        | st.sampled_from(("plan", "costly", "agenda"))
        | st.lists(st.sampled_from(("costly", "plan", "")) | st.integers(), max_size=3)
        | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    )
)
def test_whatever_is_asked_is_answered_or_refused(facts: dict[str, Any]) -> None:
    try:
        ruling = PACK.ask(GATES, facts)
    except BadFacts:
        return
    assert "weather" not in facts
    answered = [row for row in PACK.rows(GATES) if row.id in ruling.rows]
    assert all(facts.get(cell.fact) is not None for row in answered for cell in row.when)


def test_a_fact_that_is_not_known_matches_nothing(tmp_path: Path) -> None:
    pack = made(
        tmp_path,
        signing="""
            - {id: not-plan, clauses: [MP-1-1], when: {kind: {not: [plan]}}, route: [{do: sign, by: {post: head}}]}
            - id: not-costly
              clauses: [MP-1-1]
              when: {features: {has_none: [costly]}}
              route: [{do: sign, by: {post: head}}]
            """,
    )
    assert pack.ask(SIGNING, {}).rows == ()
    assert pack.ask(SIGNING, {"kind": None, "features": None}).rows == ()
    assert pack.ask(SIGNING, {"features": ()}).rows == ("not-costly",)
    assert pack.ask(SIGNING, {"kind": "notice"}).rows == ("not-plan",)


def test_a_body_is_asked_by_its_id(tmp_path: Path) -> None:
    pack = made(tmp_path)
    assert pack.body_ruling("council").rows == ("council",)
    assert pack.body("council") is not None
    assert not pack.body_ruling("senate").regulated
    assert pack.vocabulary("bodies") == frozenset({"council"})
    assert pack.titled("council", "zh") == "会议"
    assert [pack.titled(word, "en") for word in ("costly", "head", "nobody", None)] == ["costly", "head", "nobody", ""]
    assert BODIES.hit == "by_id"


def test_the_first_clock_of_a_name_counts_and_names_run_side_by_side(tmp_path: Path) -> None:
    pack = made(
        tmp_path,
        clocks="""
            - id: plan-soon
              clauses: [MP-1-1]
              when: {kind: [plan]}
              name: answer
              starts: handed_over
              n: 1
              unit: working_day
            - {id: answer, clauses: [MP-1-1], when: {}, name: answer, starts: handed_over, n: 5, unit: working_day}
            - {id: record, clauses: [MP-2-1], when: {}, name: record, starts: meeting_ended, n: 3, unit: calendar_day}
            """,
    )
    assert pack.ask(CLOCKS, {"kind": "plan"}).rows == ("plan-soon", "record")
    assert pack.ask(CLOCKS, {}).rows == ("answer", "record")


def test_there_is_no_table_of_another_name() -> None:
    with pytest.raises(BadFacts, match="there is no table spells; there are bodies, competence"):
        table_named("spells")


def _gates() -> Pack:
    return Pack(
        HEAD,
        {"MP-1-1": CLAUSE},
        {"kinds": {}, "features": {}},
        {
            "gates": tuple(
                Row(
                    id=f"gate-{number}",
                    clauses=("MP-1-1",),
                    force="must",
                    when=(compile_predicate(fact, GATES.facts[fact], written),),
                    unless=(),
                    outcome=GATES.outcome.model_validate({"require": [{"evidence": "hearing"}]}),
                    reading=None,
                    file="gates.yaml",
                    line=number,
                )
                for number, (fact, written) in enumerate(
                    [
                        ("stage", ["agenda"]),
                        ("features", {"has_none": ["costly"]}),
                        ("money", {"min": 10}),
                        ("major", False),
                        ("kind", {"not": ["plan"]}),
                    ]
                )
            )
        },
    )


PACK = _gates()
