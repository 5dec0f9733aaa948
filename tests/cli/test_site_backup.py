"""Backup and restore of the whole site: the same rows, the same files, the same digits; damage is noticed."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from site_by_command import command, python

pytestmark = pytest.mark.slow

SET_UP = """
from django.utils import timezone
from zhunsheng.web.upgrading import upgrade
from zhunsheng.workflow.demonstration import set_up
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.records.record_store import RecordStore
from django.conf import settings
upgrade()
set_up(timezone.now(), store="little")
keep([b"proof of something"])
RecordStore.create(settings.STORES_DIRECTORY / "little").close()
"""

STATE = """
import json
import re
from django.apps import apps
from django.test import Client
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import StoredCase, User
from zhunsheng.store.database.rows_as_text import lines, tables
from zhunsheng.workflow.evaluating.evaluated import evaluated, origin_of
from zhunsheng.workflow.trail import head
stored = StoredCase.objects.get()
case = case_of(stored)
content = evaluated(case, origin_of(stored, case)).content
# read first: signing in leaves its own marks
rows = {m._meta.db_table: list(lines(m, "default")) for m in tables(apps)}
client = Client()
client.force_login(User.objects.get(username="shenji"), backend="django.contrib.auth.backends.ModelBackend")
print(json.dumps({
    "rows": rows,
    "digits": [content["total"], content["nodes"]],
    "head": str(head()),
    "trail": re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", client.get("/trail/1/").content.decode()),
}))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with the demonstration, a file and a record store."""
    place = tmp_path_factory.mktemp("site") / "data"
    python(place, SET_UP)
    return place


@pytest.fixture(scope="module")
def backup(site: Path) -> Path:
    """Its backup."""
    target = site.parent / "backup.tar"
    code, out, said = command(site, "backup", str(target), "--json")
    assert code == 0, said
    saved = json.loads(out)
    assert (saved["files"], saved["stores"], saved["damaged"]) == (1, ["little"], [])
    return target


def test_a_restored_site_is_the_same(site: Path, backup: Path, tmp_path: Path) -> None:
    code, out, said = command(tmp_path / "new", "restore", str(backup))
    assert code == 0, said
    assert "核对无误" in out
    before, after = json.loads(python(site, STATE)), json.loads(python(tmp_path / "new", STATE))
    assert after == before
    # the total the public report prints, so that "the same" is not "nothing twice"
    assert before["digits"][0] == "94.98"
    assert command(tmp_path / "new", "trail", "verify", "--head", before["head"])[0] == 0
    assert (tmp_path / "new" / "stores" / "little" / "manifest.sqlite").is_file()
    # new rows are numbered after the old ones
    made = command(tmp_path / "new", "admin", "create-organisation", "later", "后来的", "--kind", "bureau")
    assert made[0] == 0, made[2]


def test_a_backup_is_for_its_owner_only_and_never_overwritten(site: Path, backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    code, _, said = command(site, "backup", str(backup))
    assert (code, "已存在" in said) == (3, True)


def test_nothing_is_restored_over_something(site: Path, backup: Path) -> None:
    code, _, said = command(site, "restore", str(backup))
    assert (code, "不是空的" in said) == (3, True)


@pytest.mark.parametrize(
    "part", ["database/database_user.jsonl", "files/", "stores/little.tar", "manifest.json"]
)
def test_one_changed_byte_anywhere_stops_the_restore(backup: Path, tmp_path: Path, part: str) -> None:
    content = bytearray(backup.read_bytes())
    with tarfile.open(backup) as archive:
        member = next(each for each in archive if each.name.startswith(part) and each.size)
    at = member.offset_data + member.size // 2
    content[at] ^= 1
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(content)
    code, _, said = command(tmp_path / "new", "restore", str(damaged))
    assert code == 3
    assert said.splitlines()[-1].startswith("环境问题：")
    assert not list((tmp_path / "new" / "files").iterdir())


def test_what_is_no_backup_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.tar"
    wrong.write_bytes(b"no tar at all")
    code, _, said = command(tmp_path / "new", "restore", str(wrong))
    assert (code, "不是准绳的完整备份" in said) == (3, True)


@pytest.mark.parametrize("name", ["../outside", "files/../../outside", "/etc/outside", "stores/...tar"])
def test_a_backup_leads_nowhere_else(backup: Path, tmp_path: Path, name: str) -> None:
    with tarfile.open(backup) as archive:
        stream = archive.extractfile("manifest.json")
        assert stream is not None
        manifest = json.load(stream)
    manifest["members"] = {name: {"sha256": "0" * 64, "bytes": 1}}
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as archive:
        for each, content in ((name, b"x"), ("manifest.json", json.dumps(manifest).encode())):
            member = tarfile.TarInfo(each)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    code, _, said = command(tmp_path / "new", "restore", str(evil))
    assert (code, "不该有的内容" in said) == (3, True)
    assert not (tmp_path / "outside").exists()


def test_a_missing_file_is_named_and_does_not_stop_the_rest(site: Path, tmp_path: Path) -> None:
    place = tmp_path / "data"
    python(place, SET_UP)
    (kept,) = (each for each in (place / "files").rglob("*") if each.is_file())
    kept.unlink()
    code, out, _ = command(place, "backup", str(tmp_path / "b.tar"))
    assert code == 1
    assert "缺失或内容被改动" in out
