"""Citizens who joined somebody else's request: they hear what the owner hears, and each has a verdict."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.casework import Account
from domain.lifecycle import Verdict
from storage.database import Transaction
from storage.inserting import PerDialect
from storage.tables import accounts, requests, supporters


@dataclass(frozen=True, slots=True)
class Supporter:
    """Somebody who joined a request and has not left it; `verdict` is of the request's present end."""

    id: int
    request: int
    account: Account
    joined_at: datetime
    verdict: Verdict | None


_JOIN = PerDialect(
    lambda insert: (
        insert(supporters)
        .values(request_id=sa.bindparam("request"), account_id=sa.bindparam("account"), joined_at=sa.bindparam("now"))
        .on_conflict_do_update(index_elements=["request_id", "account_id"], set_={"left_at": None, "verdict": None})
    )
)
_THERE = supporters.c.left_at.is_(None)


def wanting(request: str) -> sa.CompoundSelect[Any]:
    """Select the accounts of a request's owner and of those who joined it; `request` names the parameter."""
    return sa.union(
        sa.select(requests.c.account_id).where(requests.c.id == sa.bindparam(request)),
        sa.select(supporters.c.account_id).where(supporters.c.request_id == sa.bindparam(request), _THERE),
    )


_THEIRS = sa.select(accounts.c.person_id).where(accounts.c.id.in_(wanting("target")))
_TAKE_OVER = PerDialect(
    lambda insert: (
        insert(supporters)
        .from_select(
            ["request_id", "account_id", "joined_at"],
            sa.select(
                sa.bindparam("target", type_=sa.BigInteger),
                sa.func.min(accounts.c.id),
                sa.bindparam("now", type_=supporters.c.joined_at.type),
            )
            .where(accounts.c.id.in_(wanting("source")), accounts.c.person_id.not_in(_THEIRS))
            .group_by(accounts.c.person_id),
        )
        .on_conflict_do_update(index_elements=["request_id", "account_id"], set_={"left_at": None, "verdict": None})
    )
)
_WHOLE = sa.select(
    supporters.c.id,
    supporters.c.request_id,
    supporters.c.joined_at,
    supporters.c.verdict,
    accounts.c.id.label("account"),
    accounts.c.messenger,
    accounts.c.user_id,
    accounts.c.person_id,
    accounts.c.name,
    accounts.c.reachable,
).join(accounts, accounts.c.id == supporters.c.account_id)


_FIND = (
    _WHOLE.where(
        supporters.c.request_id == sa.bindparam("request"), accounts.c.person_id == sa.bindparam("person"), _THERE
    )
    .order_by(supporters.c.id)
    .limit(1)
)
_OF_REQUEST = _WHOLE.where(supporters.c.request_id == sa.bindparam("request"), _THERE).order_by(supporters.c.id)


def _supporter(row: Any) -> Supporter:
    account = Account(row.account, row.messenger, row.user_id, row.person_id, row.name, row.reachable)
    return Supporter(row.id, row.request_id, account, row.joined_at, Verdict(row.verdict) if row.verdict else None)


async def join(tx: Transaction, request: int, account: int, now: datetime) -> None:
    """Let an account join a request, again after it left."""
    await tx.execute(_JOIN.for_(tx), {"request": request, "account": account, "now": now})


async def take_over(tx: Transaction, source: int, target: int, now: datetime) -> None:
    """Let the owner of a merged request and all who joined it join the other; whoever is there already stays as is."""
    await tx.execute(_TAKE_OVER.for_(tx), {"source": source, "target": target, "now": now})


async def of_request(tx: Transaction, request: int) -> list[Supporter]:
    """List those who joined a request, the earliest first."""
    return [_supporter(row) for row in await tx.execute(_OF_REQUEST, {"request": request})]


async def find(tx: Transaction, request: int, person: int) -> Supporter | None:
    """Return a person's place among a request's supporters, whichever account it was."""
    row = (await tx.execute(_FIND, {"request": request, "person": person})).one_or_none()
    return _supporter(row) if row else None


async def judge(tx: Transaction, number: int, verdict: Verdict | None) -> None:
    """Keep a supporter's verdict."""
    await tx.execute(sa.update(supporters).where(supporters.c.id == number).values(verdict=verdict))


async def forget_verdicts(tx: Transaction, request: int) -> None:
    """A request that goes on is judged anew by everybody."""
    await tx.execute(sa.update(supporters).where(supporters.c.request_id == request).values(verdict=None))


async def leave(tx: Transaction, request: int, person: int, now: datetime) -> None:
    """Let somebody go, with whichever accounts they joined: nothing more is told."""
    theirs = sa.select(accounts.c.id).where(accounts.c.person_id == person)
    here = (supporters.c.request_id == request, supporters.c.account_id.in_(theirs), _THERE)
    await tx.execute(sa.update(supporters).where(*here).values(left_at=now))


async def tidy(tx: Transaction, person: int, now: datetime) -> None:
    """After two accounts became one person's: nobody supports their own request, or one request twice."""
    theirs = sa.select(accounts.c.id).where(accounts.c.person_id == person)
    own = sa.select(requests.c.id).where(requests.c.account_id.in_(theirs))
    mine = (supporters.c.account_id.in_(theirs), _THERE)
    await tx.execute(sa.update(supporters).where(*mine, supporters.c.request_id.in_(own)).values(left_at=now))
    first = sa.select(sa.func.min(supporters.c.id)).where(*mine).group_by(supporters.c.request_id)
    kept = set(await tx.scalars(first))
    await tx.execute(sa.update(supporters).where(*mine, supporters.c.id.not_in(kept)).values(left_at=now))
