"""A pack that is wrong says so: every fault at once, with its file and line, and never a traceback."""

import json
import textwrap
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.rules.loader import PackRefused, load_folder, load_pack
from chancery.rules.reading import Lines, Problem
from tests.rules.small import FILES, made, refused, told, write

BRAMBLES = Path(__file__).parent / "broken" / "brambles-2024"
OF_WHOLE_FILES = {
    ("features.yaml", 1, "a vocabulary is a mapping of words"),
    ("minutes.yaml", 1, "a table is a list of rows"),
    ("checks.yaml", 3, "this is not YAML: did not find expected ',' or ']'"),
    ("spells.yaml", 1, "there is no table spells"),
    ("seals.yml", 1, "files ending in .yml are not read → call it seals.yaml"),
}


def announced(folder: Path) -> set[tuple[str, int, str]]:
    """What the files themselves say is wrong with each line, after ``#!``."""
    found = set(OF_WHOLE_FILES)
    for path in folder.iterdir():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.startswith("#"):
                found |= {(path.name, number, said.strip()) for said in line.split("#!")[1:]}
    return found


def test_a_pack_wrong_in_fifty_ways_reports_all_of_them() -> None:
    with pytest.raises(PackRefused) as caught:
        load_pack(BRAMBLES)
    problems = list(caught.value.problems)
    wanted = announced(BRAMBLES)
    assert len(wanted) >= 90
    unsaid = [
        (file, line, said)
        for file, line, said in sorted(wanted)
        if not any(p.file == f"brambles-2024/{file}" and p.line == line and said in _said(p) for p in problems)
    ]
    assert unsaid == []
    surplus = [
        str(problem)
        for problem in problems
        if not any(
            problem.file == f"brambles-2024/{file}" and problem.line == line and said in _said(problem)
            for file, line, said in wanted
        )
    ]
    assert surplus == []
    assert [str(problem) for problem in problems if not problem.how] == []
    assert problems == sorted(problems, key=lambda p: (p.file, p.line, p.what))


def _said(problem: Problem) -> str:
    return str(problem).partition(": ")[2]


def test_the_small_pack_loads(tmp_path: Path) -> None:
    pack = made(tmp_path)
    assert (pack.head.id, pack.ref.version, sorted(pack.clauses)) == (
        "millpond-2024",
        "1",
        ["MP-1-1", "MP-2-1", "MP-3-1"],
    )
    assert pack.coverage() == (frozenset({"MP-1-1"}), frozenset(), frozenset({"MP-2-1"}))


# -- what YAML could smuggle in ------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: !!python/object/apply:os.system ['touch {mark}']", "python/object/apply:os.system is refused"),
        ("a: !!python/name:os.system", "python/name:os.system is refused"),
        ("a: !!python/object/new:os.system ['touch {mark}']", "is refused"),
        ("a: !include /etc/hostname", "the tag !include is refused"),
        ("a: !!binary aGFsbG8=", "binary is refused"),
        ("a: !!set {b, c}", "set is refused"),
        ("a: &a [*a]", "an anchor holds itself"),
        ("a: &a {b: *a}", "an anchor holds itself"),
        ("? [a, b]\n: c", "a key is a list or mapping"),
        ("a: 1\na: 2", "a is written twice"),
        ("a: 2024-13-01", "2024-13-01 is no day of the calendar"),
        ("a: !!int many", "a value cannot be read"),
        ("a: [b", "this is not YAML"),
        ("a: 'b", "this is not YAML"),
        ("\ta: b", "this is not YAML"),
        ("a: \x00", "this is not YAML"),
        ("[" * 5000, "this is not YAML"),
        ("--- a\n--- b", "this is not YAML: but found another document"),
    ],
)
def test_what_is_more_than_plain_text_is_refused(tmp_path: Path, text: str, said: str) -> None:
    mark = tmp_path / "mark"
    lines = Lines("pack.yaml", text.replace("{mark}", str(mark)))
    assert any(said in str(problem) for problem in lines.problems), lines.problems
    assert not mark.exists()


def test_anchors_within_anchors_do_not_fill_the_memory() -> None:
    bomb = "\n".join(
        [f"a0: &a0 [{', '.join('x' * 9)}]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
    )
    [problem] = Lines("pack.yaml", bomb).problems
    assert "unfolds into too many parts" in problem.what


def test_a_huge_file_is_not_even_read() -> None:
    [problem] = Lines("pack.yaml", "a" * 4_000_001).problems
    assert "too large" in problem.what


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("No", "No"),
        ("y", "y"),
        ("17:30", "17:30"),
        ("007", "007"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("{{ 7 * 7 }}", None),
        ("${HOME}", "${HOME}"),
        ("__import__('os').system('true')", "__import__('os').system('true')"),
        ("true", True),
        ("12", 12),
        ("1.5", 1.5),
        ("~", None),
        ("", None),
    ],
)
def test_words_are_words_and_nothing_is_worked_out(text: str, value: object) -> None:
    lines = Lines("pack.yaml", f"a: {text}")
    if text.startswith("{{"):
        assert lines.problems
    else:
        assert lines.value == {"a": value}


def test_a_template_in_a_text_stays_a_text(tmp_path: Path) -> None:
    clauses = '- {id: MP-1-1, article: "1", kind: enforce, zh: "{0.__class__} ${HOME}", en: "{{ 7 * 7 }}"}'
    pack = made(tmp_path, clauses=clauses)
    assert (pack.cite("MP-1-1").says_zh, pack.cite("MP-1-1").says_en) == ("{0.__class__} ${HOME}", "{{ 7 * 7 }}")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{code.__class__}{seq}", "has a part {code.__class__}"),
        ("{code[0]}{seq}", "has a part {code[0]}"),
        ("{code!r}{seq}", "has a part {code}"),
        ("{seq:>{year}}", "has a part {seq}"),
        ("{seq:999999999999999999999999999999d}{day}", "has a part {day}"),
        ("{0}{seq}", "has a part {0}"),
        ("{year}", "has no {seq}"),
        ("{seq", "expected '}'"),
    ],
)
def test_the_pattern_of_a_number_is_no_template(tmp_path: Path, pattern: str, said: str) -> None:
    head = textwrap.dedent(FILES["pack"]).replace("{code}〔{year}〕{seq}号", pattern)
    assert any(said in line for line in told(refused(tmp_path, pack=head)))


CAST = "persons: {a: {zh: 甲}, b: {zh: 乙}}\nappointments:\n"
SECOND = "- {person: b, post: head, from: 2024-02-01}"
FIVE_DAYS = "starts: meeting_ended, n: 5, unit: working_day"


# -- single faults that need a pack of their own ----------------------------


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pack", "", "pack.yaml:1: the pack has no head"),
        ("pack", "just words", "pack.yaml:1: this is a mapping of its keys"),
        ("clauses", "", "clauses.yaml:1: the pack has no clause catalogue"),
        ("clauses", "MP-1-1: {zh: 甲}", "clauses.yaml:1: the catalogue is a list of clauses"),
        ("clauses", "5", "clauses.yaml:1: the catalogue is a list of clauses"),
        ("words", "[evidence]", "words.yaml is a mapping of vocabularies"),
        ("units", "office: {zh: 甲, en: a, parent: works}\nworks: {zh: 乙, en: b, parent: office}", "within itself"),
        (
            "groups",
            "leaders: {zh: 甲, en: a, posts: [all]}\nall: {zh: 乙, en: b, posts: [leaders]}",
            "is within itself",
        ),
        (
            "cast",
            f"{CAST}- {{person: a, post: head, from: 2024-02-01, until: 2024-01-01}}",
            "it ends on 2024-01-01, before",
        ),
        (
            "cast",
            f"{CAST}- {{person: a, post: head, from: 2024-01-01}}\n{SECOND}",
            "head has one seat, and two people hold it",
        ),
        ("cast", "people: {}", "the key people is not known here"),
        (
            "cast",
            "persons: {a: {zh: 甲}}\nportfolios: [{person: a, units: [pit], from: 2024-01-01}]",
            "there is no unit pit",
        ),
        ("seals", "- {1: 2}", "the row has no id"),
        ("seals", "- {id: a, clauses: [5], when: {}}", "the row has no clauses"),
        ("seals", "- {id: [a], clauses: [MP-1-1], when: {}}", "['a'] is no id of a row"),
        ("seals", "- {id: a, clauses: [MP-1-1], force: [must]}", "force ['must'] is not known"),
        ("seals", "- {id: a, clauses: [MP-1-1], when: {1: 2}}", "seals has no fact 1"),
        ("seals", "- {id: a, clauses: [MP-1-1], true: 2}", "the key True is not known here"),
        (
            "publication",
            "- {id: a, clauses: [MP-1-1], duty: publish, channels: [fm]}",
            "the pack has no vocabulary channels",
        ),
        ("publication", "- {id: a, clauses: [MP-1-1], duty: publish, needs: [seance]}", "needs knows no word seance"),
        ("agenda", "- {id: a, clauses: [MP-1-1], when: {body: [senate]}}", "body knows no word senate"),
        ("consultation", "- {id: a, clauses: [MP-1-1], never_deemed: [seance]}", "never_deemed knows no word seance"),
    ],
)
def test_a_single_fault_is_told(tmp_path: Path, name: str, text: str, said: str) -> None:
    lines = told(refused(tmp_path, **{name: text}))
    assert any(said in line for line in lines), lines


@pytest.mark.parametrize(
    ("silence", "name", "text"),
    [
        ("quorum", "bodies", "quorum: {test: more_than, fraction: 0.5}"),
        ("papers_delivery", "bodies", "papers: {lead: {n: 1, unit: working_day}}"),
        ("agenda_lead", "agenda", "- {id: speaks, clauses: [MP-1-1], lead: {n: 5, unit: working_day}}"),
        ("minutes_issue_limit", "clocks", f"- {{id: speaks, clauses: [MP-1-1], name: minutes_issue, {FIVE_DAYS}}}"),
        ("seals", "seals", "- {id: speaks, clauses: [MP-1-1]}"),
    ],
)
def test_silence_that_speaks_is_a_fault(tmp_path: Path, silence: str, name: str, text: str) -> None:
    head = textwrap.dedent(FILES["pack"]) + f"silent: [{silence}]\n"
    assert refused(tmp_path, pack=head) == ()
    speaking = textwrap.dedent(FILES["bodies"]) + f"  {text}\n" if name == "bodies" else text
    [problem] = refused(tmp_path, pack=head, **{name: speaking})
    assert f"it is silent on {silence}, but" in problem.what
    assert f"millpond-2024/{name}.yaml:1" in problem.what


def test_a_silence_nobody_knows_is_a_fault(tmp_path: Path) -> None:
    head = textwrap.dedent(FILES["pack"]) + "silent: [weather]\n"
    assert "nobody knows what silence on weather means" in told(refused(tmp_path, pack=head))[0]


def test_a_folder_without_packs_or_no_folder(tmp_path: Path) -> None:
    assert load_folder(tmp_path) == {}
    for load in (load_folder, load_pack):
        with pytest.raises(PackRefused, match="there is no such folder"):
            load(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(PackRefused, match=r"empty/pack\.yaml:1: the pack has no head"):
        load_pack(tmp_path / "empty")


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "millpond-2024", FILES)
    (folder / "signing.yaml").write_bytes(b"- id: \xff\xfe")
    (folder / "gates.yaml").mkdir()
    with pytest.raises(PackRefused) as caught:
        load_pack(folder)
    said = told(caught.value.problems)
    assert any("signing.yaml:1: the file is not UTF-8" in line for line in said)
    assert any("gates.yaml:1: the file cannot be read: Is a directory" in line for line in said)


def test_the_problems_of_all_packs_are_told_together(tmp_path: Path) -> None:
    for name in ("one-2024", "two-2024"):
        write(tmp_path / name, {**FILES, "spells": "1"})
    write(tmp_path / "three-2024", FILES)
    write(tmp_path / "four-2024", FILES)
    with pytest.raises(PackRefused) as caught:
        load_folder(tmp_path)
    said = told(caught.value.problems)
    assert [line.partition("/")[0] for line in said] == ["one-2024", "three-2024", "two-2024"]
    assert "this pack is millpond-2024@1, and so is that in four-2024" in said[1]


# -- any mistake whatever ------------------------------------------------------

WHOLE = Path(__file__).parents[2] / "shared" / "chancery" / "packs" / "hongkou-2022"
TEXTS = {path.stem: path.read_text("utf-8") for path in WHOLE.glob("*.yaml") if path.stem not in ("clauses", "cast")}
junk = st.sampled_from(
    ("", " ", "[", "}", ": ", "- ", "&a ", "*a", "!!x ", "5", "true", "null", "'", '"', "#", "\n", "{}", "é")
)


def faults(folder: Path) -> tuple[Problem, ...] | None:
    """What is wrong with a pack; None where it loads."""
    try:
        load_pack(folder)
    except PackRefused as caught:
        return caught.problems
    return None


@cache
def a_whole_pack(folder: Path) -> Path:
    return write(folder / "slips" / "hongkou-2022", {**TEXTS, "clauses": (WHOLE / "clauses.yaml").read_text("utf-8")})


@given(name=st.sampled_from(sorted(TEXTS)), place=st.integers(0, 10**6), length=st.integers(0, 12), put=junk)
@settings(max_examples=150, deadline=None)
def test_no_slip_of_the_pen_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: int, length: int, put: str
) -> None:
    """Cut some characters out of a real pack's file, put others in: it loads, or says what is wrong."""
    text = TEXTS[name]
    at = place % (len(text) + 1)
    folder = a_whole_pack(tmp_path_factory.getbasetemp())
    (folder / f"{name}.yaml").write_text(text[:at] + put + text[at + length :], "utf-8")
    try:
        assert all(problem.line >= 1 and problem.what for problem in faults(folder) or ())
    finally:
        (folder / f"{name}.yaml").write_text(text, "utf-8")


keys = st.sampled_from(("id", "clauses", "when", "require", "evidence", "route", "do", "by", "post", "any", "unless"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(("head", "plan", "MP-1-1")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


FILE = st.sampled_from(("gates", "signing", "bodies", "clocks", "words", "posts", "pack", "clauses", "cast"))


@given(name=FILE, value=values, in_list=st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_value_in_any_place_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: object, in_list: bool
) -> None:
    folder = tmp_path_factory.getbasetemp() / "values" / "millpond-2024"
    write(folder, {**FILES, name: json.dumps([value] if in_list else value)})
    try:
        assert faults(folder) != ()
    finally:
        (folder / f"{name}.yaml").unlink()
