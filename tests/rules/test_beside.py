"""A pack asked beside a government's own: both answer, each under its name, and the stricter must binds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

import chancery
from chancery.calendar import bundled
from chancery.envelope import Ground, Meta, PackRef, Standing
from chancery.events.parts import Claim, Evidence
from chancery.names import PersonId
from chancery.roster import Roster
from chancery.rules.beside import heard_by
from chancery.rules.grammar import Selector
from chancery.rules.grounds import clock_of
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules, RuleShelf
from chancery.rules.ruling import Hit
from chancery.rules.tables import CLOCKS, GATES, PUBLICATION, SIGNING, TABLES
from tests.hongkou import CLERK, MAYOR, at, roster

PACKS = Path(chancery.__file__).parent / "packs"
NOW = at("2025-06-03")
DECISION = "major_administrative_decision"


@cache
def packs() -> dict[str, Pack]:
    return {pack.head.id: pack for pack in load_folder(PACKS).values()}


@cache
def baseline(own: str = "hongkou-2022", on: date = date(2025, 6, 3)) -> Pack:
    return heard_by(packs()["national-baseline"], packs()[own], on)


def both(own: Pack | None = None) -> Rules:
    pack = own or packs()["hongkou-2022"]
    return Rules(pack, bundled(), roster(), NOW, (baseline(pack.head.id),))


def alone() -> Rules:
    return Rules(packs()["hongkou-2022"], bundled(), roster(), NOW)


def given(evidence: str, **more: Any) -> Evidence:
    return Evidence(evidence=evidence, given_on=date(2025, 6, 2), **more)


def rows(pack: Pack, table: str) -> set[str]:
    return {row.id for row in pack.tables[table]}


# -- what of it binds whom ----------------------------------------------------------


def test_a_town_is_not_bound_by_what_binds_counties_and_above() -> None:
    town, district = baseline("gaojing-2024"), baseline()
    assert rows(town, "inspection_limits") == set()
    assert len(rows(district, "inspection_limits")) == 6
    assert "decided-together" not in rows(town, "gates")
    assert "competition-reviewed" in rows(town, "gates"), "what names no tier binds all"


def test_an_act_binds_from_the_day_it_is_in_force() -> None:
    before, after = baseline(on=date(2024, 7, 31)), baseline(on=date(2024, 8, 1))
    assert rows(after, "gates") - rows(before, "gates") == {"competition-reviewed"}


def test_it_founds_no_bodies_of_its_own() -> None:
    assert baseline().tables["bodies"] == packs()["hongkou-2022"].tables["bodies"]


@pytest.mark.parametrize("own", ["hongkou-2022", "haimen-2022", "jinshan-2022", "jinchuan-2020", "gaojing-2024"])
def test_it_can_be_asked_with_any_word_of_the_own_pack(own: str) -> None:
    """What a service knows of a case is asked of both packs: no word of the one is an error in the other."""
    pack = packs()[own]
    for name in ("gates", "publication", "clocks", "checks"):
        for fact, declared in TABLES[name].facts.items():
            if isinstance(declared.words, str):
                for word in pack.vocabulary(declared.words):
                    value: Any = (word,) if declared.kind == "set" else word
                    baseline(own).ask(TABLES[name], {fact: value})


# -- in whose words -------------------------------------------------------------------


def test_its_words_are_those_of_the_own_pack() -> None:
    """Gaojing calls it a major decision and knows hearing of views and views of the public."""
    ruling = baseline("haimen-2022").ask(GATES, {"stage": "submission", "kind": "major_decision", "features": ()})
    assert ruling.rows == ("public-heard", "draft-public")
    gate = {row.id: row for row in baseline("hongkou-2022").tables["gates"]}["risk-assessed"]
    assert gate.outcome.require[0].evidence == ("risk_assessment", "stability_risk_assessment")


def test_a_word_the_own_pack_does_not_have_stays_its_own() -> None:
    gate = {row.id: row for row in baseline("hongkou-2022").tables["gates"]}["not-issued-while-disputed"]
    assert gate.outcome.require[0].evidence == ("departments_agree",)
    assert both().files("departments_agree")
    assert not alone().files("departments_agree")
    assert both().titled("departments_agree") == "部门一致意见"


def test_its_people_are_the_own_posts() -> None:
    clock = {row.id: row for row in baseline("gaojing-2024").tables["clocks"]}["request-answer"]
    assert clock.outcome.extension.approved_by == Selector.model_validate({"post": "office_head"})


# -- the stricter binds -----------------------------------------------------------------


def missing(
    rules: Rules, stage: str, facts: Mapping[str, Any], *evidence: Evidence, claims: tuple[Claim, ...] = ()
) -> dict[tuple[str, str | None], tuple[str, ...]]:
    _, reasons = rules.unmet_gates(
        stage, facts, evidence, Case(units_involved=("finance_bureau",), lead_unit="justice_bureau"), claims=claims
    )
    return {(reason.code, reason.subject): tuple(cite.clause for cite in reason.cites) for reason in reasons}


def test_one_missing_thing_cites_both_packs() -> None:
    found = missing(both(), "agenda", {"kind": DECISION, "features": ()})
    assert found["needs_public_participation", None] == ("HK-21-4", "HK-21-5", "NB-14-decisions")
    assert found["needs_legality_review", None] == ("HK-21-5", "NB-25-decisions")
    assert found["needs_expert_argument", None] == ("HK-21-5",), "each pack asks what it asks"


def test_each_citation_says_whose_it_is() -> None:
    _, reasons = both().unmet_gates("agenda", {"kind": DECISION, "features": ()}, ())
    packs_of = {cite.clause[:2]: cite.pack for reason in reasons for cite in reason.cites}
    assert packs_of == {"HK": "hongkou-2022", "NB": "national-baseline"}


def test_what_the_own_pack_leaves_out_is_asked_all_the_same() -> None:
    disputed = {"kind": "notice", "features": (), "disagreement": True}
    assert missing(alone(), "issue", disputed) == {}
    assert missing(both(), "issue", disputed) == {("needs_departments_agree", None): ("NB-16-papers-3",)}
    assert missing(both(), "issue", disputed, given("departments_agree")) == {}


def test_the_own_words_for_the_same_thing_count() -> None:
    touching = {"kind": "notice", "features": ("involves_departments",)}
    wanted = {("needs_consultation", "finance_bureau"): ("NB-19-papers",)}
    assert missing(both(), "signature", touching) == wanted
    assert missing(both(), "signature", touching, given("countersignature", of="finance_bureau")) == {}


def test_a_must_of_the_baseline_is_not_softened_by_what_is_normal_here() -> None:
    own = packs()["hongkou-2022"]
    soft = tuple(replace(row, force="normally") for row in own.tables["gates"])
    facts = {"kind": DECISION, "features": ()}
    softened = replace(own, tables={**own.tables, "gates": soft})
    assert missing(Rules(softened, bundled(), roster(), NOW), "agenda", facts) == {}
    rules = Rules(softened, bundled(), roster(), NOW, (baseline(),))
    assert missing(rules, "agenda", facts)["needs_legality_review", None] == ("NB-25-decisions",)


def test_an_exception_claimed_takes_away_the_rows_that_name_it_in_both() -> None:
    claim = Claim(exception="confidential_by_law", reason="依法保密", by=CLERK, at=NOW)
    found = missing(both(), "submission", {"kind": DECISION, "features": ()}, claims=(claim,))
    assert found["needs_public_participation", None] == ("HK-21-5",)


# -- limits ------------------------------------------------------------------------------


def with_reply(n: int, force: str = "must") -> Rules:
    """Jinshan with a limit for suggestions of so many days."""
    own = packs()["jinshan-2022"]
    settings = {**own.head.settings, "suggestion_limit": {"n": n, "unit": "calendar_day"}}
    clocks = tuple(replace(row, force=force) if row.id == "suggestions" else row for row in own.tables["clocks"])
    head = own.head.model_copy(update={"settings": settings})
    pack = replace(own, head=head, tables={**own.tables, "clocks": clocks})
    return Rules(pack, bundled(), Roster(), NOW, (baseline("jinshan-2022"),))


@pytest.mark.parametrize(
    ("n", "force", "first", "due"),
    [
        (400, "must", "suggestion", date(2025, 9, 3)),
        (30, "must", "suggestions", date(2025, 7, 3)),
        (30, "normally", "suggestion", date(2025, 9, 3)),
        (400, "normally", "suggestion", date(2025, 9, 3)),
    ],
)
def test_the_shortest_limit_that_must_be_kept_runs(n: int, force: str, first: str, due: date) -> None:
    """Three months by the law on deputies; a shorter must of one's own goes before, a shorter habit does not."""
    ruling, count = with_reply(n, force).clock("suggestion_reply", NOW, source="deputy_suggestion", features=())
    assert count is not None
    assert ruling.hits[0].row == first
    assert count.due_on == due
    assert {cite.clause for cite in ruling.citations} == {"JS-31-3", "NB-51-deputies-1"}


def test_where_the_own_pack_is_silent_the_law_s_limit_runs() -> None:
    ruling, count = both().clock("request_answer", NOW)
    assert count is not None
    assert (ruling.hits[0].cites[0].clause, count.due_on) == ("NB-33-disclosure-1", date(2025, 7, 1))
    assert alone().clock("request_answer", NOW)[1] is None


def test_what_a_running_limit_rests_on_is_found_again() -> None:
    rules = both()
    ruling, count = rules.clock("request_answer", NOW)
    assert count is not None
    found = clock_of(rules, rules.counted("request_answer", ruling, count))
    assert found.rows == ()
    assert [law.rows for law in found.beside] == [("request-answer",)]
    assert not clock_of(alone(), rules.counted("request_answer", ruling, count)).regulated


def test_duties_to_publish_add_up() -> None:
    ruling = both().ask(PUBLICATION, attribute="proactive", kind=DECISION)
    assert "open-by-default" in ruling.rows
    [law] = ruling.beside
    assert law.pack.id == "national-baseline"
    assert law.rows == ("open-in-time", "decisions-where-published")
    assert law.hits[1].outcome.channels == ("portal_shanghai_hongkou", "district_gazette"), "in the own channels"


# -- not adopted: nothing changes ---------------------------------------------------------


def test_a_way_to_the_signature_is_the_own_pack_s_alone() -> None:
    facts: dict[str, Any] = {"kind": "notice", "direction": "downward", "in_name_of": "district_office", "features": ()}
    assert both().ask(SIGNING, **facts) == alone().ask(SIGNING, **facts)


def test_without_it_each_ruling_is_the_pack_s_own() -> None:
    cases: list[dict[str, Any]] = [
        {"stage": "agenda", "kind": DECISION},
        {"stage": "issue", "kind": "normative_document"},
    ]
    for facts in cases:
        asked = alone().ask(GATES, **facts)
        assert asked == alone().pack.ask(GATES, facts)
        assert asked.beside == ()
    assert alone().ask(CLOCKS).beside == ()


def test_only_the_trial_and_its_rehearsal_have_adopted_it() -> None:
    shelf = RuleShelf.load(PACKS, PACKS / "governments.yaml")
    adopted = {one.id for one in shelf.governments if any(adoption.beside for adoption in one.adopted)}
    assert adopted == {"hongkou-beside-baseline", "try-national-baseline-*"}
    assert shelf.rules("hongkou", roster(), NOW).beside == ()
    trial = shelf.rules("hongkou-beside-baseline", roster(), NOW)
    assert [pack.head.id for pack in trial.beside] == ["national-baseline"]
    again = shelf.rules("hongkou-beside-baseline", roster(), NOW + timedelta(days=1))
    assert again.beside[0] is trial.beside[0], "made once for as long as the same acts are in force"
    earlier = shelf.rules("hongkou-beside-baseline", roster(), at("2022-02-01"))
    assert "competition-reviewed" not in rows(earlier.beside[0], "gates")


# -- what an event keeps --------------------------------------------------------------------


def test_the_rows_of_an_event_are_the_own_ones_and_the_law_s_stand_under_its_name() -> None:
    ruling = both().ask(GATES, stage="agenda", kind=DECISION, features=())
    assert not set(ruling.rows) & rows(baseline(), "gates")
    [law] = ruling.beside
    assert all(isinstance(hit, Hit) and hit.pack is None for hit in law.hits)
    assert {cite.pack for cite in law.citations} == {"national-baseline"}
    assert set(law.citations) < set(ruling.citations)


def test_an_event_s_meta_is_read_as_it_was_written() -> None:
    ground = Ground(PackRef("national-baseline", "2025.1"), ("NB-25-decisions",), ("lawful-before-tabling",))
    own = Standing(PersonId(MAYOR))
    meta = Meta(uuid4(), own, uuid4(), clauses=("HK-21-5", "NB-25-decisions"), rows=("x",), beside=(ground,))
    assert Meta.from_json(meta.to_json()) == meta
    plain = Meta(UUID(int=1), own, UUID(int=2))
    assert b"beside" not in plain.to_json()
    assert Meta.from_json(plain.to_json()) == plain
