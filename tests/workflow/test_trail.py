"""The trail: added to, never changed; what is changed all the same is found."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from demonstrated import actor, demonstration
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Organisation, StoredCase, TrailEntry, TrailHead
from zhunsheng.store.database.trail_guard import unguard
from zhunsheng.workflow.actor import PUBLIC, Actor
from zhunsheng.workflow.trail import HASHED, Head, head, is_guarded, plain_data, record, verify
from zhunsheng.workflow.trail_export import exported, of_year, verify_file, years
from zhunsheng.workflow.trail_reading import Choice, bodies_seen, seen_by

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 1, 15, 1, 0, tzinfo=UTC)
TABLE, HEAD = "database_trailentry", "database_trailhead"


def written(count: int = 5) -> StoredCase:
    """The demonstration, whose setting up is a line, and some lines more."""
    case = demonstration()
    for number in range(2, count + 1):
        record(
            actor("caiwu"),
            NOW + timedelta(minutes=number),
            action="test.act",
            subject=f"indicators/{number}",
            before={"name": "旧", "points": number},
            after={"name": "新", "points": number + 1},
            reason="调整",
            role=Role.FINANCE,
            organisation=case.organisation,
            case=case,
        )
    return case


@contextmanager
def unguarded() -> Iterator[None]:
    """As somebody who has taken the triggers down."""
    with connection.cursor() as cursor:
        unguard(connection.vendor, cursor.execute)
        yield


def execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found() -> list[str]:
    return [each.what for each in verify()]


def test_lines_are_numbered_without_gaps_and_the_head_follows() -> None:
    written()
    assert list(TrailEntry.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    last = TrailEntry.objects.get(number=5)
    assert head() == Head(5, last.hash)
    assert found() == []
    assert is_guarded()


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET reason = 'x' WHERE number = 2",
        f"DELETE FROM {TABLE} WHERE number = 5",
        f"DELETE FROM {TABLE}",
        f"UPDATE {HEAD} SET count = count - 1",
        f"UPDATE {HEAD} SET hash = 'x'",
        f"DELETE FROM {HEAD}",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(statement: str) -> None:
    written()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        execute(statement)
    assert found() == []


def test_models_refuse_too() -> None:
    written()
    line = TrailEntry.objects.get(number=2)
    with pytest.raises(TypeError):
        line.save()
    with pytest.raises(TypeError):
        line.delete()


def test_a_guard_that_was_taken_down_is_noticed() -> None:
    written()
    with unguarded():
        assert not is_guarded()


@pytest.mark.parametrize("column", [each for each in HASHED if each not in {"number", "before", "after"}])
def test_one_changed_byte_in_any_column_is_found(column: str) -> None:
    written()
    with unguarded():
        before = getattr(TrailEntry.objects.get(number=3), column)
        changed = ("X" if before[:1] != "X" else "Y") + before[1:]
        execute(f'UPDATE {TABLE} SET "{column}" = %s WHERE number = 3', changed)
    assert any("第 3 条" in each for each in found())


@pytest.mark.parametrize("column", ["before", "after"])
def test_one_changed_byte_in_what_was_changed_is_found(column: str) -> None:
    written()
    with unguarded():
        content = json.dumps({**getattr(TrailEntry.objects.get(number=3), column), "points": 9})
        execute(f'UPDATE {TABLE} SET "{column}" = %s WHERE number = 3', content)
    assert found() == ["第 3 条的内容被改动"]


def test_a_changed_hash_is_found() -> None:
    written()
    with unguarded():
        execute(f"UPDATE {TABLE} SET hash = %s WHERE number = 3", "0" * 64)
    assert found() == ["第 3 条的内容被改动", "第 4 条与上一条不衔接"]


def test_a_line_taken_out_is_found() -> None:
    written()
    with unguarded():
        execute(f"DELETE FROM {TABLE} WHERE number = 3")
    assert found() == ["第 3 条到第 3 条缺失"]


def test_lines_taken_off_the_end_are_found() -> None:
    written()
    with unguarded():
        execute(f"DELETE FROM {TABLE} WHERE number >= 4")
    assert found() == ["末尾缺少第 4 条到第 5 条"]


def test_lines_taken_off_the_end_with_the_head_are_found_by_a_head_that_was_noted() -> None:
    written()
    noted = head()
    with unguarded():
        execute(f"DELETE FROM {TABLE} WHERE number >= 4")
        execute(f"UPDATE {HEAD} SET count = 3, hash = %s", TrailEntry.objects.get(number=3).hash)
    assert found() == []
    assert [each.what for each in verify(noted)] == ["末尾缺少第 4 条到第 5 条"]


def test_a_trail_written_anew_is_found_by_a_head_that_was_noted() -> None:
    case = written()
    noted = head()
    with unguarded():
        execute(f"DELETE FROM {TABLE}")
        execute(f"DELETE FROM {HEAD}")
    for _ in range(6):
        record(actor("caiwu"), NOW, action="test.act", subject="x", case=case)
    assert found() == []
    assert "重写" in next(verify(noted)).what


def test_a_line_put_in_past_the_program_is_found() -> None:
    written()
    last = TrailEntry.objects.get(number=5)
    last.number, last.before_hash = 6, last.hash
    TrailEntry.objects.bulk_create([last])
    assert len(found()) == 2
    assert "登记" in found()[-1]


def test_a_head_that_is_gone_stops_the_writing() -> None:
    written()
    with unguarded():
        execute(f"DELETE FROM {HEAD}")
    with pytest.raises(RuntimeError, match="head"):
        record(actor("caiwu"), NOW, action="x", subject="y")
    assert "登记为第 0 条" in found()[0]


@pytest.mark.django_db(transaction=True)
def test_a_line_is_written_only_with_what_it_tells_of() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(PUBLIC, NOW, action="x", subject="y")
    assert not TrailEntry.objects.exists()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_every_content_keeps_its_hash_in_every_database(content: object) -> None:
    with transaction.atomic():
        line = record(PUBLIC, NOW, action="x", subject="y" * 500, after=content, reason="理由\x00")
        kept = TrailEntry.objects.get(number=line.number)
        assert kept.after == plain_data(content)
        assert list(verify()) == []
        transaction.set_rollback(True)


def test_texts_longer_than_their_columns_are_cut_as_every_database_would_keep_them() -> None:
    line = record(Actor(None, address="9" * 99), NOW, action="a" * 99, subject="s" * 999)
    kept = TrailEntry.objects.get(number=line.number)
    assert (len(kept.action), len(kept.subject), len(kept.address)) == (60, 200, 45)


def test_flushing_is_refused_in_production(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.ENVIRONMENT", type("E", (), {"production": True}))
    with pytest.raises(CommandError, match="只增不删"):
        call_command("flush", interactive=False)


# ---- reading


def test_who_sees_which_lines() -> None:
    case = written()
    other = Organisation.objects.create(code="other", name="别的局", kind="bureau")
    record(actor("juzhang"), NOW, action="test.act", subject="x", organisation=other)
    record(actor("tianbao"), NOW, action="self.settings", subject="people/tianbao")
    lines = {
        "guanli": {1, 2, 3, 4, 5},
        "shenji": {1, 2, 3, 4, 5},
        "caizheng": {1, 2, 3, 4, 5},
        "juzhang": {1, 2, 3, 4, 5, 6},
        "caiwu": {1, 2, 3, 4, 5},
        "tianbao": {7},
        "chushi": set(),
        "sanfang": set(),
    }
    for username, expected in lines.items():
        seen = set(seen_by(actor(username), NOW.date()).values_list("number", flat=True))
        assert seen == expected, username
    assert not seen_by(PUBLIC, NOW.date()).exists()
    assert case.organisation in bodies_seen(actor("shenji"), NOW.date())
    assert bodies_seen(actor("tianbao"), NOW.date()) == ()


def test_days_are_those_of_china() -> None:
    demonstration()
    record(PUBLIC, datetime(2023, 12, 31, 15, 59, tzinfo=UTC), action="a", subject="last of the year")
    record(PUBLIC, datetime(2023, 12, 31, 16, 0, tzinfo=UTC), action="a", subject="first of the year")
    lines = TrailEntry.objects.filter(action="a")
    day = datetime(2024, 1, 1, tzinfo=UTC).date()
    assert [each.subject for each in Choice(since=day).of(lines)] == ["first of the year"]
    assert [each.subject for each in of_year(lines, 2023)] == ["last of the year"]
    assert years(lines) == (2023, 2024)


def test_choices_narrow_the_lines() -> None:
    written()
    lines = TrailEntry.objects.all()
    assert Choice(who="王财").of(lines).count() == 4
    assert Choice(action="test.act", text="indicators/3").of(lines).count() == 1
    assert Choice(case="huadu-2023", organisation="huadu-amr").of(lines).count() == 4
    assert Choice(action="no.such").of(lines).count() == 0


# ---- export


def test_an_export_is_verified_alone_and_carries_the_head() -> None:
    written()
    content = b"".join(exported(of_year(TrailEntry.objects.all(), 2024), "jsonl")).decode()
    lines = content.splitlines(keepends=True)
    assert len(lines) == 6
    assert json.loads(lines[-1])["head"] == str(head())
    assert list(verify_file(lines)) == []


@pytest.mark.parametrize("place", range(6))
def test_a_changed_byte_anywhere_in_an_export_is_found(place: int) -> None:
    written()
    content = b"".join(exported(of_year(TrailEntry.objects.all(), 2024), "jsonl")).decode()
    lines = content.splitlines(keepends=True)
    line = lines[place]
    for at in range(0, len(line) - 1, 7):
        changed = chr(ord(line[at]) ^ 1) if line[at] not in " \t" else "x"
        given = [*lines[:place], line[:at] + changed + line[at + 1 :], *lines[place + 1 :]]
        if changed in " \t\r\n" or '"head": "' in line[: at + 9]:
            # the head is compared with the trail, not with the file
            continue
        assert list(verify_file(given)), (place, at, given[place])


def test_an_export_that_was_cut_is_found() -> None:
    written()
    content = b"".join(exported(of_year(TrailEntry.objects.all(), 2024), "jsonl")).decode()
    lines = content.splitlines(keepends=True)
    for cut in (lines[:-1], lines[:-2] + lines[-1:], lines[1:], [*lines, lines[0]]):
        assert list(verify_file(cut))


def test_no_cell_of_the_table_is_a_formula() -> None:
    demonstration()
    record(PUBLIC, NOW, action="a", subject="=1+1", reason="@SUM(A1)\n第二行")
    content = b"".join(exported(TrailEntry.objects.filter(action="a"), "csv")).decode("utf-8-sig")
    assert "'=1+1" in content
    assert '"\'@SUM(A1)\n第二行"' in content
    assert content.splitlines()[-1].endswith(TrailHead.objects.get().hash)
