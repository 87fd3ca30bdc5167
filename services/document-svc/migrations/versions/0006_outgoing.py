"""What goes out: how much, how many copies; numbers set aside or void; the use of seals; bulletins."""

import sqlalchemy as sa
from alembic import op

from chancery.store.migrate import read_model

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    read_model(
        op,
        "documents",
        2,
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
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("nature", sa.Text),
        sa.Column("signed_on", sa.Date),
        sa.Column("signed_by", sa.Text),
        sa.Column("pages", sa.Integer),
        sa.Column("characters", sa.Integer),
        sa.Column("copies", sa.Integer),
        sa.Column("archived_on", sa.Date),
        key=["document_id"],
        indexes=["drafted_at, document_id", "stage, drafted_at", "matter_id", "number", "issued_on, lead_unit"],
    )
    read_model(
        op,
        "registers",
        2,
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
        2,
        sa.Column("register_id", sa.Uuid, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("document_id", sa.Uuid),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("stands", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        key=["register_id", "seq"],
        indexes=["document_id"],
    )
    read_model(
        op,
        "seal_uses",
        1,
        sa.Column("use_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("seal", sa.Text, nullable=False),
        sa.Column("on", sa.Text, nullable=False),
        sa.Column("document_id", sa.Uuid),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("copies", sa.Integer, nullable=False),
        sa.Column("offsite", sa.Boolean, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.Text),
        sa.Column("sealed_by", sa.Text),
        sa.Column("sealed_at", MOMENT),
        sa.Column("archived", sa.Boolean, nullable=False),
        key=["use_id"],
        indexes=["requested_at, use_id", "seal, requested_at", "document_id"],
    )
    read_model(
        op,
        "bulletins",
        1,
        sa.Column("bulletin_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("permitted_by", sa.Text),
        key=["bulletin_id"],
        indexes=["unit, opened_on", "opened_on, bulletin_id"],
    )
    read_model(
        op,
        "bulletin_issues",
        1,
        sa.Column("bulletin_id", sa.Uuid, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("pages", sa.Integer),
        sa.Column("sent_on", sa.Date, nullable=False),
        key=["bulletin_id", "year", "no"],
        indexes=["unit, sent_on"],
    )
