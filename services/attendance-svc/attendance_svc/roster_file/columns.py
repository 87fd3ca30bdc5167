"""The columns of a roster's file. A row says one thing: a unit, a post held, a portfolio, a pairing, a group."""

from typing import Final

from chancery.office.table import Column

UNIT, POST, PORTFOLIO, PAIRING, GROUP = "单位", "任职", "分工", "对口", "群组"
KINDS: Final = {
    UNIT: UNIT,
    "unit": UNIT,
    POST: POST,
    "post": POST,
    PORTFOLIO: PORTFOLIO,
    "portfolio": PORTFOLIO,
    PAIRING: PAIRING,
    "pairing": PAIRING,
    GROUP: GROUP,
    "group": GROUP,
}
"""What a row may call itself, Chinese or English."""

COLUMNS: Final = (
    Column("what", "类别", "What", width=8, needed=True),
    Column("id", "编号", "Id", width=22, needed=True),
    Column("name", "姓名或名称", "Name", width=16),
    Column("name_en", "英文名称", "Name in English", width=22),
    Column("kind", "单位类别", "Kind of unit", width=12),
    Column("parent", "上级单位", "Parent unit", width=18),
    Column("post", "职务", "Post", width=18),
    Column("unit", "所在单位", "Unit", width=22),
    Column("units", "分管单位", "Units in charge of", width=40),
    Column("subjects", "分管事项", "Subjects in charge of", width=30),
    Column("principal", "对口领导", "Works for", width=16),
    Column("from", "自", "From", "day"),
    Column("until", "至", "Until", "day"),
    Column("members", "成员", "Members", width=40),
)
