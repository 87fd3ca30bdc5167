"""The register of requests for information."""

import sqlalchemy as sa
from alembic import op

from chancery.store.migrate import read_model

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    read_model(
        op,
        "request",
        1,
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("applicant", sa.Text, nullable=False),
        sa.Column("applicant_kind", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("corrected", sa.Boolean, nullable=False),
        sa.Column("extended", sa.Boolean, nullable=False),
        sa.Column("consulted", sa.Boolean, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("ground", sa.Text),
        sa.Column("closed_on", sa.Date),
        sa.Column("late", sa.Boolean, nullable=False),
        key=["request_id"],
        indexes=["received_on, request_id", "closed_on", "matter_id"],
    )
