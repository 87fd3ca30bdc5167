"""A pack as a page to read: clause by clause, what the software does with each, and what it does not. Pure."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from chancery.rehearsal.scenario import Loaded
from chancery.rules.coverage import Duty, Numbers, Shown, State, cover
from chancery.rules.diff import head_lines, setting_lines
from chancery.rules.grammar import Closed
from chancery.rules.pack import Clause, Pack, table_named
from chancery.rules.tables import TABLES, Bilingual
from chancery.rules.wording import RowTold, Said, head_title, row_told, silence, table_title

ASKS: Final[Mapping[str, Said]] = {
    "enforce": Said(zh="强制执行", en="enforced"),
    "derive": Said(zh="自动推得", en="derived"),
    "track": Said(zh="跟踪", en="tracked"),
    "record": Said(zh="记载", en="recorded"),
    "declare": Said(zh="宣示", en="declared"),
}
"""What a clause asks of the software."""


class ClauseShown(Closed):
    """One clause: what it says, what the software does with it, and what proves it. ``act``: the law it restates."""

    id: str
    zh: str
    en: str
    asks: Said
    act: Said | None
    kind: str
    state: State | None
    why: Said | None
    rows: tuple[RowTold, ...]
    scenarios: tuple[Shown, ...]


class Article(Closed):
    """The clauses of one article; ``act`` where the pack restates several."""

    article: str
    act: Said | None
    key: str
    clauses: tuple[ClauseShown, ...]


class GivenUp(Closed):
    """A clause that is not modelled, and why."""

    clause: str
    zh: str
    en: str
    why: Said


class Reading(Closed):
    """A choice made where the words leave one."""

    table: Said
    row: str
    clauses: tuple[str, ...]
    says: Said


class Labelled(Closed):
    """One line of the head or the settings."""

    label: Said
    says: Said


class PackPage(Closed):
    """A pack as a readable page."""

    id: str
    version: str
    title: Said
    head: tuple[Labelled, ...]
    settings: tuple[Labelled, ...]
    articles: tuple[Article, ...]
    silent: tuple[Said, ...]
    tables_without_rows: tuple[Said, ...]
    given_up: tuple[GivenUp, ...]
    readings: tuple[Reading, ...]
    duties: int
    proven: int


def show(pack: Pack, scenarios: Sequence[Loaded] = ()) -> PackPage:
    """The page of a pack; its scenarios are asked, so that each duty says how it stands."""
    covered = cover(pack, scenarios)
    numbers: Numbers = covered.numbers
    duties = {duty.clause.id: duty for duty in covered.duties}
    rows = _rows(pack)
    articles = tuple(
        Article(
            article=article,
            act=_act(pack, act),
            key=re.sub(r"[^0-9A-Za-z]+", "-", f"{act}-{article}" if act else article),
            clauses=tuple(_clause(pack, clause, duties.get(clause.id), rows.get(clause.id, ())) for clause in group),
        )
        for (act, article), group in groupby(pack.clauses.values(), key=lambda clause: (clause.act, clause.article))
    )
    return PackPage(
        id=pack.head.id,
        version=pack.head.version,
        title=Said(zh=pack.head.title.zh, en=pack.head.title.en),
        head=tuple(
            Labelled(label=head_title(key), says=said)
            for key, said in head_lines(pack)
            if key not in ("title", "silent", "not_modelled")
        ),
        settings=tuple(Labelled(label=label, says=said) for label, said in setting_lines(pack)),
        articles=articles,
        silent=tuple(silence(word) for word in pack.head.silent),
        tables_without_rows=tuple(
            table_title(name) for name in TABLES if not pack.tables.get(name) and name not in pack.head.silent
        ),
        given_up=tuple(_given_up(pack, given.clause, given.why) for given in pack.head.not_modelled),
        readings=tuple(
            Reading(
                table=table_title(table),
                row=row.id,
                clauses=row.clauses,
                says=Said(zh=row.reading.zh, en=row.reading.en),
            )
            for table, listed in pack.tables.items()
            for row in listed
            if row.reading
        ),
        duties=numbers.duties,
        proven=numbers.proven,
    )


def _rows(pack: Pack) -> Mapping[str, Sequence[RowTold]]:
    """Per clause, its rows in words."""
    found: dict[str, list[RowTold]] = {}
    for name, rows in pack.tables.items():
        for row in rows:
            told = row_told(pack, table_named(name), row)
            for clause in row.clauses:
                found.setdefault(clause, []).append(told)
    return found


def _clause(pack: Pack, clause: Clause, duty: Duty | None, rows: Sequence[RowTold]) -> ClauseShown:
    act = pack.head.bases.get(clause.act or "")
    return ClauseShown(
        id=clause.id,
        act=Said(zh=act.zh, en=act.en) if act else None,
        zh=clause.zh,
        en=clause.en,
        asks=ASKS[clause.kind],
        kind=clause.kind,
        state=duty.state if duty else None,
        why=duty.why if duty else None,
        rows=tuple(rows),
        scenarios=duty.shown if duty else (),
    )


def _given_up(pack: Pack, clause: str, why: Bilingual) -> GivenUp:
    found = pack.cite(clause)
    return GivenUp(clause=clause, zh=found.says_zh, en=found.says_en, why=Said(zh=why.zh, en=why.en))


def _act(pack: Pack, word: str | None) -> Said | None:
    found = pack.head.bases.get(word or "")
    return Said(zh=found.zh, en=found.en) if found else None


def markdown(page: PackPage, language: str) -> str:
    """The page as Markdown, for a terminal or a file."""
    zh = language == "zh"

    def say(said: Said) -> str:
        return said.zh if zh else said.en

    colon, comma = ("：", "、") if zh else (": ", ", ")
    lines = [f"# {say(page.title)}", "", f"`{page.id}@{page.version}`", ""]
    lines += [f"- {say(line.label)}{colon}{say(line.says)}" for line in page.head]
    lines += ["", "## 条款" if zh else "## Clauses"]
    for article in page.articles:
        act = f"{say(article.act)} " if article.act else ""
        lines += ["", f"### {act}第{article.article}条" if zh else f"### {act}Article {article.article}"]
        for clause in article.clauses:
            gist = clause.zh if zh else clause.en
            gist += f"（{say(clause.act)}）" if clause.act else ""
            lines += ["", f"**{clause.id}** {gist} *{say(clause.asks)}*"]
            lines += [_row_line(row, zh=zh) for row in clause.rows]
            if clause.why:
                lines.append(f"- {'不建模' if zh else 'Not modelled'}{colon}{say(clause.why)}")
            if clause.scenarios:
                marks = {True: "✓", False: "✗", None: "…"}
                told = comma.join(f"{marks[one.passed]} {one.file}" for one in clause.scenarios)
                lines.append(f"- {'情景' if zh else 'Scenarios'}{colon}{told}")
    sections = (
        ("设置" if zh else "Settings", [f"- {say(one.label)}{colon}{say(one.says)}" for one in page.settings]),
        (
            "解读（文字有余地处的选择）" if zh else "Readings (choices where the words leave one)",
            [f"- {say(r.table)} `{r.row}` ({', '.join(r.clauses)}){colon}{say(r.says)}" for r in page.readings],
        ),
        ("有意沉默" if zh else "Meant to be silent on", [f"- {say(one)}" for one in page.silent]),
        ("未作规定" if zh else "Says nothing of", [f"- {say(one)}" for one in page.tables_without_rows]),
        (
            "不建模的条款" if zh else "Not modelled",
            [f"- **{g.clause}** {g.zh if zh else g.en} {say(g.why)}" for g in page.given_up],
        ),
    )
    for title, told in sections:
        if told:
            lines += ["", f"## {title}", "", *told]
    return "\n".join(lines) + "\n"


def _row_line(row: RowTold, *, zh: bool) -> str:
    def say(said: Said) -> str:
        return said.zh if zh else said.en

    colon, stop = ("：", "；") if zh else (": ", "; ")
    orders = stop.join(f"{say(line.label)}{colon}{say(line.says)}" for line in row.orders)
    return f"- {say(table_title(row.table))} `{row.id}`（{say(row.strength)}）{say(row.when)} → {orders}"
