"""What lists look at: matters and their evidence, the docket, sittings, minutes."""

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
        "matters",
        1,
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("lead_unit", sa.Text, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        key=["matter_id"],
        indexes=["opened_at, matter_id", "lead_unit, opened_at"],
    )
    read_model(
        op,
        "evidence_on_file",
        1,
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("given_by", sa.Text),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("filed_by", sa.Text, nullable=False),
        sa.Column("whole", JSONB, nullable=False),
        key=["matter_id", "no"],
    )
    read_model(
        op,
        "docket",
        1,
        sa.Column("item_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("for_unit", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("sitting_on", sa.Date),
        sa.Column("sitting_id", sa.Uuid),
        sa.Column("outcome", sa.Text),
        sa.Column("submitted_by", sa.Text, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        key=["item_id"],
        indexes=["submitted_at, item_id", "stage, submitted_at", "sitting_id", "matter_id"],
    )
    read_model(
        op,
        "sittings",
        1,
        sa.Column("sitting_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("convened_by", sa.Text, nullable=False),
        sa.Column("chair", sa.Text),
        sa.Column("closed_at", MOMENT),
        key=["sitting_id"],
        indexes=["starts_at, sitting_id", "body, starts_at"],
    )
    read_model(
        op,
        "minutes",
        1,
        sa.Column("sitting_id", sa.Uuid, nullable=False),
        sa.Column("minutes_id", sa.Uuid),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("series", sa.Text),
        sa.Column("number", sa.Integer),
        sa.Column("held_on", sa.Date),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("overdue", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("issued_on", sa.Date),
        key=["sitting_id"],
        indexes=["closed_at, sitting_id", "stage, closed_at", "minutes_id"],
    )
