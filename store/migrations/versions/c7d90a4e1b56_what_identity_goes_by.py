"""the name of a side that no gazetteer knows, and what tells agreements apart: parties by word, sides and kinds of the article"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import store.types

revision = 'c7d90a4e1b56'
down_revision = 'b41f0c7d2e93'
branch_labels = None
depends_on = None

LISTS = {'statement': ('named', 'context', 'topics'), 'agreement': ('context', 'topics')}


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('side_name', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_table(
        'person',
        sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('side', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('last_at', store.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('key'),
    )
    for table, columns in LISTS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(sa.Column(column, sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    """Take back."""
    op.drop_table('person')
    for table, columns in LISTS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.drop_column('side_name')
