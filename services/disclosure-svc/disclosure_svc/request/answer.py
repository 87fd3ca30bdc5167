"""Answer a request (答复) with one of a closed list of kinds, put the answer off, or see its day pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chancery.events.disclosure import AnswerExtended, AnswerKind, AnswerOverdue, RequestAnswered, RequestEvent
from chancery.events.parts import Counted
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.clocks import approvers, extending, row_of
from chancery.rules.rulebook import Rules
from chancery.rules.tables import Bilingual
from chancery.thing import Told
from disclosure_svc.request.handling import in_hand, of_the_office
from disclosure_svc.request.state import Request, Stage

KINDS: Final[Mapping[AnswerKind, Bilingual]] = {
    "already_public": Bilingual(zh="已主动公开", en="published already"),
    "granted": Bilingual(zh="予以公开", en="granted"),
    "granted_in_part": Bilingual(zh="部分公开", en="granted in part"),
    "withheld": Bilingual(zh="不予公开", en="withheld"),
    "not_held": Bilingual(zh="信息不存在", en="not held"),
    "elsewhere": Bilingual(zh="不属本机关负责", en="held by another authority"),
    "repeated": Bilingual(zh="重复申请不再处理", en="asked and answered before"),
    "special_register": Bilingual(zh="按专门规定查询", en="to be looked up in a register of its own"),
    "needs_processing": Bilingual(zh="需加工分析，不予提供", en="would have to be made first"),
    "petition": Bilingual(zh="属信访投诉举报事项", en="a petition rather than a request"),
    "publication": Bilingual(zh="属公开出版物", en="a publication that can be had"),
    "still_unclear": Bilingual(zh="补正后仍不明确", en="still unclear after its correction"),
    "excessive": Bilingual(zh="无正当理由大量反复申请", en="asked for over and over without a good reason"),
    "reissue": Bilingual(zh="要求确认或重新出具", en="asks to confirm or issue again what was had before"),
    "fee_unpaid": Bilingual(zh="逾期未缴费", en="its fee was not paid in time"),
    "settled_otherwise": Bilingual(zh="其他处理", en="settled otherwise"),
}
"""The kinds of answer there are (政府信息公开条例 35 to 42), with those by which the annual report counts."""
ON_A_GROUND: Final = ("withheld", "granted_in_part")
GIVES: Final = ("granted", "granted_in_part")


@dataclass(frozen=True, slots=True)
class Answer:
    """``text`` says what the kind has to say: where it is published, what is given, why not, who holds it."""

    by: PersonId
    kind: AnswerKind
    text: str
    at: datetime
    ground: str | None = None
    public_interest: str | None = None


@dataclass(frozen=True, slots=True)
class ExtendAnswer:
    """``to`` is a day, or so many more of the clock's own unit."""

    by: PersonId
    to: date | int
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerRunOut:
    due: Counted


def answer(command: Answer, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """By the office, once everybody asked has spoken or let his day pass.

    Raises:
        Refused: opinions are out, no ground where one is needed, or given against a third party without a reason of
            public interest; (forbidden) not of the office.
    """
    received = in_hand(request, command.by, rules)
    lacking: list[Reason] = []
    if any(one.open for one in request.opinions.values()):
        lacking.append(Reason("opinions_open"))
    if (command.kind in ON_A_GROUND) is not (command.ground is not None):
        lacking.append(Reason("ground_goes_with_withholding", subject="ground"))
    grounds = rules.pack.vocabulary("grounds")
    if command.ground is not None and grounds and command.ground not in {*grounds, *_beside(rules)}:
        names = "、".join(rules.titled(word) for word in sorted({*grounds, *_beside(rules)}))
        lacking.append(Reason("no_such_ground", params={"grounds": names}, subject="ground"))
    objects = any(one.agrees is False and one.asked.role == "third_party" for one in request.opinions.values())
    if command.kind in GIVES and objects and command.public_interest is None:
        lacking.append(Reason("third_party_objects"))
    if lacking:
        raise Refused(*lacking)
    late = request.overdue or (request.due is not None and command.at > rules.again(request.due).due_at)
    told = RequestAnswered(
        request_id=request.id,
        matter_id=received.matter_id,
        kind=command.kind,
        text=command.text,
        ground=command.ground,
        public_interest=command.public_interest,
        late=late,
        answered_at=command.at,
        answered_by=command.by,
    )
    return [Told(told, (row_of(rules, request.due),) if request.due is not None and request.due.clauses else ())]


def extend_answer(command: ExtendAnswer, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """By whom the clock's row names; a day the office set, by the office. Whoever asked is told by a letter.

    Raises:
        Refused: no clock, too late, not later, more or more often than the row allows; (forbidden) another approves.
    """
    if request.received is None or request.stage is not Stage.IN_HAND:
        in_hand(request, command.by, rules)
    post = approvers(rules, request.due)
    standing = None
    if post is None:
        of_the_office(request, command.by, rules)
    else:
        standing = rules.is_one_of(command.by, [post], act="approve")
        if standing is None:
            names = "、".join(rules.roster.name(one) for one in sorted(rules.who(post, act="approve").people()))
            cites = tuple(row_of(rules, request.due).citations) if request.due is not None else ()
            raise Refused(Reason("not_the_approver", cites, {"who": names or post.written()}), kind="forbidden")
    moved = extending(rules, request.due, command.to, ran_out=request.overdue, extensions=len(request.extended))
    told = AnswerExtended(
        request_id=request.id, reason=command.reason, approved_by=command.by, was=moved.was, now=moved.now
    )
    return [Told(told, (moved.under,) if moved.under.regulated else (), standing)]


def answer_run_out(command: AnswerRunOut, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """The day passed without an answer: a fact at its moment, told once."""
    del rules
    if request.received is None or request.stage is not Stage.IN_HAND or request.overdue:
        return []
    return [Told(AnswerOverdue(request_id=request.id, matter_id=request.received.matter_id, due=command.due))]


def _beside(rules: Rules) -> frozenset[str]:
    return frozenset(word for pack in rules.beside for word in pack.vocabulary("grounds"))
