"""Units asked about drafts, and their answers."""

import sqlalchemy as sa
from alembic import op

from chancery.store.migrate import read_model

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    read_model(
        op,
        "consultations",
        1,
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("asks", sa.Text, nullable=False),
        sa.Column("deadline_id", sa.Uuid, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("silence", sa.Text, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("stands", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("after_deemed", sa.Boolean, nullable=False),
        sa.Column("more_time_asked", sa.Boolean, nullable=False),
        key=["document_id", "unit", "asks"],
        indexes=["unit, stands, sent_at", "sent_at, document_id, unit, asks", "deadline_id"],
    )
