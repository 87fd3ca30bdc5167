"""What a lawyer should look at in each pack: exactly this, each with the reason why it is right to say so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

import chancery
from chancery.cli.main import app
from chancery.rules.against import Finding, findings
from chancery.rules.loader import load_folder, load_pack
from chancery.rules.pack import Pack

PACKS = Path(chancery.__file__).parent / "packs"
TODAY = date(2025, 6, 1)

EXPECTED = {
    "jinchuan-2020": [
        # The text makes the office director a member; the Organic Law gives a county the chief and deputies only, and
        # the quorum of more than a half counts members.
        ("finding", "body_wider", "JC-47-1", "NB-78-organic-2"),
        # Arts 19, 47(5) and 60 speak of government regulations, which a district may not make. The rows of art. 20 hold
        # for such drafts as well. The head says out_of_power, so all are resolved.
        ("resolved", "power", "JC-19-2", "NB-74-organic"),
        ("resolved", "power", "JC-20-2", "NB-74-organic"),
        ("resolved", "power", "JC-47-7", "NB-74-organic"),
        ("resolved", "power", "JC-60-1", "NB-74-organic"),
        # Seven working days and three for one countersigning; the row's reading says which is for what.
        ("resolved", "two_numbers", "JC-57-4 JC-61-7 JC-57-3", ""),
        # A circled report is read, a circled draft is consented to: both true.
        ("note", "mark", "JC-59-2", "NB-22-papers-2"),
    ],
    "hongkou-2022": [
        # As in Jinchuan: the office director is a member.
        ("finding", "body_wider", "HK-48-1", "NB-78-organic-2"),
        # The regulation on petitions that art. 37 names was replaced on 1 May 2022.
        ("finding", "stale_basis", "HK-37-1", "NB-0-petitions"),
        # A circle on a paper handed to a leader personally founds nothing; the law speaks of drafts up for signature.
        ("note", "mark", "HK-57-3", "NB-22-papers-2"),
    ],
    "haimen-2022": [
        # Members of the Party group who are no deputies sit as members.
        ("finding", "body_wider", "HM-16-1", "NB-78-organic-2"),
    ],
    "gaojing-2024": [
        # The town Party secretary presides for the mayor and belongs to no body of the town's government.
        ("finding", "acting_outside", "GJ-5-6", "NB-77-organic"),
        # The regulations on major decisions and on supervision bind counties and above; towns refer to the first.
        ("note", "power", "GJ-11-1 GJ-11-3 GJ-16-2 GJ-20-2 GJ-8-2", "NB-42-decisions"),
        ("note", "power", "GJ-26-3", "NB-2-supervision"),
    ],
    # Its executive meeting is the mayor and deputies, the others attend: nothing to say.
    "jinshan-2022": [],
    "national-baseline": [],
}


@cache
def packs() -> dict[str, Pack]:
    return {pack.head.id: pack for pack in load_folder(PACKS).values()}


def of(pack: Pack, on: date = TODAY) -> list[Finding]:
    return findings(pack, [packs()["national-baseline"]], on)


def told(found: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(one.level, one.kind, " ".join(one.own), " ".join(one.law)) for one in found]


def test_every_pack_is_looked_at() -> None:
    assert set(packs()) == set(EXPECTED)


@pytest.mark.parametrize("pack", EXPECTED)
def test_exactly_these_findings(pack: str) -> None:
    assert told(of(packs()[pack])) == EXPECTED[pack]


@pytest.mark.parametrize("pack", EXPECTED)
def test_a_finding_quotes_clauses_that_exist_and_speaks_both_languages(pack: str) -> None:
    for one in of(packs()[pack]):
        assert set(one.own) <= set(packs()[pack].clauses)
        assert set(one.law) <= set(packs()["national-baseline"].clauses)
        assert one.zh.endswith("。")
        assert one.en.endswith(".")


def test_an_act_is_stale_from_the_day_after_its_last() -> None:
    hongkou = packs()["hongkou-2022"]
    assert "stale_basis" not in {one.kind for one in of(hongkou, date(2022, 4, 30))}
    assert "stale_basis" in {one.kind for one in of(hongkou, date(2022, 5, 1))}


# -- packs made worse: each must be found, and nothing else be said -----------------


@pytest.fixture
def altered(tmp_path: Path) -> Callable[..., Pack]:
    """A pack of the house with words in one of its files changed."""

    def make(pack: str, file: str, old: str, new: str) -> Pack:
        folder = tmp_path / pack
        folder.mkdir()
        for path in (PACKS / pack).glob("*.yaml"):
            text = path.read_text()
            if path.name == file:
                assert old in text
                text = text.replace(old, new)
            (folder / path.name).write_text(text)
        return load_pack(folder)

    return make


def more(pack: Pack) -> list[tuple[str, str, str, str]]:
    """The findings that the pack as it stands does not have."""
    return [one for one in told(of(pack)) if one not in EXPECTED[pack.head.id]]


@pytest.mark.parametrize(
    ("n", "unit", "laws"),
    [(4, "month", ["NB-51-deputies-1"]), (1, "year", ["NB-51-deputies-1", "NB-51-deputies-2"])],
)
def test_a_reply_to_deputies_can_be_laxer_than_the_law(
    altered: Callable[..., Pack], n: int, unit: str, laws: list[str]
) -> None:
    """Four months are too long for a plain one, a year also for one that is hard to handle."""
    limit = f"suggestion_limit: {{n: {n}, unit: {unit}}}"
    pack = altered("jinshan-2022", "pack.yaml", "suggestion_limit: null", limit)
    assert more(pack) == [("finding", "limit_laxer", "JS-31-3", law) for law in laws]


@pytest.mark.parametrize(("n", "unit"), [(3, "month"), (30, "working_day"), (90, "calendar_day")])
def test_a_reply_to_deputies_in_three_months_or_less_is_lawful(altered: Callable[..., Pack], n: int, unit: str) -> None:
    limit = f"suggestion_limit: {{n: {n}, unit: {unit}}}"
    assert more(altered("jinshan-2022", "pack.yaml", "suggestion_limit: null", limit)) == []


def test_publishing_after_thirty_days_is_laxer_than_the_law(altered: Callable[..., Pack]) -> None:
    limit = "publication_deadline: {n: 30, unit: working_day}"
    found = of(altered("gaojing-2024", "pack.yaml", "publication_deadline: null", limit))
    laxer = [one for one in found if one.kind == "limit_laxer"]
    assert laxer
    assert {one.law for one in laxer} == {("NB-13-disclosure", "NB-17-disclosure", "NB-26-disclosure")}


def test_a_review_that_is_only_normally_asked_is_softer_than_the_law(altered: Callable[..., Pack]) -> None:
    row = "- id: normative-four-steps\n"
    found = more(altered("hongkou-2022", "gates.yaml", row, f"{row}  force: normally\n"))
    assert {(kind, law) for _, kind, _, law in found} == {("softer", "NB-75-organic")}


def test_a_power_that_the_pack_does_not_disown_is_open(altered: Callable[..., Pack]) -> None:
    pack = altered("jinchuan-2020", "pack.yaml", "out_of_power: [government_regulation]", "out_of_power: []")
    assert {level for level, kind, _, _ in told(of(pack)) if kind == "power"} == {"finding"}


def test_two_numbers_without_a_reading_are_open() -> None:
    pack = packs()["jinchuan-2020"]
    clocks = tuple(replace(row, reading=None) for row in pack.tables["clocks"])
    unread = replace(pack, tables={**pack.tables, "clocks": clocks})
    assert [one.level for one in of(unread) if one.kind == "two_numbers"] == ["finding"]


def test_a_mark_with_two_meanings_on_one_paper_is_open(altered: Callable[..., Pack]) -> None:
    old = "{mark: [circle], paper: [report]}"
    pack = altered("jinchuan-2020", "marks.yaml", old, "{mark: [circle], paper: [draft_for_issue]}")
    assert [one.level for one in of(pack) if one.kind == "mark"] == ["finding"]


def test_a_post_that_nobody_of_the_roster_holds_is_found(altered: Callable[..., Pack]) -> None:
    found = of(altered("gaojing-2024", "cast.yaml", "post: town_party_secretary", "post: deputy_mayor"))
    assert [one.own for one in found if one.kind == "nobody_in_cast"] == [("GJ-5-6",)]


def test_a_town_that_were_a_district_would_be_bound(altered: Callable[..., Pack]) -> None:
    pack = altered("gaojing-2024", "pack.yaml", "tier: town", "tier: district")
    assert "power" not in {one.kind for one in of(pack)}


# -- at the command line ------------------------------------------------------------


def test_lint_tells_findings_and_only_strict_fails_on_them() -> None:
    place = str(PACKS / "hongkou-2022")
    found = CliRunner().invoke(app, ["rules", "lint", place, "--on", "2025-06-01"])
    assert found.exit_code == 0
    assert "HK-48-1 ↔ NB-78-organic-2" in found.output
    assert "信访工作条例" in found.output
    assert CliRunner().invoke(app, ["rules", "lint", place, "--on", "2025-06-01", "--strict"]).exit_code == 1
    clean = CliRunner().invoke(app, ["rules", "lint", str(PACKS / "jinshan-2022"), "--on", "2025-06-01", "--strict"])
    assert clean.exit_code == 0


def test_lint_wants_a_day() -> None:
    found = CliRunner().invoke(app, ["rules", "lint", str(PACKS / "jinshan-2022"), "--on", "someday"])
    assert found.exit_code == 2
