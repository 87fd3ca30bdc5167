"""虹口2022 五十二、五十八: who signs, line by line, and whom the roster means by it on that day."""

from typing import Any

import pytest

from chancery.names import Capacity
from chancery.rules.resolve import Case
from chancery.rules.tables import MINUTES, SIGNING, SUBSTITUTES
from tests.hongkou import DIRECTOR, MAYOR, OTHER_DEPUTY, at, entrusted, mayor_away, pack, roster, rules

ON = at("2026-04-08")
PLAIN: dict[str, Any] = {
    "kind": "notice",
    "features": (),
    "to": ("departments",),
    "in_name_of": "district_government",
    "direction": "downward",
    "portfolios": 1,
}


def plain(**more: Any) -> dict[str, Any]:
    """The facts of a plain notice, with some otherwise."""
    return PLAIN | more


LINES: tuple[tuple[str, dict[str, Any], str, str, str], ...] = (
    ("request-to-city", {"kind": "request", "to": ["city_government"]}, "commerce_commission", "HK-58-1", "tao"),
    (
        "important-report-to-city",
        {"kind": "report", "to": ["city_department"], "features": ["important"]},
        "commerce_commission",
        "HK-58-1",
        "tao",
    ),
    ("to-congress-committee", {"to": ["congress_standing_committee"]}, "finance_bureau", "HK-58-1", "tao"),
    ("normative-by-mayor", {"kind": "normative_document"}, "justice_bureau", "HK-58-1", "tao"),
    (
        "important-overall-development",
        {"features": ["important", "overall_development"]},
        "north_bund_office",
        "HK-58-1",
        "tao",
    ),
    (
        "important-vital-interests",
        {"features": ["important", "vital_interests"]},
        "health_commission",
        "HK-58-1",
        "tao",
    ),
    ("office-routine", {"in_name_of": "district_office", "nature": "routine"}, "education_bureau", "HK-58-3", "zhang"),
    ("within-portfolio", {"features": ["refining"]}, "greening_bureau", "HK-58-2", "shi"),
)


@pytest.mark.parametrize(("row", "more", "unit", "clause", "signer"), LINES, ids=[line[0] for line in LINES])
def test_each_line_of_article_58_names_its_signer(
    row: str, more: dict[str, Any], unit: str, clause: str, signer: str
) -> None:
    """五十八: the addressee and the kind come before the portfolio."""
    now = rules(ON)
    ruling = now.ask(SIGNING, **(PLAIN | more))
    assert ruling.rows == (row,)
    assert [cite.clause for cite in ruling.citations] == [clause]
    hit = ruling.first
    assert hit is not None
    state = now.route(hit.outcome.route, (), Case(lead_unit=unit))
    assert [holder.person for one in state.open for holder in one.left] == [signer]


def test_every_signing_row_has_its_line_here() -> None:
    assert {row.id for row in pack().tables["signing"]} == {line[0] for line in LINES} | {"across-portfolios"}


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "request", "to": ["city_department"]},  # a request, but to another addressee
        {"kind": "report", "to": ["city_department"]},  # a report of nothing important
        {"features": ["important"]},  # important, and of neither reach
        {"features": ["overall_development", "vital_interests"]},  # of both reaches, and not important
    ],
)
def test_what_misses_a_line_of_the_mayor_stays_in_the_portfolio(more: dict[str, Any]) -> None:
    assert rules(ON).ask(SIGNING, **plain(**more)).rows == ("within-portfolio",)


def test_across_portfolios_the_others_agree_before_the_host_signs() -> None:
    """五十八: the reading taken where the article says nothing."""
    now = rules(ON)
    hit = now.ask(SIGNING, **plain(portfolios=2)).first
    assert hit is not None
    case = Case(lead_unit="greening_bureau", units_involved=("greening_bureau", "health_commission", "market_bureau"))
    first = now.route(hit.outcome.route, (), case)
    assert {h.person for one in first.open for h in one.left} == {"zhang", "cao"}
    done = [now.step_done(now.may_take(first, person)) for person in ("cao", "zhang")]
    last = now.route(hit.outcome.route, done, case)
    assert [(one.step.do, [h.person for h in one.left]) for one in last.open] == [("sign", ["shi"])]


def test_while_the_mayor_is_away_his_signature_goes_over_with_the_mandate() -> None:
    """六: the acting deputy signs for the mayor, and the answer says for whom."""
    hit = rules(ON).ask(SIGNING, **plain(kind="normative_document")).first
    assert hit is not None
    case = Case(lead_unit="justice_bureau")
    for people, expected in (
        (roster(), (MAYOR, Capacity.OWN, None)),
        (mayor_away(OTHER_DEPUTY), (OTHER_DEPUTY, Capacity.ACTING, MAYOR)),
    ):
        (one,) = rules(ON, people).route(hit.outcome.route, (), case).open
        assert [(h.person, h.capacity, h.acts_for) for h in one.left] == [expected]


@pytest.mark.parametrize(
    "more", [{"features": ["formality"]}, *({"decided_by": b} for b in ("plenary", "executive", "working", "special"))]
)
def test_formalities_and_what_a_meeting_decided_the_director_may_sign_on_authority(more: dict[str, Any]) -> None:
    """五十八: only once the regular signer gave it, and it never takes the signature from him."""
    facts = PLAIN | more
    assert rules(ON).ask(SIGNING, **facts).regulated
    ruling = rules(ON).ask(SUBSTITUTES, **facts)
    assert [cite.clause for cite in ruling.citations] == ["HK-58-4"]
    assert {hit.force for hit in ruling.hits} == {"may"}
    (hit,) = ruling.hits
    case = Case(lead_unit="commerce_commission")
    before = rules(ON).who(hit.outcome.adds, case, "sign")
    assert (before.holders, before.nobody) == ((), "nobody_named")
    after = rules(ON, entrusted("signing", OTHER_DEPUTY, DIRECTOR)).who(hit.outcome.adds, case, "sign")
    assert [(h.person, h.capacity) for h in after.holders] == [(DIRECTOR, Capacity.ENTRUSTED)]


def test_nobody_but_the_director_signs_on_authority_and_nothing_else_goes_to_him() -> None:
    assert not rules(ON).ask(SUBSTITUTES, **PLAIN).regulated
    (hit,) = rules(ON).ask(SUBSTITUTES, **plain(features=["formality"])).hits
    case = Case(lead_unit="commerce_commission")
    to_another = rules(ON, entrusted("signing", OTHER_DEPUTY, MAYOR)).who(hit.outcome.adds, case, "sign")
    assert to_another.holders == ()


@pytest.mark.parametrize("body", ["plenary", "executive", "working"])
def test_the_mayor_signs_minutes_whoever_chaired(body: str) -> None:
    """五十二."""
    now = rules(ON)
    ruling = now.ask(MINUTES, body=body)
    hit = ruling.first
    assert hit is not None
    assert [cite.clause for cite in ruling.citations] == ["HK-52-2"]
    (one,) = now.route(hit.outcome.route, (), Case(body=body, chair=OTHER_DEPUTY)).open
    assert [h.person for h in one.left] == [MAYOR]


def test_minutes_of_a_special_meeting_are_signed_by_the_mayor_or_who_is_in_charge() -> None:
    """五十二: and not by whoever held it on a leader's mandate."""
    now = rules(ON)
    ruling = now.ask(MINUTES, body="special")
    hit = ruling.first
    assert hit is not None
    assert [cite.clause for cite in ruling.citations] == ["HK-52-3"]
    (one,) = now.route(hit.outcome.route, (), Case(lead_unit="greening_bureau", body="special", chair="jin")).open
    assert {h.person for h in one.left} == {MAYOR, "shi"}
