"""A case explained: what kept each row, and the smallest change that turns it, checked against trying everything."""

from collections.abc import Iterator
from itertools import chain, combinations, product
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chancery
from chancery.rules.explain import Account, Change, explain
from chancery.rules.loader import load_folder
from chancery.rules.pack import BadFacts, Pack, table_named
from chancery.rules.stated import facts_of
from chancery.rules.tables import SIGNING, TABLES, Clock, Table
from tests.hongkou import pack as hongkou
from tests.rules.small import FILES, made
from tests.rules.test_asking import FACTS, asked, cells, holds, row, small_pack

PACKS = Path(chancery.__file__).parent / "packs"
SAID = (
    "kind=notice",
    "features=important,",
    "major=true",
    "money=1e9",
    "money=nan",
    "n=inf",
    "exceptions=x",
    "=",
    "to=",
)
MARKS = [frozenset(some) for some in chain.from_iterable(combinations("xyz", n) for n in range(4))]
EVERYTHING: dict[str, list[Any]] = {
    "colour": ["red", "green", "blue"],
    "marks": MARKS,
    "done": [True, False],
    "n": [-1, 0, 1, 2, 3, 4],
}


def applied(facts: dict[str, Any], turn: tuple[Change, ...]) -> dict[str, Any]:
    """The case with a change made."""
    put = {change.fact: frozenset(change.to) if isinstance(change.to, tuple) else change.to for change in turn}
    return {**facts, **put}


def cost(facts: dict[str, Any], other: dict[str, Any]) -> int:
    """How much is otherwise: one a fact, one a word of a set."""
    found = 0
    for name, value in other.items():
        if name not in facts or facts[name] != value:
            found += max(1, len(facts.get(name, frozenset()) ^ value)) if name == "marks" else 1
    return found


def every_case(facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every case there is; what is known is never forgotten."""
    ways = [[*([] if name in facts else [None]), *values] for name, values in EVERYTHING.items()]
    for values in product(*ways):
        yield {name: value for name, value in zip(EVERYTHING, values, strict=True) if value is not None}


@settings(deadline=None, max_examples=40)
@given(st.lists(cells, min_size=1, max_size=4), asked, st.sampled_from(("first", "collect", "by_name")))
def test_no_smaller_change_turns_a_row(written: list[dict[str, Any]], facts: dict[str, Any], hit: Any) -> None:
    table = Table("clocks", hit, FACTS, Clock)
    pack = small_pack(table, tuple(row(number, when, name=f"name_{number % 2}") for number, when in enumerate(written)))
    account = explain(pack, table, facts)
    cases = [(cost(facts, case), pack.ask(table, case).rows) for case in every_case(facts)]
    for one in account.rows:
        answers = one.stands == "answers"
        least = min((spent for spent, rows in cases if (one.row.id in rows) != answers), default=None)
        assert bool(one.turns) == (least is not None)
        for turn in one.turns:
            put = applied(facts, turn)
            assert (one.row.id in pack.ask(table, put).rows) != answers
            assert cost(facts, put) == least


@settings(deadline=None)
@given(st.lists(cells, max_size=5), asked, st.sets(st.sampled_from(("storm", "flood"))))
def test_every_row_either_answers_or_says_what_kept_it(
    written: list[dict[str, Any]], facts: dict[str, Any], claimed: set[str]
) -> None:
    table = Table("clocks", "collect", FACTS, Clock)
    rows = tuple(row(number, when, unless=("storm",) if number % 2 else ()) for number, when in enumerate(written))
    account = explain(small_pack(table, rows), table, facts | {"exceptions": frozenset(claimed)})
    assert [one.row.id for one in account.rows] == [one.id for one in rows]
    for one, when in zip(account.rows, written, strict=True):
        kept = [cell.fact for cell in one.missed]
        assert kept == [fact for fact in when if not holds({fact: when[fact]}, facts)]
        if one.stands == "excepted":
            assert "storm" in claimed
        else:
            assert one.stands == ("misses" if kept else "answers")


def turned(account: Account, id_: str) -> list[list[str]]:
    """The changes of a row, in Chinese."""
    found = next(one for one in account.rows if one.row.id == id_)
    return [[change.says.zh for change in turn] for turn in found.turns]


def test_a_signing_case_says_who_signs_what_stands_behind_and_what_would_change_it() -> None:
    """虹口2022 五十八: across two portfolios a notice is countersigned; within one, its leader signs alone."""
    account = explain(hongkou(), SIGNING, {"kind": "notice", "features": frozenset(), "portfolios": 2})
    [hit] = account.hits
    assert (hit.row.id, hit.row.force, [clause.id for clause in hit.row.clauses]) == (
        "across-portfolios",
        "must",
        ["HK-58-2"],
    )
    assert hit.row.orders[0].says.zh == "先由各位其他相关分管领导会签（并行），再由分管该公文事项的领导签发"
    stands = {one.row.id: one.stands for one in account.rows}
    assert stands["within-portfolio"] == "behind"
    assert next(one.before for one in account.rows if one.row.id == "within-portfolio") == "across-portfolios"
    assert turned(account, "within-portfolio") == [["涉及分管领域数：改为1"]]
    assert turned(account, "normative-by-mayor") == [["种类：改为行政规范性文件"]]
    assert ["主送：增加区人大常委会"] in turned(account, "to-congress-committee")
    missed = next(one for one in account.rows if one.row.id == "request-to-city").missed
    assert [(cell.fact, cell.wants.en, cell.found, cell.found_says.zh) for cell in missed] == [
        ("kind", "kind is request", "notice", "通知"),
        ("to", "to with city government", None, "未知"),
    ]


def test_an_exception_that_takes_a_row_away_is_the_change(tmp_path: Path) -> None:
    pack = made(
        tmp_path,
        gates="""
            - id: asked-first
              clauses: [MP-1-1]
              when: {stage: [agenda]}
              unless: [{exception: [storm], needs: record}]
              require: [{evidence: hearing}]
            """,
        words=dedent(FILES["words"]) + "exceptions: {storm: {zh: 暴雨, en: storm}}\n",
    )
    gates = table_named("gates")
    account = explain(pack, gates, {"stage": "agenda"})
    assert ["例外：增加暴雨"] in turned(account, "asked-first")
    excepted = explain(pack, gates, {"stage": "agenda", "exceptions": frozenset({"storm"})})
    assert [one.stands for one in excepted.rows] == ["excepted"]
    assert turned(excepted, "asked-first") == [["例外：去掉暴雨"]]


def test_a_meant_silence_is_told_apart_from_a_missing_row(tmp_path: Path) -> None:
    head = dedent(FILES["pack"]) + "silent: [signing]\n"
    assert explain(made(tmp_path, pack=head), SIGNING, {}).silent
    assert not explain(made(tmp_path / "other"), SIGNING, {}).silent


def test_facts_that_the_table_does_not_have_are_refused() -> None:
    with pytest.raises(BadFacts, match="signing has no fact colour"):
        explain(hongkou(), SIGNING, {"colour": "red"})


@pytest.mark.parametrize("pack", load_folder(PACKS).values(), ids=lambda pack: pack.head.id)
def test_every_turn_of_a_real_pack_turns(pack: Pack) -> None:
    """Asked with nothing known, each row says what it would take, and that is enough."""
    for name in pack.tables:
        table = table_named(name)
        for one in explain(pack, table, {}).rows:
            for turn in one.turns:
                answered = one.row.id in pack.ask(table, applied({}, turn)).rows
                assert answered == (one.stands != "answers"), (name, one.row.id, turn)
            assert one.turns or one.stands == "answers", (name, one.row.id)


@settings(deadline=None)
@given(st.sampled_from(sorted(TABLES)), st.lists(st.text(max_size=30) | st.sampled_from(SAID), max_size=4))
def test_whatever_is_written_is_explained_or_refused_in_a_sentence(name: str, written: list[str]) -> None:
    """Facts come from people: no text ends in anything but an account or a reason."""
    table = table_named(name)
    try:
        account = explain(hongkou(), table, facts_of(table, written))
    except BadFacts as error:
        told = str(error)
        assert told
    else:
        assert Account.model_validate_json(account.model_dump_json()) == account
