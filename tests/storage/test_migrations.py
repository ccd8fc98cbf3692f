"""Migrations go forward from every landed schema, with data in it, on both databases."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from domain.clocks import Clock, Going, Kind, Step, problems
from domain.lifecycle import State
from storage import clocks, followers, inbox, migrate, people, timers
from storage.columns import Moment
from storage.database import FAILURES, Database, Transaction
from storage.tables import audit, history, metadata, requests
from storage.tables import inbox as inbox_table
from tests import requirements_of_tests

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LANDED = ("0001", "0002", "0003", "0004", "0005")
"""Every version that was ever landed: from each of them the way leads to the newest."""


@pytest.fixture
def fresh_postgres() -> Iterator[str]:
    url = requirements_of_tests.postgres_url()
    yield url
    requirements_of_tests.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without any table."""
    url = f"sqlite:///{tmp_path}/empty.db"
    if request.param == "postgres":
        url = request.getfixturevalue("fresh_postgres")
    database = Database(url)
    yield database
    await database.close()


def differences(connection: sa.Connection) -> list[Any]:
    def same_type(_context: Any, _seen: Any, _wanted: Any, seen: Any, wanted: Any) -> bool | None:
        return False if isinstance(wanted, Moment) and isinstance(seen, sa.DateTime) else None

    context = MigrationContext.configure(connection, opts={"compare_type": same_type})
    return [row for row in compare_metadata(context, metadata) if "alembic_version" not in str(row)]


async def _fill(database: Database) -> None:
    """Leave a citizen, a request and its first row of history."""
    async with database.write() as tx:
        account = await people.meet(tx, "bale", 1203344551, "مریم", NOW)
        number = await tx.scalar(
            sa.insert(requests)
            .values(
                code="1234560",
                account_id=account.id,
                unit="desk",
                state="waiting",
                words="چراغ کوچه خاموش است",
                filed_at=NOW,
                changed_at=NOW,
            )
            .returning(requests.c.id)
        )
        row = {"request_id": number, "at": NOW, "deed": "file", "role": "owner", "to_state": "waiting", "unit": "desk"}
        await tx.execute(sa.insert(history).values(row))
        await tx.execute(sa.insert(audit).values(at=NOW, act="invite"))


async def test_an_empty_database_gets_exactly_the_tables_of_the_programme(empty: Database) -> None:
    assert await migrate.version(empty) is None
    assert await migrate.upgrade(empty) == migrate.newest()
    async with empty.read() as tx:
        assert await tx.run_sync(differences) == []


@pytest.mark.parametrize("landed", LANDED)
async def test_the_way_from_every_landed_schema_keeps_the_data(empty: Database, landed: str) -> None:
    await migrate.upgrade(empty, landed)
    await _fill(empty)
    assert await migrate.upgrade(empty) == migrate.newest()
    async with empty.read() as tx:
        row = (await tx.execute(sa.select(requests.c.words, requests.c.filed_at))).one()
        assert (row.words, row.filed_at) == ("چراغ کوچه خاموش است", NOW)
        assert await tx.run_sync(differences) == []


async def test_what_waits_or_may_wait_again_is_shared_out_among_workers_on_the_way(empty: Database) -> None:
    await migrate.upgrade(empty, "0001")
    states = {"waiting": range(300), "quarantined": range(300, 320), "done": range(320, 330)}
    rows = [
        {
            "messenger": "bale",
            "update_id": n,
            "identity": f"message:{n}",
            "lane": f"bale:{n % 40}",
            "body": "{}",
            "received_at": NOW,
            "state": state,
        }
        for state, numbers in states.items()
        for n in numbers
    ]
    async with empty.write() as tx:
        await tx.execute(sa.insert(inbox_table), rows)
    await migrate.upgrade(empty)
    wanted = {f"bale:{n}": inbox.shard_of(f"bale:{n}") for n in range(40)}
    assert len(set(wanted.values())) > 10, "the lanes tell right from wrong"
    async with empty.read() as tx:
        query = sa.select(inbox_table.c.lane, inbox_table.c.shard).where(inbox_table.c.state != "done")
        assert {(row.lane, row.shard) for row in await tx.execute(query)} == set(wanted.items())
        seen = [row.id for n in range(3) for row in await inbox.waiting_after(tx, "bale", 0, 999, (n, 3))]
        assert len(seen) == len(set(seen)) == 300


async def _open_request(tx: Transaction, account: int, code: str, **more: Any) -> int:
    usual = {"state": "in_hand", "filed_at": NOW, "changed_at": NOW, "unit": "waste-1", "account_id": account}
    number = await tx.scalar(sa.insert(requests).values(code=code, **(usual | more)).returning(requests.c.id))
    return int(number or 0)


@pytest.mark.parametrize("landed", ["0001", "0002", "0003"])
async def test_what_is_open_gets_its_clock_on_the_way(empty: Database, landed: str) -> None:
    later, hour = datetime.now(UTC) + timedelta(days=3000), timedelta(hours=1)
    await migrate.upgrade(empty, landed)
    async with empty.write() as tx:
        account = (await people.meet(tx, "bale", 1203344551, "مریم", NOW)).id
        ahead = await _open_request(tx, account, "1", deadline_at=later)
        late = await _open_request(tx, account, "2", deadline_at=NOW + hour, state="reopened")
        asked = await _open_request(tx, account, "3", deadline_at=NOW + 3 * hour, state="asked_citizen")
        closed = await _open_request(tx, account, "4", deadline_at=NOW + hour, state="closed")
        await _open_request(tx, account, "5", state="waiting")
    await migrate.upgrade(empty)
    async with empty.write() as tx:
        known = {n: (await clocks.of_request(tx, n)).get(Kind.RESOLUTION) for n in (ahead, late, asked, closed)}
        assert known[closed] is None
        assert known[ahead] == Clock(
            Kind.RESOLUTION, Going.RUNNING, True, int((later - NOW).total_seconds()), NOW, later, steps=(Step.HALF,)
        )
        behind, still = known[late], known[asked]
        assert behind is not None
        assert still is not None
        assert (behind.late, behind.due_at, len(behind.steps)) == (True, NOW + hour, 5)
        assert (still.going, still.left_seconds, still.stopped_at, still.late) == (Going.STILL, 3 * 3600, NOW, False)
        for number, state in ((ahead, State.IN_HAND), (late, State.REOPENED), (asked, State.ASKED)):
            clock = known[number]
            assert clock is not None
            assert problems(state, NOW, [clock]) == []
        due = await timers.due(tx, datetime.now(UTC) + hour)
        assert {timer.key for timer in due} == {
            f"clock:{ahead}:resolution",
            f"clock:{late}:resolution",
            f"asked:{asked}",
        }


@pytest.mark.parametrize("landed", LANDED)
async def test_what_was_filed_before_is_followed_once_by_each(empty: Database, landed: str) -> None:
    await migrate.upgrade(empty, landed)
    await _fill(empty)
    await migrate.upgrade(empty)
    async with empty.write() as tx:
        number = int(await tx.scalar(sa.select(requests.c.id)) or 0)
        who = await people.meet(tx, "telegram", 1203344552, "سارا", NOW)
        for later in (0, 1):
            await followers.follow(tx, number, who.id, NOW + timedelta(days=later))
        assert await followers.of_request(tx, number) == [who]
        assert await followers.open_of_person(tx, who.person) == {number}
        await followers.stop(tx, number, who.person, NOW)
        assert await followers.follows(tx, number, who.person) is False


async def test_going_forward_twice_changes_nothing(empty: Database) -> None:
    await migrate.upgrade(empty)
    await _fill(empty)
    assert await migrate.upgrade(empty) == migrate.newest()
    async with empty.read() as tx:
        assert await tx.scalar(sa.select(sa.func.count()).select_from(requests)) == 1


def test_the_newest_is_alembics_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    assert migrate.newest() == ScriptDirectory.from_config(config).get_current_head()


def test_every_version_is_among_the_landed() -> None:
    folder = Path(migrate.__file__).parent / "migrations" / "versions"
    versions = {path.name.partition("_")[0] for path in folder.glob("*.py")}
    assert versions == set(LANDED)


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["history", "audit"])
async def test_history_and_audit_refuse_changes(empty: Database, table: str, change: str) -> None:
    await migrate.upgrade(empty)
    await _fill(empty)
    with pytest.raises(FAILURES, match="append-only"):
        async with empty.write() as tx:
            await tx.execute(sa.text(change.format(table)))
