"""Read a document's text into its fields, each with where it came from. Pure.

What the text does not say stays None, with a doubt that says so; where two sources disagree both are told. Nothing is
mended: a number or a day that makes none is None, however easily one could guess it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from document_svc.intake import titles
from document_svc.intake.bodies import bodies_in, is_whole, is_within, plain, same
from document_svc.intake.doubts import doubt
from document_svc.intake.labels import Entry, beside, pieces_of
from document_svc.intake.number import DAMAGED, HAN, NUMBER, OF_ORDER, Number, Numbered, numbered, of_match
from document_svc.intake.numerals import A_DAY, DAMAGED_DAY, DAY, Day, day, day_in, in_chinese, number
from document_svc.intake.places import Doubt, Flow, Piece, Place, Ruler, Said
from document_svc.intake.titles import CHAPTER, URGENT, Salutation, Title, salutation, title_in

DISCLOSURE: Final = re.compile(
    r"[（(](?:此件|本件|此文)?(?P<how>(?:主动|依申请|不予|公开)?(?:公开发布|公开)|公开发布)[）)]"
)
ATTRIBUTES: Final = ("主动公开", "依申请公开", "不予公开", "公开发布", "不公开")
SIGNER: Final = re.compile(rf"签发人[:：]\s*(?P<names>[{HAN}·]{{2,6}}(?:[ 、\u3000]+[{HAN}·]{{2,6}})*)")
COPY_TO: Final = re.compile(r"^抄\s*(?:送|报)\s*[:：]")
PRINTED: Final = re.compile(rf"^(?P<by>.*?)(?P<day>{A_DAY})印发")
COPIES: Final = re.compile(r"共印(?P<n>\d{1,6})份")
MASTHEAD: Final = re.compile(r"(?P<name>.+?)文件$")
_MEETING: Final = r"[^。；，,《》经]{2,44}?(?:会议|常委会|全会|大会)"
_VERB: Final = r"(?:讨论|审议|研究|审定|审查)?(?:并)?(?:原则)?(?:通过|同意)"
ADOPTED: Final = re.compile(
    rf"(?:{A_DAY})?经(?:{A_DAY})?(?:召开的)?"
    rf"(?P<body>{_MEETING})(?P<verb>{_VERB})"
)
ADOPTED_IN_BRACKETS: Final = re.compile(rf"[（(]{A_DAY}(?P<body>{_MEETING})(?P<verb>{_VERB})[）)]")
SESSION: Final = re.compile(r"(?P<no>第)?(?P<n>\d+|[一二三四五六七八九十百]+)次(?!会议)")
ARTICLE: Final = re.compile(r"第\s*[一二三四五六七八九十百\d]+\s*[章条编](?:\s|$)")
AGREED: Final = re.compile(rf"经(?P<by>[{HAN}]{{2,16}}?)(?:研究)?同意")
MOTION: Final = re.compile(r"第(?P<seq>\d{4,12})号(?P<kind>提案|议案|建议)")
LED_IN: Final = re.compile(r".*(?:根据|按照|依据|遵照|贯彻|执行|印发|转发|关于|文件|[以的和与及按经见日自]|精神)")
BROKEN: Final = re.compile(rf"[（(](?P<it>{DAMAGED.pattern})[）)]")
ANSWERED: Final = re.compile(r"[）)]?(?:《[^》]*》)?[^。]{0,4}收悉")


MOST_DOCUMENTS: Final = 100
MOST_TOLD: Final = 200
MOST_PLACES: Final = 20
MOST_REFERENCES: Final = 500


@dataclass(frozen=True, slots=True)
class Adopted:
    """By which meeting the document was adopted; ``session`` and ``on`` None where the text does not say."""

    body: str
    session: int | None
    on: date | None
    verb: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document. ``relation``: answers, repeals, based_on or cites. Parts None where it has none."""

    whole: str
    code: str | None
    year: int | None
    seq: int
    title: str | None
    relation: str


@dataclass(frozen=True, slots=True)
class PrintLine:
    """The imprint (版记): who printed it, on which day, how many."""

    by: str | None
    on: date | None
    copies: int | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What one document says of itself. None: it does not say."""

    start: int
    end: int
    kind: Said[str] | None = None
    number: Said[Number] | None = None
    title: Said[str] | None = None
    issuers: tuple[Said[str], ...] = ()
    addressees: tuple[Said[str], ...] = ()
    copy_to: tuple[Said[str], ...] = ()
    signed: Said[date] | None = None
    printed: Said[date] | None = None
    published: Said[date] | None = None
    urgency: Said[str] | None = None
    disclosure: Said[str] | None = None
    signer: Said[str] | None = None
    adopted: Said[Adopted] | None = None
    agreed_by: Said[str] | None = None
    references: tuple[Said[Reference], ...] = ()
    print_line: Said[PrintLine] | None = None
    doubts: tuple[Doubt, ...] = ()


def import_text(text: str, page: Mapping[str, str] | None = None) -> list[Imported]:
    """Every document in a text, the first hundred in order; never empty.

    ``page`` are entries that came beside the text.
    """
    ruler = Ruler(text)
    bounds = _bounds(ruler)
    found = [_Reader(ruler, start, end, page or {}).read() for start, end in bounds[:MOST_DOCUMENTS]]
    if len(found) == 1:
        return found
    places = [ruler.place(start, start + 1) for start, _ in bounds[:MOST_PLACES]]
    told = doubt("several_documents", "document", *places, count=len(bounds))
    return [_with(one, told) for one in found]


def _with(one: Imported, told: Doubt) -> Imported:
    return replace(one, doubts=(told, *one.doubts))


def _bounds(ruler: Ruler) -> list[tuple[int, int]]:
    """Where each document begins and ends: after the last day, mark or imprint before the next number."""
    pieces, _ = pieces_of(ruler, 0, len(ruler.text))
    whole = [at for at, piece in enumerate(pieces) if NUMBER.fullmatch(_without_signer(piece.compact))]
    seen: dict[str, int] = {}
    for at in whole:
        seen.setdefault(_without_signer(pieces[at].compact), at)
    begins: list[int] = []
    last = 0
    for at in sorted(seen.values()):
        if begins:
            after = next((back + 1 for back in range(at - 1, last, -1) if _closes(pieces[back])), None)
            if after is None:
                continue
            begins.append(after)
        else:
            begins.append(0)
        last = at
    starts = [0, *(pieces[at].start for at in begins[1:])]
    return list(zip(starts, [*starts[1:], len(ruler.text)], strict=True))


def _closes(piece: Piece) -> bool:
    text = piece.compact
    return DAY.fullmatch(text) is not None or DISCLOSURE.fullmatch(text) is not None or text.endswith("印发")


def _without_signer(compact: str) -> str:
    return re.sub(r"签发人[:：].*$", "", compact)


@dataclass(slots=True)
class _Reader:
    """One document being read; ``doubts`` grow on the way."""

    ruler: Ruler
    start: int
    end: int
    page: Mapping[str, str]
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    pieces: list[Piece] = field(default_factory=list[Piece])
    entries: list[Entry] = field(default_factory=list[Entry])

    def read(self) -> Imported:
        self.pieces, self.entries = pieces_of(self.ruler, self.start, self.end)
        self.entries += beside(self.page)
        at_number, own = self._number_line()
        title = self._title(at_number)
        below = self._after(title, at_number)
        greeting = salutation(self.pieces[below:])
        opening = below if greeting is None else self.pieces.index(greeting.pieces[-1]) + 1
        until = next((at for at in range(below, len(self.pieces)) if _chapter(self.pieces[at])), len(self.pieces))
        rules = next((at for at in range(below, len(self.pieces)) if ARTICLE.match(self.pieces[at].text)), None)
        signed, at_day = self._signed(below, len(self.pieces) if rules is None else rules)
        number = self._number(own, at_number)
        said_title, kind = self._said_title(title)
        found = Imported(
            self.start,
            self.end,
            kind=kind or self._kind_of_text(opening),
            number=number,
            title=said_title,
            issuers=self._issuers(title, at_number, at_day, opening, until),
            addressees=self._addressees(greeting),
            copy_to=self._copy_to(),
            signed=signed,
            printed=None,
            published=self._day_of_page("published"),
            urgency=self._urgency(below),
            disclosure=self._disclosure(),
            signer=self._signer(),
            adopted=self._adopted(below, at_day, until),
            agreed_by=self._agreed(below, at_day, until),
            references=self._references(number),
            print_line=self._print_line(),
        )
        return self._finished(found)

    def _finished(self, found: Imported) -> Imported:
        printed = self._day_of_page("printed")
        line = found.print_line
        if line is not None and line.value.on is not None:
            if printed is not None and printed.value != line.value.on:
                self._differ("printed", line.value.on.isoformat(), printed.value.isoformat(), line, printed)
            printed = Said(line.value.on, line.as_printed, line.places)
        if found.number and found.signed and found.number.value.year not in (None, found.signed.value.year):
            self.tell("year_differs", "number", *found.number.places, *found.signed.places)
        for name in ("kind", "number", "title", "issuers", "signed"):
            if not getattr(found, name) and not any(one.reason.subject == name for one in self.doubts):
                self.tell("not_said", name)
        return replace(found, printed=printed, doubts=tuple(self.doubts))

    # -- small helps -----------------------------------------------------------

    def tell(self, code: str, about: str, *places: Place, **params: object) -> None:
        if len(self.doubts) < MOST_TOLD:
            self.doubts.append(doubt(code, about, *places[:MOST_PLACES], **params))

    def _differ(self, about: str, one: str, other: str, *said: Said[date] | Said[str] | Said[PrintLine]) -> None:
        self.tell("sources_differ", about, *(place for each in said for place in each.places), one=one, other=other)

    def _entry(self, name: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.field == name), None)

    def _said(self, value: str, pieces: Sequence[Piece], printed: str | None = None) -> Said[str]:
        return Said(value, printed or value, (self.ruler.of(pieces),))

    # -- number ----------------------------------------------------------------

    def _number_line(self) -> tuple[int | None, Numbered | None]:
        """The line that is the document's number, among those of its head."""
        for at, piece in enumerate(self.pieces[:40]):
            text = _without_signer(piece.compact)
            if any(sign in text for sign in "。；，,") or _chapter(piece):
                return None, None
            found = numbered(text)
            if found is not None and (found.number is not None or "number_damaged" in found.odd or found.odd):
                return at, found
        return None, None

    def _number(self, own: Numbered | None, at: int | None) -> Said[Number] | None:
        entry = self._entry("number")
        listed = numbered(entry.value) if entry else None
        place: Place | None = None
        said: Said[Number] | None = None
        if own is not None and at is not None:
            piece = self.pieces[at]
            printed = re.split(r"\s*签发人", piece.text)[0].strip()
            place = self.ruler.place(piece.start, piece.start + len(printed))
            for odd in own.odd:
                self.tell(odd, "number", place, printed=printed)
            said = Said(own.number, printed, (place,)) if own.number else None
        if entry is None:
            return said
        if listed is None or listed.number is None:
            self.tell("number_damaged", "number", entry.place, printed=entry.value)
            return said
        if said is None:
            self.tell("number_from_page", "number", *([place] if place else []), entry.place, printed=entry.value)
            for odd in listed.odd:
                self.tell(odd, "number", entry.place, printed=entry.value)
            return Said(listed.number, entry.value, (entry.place,))
        if said.value != listed.number:
            both = (*said.places, entry.place)
            self.tell("sources_differ", "number", *both, one=said.value.whole, other=listed.number.whole)
            return said
        return Said(said.value, said.as_printed, (*said.places, entry.place))

    # -- title and kind ----------------------------------------------------------

    def _title(self, at_number: int | None) -> Title | None:
        if at_number is not None:
            above = title_in([one for one in self.pieces[:at_number] if not MASTHEAD.fullmatch(one.compact)])
            if above is not None:
                return above
            return title_in(self.pieces[at_number + 1 :])
        return title_in([one for one in self.pieces if not MASTHEAD.fullmatch(one.compact)])

    def _after(self, title: Title | None, at_number: int | None) -> int:
        """The first line below title and number."""
        below = 0 if at_number is None else at_number + 1
        if title is not None:
            below = max(below, self.pieces.index(title.pieces[-1]) + 1)
        return below

    def _said_title(self, title: Title | None) -> tuple[Said[str] | None, Said[str] | None]:
        entry = self._entry("title")
        if title is None and entry is None:
            return None, None
        if title is None and entry is not None:
            said = Said(entry.value, entry.value, (entry.place,))
        elif title is not None:
            printed = "\n".join(piece.text for piece in title.pieces)
            said = self._said(title.text, title.pieces, printed)
            if entry is not None and plain(entry.value) != plain(said.value):
                said = self._two_titles(said, entry)
        else:
            return None, None
        kind = titles.kind_of(said.value)
        if kind is None:
            self.tell("title_unlike_a_kind", "kind", *said.places)
            return said, None
        return said, Said(kind, kind, said.places)

    def _two_titles(self, said: Said[str], entry: Entry) -> Said[str]:
        """Where the page has every letter of the text and more, the text has lost some; else the text stands."""
        if is_within(plain(said.value), plain(entry.value)):
            self.tell("letters_lost", "title", *said.places, entry.place, one=said.value, other=entry.value)
            return Said(entry.value, entry.value, (entry.place, *said.places))
        self.tell("sources_differ", "title", *said.places, entry.place, one=said.value, other=entry.value)
        return said

    def _kind_of_text(self, opening: int) -> Said[str] | None:
        """Where the title does not say it, the sentence that opens the body may; the number's code never does."""
        for piece in self.pieces[max(0, opening - 2) : opening + 6]:
            match = titles.TOLD.search(piece.text)
            if match is None:
                continue
            told = "命令" if match["kind"] else next((kind for kind in titles.KINDS if kind in match.group()), None)
            if told is not None:
                place = self.ruler.place(piece.start + match.start(), piece.start + match.end())
                self.tell("kind_from_text", "kind", place)
                return Said(told, match.group(), (place,))
        return None

    # -- days ----------------------------------------------------------------

    def _signed(self, below: int, until: int) -> tuple[Said[date] | None, int | None]:
        """The day on a line of its own under the signature, else in the bracket under the title, else of the page."""
        text, at, damaged = self._day_line(below, until)
        entry = self._day_of_page("signed")
        if text is None:
            text = self._day_of_adoption(below)
        if damaged is not None and text is None:
            printed = damaged.text
            place = self.ruler.of([damaged])
            fits = entry is not None and is_within(
                "".join(filter(str.isdigit, printed)),
                f"{entry.value.year}{entry.value.month}{entry.value.day}",
            )
            self.tell("date_damaged", "signed", place, printed=printed)
            if entry is not None and not fits:
                self.tell("sources_differ", "signed", place, *entry.places, one=printed, other=str(entry.value))
                return None, at
        if text is None:
            if entry is not None:
                self.tell("date_from_page", "signed", *entry.places)
            return entry, at
        if entry is not None and entry.value != text.value:
            self._differ("signed", text.value.isoformat(), entry.value.isoformat(), text, entry)
        return text, at

    def _day_line(self, below: int, until: int) -> tuple[Said[date] | None, int | None, Piece | None]:
        flow = Flow(self.pieces[below:until])
        alone = [
            (self._at(flow.span(match.start(), match.end())[0]), match)
            for match in DAY.finditer(flow.text)
            if match.start() in flow.begins and match.end() in flow.ends
        ]
        signed = [(at, match) for at, match in alone if at and bodies_in(self.pieces[at - 1].text)]
        if not signed:
            for at in range(below, until):
                piece = self.pieces[at]
                if DAMAGED_DAY.fullmatch(piece.compact) and len(piece.compact) >= 6 and self._under_a_body(at):
                    return None, at, piece
        if not signed and len({match.group() for _, match in alone}) > 1:
            places = [self.ruler.place(*flow.span(match.start(), match.end())) for _, match in alone]
            self.tell("several_dates", "signed", *places)
            return None, None, None
        chosen = next(iter(signed or alone), None)
        if chosen is None:
            return None, None, None
        at, match = chosen
        return self._said_day(day(match), flow, match, "signed"), at, None

    def _under_a_body(self, at: int) -> bool:
        return at > 0 and bool(bodies_in(self.pieces[at - 1].text))

    def _at(self, offset: int) -> int:
        return bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1

    def _said_day(self, found: Day, flow: Flow, match: re.Match[str], about: str) -> Said[date] | None:
        start, end = flow.span(match.start(), match.end())
        place = self.ruler.place(start, end)
        printed = self.ruler.text[start:end]
        if found.on is None:
            self.tell("date_impossible", about, place, printed=match.group())
            return None
        if found.in_chinese:
            self.tell("chinese_numerals", about, place, printed=printed)
        return Said(found.on, printed, (place,))

    def _day_of_page(self, name: str) -> Said[date] | None:
        entry = self._entry(name)
        if entry is None:
            return None
        found = day_in(entry.value)
        if found is None or found.on is None:
            self.tell("date_damaged", name, entry.place, printed=entry.value)
            return None
        return Said(found.on, entry.value, (entry.place,))

    def _day_of_adoption(self, below: int) -> Said[date] | None:
        flow = Flow(self.pieces[below : below + 3])
        match = ADOPTED_IN_BRACKETS.search(flow.text)
        inner = DAY.search(flow.text, match.start()) if match else None
        return self._said_day(day(inner), flow, inner, "signed") if inner else None

    # -- issuers ----------------------------------------------------------------

    def _issuers(
        self, title: Title | None, at_number: int | None, at_day: int | None, opening: int, until: int
    ) -> tuple[Said[str], ...]:
        """Under the text, else on the masthead, else before the title's 关于, else of the page."""
        sources = [
            self._signature(at_day, opening, until),
            self._masthead(at_number, title),
            self._of_title(title),
        ]
        page = self._of_page()
        texts = [source for source in sources if source]
        if not texts:
            if page:
                self.tell("issuer_from_page", "issuers", *page[0].places)
            return page
        chosen = texts[0]
        for other in (*texts[1:], *([page] if page else [])):
            if not _agree(chosen, other):
                one = "、".join(each.value for each in chosen)
                two = "、".join(each.value for each in other)
                places = [place for each in (*chosen, *other) for place in each.places]
                self.tell("sources_differ", "issuers", *places, one=one, other=two)
        short = [one for one in chosen if not is_whole(one.value)]
        if short:
            self.tell("issuer_short", "issuers", *short[0].places, printed=short[0].value)
            return ()
        return chosen

    def _signature(self, at_day: int | None, opening: int, until: int) -> tuple[Said[str], ...]:
        if at_day is None:
            at = self._undated(opening, until)
            return () if at is None else self._bodies(self.pieces[at])
        found: list[Said[str]] = []
        at = at_day - 1
        while at >= 0 and bodies_in(self.pieces[at].text):
            found = [*self._bodies(self.pieces[at]), *found]
            at -= 1
        return tuple(found)

    def _undated(self, opening: int, until: int) -> int | None:
        """A signature without a day: a body's name alone on a line after a sentence."""
        for at in range(max(opening, 1), min(until, opening + 40)):
            ends = self.pieces[at - 1].text.endswith(("。", "！", "特此通知"))
            printing = at + 1 < len(self.pieces) and self.pieces[at + 1].compact.endswith("印发")
            if ends and not printing and bodies_in(self.pieces[at].text):
                return at
        return None

    def _masthead(self, at_number: int | None, title: Title | None) -> tuple[Said[str], ...]:
        if at_number is None:
            return ()
        for piece in self.pieces[:at_number]:
            if title is not None and piece in title.pieces:
                continue
            match = MASTHEAD.fullmatch(piece.text)
            name = match["name"] if match else piece.text
            if bodies_in(name):
                return self._bodies(Piece(name, piece.start, piece.line))
        return ()

    def _of_title(self, title: Title | None) -> tuple[Said[str], ...]:
        if title is None:
            return ()
        head = re.split(r"关于|印发|森林|禁", title.text)[0].strip()
        names = bodies_in(head)
        if not names and re.fullmatch(rf"[{HAN}]{{6,44}}(?:会议|大会)", head):
            names = [head]
        place = self.ruler.of(title.pieces)
        return tuple(Said(name, name, (place,)) for name in names)

    def _of_page(self) -> tuple[Said[str], ...]:
        entry = self._entry("issuer")
        if entry is None:
            return ()
        names = [name for part in re.split(r"[、，,]", entry.value) for name in bodies_in(part)]
        whole = bool(names) and all(is_whole(name) and len(name) > 4 for name in names)
        return tuple(Said(name, entry.value, (entry.place,)) for name in names) if whole else ()

    def _bodies(self, piece: Piece) -> tuple[Said[str], ...]:
        found: list[Said[str]] = []
        at = 0
        for name in bodies_in(piece.text):
            start = piece.text.find(name, at)
            if start < 0:
                return (self._said(name, [piece], piece.text),)
            at = start + len(name)
            found.append(Said(name, name, (self.ruler.place(piece.start + start, piece.start + at),)))
        return tuple(found)

    # -- whom it goes to, and marks ---------------------------------------------------

    def _addressees(self, greeting: Salutation | None) -> tuple[Said[str], ...]:
        if greeting is None:
            return ()
        place = self.ruler.of(greeting.pieces)
        if greeting.elided:
            self.tell("addressees_elided", "addressees", place)
            return ()
        return tuple(Said(name, name, (place,)) for name in greeting.addressees)

    def _copy_to(self) -> tuple[Said[str], ...]:
        for at, piece in enumerate(self.pieces):
            match = COPY_TO.match(piece.text)
            if match is None:
                continue
            taken = [piece]
            for following in self.pieces[at + 1 : at + 8]:
                if taken[-1].text.endswith("。") or PRINTED.match(following.compact) or bodies_in(following.text):
                    break
                taken.append(following)
            whole = "".join(one.compact for one in taken)
            whole = re.sub(r"^抄(?:送|报)[:：]", "", whole).rstrip("。")
            place = self.ruler.of(taken)
            return tuple(Said(name, name, (place,)) for name in titles.split(whole, "，,；;。"))
        return ()

    def _urgency(self, below: int) -> Said[str] | None:
        entry = self._entry("urgency")
        for piece in self.pieces[:below]:
            match = URGENT.search(piece.text)
            if match is not None:
                start = piece.start + match.start("mark")
                place = self.ruler.place(start, start + len(match["mark"]))
                if entry is not None and entry.value != match["mark"]:
                    self.tell("sources_differ", "urgency", place, entry.place, one=match["mark"], other=entry.value)
                return Said(match["mark"], match["mark"], (place,))
        return Said(entry.value, entry.value, (entry.place,)) if entry else None

    def _disclosure(self) -> Said[str] | None:
        entry = self._entry("disclosure")
        listed = entry.value if entry and entry.value in ATTRIBUTES else None
        for piece in self.pieces:
            match = DISCLOSURE.search(piece.text)
            if match is None or match["how"] not in ATTRIBUTES:
                continue
            start = piece.start + match.start("how")
            place = self.ruler.place(start, start + len(match["how"]))
            if entry and listed and _how(listed) != _how(match["how"]):
                self.tell("sources_differ", "disclosure", place, entry.place, one=match["how"], other=listed)
            return Said(match["how"], match.group(), (place,))
        return Said(listed, listed, (entry.place,)) if entry and listed else None

    def _signer(self) -> Said[str] | None:
        for piece in self.pieces[:30]:
            match = SIGNER.search(piece.text)
            if match is not None:
                start = piece.start + match.start("names")
                names = "、".join(re.split(r"[ 、\u3000]+", match["names"]))
                return Said(names, match["names"], (self.ruler.place(start, start + len(match["names"])),))
        return None

    def _print_line(self) -> Said[PrintLine] | None:
        line: Said[PrintLine] | None = None
        copies: tuple[int, Place] | None = None
        for at, piece in enumerate(self.pieces):
            count = COPIES.search(piece.compact)
            if count is not None:
                copies = int(count["n"]), self.ruler.of([piece])
            match = PRINTED.match(piece.compact)
            if match is None or "，" in match["by"] or "《" in match["by"]:
                continue
            taken = [piece]
            by = match["by"] or None
            if by is None and at and bodies_in(self.pieces[at - 1].text):
                taken = [self.pieces[at - 1], piece]
                by = self.pieces[at - 1].compact
            elif by is not None and not bodies_in(by):
                continue
            inner = DAY.search(piece.compact)
            found = day(inner) if inner else None
            place = self.ruler.of(taken)
            if found is not None and found.on is None:
                self.tell("date_impossible", "printed", place, printed=match["day"])
            printed = "\n".join(one.text for one in taken)
            line = Said(PrintLine(by, found.on if found else None, None), printed, (place,))
        if copies is None:
            return line
        n, place = copies
        if line is None:
            return Said(PrintLine(None, None, n), str(n), (place,))
        return Said(PrintLine(line.value.by, line.value.on, n), line.as_printed, (*line.places, place))

    # -- what it rests on ------------------------------------------------------------

    def _zone(self, below: int, at_day: int | None, until: int) -> Flow:
        """From under the title to the day: rules that follow speak of meetings too."""
        return Flow(self.pieces[below : min(until, len(self.pieces) if at_day is None else at_day)])

    def _adopted(self, below: int, at_day: int | None, until: int) -> Said[Adopted] | None:
        flow = self._zone(below, at_day, until)
        match = ADOPTED.search(flow.text) or ADOPTED_IN_BRACKETS.search(flow.text)
        if match is None:
            return None
        start, end = flow.span(match.start(), match.end())
        place = self.ruler.place(start, end)
        body = match["body"]
        inner = DAY.search(match.group())
        on = day(inner) if inner else None
        if on is not None and on.on is None:
            self.tell("date_impossible", "adopted", place, printed=inner.group() if inner else "")
        session: int | None = None
        found = SESSION.search(body)
        if found is not None:
            if found["no"]:
                session = number(found["n"])
                if in_chinese(found["n"]):
                    self.tell("chinese_numerals", "adopted", place, printed=found.group())
                body = body[: found.start()] + body[found.end() :]
            else:
                self.tell("session_damaged", "adopted", place, printed=found.group())
                body = body[: found.start()] + body[found.end() :]
        return Said(Adopted(body, session, on.on if on else None, match["verb"]), match.group(), (place,))

    def _agreed(self, below: int, at_day: int | None, until: int) -> Said[str] | None:
        flow = self._zone(below, at_day, until)
        for match in AGREED.finditer(flow.text):
            by = match["by"]
            if "会" in by or "研究" in by or "第" in by:
                continue
            place = self.ruler.place(*flow.span(match.start("by"), match.end("by")))
            return Said(by, by, (place,))
        return None

    def _references(self, own: Said[Number] | None) -> tuple[Said[Reference], ...]:
        flow = Flow(self.pieces)
        found: dict[str, Said[Reference]] = {}
        for match in NUMBER.finditer(flow.text):
            code = _code(flow, match)
            self._refer(flow, match, of_match(match, code), own, found, match.end("code") - len(code))
        for match in OF_ORDER.finditer(flow.text):
            code = LED_IN.sub("", match["code"])
            seq = number(match["seq"])
            if seq and len(code) > 1:
                said = Number(f"{code}第{match['seq']}号", code, None, seq)
                self._refer(flow, match, Numbered(said), own, found)
        for match in MOTION.finditer(flow.text):
            said = Number(f"第{match['seq']}号", None, None, int(match["seq"]))
            self._refer(flow, match, Numbered(said), own, found)
        for match in BROKEN.finditer(flow.text):
            read = numbered(match["it"])
            if read is not None and read.number is None:
                place = self.ruler.place(*flow.span(match.start("it"), match.end("it")))
                self.tell("reference_damaged", "references", place, printed=match["it"])
        return tuple(found.values())

    def _refer(
        self,
        flow: Flow,
        match: re.Match[str],
        read: Numbered,
        own: Said[Number] | None,
        found: dict[str, Said[Reference]],
        begins: int | None = None,
    ) -> None:
        begin = match.start() if begins is None else begins
        start, end = flow.span(begin, match.end())
        place = self.ruler.place(start, end)
        if read.number is None:
            self.tell("reference_damaged", "references", place, printed=match.group())
            return
        one = read.number
        mine = own is not None and own.value.whole == one.whole
        alone = begin in flow.begins and match.end() in flow.ends
        if mine or alone or len(found) >= MOST_REFERENCES:
            return
        if one.whole in found:
            before = found[one.whole]
            found[one.whole] = Said(before.value, before.as_printed, (*before.places, place))
            return
        for odd in read.odd:
            self.tell(odd, "references", place, printed=match.group())
        title = _title_before(flow.text, match.start())
        relation = _relation(flow.text, match, title)
        reference = Reference(one.whole, one.code, one.year, one.seq, title, relation)
        found[one.whole] = Said(reference, flow.text[begin : match.end()], (place,))


def _code(flow: Flow, match: re.Match[str]) -> str:
    """The issuer's code before the year: all of it inside a bracket, else of its line what follows a lead-in."""
    text = flow.text
    if match.start() and text[match.start() - 1] in "（(《〈":
        return match["code"]
    begin = flow.begin_before(match.start(), match.end("code"))
    code = text[begin : match.end("code")]
    return LED_IN.sub("", code) or code


def _title_before(text: str, start: int) -> str | None:
    """The title in 《》 to which a number in brackets belongs."""
    at = start - 1
    if at < 1 or text[at] not in "（(" or text[at - 1] not in "》〉":
        return None
    depth = 0
    for back in range(at - 1, max(-1, at - 200), -1):
        depth += (text[back] == "》") - (text[back] == "《")
        if depth == 0:
            return text[back + 1 : at - 1]
    return None


def _relation(text: str, match: re.Match[str], title: str | None) -> str:
    after = text[match.end() : match.end() + 24].partition("。")[0]
    before = text[max(0, match.start() - 90) : match.start()].rpartition("。")[2]
    if ANSWERED.match(after) or match.groupdict().get("kind") in ("提案", "议案", "建议"):
        return "answers"
    if "废止" in after:
        return "repeals"
    if re.search(r"根据|依据|按照|遵照", before) and (title is not None or len(before) < 40):
        return "based_on"
    return "cites"


def _chapter(piece: Piece) -> bool:
    return CHAPTER.match(piece.text) is not None


def _how(written: str) -> str:
    return "主动公开" if written == "公开发布" else written


def _agree(one: Iterable[Said[str]], other: Iterable[Said[str]]) -> bool:
    ours, theirs = list(one), list(other)
    return any(same(a.value, b.value) for a in ours for b in theirs)
