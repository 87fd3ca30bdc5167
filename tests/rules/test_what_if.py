"""The same case under other rules: what the other does not know is said and not guessed."""

from datetime import date
from pathlib import Path
from textwrap import dedent

import chancery
from chancery.rules.loader import load_folder
from chancery.rules.tables import CLOCKS, GATES, SIGNING
from chancery.rules.what_if import what_if
from tests.rules.small import FILES, made

PACKS = {pack.head.id: pack for pack in load_folder(Path(chancery.__file__).parent / "packs").values()}
TODAY = date(2026, 4, 8)
HONGKOU, GAOJING = PACKS["hongkou-2022"], PACKS["gaojing-2024"]
ROUTE = """
    - {{id: plans, clauses: [MP-1-1], when: {{kind: [plan]}}, route: [{{do: sign, by: {{post: {by}}}}}]}}
    - {{id: others, clauses: [MP-1-1], when: {{}}, route: [{{do: sign, by: {{post: clerk}}}}]}}
    """


def test_the_same_case_is_answered_by_each_in_its_own_words() -> None:
    found = what_if(HONGKOU, GAOJING, SIGNING, {"portfolios": 2, "kind": "notice"}, TODAY)
    [pair] = found.answers
    assert pair.one is not None
    assert pair.one.row.id == "across-portfolios"
    assert not found.same
    assert (found.one.pack, found.other.pack) == ("hongkou-2022", "gaojing-2024")


def test_words_that_the_other_pack_does_not_know_are_said_and_not_asked() -> None:
    facts = {"kind": "normative_document", "to": frozenset({"congress_standing_committee"})}
    found = what_if(HONGKOU, GAOJING, SIGNING, facts, TODAY)
    said = {(one.fact, one.word) for one in found.unknown}
    for fact, word in (("kind", "normative_document"), ("to", "congress_standing_committee")):
        known = GAOJING.vocabulary("kinds" if fact == "kind" else "addressees")
        assert ((fact, word) in said) == (bool(known) and word not in known)
        assert (word in str(found.other.facts.get(fact))) == ((fact, word) not in said)
    assert all(one.says.zh and one.says.en for one in found.unknown)


def test_an_unknown_word_is_left_out_of_a_set_and_the_rest_is_asked(tmp_path: Path) -> None:
    one = made(tmp_path / "1", signing=ROUTE.format(by="head"))
    features = FILES["features"].replace("costly: {zh: 花钱, en: costly}", "")
    other = made(tmp_path / "2", signing=ROUTE.format(by="head"), features=features)
    found = what_if(one, other, SIGNING, {"kind": "plan", "features": frozenset({"costly", "wide"})}, TODAY)
    [unknown] = found.unknown
    assert (unknown.fact, unknown.word) == ("features", "costly")
    assert "“花钱”" in unknown.says.zh
    assert found.other.facts == {"kind": "plan", "features": ("wide",)}
    assert found.same


def test_another_version_that_changes_the_signer_is_told_key_by_key(tmp_path: Path) -> None:
    one = made(tmp_path / "1", signing=ROUTE.format(by="head"))
    head = dedent(FILES["pack"]).replace('version: "1"', 'version: "2"')
    other = made(tmp_path / "2", pack=head, signing=ROUTE.format(by="deputy"))
    found = what_if(one, other, SIGNING, {"kind": "plan"}, TODAY)
    [pair] = found.answers
    assert [(d.label.en, d.one and d.one.en, d.other and d.other.en) for d in pair.differs] == [
        ("route", "head signs", "deputy signs")
    ]
    assert (found.one.version, found.other.version) == ("1", "2")


def test_what_one_pack_regulates_and_the_other_does_not_stands_alone(tmp_path: Path) -> None:
    one, other = made(tmp_path / "1", signing=ROUTE.format(by="head")), made(tmp_path / "2")
    found = what_if(one, other, SIGNING, {"kind": "plan"}, TODAY)
    [pair] = found.answers
    assert pair.one is not None
    assert pair.other is None
    assert not found.same
    assert not found.other.regulated


def test_clocks_are_paired_by_their_name() -> None:
    """Several clocks answer one case; each is held against the clock of its own name."""
    found = what_if(HONGKOU, HONGKOU, CLOCKS, {"body": "executive", "channel": "online_consultation"}, TODAY)
    assert len(found.answers) > 1
    assert found.same


def test_higher_law_is_heard_in_the_words_of_whoever_asks() -> None:
    """The baseline's kinds and evidence are those of the government that asks it; acts not yet in force are still."""
    baseline = PACKS["national-baseline"]
    facts = {"stage": "issue", "kind": "normative_document"}
    found = what_if(HONGKOU, baseline, GATES, facts, TODAY)
    assert found.unknown == ()
    assert found.other.pack == "national-baseline"
    assert found.other.facts == found.one.facts
    before = what_if(HONGKOU, baseline, GATES, facts, date(2000, 1, 1))
    assert len(before.other.rows) < len(found.other.rows)
