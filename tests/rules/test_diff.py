"""Two packs side by side: nothing is otherwise in a pack and itself, and what is changed is told where and how."""

from pathlib import Path
from textwrap import dedent

import pytest

import chancery
from chancery.rules.diff import PackDiff, RowPair, TableDiff, diff
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack
from tests.rules.small import FILES, made

PACKS = load_folder(Path(chancery.__file__).parent / "packs")
SIGNING = """
    - {id: plans, clauses: [MP-1-1], when: {kind: [plan]}, route: [{do: sign, by: {post: head}}]}
    - {id: others, clauses: [MP-2-1], when: {}, route: [{do: sign, by: {post: deputy}}]}
    """


def table(found: PackDiff, name: str) -> TableDiff:
    return next(one for one in found.tables if one.table == name)


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.head.id)
def test_a_pack_says_nothing_otherwise_than_itself(pack: Pack) -> None:
    assert diff(pack, pack).same


@pytest.mark.parametrize("one", PACKS.values(), ids=lambda pack: pack.head.id)
@pytest.mark.parametrize("other", PACKS.values(), ids=lambda pack: pack.head.id)
def test_every_row_of_both_packs_stands_in_the_diff_once(one: Pack, other: Pack) -> None:
    found = diff(one, other)
    for name in {*one.tables, *other.tables}:
        pairs = table(found, name).pairs if one.tables.get(name) or other.tables.get(name) else ()
        assert [pair.one.id for pair in pairs if pair.one] == [row.id for row in one.tables.get(name, ())]
        right = sorted(pair.other.id for pair in pairs if pair.other)
        assert right == sorted(row.id for row in other.tables.get(name, ()))


def sorts(pairs: tuple[RowPair, ...]) -> list[tuple[str, str]]:
    return [(one.id, pair.sort) for pair in pairs if (one := pair.one or pair.other) is not None]


def test_two_versions_are_paired_row_by_row(tmp_path: Path) -> None:
    before = made(tmp_path / "1", signing=SIGNING)
    reissued = dedent(FILES["pack"]).replace('version: "1"', 'version: "2"').replace("n: 15", "n: 10")
    changed = dedent(SIGNING).replace("kind: [plan]", "kind: [plan, notice]").replace("post: deputy", "post: head")
    after = made(
        tmp_path / "2",
        pack=reissued,
        signing="- {id: more, clauses: [MP-1-1], when: {major: true}, route: [{do: sign, by: {post: head}}]}\n"
        + changed,
    )
    found = diff(before, after)
    assert [(one.label.en, str(one.one), str(one.other)) for one in found.head] == [("version", "1", "2")]
    [setting] = found.settings
    assert (setting.label.en, setting.one and setting.one.zh, setting.other and setting.other.zh) == (
        "petition period",
        "15日",
        "10日",
    )
    signing = table(found, "signing")
    assert sorts(signing.pairs) == [("plans", "otherwise"), ("others", "otherwise"), ("more", "only_other")]
    [condition] = signing.pairs[0].differs
    assert (condition.label.en, condition.one and condition.one.zh, condition.other and condition.other.zh) == (
        "when",
        "种类是方案",
        "种类是方案、通知",
    )
    [route] = signing.pairs[1].differs
    assert (route.label.zh, route.one and route.one.en, route.other and route.other.en) == (
        "程序",
        "deputy signs",
        "head signs",
    )
    assert sorts(table(found, "bodies").pairs) == [("council", "same")]


def test_words_of_two_versions_are_told(tmp_path: Path) -> None:
    before = made(tmp_path / "1")
    after = made(
        tmp_path / "2",
        kinds=FILES["kinds"].replace("notice: {zh: 通知, en: notice}", "bulletin: {zh: 简报, en: bulletin}"),
    )
    [words] = diff(before, after).words
    assert (words.label.zh, words.one and words.one.zh, words.other and words.other.zh) == (
        "文种和事项种类",
        "通知",
        "简报",
    )


def test_rows_of_two_governments_are_paired_by_what_they_speak_of(tmp_path: Path) -> None:
    """Ids differ and the outcome differs; the case is the same, so they stand side by side."""
    one = made(tmp_path / "1", signing=SIGNING)
    head = dedent(FILES["pack"]).replace("millpond-2024", "brook-2024")
    signing = """
        - {id: about-plans, clauses: [MP-1-1], when: {kind: [plan]}, route: [{do: sign, by: {post: head}}]}
        - {id: secrets, clauses: [MP-1-1], when: {features: {has_any: [quiet]}}, route: [{do: sign, by: {post: head}}]}
        - {id: rest-by-head, clauses: [MP-2-1], when: {}, route: [{do: sign, by: {post: head}}]}
        """
    other = made(tmp_path / "2", pack=head, signing=signing)
    found = [(p.one and p.one.id, p.other and p.other.id, p.sort) for p in table(diff(one, other), "signing").pairs]
    assert found == [
        ("plans", "about-plans", "same"),
        ("others", "rest-by-head", "otherwise"),
        (None, "secrets", "only_other"),
    ]


def test_of_two_real_packs_the_requests_to_the_city_meet_and_the_seals_stand_alone() -> None:
    """Requests to the city are the mayor's to sign in both packs; seals are regulated in one of them alone."""
    packs = {pack.head.id: pack for pack in PACKS.values()}
    found = diff(packs["hongkou-2022"], packs["haimen-2022"])
    pairs = [(p.one.id, p.other.id) for p in table(found, "signing").of("otherwise") if p.one and p.other]
    assert ("request-to-city", "up-to-city") in pairs
    assert [pair.sort for pair in table(found, "seals").pairs] == ["only_other"] * len(
        packs["haimen-2022"].tables["seals"]
    )


def test_saying_what_holds_anyway_is_no_difference(tmp_path: Path) -> None:
    gate = "- {id: asked, clauses: [MP-1-1], when: {stage: [agenda]}, require: [{evidence: hearing}]%s}"
    silent, said = made(tmp_path / "1", gates=gate % ""), made(tmp_path / "2", gates=gate % ", on_missing: refuse")
    assert table(diff(silent, said), "gates").pairs[0].differs == ()
    other = made(tmp_path / "3", gates=gate % ", on_missing: show")
    [line] = table(diff(silent, other), "gates").pairs[0].differs
    assert (line.label.en, line.one and line.one.en, line.other and line.other.en) == (
        "when missing",
        "refused",
        "shown",
    )


def test_a_body_is_called_by_its_title(tmp_path: Path) -> None:
    [pair] = table(diff(made(tmp_path / "1"), made(tmp_path / "2")), "bodies").pairs
    assert pair.one is not None
    assert (pair.one.when.zh, pair.one.when.en) == ("会议", "council")
