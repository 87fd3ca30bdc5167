"""What the office writes to whoever asked, or to those it asks: each letter as a paper for DOCX and PDF. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from chancery.calendar import local_day
from chancery.events.disclosure import AnswerKind, RequestReceived
from chancery.office.paper import Block, Gap, Line, Mark, Paper, Title
from chancery.refusal import Reason, Refused
from disclosure_svc.request.answer import KINDS
from disclosure_svc.request.state import Asked, Request

Letter = Literal["receipt", "correction", "extension", "opinion", "answer"]
TITLES: Final[dict[Letter, str]] = {
    "receipt": "政府信息公开申请登记回执",
    "correction": "政府信息公开申请补正告知书",
    "extension": "政府信息公开申请延期答复告知书",
    "opinion": "政府信息公开征求意见函",
    "answer": "政府信息公开申请答复书",
}
OPENS: Final[dict[AnswerKind, str]] = {
    "already_public": "您申请的信息已经主动公开，获取方式和途径如下：",
    "granted": "您申请的信息予以公开，具体如下：",
    "granted_in_part": "您申请的信息中，能够区分处理的部分予以公开，其余部分不予公开，具体如下：",
    "withheld": "您申请的信息不予公开，理由如下：",
    "not_held": "经检索，没有您申请的信息，检索情况如下：",
    "elsewhere": "您申请的信息不由本机关负责公开，情况如下：",
    "repeated": "本机关已就同一内容作过答复，不再重复处理，情况如下：",
    "special_register": "您申请的信息另有查询办法，请按下列办法查询：",
    "needs_processing": "提供您申请的内容需要对现有信息另行加工、分析，本机关不予提供，情况如下：",
    "petition": "您提出的是信访、投诉或者举报事项，不作为信息公开申请处理，可经下列渠道提出：",
    "publication": "您申请的是公开出版物，可经下列途径获取：",
    "still_unclear": "经补正，您申请的内容仍不明确，本机关无法提供，情况如下：",
    "excessive": "您申请的数量、频次明显超过合理范围，所述理由不合理，本机关不予处理，情况如下：",
    "reissue": "您要求本机关确认或者重新出具您已经获取的信息，本机关不予处理，情况如下：",
    "fee_unpaid": "您逾期未按收费通知缴纳费用，视为放弃申请，情况如下：",
    "settled_otherwise": "您的申请处理如下：",
}


def letter(kind: Letter, request: Request, office: str, ground: str | None, on: date) -> Paper:
    """One letter of a request. ``office`` signs it, ``ground`` is what people call the ground of the answer.

    Raises:
        Refused: (missing) no such letter is due: nothing was asked, put off or answered yet.
    """
    received = request.received
    if received is None:
        raise Refused(Reason("no_such_letter"), kind="missing")
    whom, day, body = _body(kind, request, received, ground, on)
    blocks: list[Block] = [
        Mark(office, request.number or "", down=12),
        Title((TITLES[kind],)),
        Gap(),
        Line.of(f"{whom}：", indent=False),
        *(Line.of(text) for text in body),
        Gap(2),
        Line.of(office, align="right"),
        Line.of(_said(day), align="right"),
    ]
    return Paper(title=f"{TITLES[kind]} {request.number or ''}".strip(), made_on=day, blocks=blocks)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _body(
    kind: Letter, request: Request, received: RequestReceived, ground: str | None, on: date
) -> tuple[str, date, Sequence[str]]:
    """To whom, of which day, and what it says."""
    since = local_day(received.starts_at)
    about = f"本机关于{_said(since)}收到您的政府信息公开申请（登记号：{request.number or '待编'}），申请内容为："
    wanted = [about, *request.wanted.splitlines()]
    if kind == "receipt":
        due = received.answer_due
        says = f"答复期限至{_said(due.due_on)}。" if due else "答复日期由本机关另行告知。"
        return received.applicant, since, [about, *received.wanted.splitlines(), says]
    if kind == "correction" and request.correction is not None:
        asked = request.correction
        ask = [f"请于{_said(asked.due.due_on)}前补正下列事项：", *asked.missing.splitlines()]
        ask.append("没有正当理由逾期不补正的，视为放弃申请。")
        return received.applicant, local_day(asked.due.starts_at), [about, *received.wanted.splitlines(), *ask]
    if kind == "extension" and request.extended:
        last = request.extended[-1]
        says = f"因{last.reason}，经批准，答复期限由{_said(last.was.due_on)}延长至{_said(last.now.due_on)}。"
        return received.applicant, on, [*wanted, says]
    if kind == "opinion" and request.opinions:
        return _opinion(list(request.opinions.values())[-1], request)
    if kind == "answer" and request.answered is not None:
        told = request.answered
        says = [OPENS[told.kind], *told.text.splitlines()]
        if ground:
            says.append(f"不予公开的理由种类：{ground}。")
        if told.public_interest:
            says.append(f"第三方不同意公开，因公共利益需要仍予公开：{told.public_interest}")
        return received.applicant, local_day(told.answered_at), [*wanted, f"答复类型：{KINDS[told.kind].zh}。", *says]
    raise Refused(Reason("no_such_letter"), kind="missing")


def _opinion(asked: Asked, request: Request) -> tuple[str, date, Sequence[str]]:
    """To whoever was asked last; the applicant is not named to him."""
    due = asked.asked.due
    by = f"请于{_said(due.due_on)}前" if due else "请尽快"
    says = [f"有人申请公开下列信息（登记号：{request.number or '待编'}）：", *request.wanted.splitlines()]
    says.append(f"该信息与贵方有关，{by}就是否同意公开提出书面意见，不同意的请说明理由。")
    if due:
        silence = "逾期未答复的，视为同意公开。" if asked.asked.deemed else "逾期未答复的，由本机关决定是否公开。"
        says.append(silence)
    return asked.asked.whom, local_day(asked.asked.asked_at), says
