"""Everything the grammar of a pack can say has its words, Chinese and English, and reads as a sentence."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

import chancery
from chancery.calendar import Span
from chancery.rules.grammar import Route, Selector, Step
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack
from chancery.rules.predicates import REGISTRY
from chancery.rules.tables import TABLES, Cadence
from chancery.rules.wording import Wording, both, ordered, texts, unnamed, when
from tests.hongkou import pack as hongkou
from tests.rules.small import made

PACKS = Path(chancery.__file__).parent / "packs"
NOT_A_LABEL = frozenset({"zh", "en"})


def keys_and_values(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, str]]:
    if model in seen or model in (Selector, Route):
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        yield "keys", field.alias or name
        yield from _values(field.annotation, seen)


def _values(kind: Any, seen: set[type[BaseModel]]) -> Iterator[tuple[str, str]]:
    if get_origin(kind) is Literal:
        yield from (("values", str(word)) for word in get_args(kind))
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from keys_and_values(kind, seen)
    else:
        for part in get_args(kind):
            yield from _values(part, seen)


def test_every_table_fact_and_fixed_word_of_a_fact_has_words() -> None:
    facts = {name: fact for table in TABLES.values() for name, fact in table.facts.items()}
    assert set(TABLES) == set(texts()["tables"])
    assert set(facts) - set(texts()["facts"]) == set()
    fixed = {word for fact in facts.values() if isinstance(fact.words, tuple) for word in fact.words}
    assert fixed - set(texts()["values"]) == set()


def test_every_key_and_fixed_value_of_an_outcome_has_words() -> None:
    """Parts with a sentence of their own (a step, a span, a requirement …) need no label for their keys."""
    own = (Step, Span, Cadence)
    seen: set[type[BaseModel]] = set(own)
    said = [table.outcome for table in TABLES.values()] + [named.params for named in REGISTRY.values()]
    found = {pair for model in said for pair in keys_and_values(model, seen)}
    labels = {word for section, word in found if section == "keys"} - NOT_A_LABEL
    told_whole = {
        "for",
        "of",
        "test",
        "fraction",
        "only_while",
        "mandate_by",
        "of_each",
        "attrs",
        "state",
        "chaired_by",
    }
    told_whole |= {"deemed_counts", "unit", "roll", "first_day"}
    assert labels - told_whole - set(texts()["keys"]) == set()
    values = {word for section, word in found if section == "values"}
    assert values - set(texts()["values"]) - set(texts()["units"]) == set()


@pytest.mark.parametrize("section", sorted(texts()))
def test_all_words_are_in_both_languages(section: str) -> None:
    for word, said in texts()[section].items():
        assert set(said) == {"zh", "en"}, word
        assert said["zh"], word
        assert said["en"], word
        if "{" not in said["zh"]:
            assert any("\u4e00" <= sign <= "\u9fff" for sign in said["zh"]), word


def test_all_rows_of_all_packs_can_be_said() -> None:
    for pack in load_folder(PACKS).values():
        for name, rows in pack.tables.items():
            for row in rows:
                said = when(pack, TABLES[name], row)
                assert said.zh
                assert said.en
                assert all(line.says.zh and line.says.en for line in ordered(pack, row)), row.id


@pytest.mark.parametrize("pack", load_folder(PACKS).values(), ids=lambda pack: pack.head.id)
def test_every_word_of_a_row_has_a_name_that_people_read(pack: Pack) -> None:
    """In whatever group of ``words.yaml``; a new word without one would stand on a Chinese page as it is written."""
    assert unnamed(pack) == []


def test_a_word_without_a_name_is_found(tmp_path: Path) -> None:
    signing = "- {id: all, clauses: [MP-1-1], when: {nature: [odd]}, route: [{do: sign, by: {external: far_away}}]}"
    assert unnamed(made(tmp_path, signing=signing)) == ["far_away", "odd", "petition_period"]


def words(pack: Pack | None = None) -> tuple[Wording, Wording]:
    return both(pack or hongkou())


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ({"post": "mayor"}, "区长", "mayor"),
        ({"in_charge_of": "doc"}, "分管该公文事项的领导", "the leader in charge of the document's matter"),
        ({"any": [{"post": "mayor"}, {"post": "deputy_mayor"}]}, "区长或副区长", "mayor or deputy mayor"),
        ({"each": {"post": "deputy_mayor"}}, "各位副区长", "each deputy mayor"),
        (
            {"chosen_by": {"post": "mayor"}, "among": {"post": "deputy_mayor"}},
            "区长确定的人（限副区长）",
            "whom mayor chooses (among deputy mayor)",
        ),
    ],
)
def test_a_selector_reads_as_a_person(written: dict[str, Any], zh: str, en: str) -> None:
    chinese, english = words()
    selector = Selector.model_validate(written)
    assert chinese.who(selector) == zh
    assert english.who(selector) == en


def test_a_route_reads_as_a_sentence() -> None:
    chinese, english = words()
    steps = [
        {"do": "countersign", "by": {"each": {"in_charge_of": "other_portfolios"}}, "order": "parallel"},
        {"do": "sign", "by": {"in_charge_of": "doc"}, "form": "written"},
    ]
    route = Route.model_validate(steps)
    assert chinese.route(route) == "先由各位其他相关分管领导会签（并行），再由分管该公文事项的领导签发（书面）"
    assert english.route(route) == (
        "each of the leaders of the other portfolios countersigns (at the same time), "
        "then the leader in charge of the document's matter signs (written)"
    )


def test_alternatives_are_joined_by_or() -> None:
    route = Route.model_validate(
        {"alternatives": [[{"do": "approve", "by": {"post": "mayor"}}], [{"do": "report", "to": {"post": "mayor"}}]]}
    )
    assert words()[0].route(route) == "由区长批准；或者：本人向区长报告"


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [
        ({"n": 5, "unit": "working_day"}, "5个工作日", "5 working days"),
        ({"n": 1, "unit": "working_day"}, "1个工作日", "1 working day"),
        (
            {"n": 3, "unit": "calendar_day", "roll": "forward", "first_day": "same"},
            "3日（遇休息日顺延、当日起）",
            "3 calendar days (moved on to a working day, from the same day)",
        ),
    ],
)
def test_a_span_says_how_its_ends_fall(span: dict[str, Any], zh: str, en: str) -> None:
    chinese, english = words()
    assert chinese.span(Span.model_validate(span)) == zh
    assert english.span(Span.model_validate(span)) == en


def test_a_rhythm_is_said_as_people_say_it() -> None:
    chinese, english = words()
    twice = Cadence(every=1, unit="half_year", times=2)
    assert (chinese.cadence(twice), english.cadence(twice)) == ("每半年2次", "2 times every half-year")
    weeks = Cadence(every=2, unit="week")
    assert (chinese.cadence(weeks), english.cadence(weeks)) == ("每2周1次", "once every 2 weeks")


def test_a_word_nobody_named_is_said_as_it_is_written() -> None:
    assert words()[0].word("unheard_of_word") == "unheard of word"
