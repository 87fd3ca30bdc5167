"""What lists look at: documents, registers and their numbers; what was heard of matters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chancery.store.migrate import read_model

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    read_model(
        op,
        "documents",
        1,
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("in_name_of", sa.Text, nullable=False),
        sa.Column("lead_unit", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("attribute", sa.Text),
        sa.Column("number", sa.Text),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("issued_on", sa.Date),
        key=["document_id"],
        indexes=["drafted_at, document_id", "stage, drafted_at", "matter_id", "number"],
    )
    read_model(
        op,
        "registers",
        1,
        sa.Column("register_id", sa.Uuid, nullable=False),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("next_seq", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        key=["register_id"],
    )
    read_model(
        op,
        "numbers_given",
        1,
        sa.Column("register_id", sa.Uuid, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        key=["register_id", "seq"],
        indexes=["document_id"],
    )
    read_model(
        op,
        "heard_matters",
        1,
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("lead_unit", sa.Text, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        key=["matter_id"],
    )
    read_model(
        op,
        "heard_evidence",
        1,
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("whole", JSONB, nullable=False),
        key=["matter_id", "no"],
    )
