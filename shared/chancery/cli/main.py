"""The commands, each a few lines over the library."""

import asyncio
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from chancery.calendar import local_day
from chancery.refusal import Fault

app = typer.Typer(
    name="chancery",
    help="让政府工作规则运行起来 · The working rules of a government, running.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
events = typer.Typer(help="事件 Follow and replay events.", no_args_is_help=True)
clock = typer.Typer(help="演练时钟 The rehearsal's clock.", no_args_is_help=True)
rules = typer.Typer(help="规则包 Rule packs.", no_args_is_help=True)
projections = typer.Typer(help="读模型 Read models.", no_args_is_help=True)
app.add_typer(projections, name="projections")
app.add_typer(events, name="events")
app.add_typer(clock, name="clock")
app.add_typer(rules, name="rules")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
ROOT = Path.cwd()
HOUSE = Path("var/house")
PACKS = Path(__file__).resolve().parents[1] / "packs"


def stop(sentence: str, code: int = 1) -> NoReturn:
    """End with a sentence and no traceback."""
    err.print(sentence, markup=False, soft_wrap=True)
    raise typer.Exit(code)


@app.command()
def up(
    folder: Annotated[Path, typer.Option(help="数据目录 where its data lies")] = HOUSE,
    simulated: Annotated[bool, typer.Option(help="模拟时钟 a clock that can be set")] = False,
) -> None:
    """启动整套系统 Start the whole house on this machine; Ctrl-C stops it cleanly."""
    from chancery.cli.house import open_house

    try:
        open_house(folder, out, simulated=simulated)
    except Fault as fault:
        stop(f"没有启动 It did not start.\n{fault}")


@app.command()
def demo(
    text: Annotated[Path | None, typer.Option(help="正文文件 a file to attach as the document's text")] = None,
    stay: Annotated[bool | None, typer.Option(help="演示后保持运行 keep the house open afterwards")] = None,
) -> None:
    """演示一件真实的事 One real matter, told step by step under a simulated clock."""
    from chancery.cli.demo import run_demo

    if text is not None and not text.is_file():
        stop(f"没有文件 There is no file {text}")
    try:
        passed = run_demo(Path("var/demo"), out, text, stay=sys.stdout.isatty() if stay is None else stay)
    except Fault as fault:
        stop(f"演示没有完成 The demonstration did not finish.\n{fault}")
    raise typer.Exit(0 if passed else 1)


@app.command()
def rehearse(
    places: Annotated[list[Path], typer.Argument(help="情景文件或目录 scenario files, or folders of them")],
    packs: Annotated[Path, typer.Option(help="规则包目录 where the packs lie")] = PACKS,
    governments: Annotated[
        Path | None, typer.Option(help="谁采用了哪些规则 which government adopted which rules")
    ] = None,
    folder: Annotated[Path, typer.Option(help="数据目录 where the rehearsal's data lies")] = Path("var/rehearsal"),
) -> None:
    """演练情景 Run scenarios on the real services under the simulated clock; non-zero on any difference."""
    from chancery.cli.rehearse import run_rehearsal

    try:
        passed = run_rehearsal(places, packs, governments, folder, out)
    except Fault as fault:
        stop(f"演练没有开始 The rehearsal did not start.\n{fault}")
    raise typer.Exit(0 if passed else 1)


@events.command()
def tail(
    address: Annotated[str | None, typer.Option(help="事件日志服务地址 where eventlog-svc answers")] = None,
    token: Annotated[str | None, typer.Option(envvar="CHANCERY_TOKEN", help="令牌 a token")] = None,
    tenant: Annotated[
        str | None, typer.Option(help="政府 the government, where the house is this machine's; else the first sample")
    ] = None,
    english: Annotated[bool, typer.Option("--english", help="in English")] = False,
) -> None:
    """实时查看事件 Follow events as the services tell them; comes back by itself after a break."""
    from chancery.cli.follow import follow
    from chancery.cli.house import sample

    try:
        asyncio.run(follow(HOUSE, address, token, tenant or sample(), "en" if english else "zh", out))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    except Fault as fault:
        stop(str(fault))


@events.command()
def replay(
    service: Annotated[str, typer.Argument(help="服务 the service whose events are read")],
    after: Annotated[int, typer.Option(help="起始位置 the position to go on from")] = 0,
    url: Annotated[str | None, typer.Option(help="服务地址 where the service answers")] = None,
    token: Annotated[str | None, typer.Option(envvar="CHANCERY_TOKEN")] = None,
) -> None:
    """导出事件 Print a service's events as CloudEvents, one a line, each held against its hash."""
    from chancery.cli.follow import replay_events

    try:
        asyncio.run(replay_events(HOUSE, service, after, url, token))
    except Fault as fault:
        stop(str(fault))


@app.command()
def verify(service: Annotated[str, typer.Argument(help="服务 the service whose events are checked")]) -> None:
    """核对事件 Check a service's events: positions without a gap, versions in order, every hash."""
    from chancery.cli.follow import verify_events

    try:
        asyncio.run(verify_events(HOUSE, service, out))
    except Fault as fault:
        stop(str(fault))


OwnerUrl = Annotated[str | None, typer.Option(envvar="CHANCERY_OWNER_URL", help="数据库 the owner role's address")]


@projections.command("status")
def projections_status(
    service: Annotated[str, typer.Argument(help="服务 the service")], owner_url: OwnerUrl = None
) -> None:
    """状态 Versions, rows, positions, what is parked."""
    from chancery.cli.projections import show

    try:
        asyncio.run(show(HOUSE, service, owner_url, out))
    except Fault as fault:
        stop(str(fault))


@projections.command("rebuild")
def projections_rebuild(
    service: Annotated[str, typer.Argument(help="服务 the service")],
    projection: Annotated[str, typer.Argument(help="读模型 the projection's name")],
    owner_url: OwnerUrl = None,
    bus_url: Annotated[str | None, typer.Option(envvar="CHANCERY_NATS_URL", help="NATS")] = None,
) -> None:
    """重建 Fill it anew from the first event, while the old one serves; then the two change places."""
    from chancery.cli.projections import fill_anew

    try:
        asyncio.run(fill_anew(HOUSE, service, projection, owner_url, bus_url, out))
    except Fault as fault:
        stop(str(fault))


@app.command()
def deadlines(
    service: Annotated[str, typer.Argument(help="服务 the service that keeps it")],
    deadline: Annotated[str, typer.Argument(help="期限编号 the deadline's id")],
    tenant: Annotated[str | None, typer.Option(help="政府 the government; else the first sample")] = None,
) -> None:
    """期限逐日说明 How a deadline was counted, day by day."""
    from chancery.cli.follow import explain_deadline
    from chancery.cli.house import sample

    try:
        asyncio.run(explain_deadline(HOUSE, service, deadline, tenant or sample(), out))
    except Fault as fault:
        stop(str(fault))


@clock.command("show")
def clock_show() -> None:
    """显示 What time the rehearsal has."""
    from chancery.cli.house import with_clock

    out.print(asyncio.run(with_clock(HOUSE)))


@clock.command("set")
def clock_set(moment: Annotated[str, typer.Argument(help="RFC 3339, 2022-01-19T14:00:00+08:00")]) -> None:
    """设定 Set the rehearsal's clock, for every process."""
    from chancery.cli.house import with_clock

    try:
        to = datetime.fromisoformat(moment)
    except ValueError:
        stop(f"{moment} 不是时间 is no moment; write it like 2022-01-19T14:00:00+08:00", 2)
    if to.tzinfo is None:
        stop(f"{moment} 没有时区 names no time zone; write {moment}+08:00", 2)
    out.print(asyncio.run(with_clock(HOUSE, to=to)))


@clock.command("advance")
def clock_advance(
    days: Annotated[int, typer.Option(min=0)] = 0,
    hours: Annotated[int, typer.Option(min=0)] = 0,
    minutes: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """推进 Let the rehearsal's time pass."""
    from chancery.cli.house import with_clock

    out.print(asyncio.run(with_clock(HOUSE, by=timedelta(days=days, hours=hours, minutes=minutes))))


@rules.command("lint")
def rules_lint(
    place: Annotated[Path, typer.Argument(help="规则包目录 a pack's folder, or a folder of packs")] = PACKS,
    on: Annotated[str, typer.Option(help="哪一天的法律 the law of which day, YYYY-MM-DD; absent: today")] = "",
    strict: Annotated[bool, typer.Option(help="有待研究的也算不通过 findings fail it, too")] = False,
) -> None:
    """检查规则包 Everything that is wrong with a pack, each with file, line and how to mend it.

    Then what a lawyer should look at, against the higher law and the sample roster: findings, which are no errors.
    """
    from chancery.cli.looking import tell_findings
    from chancery.rules.loader import PackRefused, load_folder, load_pack, uncited

    try:
        packs = {"": load_pack(place)} if (place / "pack.yaml").exists() else load_folder(place)
    except PackRefused as refused:
        for problem in refused.problems:
            err.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        stop(f"{len(refused.problems)} 处问题 problems")
    except OSError as error:
        stop(f"读不到 cannot read {place}: {error.strerror}")
    table = Table("规则包 pack", "行 rows", "条款 clauses", "引用 cited", "不建模 given up", "未引用 uncited")
    for pack in packs.values():
        cited, given_up, _ = pack.coverage()
        rows = sum(len(rows) for rows in pack.tables.values())
        table.add_row(
            f"{pack.head.id}@{pack.head.version}",
            str(rows),
            str(len(pack.clauses)),
            str(len(cited)),
            str(len(given_up)),
            ", ".join(uncited(pack)) or "0",
        )
    out.print(table)
    try:
        day = date.fromisoformat(on) if on else local_day(datetime.now(UTC))
    except ValueError:
        stop(f"不是日期 no day: {on}", 2)
    left = tell_findings(packs, PACKS, day, out)
    if strict and left:
        stop(f"{left} 处待研究 findings")


PackName = Annotated[str, typer.Argument(help="规则包 the pack: id, id@version, or its folder")]
TableName = Annotated[str, typer.Argument(help="表 the table's name")]
Facts = Annotated[list[str] | None, typer.Argument(help="事实 facts: name=value, sets as a,b")]
HtmlPage = Annotated[Path | None, typer.Option(help="网页文件 write it as a page in one file")]


@rules.command("explain")
def rules_explain(pack: PackName, table: TableName, facts: Facts = None) -> None:
    """解释一个情形 Ask one table: rows that answer, rows that do not and by what, and what would change each."""
    from chancery.cli.packs import tell_case

    try:
        tell_case(PACKS, pack, table, facts or [], out)
    except (Fault, ValueError) as error:
        stop(str(error), 2)


@rules.command("what-if")
def rules_what_if(
    pack: PackName,
    other: Annotated[str, typer.Argument(help="另一规则包或版本 the other pack or version")],
    table: TableName,
    facts: Facts = None,
) -> None:
    """换一套规则 The same case under another pack or version; what the other does not know is said, not guessed."""
    from chancery.cli.packs import tell_what_if

    try:
        tell_what_if(PACKS, pack, other, table, facts or [], out)
    except (Fault, ValueError) as error:
        stop(str(error), 2)


@rules.command("diff")
def rules_diff(
    pack: PackName,
    other: Annotated[str, typer.Argument(help="另一规则包或版本 the other pack or version")],
    page: HtmlPage = None,
) -> None:
    """比较 Two packs, or two versions of one, side by side: heads, settings, and every table row by row."""
    from chancery.cli.packs import tell_diff

    try:
        tell_diff(PACKS, pack, other, out, page)
    except (OSError, ValueError) as error:
        stop(str(error), 2)


@rules.command("show")
def rules_show(
    pack: PackName,
    page: HtmlPage = None,
    english: Annotated[bool, typer.Option("--english", help="in English")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="输出 Markdown print it as Markdown")] = False,
) -> None:
    """逐条阅读 A pack to read, clause by clause: what it says, what the software does with it, what proves it."""
    from chancery.cli.packs import tell_pack

    try:
        tell_pack(PACKS, pack, out, page, english=english, plain=markdown)
    except (OSError, ValueError) as error:
        stop(str(error), 2)


@rules.command("coverage")
def rules_coverage(
    place: Annotated[Path, typer.Argument(help="规则包目录 a pack's folder, or a folder of packs")] = PACKS,
    page: HtmlPage = None,
    at_least: Annotated[float, typer.Option(min=0, max=100, help="证明比例下限 % the least share proven")] = 0,
    alter: Annotated[bool, typer.Option(help="改动每一行并重问 alter every row and ask again")] = True,
    into: Annotated[
        list[Path] | None, typer.Option(help="更新文件中的数字 write the figures into a file's block for them")
    ] = None,
) -> None:
    """覆盖 Duty by duty: its rows, its scenarios, their result. Fails on a scenario that comes out otherwise, on a
    duty that nobody has taken care of, and below the share asked for."""
    from chancery.cli.packs import coverage_of, tell_coverage

    try:
        found = coverage_of(place, altering=alter)
        tell_coverage(found, out, page, into or ())
    except (OSError, ValueError) as error:
        stop(str(error), 2)
    numbers = found.numbers + found.higher
    if numbers.failures or numbers.uncited or 100 * numbers.share_proven < at_least:
        raise typer.Exit(1)


@rules.command("new")
def rules_new(
    name: Annotated[str, typer.Argument(help="名称-年份 name-year, like anbei-2025")],
    into: Annotated[Path, typer.Option(help="放在哪个目录 the folder it is made in")] = Path(),
) -> None:
    """新建规则包 Begin a pack: every file, commented, clean for lint from the start; says what to write next."""
    from chancery.cli.packs import begin_pack

    try:
        begin_pack(name, into, out)
    except (OSError, ValueError) as error:
        stop(str(error), 2)
