"""The web edge: what a route needs. ``create_app`` and ``serve`` are in modules of their own."""

from chancery.web.answers import REFUSED, Clause, PackName, Problem, Receipt
from chancery.web.desk import DeskDep, NotModified, WebDesk
from chancery.web.form import Day, Form, Moment, Opinion, Text, Whole, YesNo
from chancery.web.pages import Page, Paging, PagingDep

__all__ = [
    "REFUSED",
    "Clause",
    "Day",
    "DeskDep",
    "Form",
    "Moment",
    "NotModified",
    "Opinion",
    "PackName",
    "Page",
    "Paging",
    "PagingDep",
    "Problem",
    "Receipt",
    "Text",
    "WebDesk",
    "Whole",
    "YesNo",
]
