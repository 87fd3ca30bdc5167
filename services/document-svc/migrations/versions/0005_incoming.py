"""Documents that come in, the turns of people, and what stands where."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chancery.store.migrate import read_model

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    read_model(
        op,
        "incoming",
        1,
        sa.Column("incoming_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("register_of", sa.Text, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("seq", sa.Integer),
        sa.Column("entry", sa.Text),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("sender_unit", sa.Text),
        sa.Column("origin", sa.Text),
        sa.Column("kind", sa.Text),
        sa.Column("number", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("urgency", sa.Text, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("copies", sa.Integer, nullable=False),
        sa.Column("dated", sa.Date),
        sa.Column("content", sa.Text),
        sa.Column("fingerprint", sa.Text),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("wanted_by", MOMENT),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("lead_unit", sa.Text),
        sa.Column("units_involved", JSONB, nullable=False),
        sa.Column("proposal", sa.Text),
        sa.Column("handed_at", MOMENT),
        sa.Column("due_on", sa.Date),
        sa.Column("due_at", MOMENT),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("returned_at", MOMENT),
        sa.Column("lacking", JSONB, nullable=False),
        sa.Column("resembles", JSONB, nullable=False),
        sa.Column("resubmits", sa.Uuid),
        sa.Column("again", sa.Uuid),
        key=["incoming_id"],
        indexes=[
            "received_at, incoming_id",
            "register_of, year, seq",
            "stage, received_at",
            "due_on",
            "sender, number",
            "content",
            "fingerprint",
        ],
    )
    read_model(
        op,
        "todos",
        1,
        sa.Column("todo_id", sa.Uuid, nullable=False),
        sa.Column("incoming_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("box", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("due_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("how", sa.Text),
        sa.Column("ended_by", sa.Text),
        key=["todo_id"],
        indexes=[
            "person, box, entered_at",
            "unit, box, entered_at",
            "incoming_id, entered_at",
            "ended_by, how, ended_at",
        ],
    )
