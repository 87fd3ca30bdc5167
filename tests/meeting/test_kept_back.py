"""What is not for everybody's eyes: events carry a stub; who sees the whole follows from the table of visibility."""

from dataclasses import replace

from chancery.events.meeting import (
    DecisionRecorded,
    DecisionReleased,
    MatterOpened,
    ReaderNamed,
    ReaderStruck,
    SeatTaken,
)
from chancery.names import PersonId
from chancery.rules.sight import kept_features
from meeting_svc.kept import TITLE, content_of, decision_in, keeps_back
from meeting_svc.matter.readers import NameReader, StrikeReader, name_reader, strike_reader
from meeting_svc.matter.state import MATTER
from meeting_svc.seeing import sees_decision, sees_matter
from meeting_svc.sitting.outcomes import Outcome
from meeting_svc.sitting.record import Record, record, whole
from meeting_svc.sitting.release import Release, release
from meeting_svc.sitting.state import SITTING, Sitting, Stage
from tests import hongkou
from tests.hongkou import CLERK as HONGKOU_CLERK
from tests.hongkou import FINANCE_HEAD, JUSTICE_CLERK, JUSTICE_HEAD, at
from tests.meeting.examples import RULES_DRAFT, opened
from tests.meeting.jinchuan import CLERK, FIRST_ITEM, HEAD, ITEM, MAYOR, NOW, OTHER, SCHOOLS, convened, rules
from tests.scenario import THE_THING, scenario

JINCHUAN = rules()
KEPT = SCHOOLS.model_copy(update={"features": ("confidential",)})
WORDS = "同意按方案实施，经费从预备费列支。"


def open_on(facts_kept: bool = True) -> Sitting:
    item = FIRST_ITEM.model_copy(update={"facts": KEPT if facts_kept else SCHOOLS})
    begun = SITTING.evolve(SITTING.start(THE_THING), convened(item))
    seats = {who: SeatTaken(person=who, seat="member") for who in (MAYOR, OTHER)}
    return replace(begun, stage=Stage.OPEN, seats=seats)


RECORD = Record(CLERK, ITEM, Outcome.ADOPTED, WORDS, salt="s")


def recorded(sitting: Sitting, command: Record = RECORD) -> DecisionRecorded:
    told = record(command, sitting, JINCHUAN)[0].event
    assert isinstance(told, DecisionRecorded)
    return told


def test_a_confidential_decision_carries_no_content_in_its_event() -> None:
    """金川2020 四十七: what is kept is told by its number and that it is kept."""
    sitting = open_on()
    told = recorded(sitting)
    assert (told.decision.title, told.decision.text, told.decision.dissent) == (TITLE, "", ())
    assert told.decision.kept is not None
    assert told.decision.no == 1
    for secret in (WORDS, SCHOOLS.title, "confidential"):
        assert secret not in told.model_dump_json()
    content = content_of(whole(RECORD, sitting.items[0]), "s")
    assert decision_in(content).text == WORDS
    assert recorded(sitting, replace(RECORD, salt="t")).decision.kept != told.decision.kept
    open_one = recorded(open_on(facts_kept=False))
    assert (open_one.decision.text, open_one.decision.kept) == (WORDS, None)


def test_those_who_were_there_and_those_who_carry_it_out_see_all_of_it() -> None:
    sitting = open_on()
    told = recorded(sitting)
    matter = MATTER.evolve(
        MATTER.start(FIRST_ITEM.matter_id),
        MatterOpened(matter_id=FIRST_ITEM.matter_id, facts=KEPT, opened_by=CLERK, opened_at=NOW),
    )
    seen = {
        who: sees_decision(JINCHUAN, matter, told.decision, sitting, who) for who in (MAYOR, HEAD, CLERK, "health_head")
    }
    assert seen == {MAYOR: "all", HEAD: "all", CLERK: "all", "health_head": "stub"}


def test_the_organisation_releases_it_to_everybody() -> None:
    sitting = open_on()
    told = recorded(sitting)
    decided = SITTING.evolve(sitting, told)
    content = whole(RECORD, sitting.items[0])
    [free] = release(Release(CLERK, content), decided, JINCHUAN)
    assert free.event == DecisionReleased(sitting_id=THE_THING, decision=content, released_by=CLERK)
    after = SITTING.evolve(decided, free.event)
    assert after.decisions == (content,)
    at_rest = scenario(SITTING, JINCHUAN).given(convened(FIRST_ITEM))
    at_rest.when(release, Release(CLERK, None)).refused("nothing_kept_back")
    at_rest.when(release, Release(HEAD, None)).forbidden("not_the_organiser")


def test_a_secret_is_seen_by_named_readers_alone() -> None:
    """虹口2022 六十四: whoever is not named as a reader sees nothing of it."""
    now = hongkou.rules(at("2022-01-13"))
    secret = RULES_DRAFT.model_copy(update={"features": ("work_secret",)})
    assert "work_secret" in kept_features(now)
    assert keeps_back(now, secret, "executive")
    assert not keeps_back(now, RULES_DRAFT, "executive")
    begun = opened(secret).model_copy(update={"matter_id": THE_THING})
    matter = scenario(MATTER, now).given(begun)
    named = ReaderNamed(matter_id=THE_THING, person=FINANCE_HEAD, named_by=JUSTICE_HEAD)
    matter.when(name_reader, NameReader(JUSTICE_HEAD, FINANCE_HEAD)).then(named)
    matter.when(name_reader, NameReader(JUSTICE_CLERK, FINANCE_HEAD)).forbidden("not_his_file")
    matter.when(name_reader, NameReader(HONGKOU_CLERK, "nobody")).refused("unknown_person")
    reader = matter.given(named)
    reader.when(name_reader, NameReader(JUSTICE_HEAD, FINANCE_HEAD)).quiet()
    struck = ReaderStruck(matter_id=THE_THING, person=FINANCE_HEAD, struck_by=JUSTICE_HEAD)
    reader.when(strike_reader, StrikeReader(JUSTICE_HEAD, FINANCE_HEAD)).then(struck)
    matter.when(strike_reader, StrikeReader(JUSTICE_HEAD, FINANCE_HEAD)).refused("no_reader")
    for state, sees in ((matter, "nothing"), (reader, "all"), (reader.given(struck), "nothing")):
        assert sees_matter(now, state.state, FINANCE_HEAD, "executive") == sees
    assert sees_matter(now, matter.state, JUSTICE_HEAD, "executive") == "all"
    assert sees_matter(now, matter.state, PersonId("nobody"), "executive") == "nothing"
