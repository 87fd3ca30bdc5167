"""Rule packs in the terminal: coverage, a case explained, the same case elsewhere, two packs, one pack as a page."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Column, Table

from chancery.calendar import local_day
from chancery.clock import SystemClock
from chancery.pages import percent, whole_page
from chancery.rules.coverage import Coverage, PackCovered, cover, together, told_in
from chancery.rules.diff import Difference, PackDiff, TableDiff, diff
from chancery.rules.explain import Account, RowAccount, explain
from chancery.rules.loader import PackRefused, load_pack
from chancery.rules.pack import BadFacts, Pack, table_named
from chancery.rules.proving import scenarios_of
from chancery.rules.rulebook import RuleShelf
from chancery.rules.show import markdown, show
from chancery.rules.skeleton import NEXT, skeleton
from chancery.rules.stated import facts_of
from chancery.rules.what_if import what_if
from chancery.rules.wording import RowTold, Said, table_title

STANDS: Mapping[str, str] = {
    "misses": "不符合 does not hold",
    "excepted": "属例外 excepted",
    "behind": "另有先行 second",
}


# -- finding packs ------------------------------------------------------------


def packs_at(place: Path) -> list[tuple[Pack, Path]]:
    """The packs of a folder, or the one that the folder is, each with its folder.

    Raises:
        ValueError: one does not load, or there is none.
    """
    folders = [place] if (place / "pack.yaml").exists() else sorted(p.parent for p in place.glob("*/pack.yaml"))
    if not folders:
        raise ValueError(f"没有规则包 There is no pack in {place}")
    problems: list[str] = []
    found: list[tuple[Pack, Path]] = []
    for folder in folders:
        try:
            found.append((load_pack(folder), folder))
        except PackRefused as refused:
            problems += map(str, refused.problems)
    if problems:
        raise ValueError("\n".join(problems))
    return found


def pack_named(packs: Path, named: str) -> tuple[Pack, Path]:
    """A pack and its folder, by a path, by ``id@version``, or by its id, which means the latest version.

    Raises:
        ValueError: there is none, or it does not load; says which there are, or what is wrong.
    """
    if (Path(named) / "pack.yaml").exists():
        return packs_at(Path(named))[0]
    shelf: dict[str, tuple[Pack, Path]] = {}
    refused: list[str] = []
    for folder in sorted(place.parent for place in packs.glob("*/pack.yaml")):
        try:
            pack = load_pack(folder)
        except PackRefused as error:
            refused += map(str, error.problems)
            continue
        shelf[f"{pack.head.id}@{pack.head.version}"] = (pack, folder)
    if named in shelf:
        return shelf[named]
    latest = RuleShelf({key: pack for key, (pack, _) in shelf.items()}, ()).named(named)
    if latest is None:
        raise ValueError(
            "\n".join([f"没有规则包 There is no pack {named}; 有 there are: {', '.join(shelf)}", *refused])
        )
    return shelf[f"{latest.head.id}@{latest.head.version}"]


# -- coverage ------------------------------------------------------------


def coverage_of(place: Path, *, altering: bool) -> Coverage:
    """Every pack of a folder, its scenarios asked.

    Raises:
        ValueError: a pack or a scenario file does not load.
    """
    covered: list[PackCovered] = []
    for pack, folder in packs_at(place):
        scenarios, problems = scenarios_of(folder)
        if problems:
            raise ValueError("\n".join(map(str, problems)))
        covered.append(cover(pack, scenarios, altering=altering))
    return together(covered)


def tell_coverage(found: Coverage, out: Console, page: Path | None, into: Sequence[Path] = ()) -> None:
    """A line a pack, then what is missing; with ``page`` also an HTML page in one file.

    ``into``: Markdown files whose block of figures is made anew.
    """
    for file in into:
        file.write_text(told_in(file.read_text("utf-8"), found), "utf-8")
    heads = ("规则包\npack", "条款\nduties", "着落\ncared for", "证明\nproven", "服务\nservices", "改动\nnoticed")
    table = Table(
        *(Column(head, no_wrap=True, justify="right" if number else "left") for number, head in enumerate(heads))
    )
    for pack in found.packs:
        numbers = pack.numbers
        table.add_row(
            f"{pack.id}@{pack.version}",
            str(numbers.duties),
            str(numbers.cared_for),
            str(numbers.proven),
            str(numbers.rehearsed),
            "—" if pack.altered is None else percent(pack.altered),
        )
    out.print(table)
    for pack in found.packs:
        for failure in pack.failures:
            lacks = "; ".join(failure.lacks)
            out.print(
                f"[red]✗[/red] {pack.id}/{failure.file} 第{failure.step}步 step {failure.step} {failure.table}: {lacks}"
            )
        for state, told in (("unproven", "没有情景 no scenario"), ("uncited", "没有着落 nobody's")):
            left = [duty.clause.id for duty in pack.duties if duty.state == state]
            if left:
                out.print(f"[yellow]{pack.id} {told}[/yellow] ({len(left)}): {' '.join(left)}")
    numbers = found.numbers
    out.print(
        f"{numbers.cared_for} / {numbers.duties} 条有规则行或理由 duties with a row or a reason"
        f"（不建模 given up {numbers.given_up}），"
        f"情景证明 proven {numbers.proven}（{percent(numbers.share_proven)}），"
        f"服务上演练 on the services {numbers.rehearsed}，"
        f"{numbers.askings} 次提问 askings，{numbers.failures} 处不符 otherwise"
    )
    if found.higher.duties:
        higher = found.higher
        out.print(
            f"上位规定 higher law: {higher.cared_for} / {higher.duties}，"
            f"情景证明 proven {higher.proven}（{percent(higher.share_proven)}）"
        )
    if page is not None:
        page.write_text(whole_page("coverage", "条款覆盖 Coverage", found=found), "utf-8")
        out.print(f"→ {page}", soft_wrap=True)


# -- a case ------------------------------------------------------------


def tell_case(packs: Path, named: str, table: str, written: Sequence[str], out: Console) -> None:
    """A case explained.

    Raises:
        ValueError: no such pack or table, or facts it does not have.
    """
    pack, _ = pack_named(packs, named)
    try:
        asked = table_named(table)
        _tell_account(explain(pack, asked, facts_of(asked, written)), out)
    except BadFacts as error:
        raise ValueError(str(error)) from error


def tell_what_if(packs: Path, named: str, other: str, table: str, written: Sequence[str], out: Console) -> None:
    """The same case under another pack or version.

    Raises:
        ValueError: no such pack or table, or facts the first does not have.
    """
    (pack, _), (second, _) = pack_named(packs, named), pack_named(packs, other)
    try:
        asked = table_named(table)
        found = what_if(pack, second, asked, facts_of(asked, written), local_day(SystemClock().now()))
    except BadFacts as error:
        raise ValueError(str(error)) from error
    for one in found.unknown:
        out.print(f"[yellow]{one.says.zh}[/yellow] [dim]{one.says.en}[/dim]")
    for account in (found.one, found.other):
        out.print(f"[bold]{account.pack}@{account.version}[/bold]")
        _tell_hits(account, out)
    if found.same:
        out.print("[green]两边的规定相同[/green] both rule the same")
    for pair in found.answers:
        if pair.differs:
            out.print(_sides(pair.differs, found.one.pack, found.other.pack))


def _tell_account(account: Account, out: Console) -> None:
    _tell_hits(account, out)
    if not account.others:
        return
    missed = Table("未作答 did not answer", "条款 clauses", "因为 because", "怎样才会作答 what it would take")
    for one in account.others:
        missed.add_row(one.row.id, " ".join(clause.id for clause in one.row.clauses), _because(one), _turns(one))
    out.print(missed)


def _tell_hits(account: Account, out: Console) -> None:
    if not account.regulated:
        silent = "（有意沉默 meant to be silent）" if account.silent else ""
        out.print(f"[yellow]未规定 not regulated[/yellow] {account.pack} {table_title(account.table)} {silent}")
    for hit in account.hits:
        _tell_row(hit.row, out)
        if hit.turns:
            out.print(f"   [dim]不再作答，若 it would not answer, if:[/dim] {_turns(hit)}")


def _tell_row(row: RowTold, out: Console) -> None:
    out.print(f"[green]{row.id}[/green] {row.strength} [dim]{row.file}:{row.line}[/dim]")
    for clause in row.clauses:
        out.print(f"   [cyan]{clause.id}[/cyan] {clause.zh}\n   [dim]{clause.en}[/dim]")
    for line in row.orders:
        out.print(f"   {line.label.zh}：{line.says.zh}  [dim]{line.label.en}: {line.says.en}[/dim]")


def _because(one: RowAccount) -> str:
    if one.stands == "behind":
        return f"{STANDS['behind']}: {one.before}"
    if one.stands == "excepted":
        return STANDS["excepted"]
    return "\n".join(f"{cell.wants}  ≠ {cell.found_says}" for cell in one.missed)


def _turns(one: RowAccount) -> str:
    return "\n".join("，且 and ".join(str(change.says) for change in turn) for turn in one.turns) or "—"


# -- two packs, one pack ------------------------------------------------------------


def tell_diff(packs: Path, named: str, other: str, out: Console, page: Path | None) -> None:
    """Two packs side by side, table by table.

    Raises:
        ValueError: no such pack.
    """
    found = diff(pack_named(packs, named)[0], pack_named(packs, other)[0])
    if found.same:
        out.print("[green]没有不同[/green] nothing is otherwise")
    for title, lines in (("概要 heads", found.head), ("设置 settings", found.settings), ("用词 words", found.words)):
        if lines:
            out.print(_sides(lines, found.one, found.other, title))
    for table in found.tables:
        _tell_table(found, table, out)
    if page is not None:
        page.write_text(whole_page("diff", f"{found.one} · {found.other}", found=found), "utf-8")
        out.print(f"→ {page}", soft_wrap=True)


def _tell_table(found: PackDiff, table: TableDiff, out: Console) -> None:
    if all(pair.sort == "same" for pair in table.pairs):
        return
    out.rule(f"{table.title}")
    for pair in table.of("otherwise"):
        if pair.one and pair.other:
            title = f"{pair.one.when.zh}（{pair.one.id} · {pair.other.id}）"
            out.print(_sides(pair.differs, found.one, found.other, title))
    for sort, name in (("only_one", found.one), ("only_other", found.other)):
        for pair in table.of(sort):
            row = pair.one or pair.other
            if row is not None:
                orders = "；".join(f"{line.label.zh}：{line.says.zh}" for line in row.orders)
                out.print(f"[cyan]仅 only {name}[/cyan] {row.id}: {row.when.zh} → {orders}")


def _sides(lines: Sequence[Difference], one: str, other: str, title: str | None = None) -> Table:
    table = Table("", one, other, title=title, title_justify="left")
    for line in lines:
        table.add_row(str(line.label), _said(line.one), _said(line.other))
    return table


def _said(said: Said | None) -> str:
    if said is None:
        return "未规定 not said"
    return said.zh if said.zh == said.en else f"{said.zh}\n[dim]{said.en}[/dim]"


def tell_pack(packs: Path, named: str, out: Console, page: Path | None, *, english: bool, plain: bool) -> None:
    """A pack clause by clause: in the terminal, as Markdown, or as a page in one file.

    Raises:
        ValueError: no such pack, or a scenario of it does not load.
    """
    pack, folder = pack_named(packs, named)
    scenarios, problems = scenarios_of(folder)
    if problems:
        raise ValueError("\n".join(map(str, problems)))
    shown = show(pack, scenarios)
    if page is not None:
        page.write_text(whole_page("pack", shown.title.en if english else shown.title.zh, shown=shown), "utf-8")
        out.print(f"→ {page}", soft_wrap=True)
        return
    text = markdown(shown, "en" if english else "zh")
    if plain:
        out.out(text, highlight=False)
    else:
        out.print(Markdown(text))


def begin_pack(name: str, into: Path, out: Console) -> None:
    """Write a new pack's files, which load as they are, and say what to write next.

    Raises:
        ValueError: the name is no pack's, or something of that name is there.
    """
    files = skeleton(name)
    folder = into / name
    if folder.exists():
        raise ValueError(f"{folder} 已经存在 is there already")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    out.print(f"[green]✓[/green] {folder}  {len(files)} 个文件 files")
    out.print("接下来 Next:")
    for number, (file, told) in enumerate(NEXT, 1):
        out.print(f"  {number}. [cyan]{file}[/cyan] {told}")
    out.print(
        "每写一步 After each step:\n"
        f"  chancery rules lint {folder}\n"
        f"  chancery rules coverage {folder}\n"
        f"  chancery rules show {folder}\n"
        "写成之后 When it is done: 放进规则包目录，在 governments.yaml 里写明谁从哪天起采用 "
        "put it into the folder of packs and say in governments.yaml who adopts it from which day:\n"
        f"  - {{id: some, zh: 某区人民政府, en: Some District, adopted: [{{pack: {name}, from: {name[-4:]}-01-01}}]}}",
        markup=False,
    )
