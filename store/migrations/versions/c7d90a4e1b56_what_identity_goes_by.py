"""the name of a side that no gazetteer knows, what tells agreements apart, people, and what a person corrected"""

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
        batch_op.add_column(sa.Column('rejected', sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == 'sqlite':      # not by a new table in the place of the old: what refers to its rows would forbid that
        op.execute('ALTER TABLE agreement ADD COLUMN merged_into VARCHAR REFERENCES agreement (id)')
    else:
        op.add_column('agreement', sa.Column('merged_into', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        op.create_foreign_key('fk_agreement_merged_into', 'agreement', 'agreement', ['merged_into'], ['id'])
    op.create_table(
        'agreement_pair',
        sa.Column('agreement_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('pair', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('last_at', store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id']),
        sa.PrimaryKeyConstraint('agreement_id', 'pair'),
    )
    op.create_index('ix_agreement_pair_pair_last', 'agreement_pair', ['pair', 'last_at'])
    one, two = (sa.table('agreement_party', sa.column('agreement_id'), sa.column('side'), sa.column('last_at')).alias(name) for name in 'ab')
    pairs = sa.select(one.c.agreement_id, one.c.side + '+' + two.c.side, one.c.last_at).where(one.c.agreement_id == two.c.agreement_id,
                                                                                           one.c.side < two.c.side)
    op.execute(sa.table('agreement_pair', sa.column('agreement_id'), sa.column('pair'), sa.column('last_at')).insert().from_select(
        ['agreement_id', 'pair', 'last_at'], pairs))
    op.create_table(
        'correction',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('action', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('detail', sa.JSON(), nullable=False),
        sa.Column('why', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('who', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('at', store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column('undone_at', store.types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_correction_subject', 'correction', ['subject'])
    op.create_table(
        'pin',
        sa.Column('mark', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('agreement_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint('mark'),
    )
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
    for table in ('person', 'pin', 'correction', 'agreement_pair'):
        op.drop_table(table)
    for table, columns in LISTS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.drop_column('rejected')
        batch_op.drop_column('side_name')
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.drop_constraint('fk_agreement_merged_into', type_='foreignkey')
        batch_op.drop_column('merged_into')
