"""What was told by phone: finding it by the number, and handing it to whoever proves that the number is theirs."""

import sqlalchemy as sa

from domain.casework import Request
from domain.lifecycle import State
from storage import requests as all_requests
from storage.database import Transaction
from storage.tables import accounts, people, requests, supporters

_OPEN = requests.c.state != sa.literal_column("'closed'")  # literal, or the partial index is not used
_TOLD_TO_THE_DESK = (requests.c.parent_id.is_(None), requests.c.state != State.ROSTER)  # what is a manager's is not
_OPEN_OF_NUMBER = sa.union(
    sa.select(requests.c.id).where(requests.c.phone == sa.bindparam("number"), _OPEN, *_TOLD_TO_THE_DESK),
    sa.select(requests.c.id)
    .join(accounts, accounts.c.id == requests.c.account_id)
    .join(people, people.c.id == accounts.c.person_id)
    .where(
        people.c.phone == sa.bindparam("number"),
        requests.c.anonymous.is_(False),  # whoever gave no number with it did not mean to be found by it
        _OPEN,
        *_TOLD_TO_THE_DESK,
    ),
)


async def open_of_number(tx: Transaction, phone: str, limit: int) -> list[Request]:
    """List the open requests with this number, and those of the person who proved that it is theirs; newest first.

    What they filed without giving their number is not among them: whoever types a number must not learn of it.
    """
    found = await tx.scalars(_OPEN_OF_NUMBER, {"number": phone})
    return await all_requests.several(tx, sorted(found, reverse=True)[:limit])


async def inherit(tx: Transaction, old: int, new: int, phone: str) -> list[int]:
    """Make everything of the account `old` the account `new`'s; return the requests it filed or joined.

    The number that stands on them counts as verified from now on.
    """
    filed = list(await tx.scalars(sa.select(requests.c.id).where(requests.c.account_id == old)))
    vouched = sa.case((requests.c.phone == phone, sa.true()), else_=requests.c.phone_verified)
    theirs = sa.update(requests).where(requests.c.account_id == old)
    await tx.execute(theirs.values(account_id=new, phone_verified=vouched))
    there = sa.select(supporters.c.request_id).where(supporters.c.account_id == new)
    mine = (supporters.c.account_id == old, supporters.c.left_at.is_(None), supporters.c.request_id.not_in(there))
    joined = list(await tx.scalars(sa.select(supporters.c.request_id).where(*mine)))
    await tx.execute(sa.update(supporters).where(*mine).values(account_id=new))
    return sorted(filed + joined, reverse=True)
