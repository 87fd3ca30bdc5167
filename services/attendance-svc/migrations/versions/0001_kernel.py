"""The kernel: events, heads, command answers, consumers, deadlines."""

from alembic import op

from chancery.store.migrate import install_kernel

revision = "0001"
down_revision = None


def upgrade() -> None:
    install_kernel(op)
