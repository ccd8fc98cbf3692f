"""What the table's rows do not say by themselves: parts, second objections, too many referrals, parts and mergers."""

import pytest

from domain.lifecycle import (
    BY_DEED,
    NEEDS_JUDGEMENT,
    OBJECTIONS_AT_MOST,
    PARTS_AT_MOST,
    REFERRALS_AT_MOST,
    Deed,
    Given,
    Outcome,
    State,
)
from domain.refusal import Refused
from services import cards, casework
from services.acting import Doing
from services.centre import Centre
from services.parts import outcome_of
from storage import media, requests
from storage.database import Database, Transaction
from tests.generated.casts import NOW, OTHER_SUBJECT, OTHER_UNIT, UNIT, Cast, Stage, file, in_the_table, set_the_stage
from texts.speech import known

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def _refused(tx: Transaction, centre: Centre, stage: Stage, deed: Deed, given: Given | None = None) -> str:
    doing = Doing(stage.actor, deed, given or stage.enough(BY_DEED[deed].needs), NOW)
    with pytest.raises(Refused) as refused:
        await casework.perform(tx, centre, stage.request.id, doing)
    assert known(f"refused-{refused.value.reason}")
    assert await requests.get(tx, stage.request.id) == stage.request
    return refused.value.reason


@pytest.mark.parametrize("deed", [Deed.SPLIT, Deed.MERGE, Deed.UPHOLD, Deed.WITHDRAW, Deed.APPROVE, Deed.OBJECT])
async def test_what_is_done_to_the_whole_is_refused_for_a_part(
    database: Database, centre: Centre, cast: Cast, deed: Deed
) -> None:
    async with database.write() as tx:
        whole = await file(tx, centre, cast.people["owner"], State.IN_PARTS)
        tried = 0
        for who in ("owner", "official", "head", "operator", "inspector"):
            for state in State:
                if state is not State.IN_PARTS and in_the_table(BY_DEED[deed], who, state):
                    stage = await set_the_stage(tx, centre, cast, who, state, parent_id=whole.id)
                    assert await _refused(tx, centre, stage, deed) == "is-a-part", f"{who} · {state}"
                    tried += 1
    assert tried


async def test_the_second_objection_is_the_heads_to_take_and_nobody_elses(
    database: Database, centre: Centre, cast: Cast
) -> None:
    async with database.write() as tx:
        for times in range(1, OBJECTIONS_AT_MOST):
            for who in ("official", "head"):
                stage = await set_the_stage(tx, centre, cast, who, State.REOPENED, times_reopened=times)
                if who == "official" and times == OBJECTIONS_AT_MOST - 1:
                    assert await _refused(tx, centre, stage, Deed.ACCEPT) == "heads-only"
                else:
                    doing = Doing(stage.actor, Deed.ACCEPT, Given(), NOW)
                    assert (await casework.perform(tx, centre, stage.request.id, doing)).state is State.IN_HAND


async def test_an_answer_is_upheld_only_where_there_was_one(database: Database, centre: Centre, cast: Cast) -> None:
    async with database.write() as tx:
        fresh = await set_the_stage(tx, centre, cast, "inspector", State.WAITING, times_reopened=0)
        assert await _refused(tx, centre, fresh, Deed.UPHOLD) == "nothing-to-uphold"
        drawn = cards.buttons(fresh.request, casework.roles_towards(fresh.actor, fresh.request), NOW)
        assert "uphold" not in {button.data.split(":")[-1] for row in drawn for button in row}


@pytest.mark.parametrize("who", ["owner", "supporter"])
async def test_there_is_no_fourth_objection(database: Database, centre: Centre, cast: Cast, who: str) -> None:
    async with database.write() as tx:
        over = {"times_reopened": OBJECTIONS_AT_MOST}
        stage = await set_the_stage(tx, centre, cast, who, State.CLOSED, **over)
        assert await _refused(tx, centre, stage, Deed.OBJECT) == "objected-enough"


@pytest.mark.parametrize("who", ["official", "head"])
async def test_units_refer_so_often_and_then_only_to_the_desk(
    database: Database, centre: Centre, cast: Cast, who: str
) -> None:
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, who, State.IN_HAND, referrals=REFERRALS_AT_MOST)
        assert await _refused(tx, centre, stage, Deed.REFER) == "referred-enough"
        back = Given(unit=centre.city.desk.slug, reason="کار هیچ واحدی نیست")
        done = await casework.perform(tx, centre, stage.request.id, Doing(stage.actor, Deed.REFER, back, NOW))
        assert (done.state, done.referrals) == (State.WAITING, 0)


@pytest.mark.parametrize("who", ["official", "head"])
async def test_a_new_subject_moves_a_request_between_units_as_often_as_a_referral(
    database: Database, centre: Centre, cast: Cast, who: str
) -> None:
    elsewhere, here = Given(subject="asphalt_patch"), Given(subject=OTHER_SUBJECT)
    async with database.write() as tx:
        last = await set_the_stage(tx, centre, cast, who, State.IN_HAND, referrals=REFERRALS_AT_MOST - 1)
        done = await casework.perform(tx, centre, last.request.id, Doing(last.actor, Deed.CORRECT, elsewhere, NOW))
        assert (done.unit, done.referrals) == (OTHER_UNIT, REFERRALS_AT_MOST)
        stage = await set_the_stage(tx, centre, cast, who, State.IN_HAND, referrals=REFERRALS_AT_MOST)
        assert await _refused(tx, centre, stage, Deed.CORRECT, elsewhere) == "referred-enough"
        stays = await casework.perform(tx, centre, stage.request.id, Doing(stage.actor, Deed.CORRECT, here, NOW))
        assert (stays.unit, stays.referrals) == (UNIT, REFERRALS_AT_MOST)


@pytest.mark.parametrize("who", ["operator", "inspector"])
async def test_the_desk_corrects_as_often_as_it_likes_and_the_count_begins_anew(
    database: Database, centre: Centre, cast: Cast, who: str
) -> None:
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, who, State.IN_HAND, referrals=REFERRALS_AT_MOST)
        doing = Doing(stage.actor, Deed.CORRECT, Given(subject="asphalt_patch"), NOW)
        done = await casework.perform(tx, centre, stage.request.id, doing)
        assert (done.unit, done.referrals) == (OTHER_UNIT, 0)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((), "needs-parts"),
        ((UNIT,), "needs-parts"),
        ((UNIT, "desk"), "old-button"),
        ((UNIT, "nowhere-1"), "old-button"),
        ((UNIT,) * (PARTS_AT_MOST + 1), "parts-full"),
    ],
)
async def test_a_request_is_split_among_two_units_to_ten(
    database: Database, centre: Centre, cast: Cast, parts: tuple[str, ...], reason: str
) -> None:
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, "operator", State.ASSIGNED)
        assert await _refused(tx, centre, stage, Deed.SPLIT, Given(parts=parts)) == reason


async def test_earlier_parts_count_towards_the_ten(database: Database, centre: Centre, cast: Cast) -> None:
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, "head", State.REOPENED, parts=PARTS_AT_MOST - 2)
        for _ in range(PARTS_AT_MOST - 2):
            await file(tx, centre, cast.people["owner"], State.CLOSED, parent_id=stage.request.id)
        full = Given(parts=(UNIT, UNIT, OTHER_UNIT))
        assert await _refused(tx, centre, stage, Deed.SPLIT, full) == "parts-full"
        fits = Doing(stage.actor, Deed.SPLIT, Given(parts=(UNIT, OTHER_UNIT)), NOW)
        assert (await casework.perform(tx, centre, stage.request.id, fits)).state is State.IN_PARTS


async def test_a_request_is_merged_only_into_another_whole_one_that_is_open(
    database: Database, centre: Centre, cast: Cast
) -> None:
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, "operator", State.IN_HAND)
        whole = await file(tx, centre, cast.people["owner"], State.IN_PARTS)
        part, _ = await requests.parts_of(tx, whole.id)
        over = await file(tx, centre, cast.people["owner"], State.CLOSED)
        reasons = {stage.request.code: "merge-itself", part.code: "merge-part", over.code: "merge-closed"}
        for code, reason in reasons.items():
            assert await _refused(tx, centre, stage, Deed.MERGE, Given(target=code)) == reason
        assert await _refused(tx, centre, stage, Deed.MERGE, Given(target="0000000")) == "no-such-code"
        into_a_whole = Doing(stage.actor, Deed.MERGE, Given(target=whole.code), NOW)
        assert (await casework.perform(tx, centre, stage.request.id, into_a_whole)).merged_into == whole.id


async def test_what_is_merged_into_a_split_request_reaches_its_open_parts(
    database: Database, centre: Centre, cast: Cast
) -> None:
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, "operator", State.IN_HAND)
        photo = await media.remember(
            tx, kind="photo", messenger="telegram", file_id="M1", account_id=stage.request.account, now=NOW
        )
        await requests.attach(tx, stage.request.id, [photo], "filed")
        whole = await file(tx, centre, cast.people["owner"], State.IN_PARTS)
        over, still = await requests.parts_of(tx, whole.id)
        await requests.change(tx, over.id, state=State.CLOSED, outcome=Outcome.SOLVED, closed_at=NOW)
        merging = Doing(stage.actor, Deed.MERGE, Given(target=whole.code), NOW)
        await casework.perform(tx, centre, stage.request.id, merging)
        for number, reached in ((whole.id, True), (still.id, True), (over.id, False)):
            last = (await requests.timeline(tx, number))[-1]
            assert (last.deed == "take-in" and last.note == stage.request.display) == reached
            assert [one for one, _, part in await requests.files(tx, number) if part == "added"] == [photo] * reached


async def test_the_whole_ends_as_the_least_good_of_its_parts() -> None:
    assert outcome_of([Outcome.SOLVED, Outcome.SOLVED]) is Outcome.SOLVED
    for outcome in NEEDS_JUDGEMENT:
        assert outcome_of([outcome, Outcome.SOLVED]) is outcome
        assert outcome_of([Outcome.NOT_SOLVED, outcome]) is Outcome.NOT_SOLVED
    assert outcome_of([Outcome.GUIDED, Outcome.WARNING, Outcome.SOLVED]) is Outcome.WARNING
