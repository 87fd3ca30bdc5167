"""Everything the importer may doubt, in one list: told to people, never mended."""

from collections.abc import Mapping
from typing import Any, Final

from chancery.refusal import Reason
from document_svc.intake.places import Doubt, Place

DOUBTS: Final[Mapping[str, Reason]] = {
    one.code: one
    for one in (
        Reason("number_brackets"),
        Reason("number_bracket_lost"),
        Reason("number_says_no"),
        Reason("number_padded"),
        Reason("number_impossible"),
        Reason("number_damaged"),
        Reason("number_from_page"),
        Reason("chinese_numerals"),
        Reason("date_impossible"),
        Reason("date_damaged"),
        Reason("date_from_page"),
        Reason("several_dates"),
        Reason("sources_differ"),
        Reason("letters_lost"),
        Reason("title_unlike_a_kind"),
        Reason("kind_from_text"),
        Reason("addressees_elided"),
        Reason("issuer_from_page"),
        Reason("issuer_short"),
        Reason("year_differs"),
        Reason("session_damaged"),
        Reason("reference_damaged"),
        Reason("several_documents"),
        Reason("not_said"),
    )
}


def doubt(code: str, field: str, *places: Place, **params: Any) -> Doubt:
    return Doubt(Reason(DOUBTS[code].code, params={"field": field, **params}, subject=field), places)
