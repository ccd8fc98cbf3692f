"""Citizens who follow somebody else's request: they hear of its changes, and that is all."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.casework import Account
from storage.database import Transaction
from storage.inserting import PerDialect
from storage.people import ACCOUNT
from storage.supporters import wanting
from storage.tables import accounts, followers, requests, supporters

_LIVE = followers.c.ended_at.is_(None)
_FOLLOW = PerDialect(
    lambda insert: (
        insert(followers)
        .values(request_id=sa.bindparam("request"), account_id=sa.bindparam("account"), since=sa.bindparam("now"))
        .on_conflict_do_update(
            index_elements=["request_id", "account_id"], set_={"since": sa.bindparam("now"), "ended_at": None}
        )
    )
)
_OF_REQUEST = (
    sa.select(*ACCOUNT)
    .join(followers, followers.c.account_id == accounts.c.id)
    .where(followers.c.request_id == sa.bindparam("request"), _LIVE)
    .order_by(followers.c.id)
)
_ENDED = (
    sa.select(followers.c.ended_at)
    .join(accounts, accounts.c.id == followers.c.account_id)
    .where(followers.c.request_id == sa.bindparam("request"), accounts.c.person_id == sa.bindparam("person"))
)
OPEN_OF_PERSON = (
    sa.select(followers.c.request_id)
    .join(accounts, accounts.c.id == followers.c.account_id)
    .join(requests, requests.c.id == followers.c.request_id)
    .where(accounts.c.person_id == sa.bindparam("person"), _LIVE, requests.c.state != "closed")
)
"""Selects what a person follows and is open; what is closed is followed again once it is open again."""


def _persons(chosen: sa.SelectBase) -> sa.Select[Any]:
    return sa.select(accounts.c.person_id).where(accounts.c.id.in_(chosen))


_FOLLOWING_TARGET = sa.select(followers.c.account_id).where(followers.c.request_id == sa.bindparam("target"), _LIVE)
_CARRY_OVER = PerDialect(
    lambda insert: (
        insert(followers)
        .from_select(
            ["request_id", "account_id", "since"],
            sa.select(
                sa.bindparam("target", type_=sa.BigInteger),
                sa.func.min(accounts.c.id),
                sa.bindparam("now", type_=followers.c.since.type),
            )
            .join(followers, followers.c.account_id == accounts.c.id)
            .where(
                followers.c.request_id == sa.bindparam("source"),
                _LIVE,
                accounts.c.person_id.not_in(_persons(wanting("target"))),
                accounts.c.person_id.not_in(_persons(_FOLLOWING_TARGET)),
            )
            .group_by(accounts.c.person_id),
        )
        .on_conflict_do_update(
            index_elements=["request_id", "account_id"],
            set_={"since": sa.bindparam("now", type_=followers.c.since.type), "ended_at": None},
        )
    )
)
_END = sa.update(followers).values(ended_at=sa.bindparam("now")).where(_LIVE)
_END_ALL = _END.where(followers.c.request_id == sa.bindparam("request"))
_END_OF_PERSON = _END_ALL.where(
    followers.c.account_id.in_(sa.select(accounts.c.id).where(accounts.c.person_id == sa.bindparam("person")))
)
_END_OF_WANTING = _END_ALL.where(
    followers.c.account_id.in_(sa.select(accounts.c.id).where(accounts.c.person_id.in_(_persons(wanting("request")))))
)


async def follow(tx: Transaction, request: int, account: int, now: datetime) -> None:
    """Let an account follow a request from now on, again after it had stopped."""
    await tx.execute(_FOLLOW.for_(tx), {"request": request, "account": account, "now": now})


async def of_request(tx: Transaction, request: int) -> list[Account]:
    """List the accounts that follow a request, the earliest first."""
    return [Account(*row) for row in await tx.execute(_OF_REQUEST, {"request": request})]


async def follows(tx: Transaction, request: int, person: int) -> bool | None:
    """Tell whether a person follows a request, with whichever account; None: they never did."""
    ends = list(await tx.scalars(_ENDED, {"request": request, "person": person}))
    return None in ends if ends else None


async def open_of_person(tx: Transaction, person: int) -> set[int]:
    """Return the open requests that a person follows."""
    return set(await tx.scalars(OPEN_OF_PERSON, {"person": person}))


async def stop(tx: Transaction, request: int, person: int, now: datetime) -> None:
    """Let a person follow a request no longer, with whichever accounts they did."""
    await tx.execute(_END_OF_PERSON, {"request": request, "person": person, "now": now})


async def stop_all(tx: Transaction, request: int, now: datetime) -> None:
    """Let nobody follow a request any longer."""
    await tx.execute(_END_ALL, {"request": request, "now": now})


async def stop_whoever_wants(tx: Transaction, request: int, now: datetime) -> None:
    """Whoever owns or has joined a request by now hears of it as such: they follow it no longer."""
    await tx.execute(_END_OF_WANTING, {"request": request, "now": now})


async def carry_over(tx: Transaction, source: int, target: int, now: datetime) -> None:
    """Let those who follow a merged request follow the other instead, but for whoever hears of that one already."""
    await tx.execute(_CARRY_OVER.for_(tx), {"source": source, "target": target, "now": now})
    await stop_all(tx, source, now)


async def tidy(tx: Transaction, person: int, now: datetime) -> None:
    """After two accounts became one person's: nobody follows what they own or joined, or one request twice."""
    theirs = sa.select(accounts.c.id).where(accounts.c.person_id == person)
    mine = (followers.c.account_id.in_(theirs), _LIVE)
    wanted = sa.union(
        sa.select(requests.c.id).where(requests.c.account_id.in_(theirs)),
        sa.select(supporters.c.request_id).where(supporters.c.account_id.in_(theirs), supporters.c.left_at.is_(None)),
    )
    await tx.execute(sa.update(followers).where(*mine, followers.c.request_id.in_(wanted)).values(ended_at=now))
    first = sa.select(sa.func.min(followers.c.id)).where(*mine).group_by(followers.c.request_id)
    kept = set(await tx.scalars(first))
    await tx.execute(sa.update(followers).where(*mine, followers.c.id.not_in(kept)).values(ended_at=now))
