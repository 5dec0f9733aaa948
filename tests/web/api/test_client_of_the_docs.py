"""The client in docs/api.md, run as it stands there against a real server."""

import re
import types
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from calling import token_of
from demonstrated import demonstration
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer
from records_site import AREAS

from zhunsheng.store.database.models import Job, StoredCase, TrailEntry
from zhunsheng.web.api.failures import CODES
from zhunsheng.web.api.operations import OPERATIONS
from zhunsheng.workflow.demonstration import BODY, CASE
from zhunsheng.workflow.evaluating.evaluated import evaluation_of
from zhunsheng.workflow.jobs import do_all

PAGE = Path(__file__).parents[3] / "docs/api.md"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module in the page; while it waits, a worker works."""
    (source,) = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    made = types.ModuleType("zhunsheng_client")
    exec(compile(source, "zhunsheng_client.py", "exec"), made.__dict__)  # noqa: S102 - our own page
    monkeypatch.setattr(made.time, "sleep", lambda _seconds: do_all())
    return made


@pytest.fixture
def site(transactional_db: None, live_server: LiveServer, settings: Any, tmp_path: Path) -> str:
    cache.clear()
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = tmp_path / "files", tmp_path / "stores"
    demonstration()
    return str(live_server.url)


@pytest.mark.slow
def test_the_client_reads_years_brings_a_file_in_and_reads_the_evaluation(
    client: Any, site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "areas.csv"
    file.write_text(AREAS, encoding="utf-8")
    token = token_of("caiwu")
    client.main(site, token, BODY, "area", str(file))
    name, year, ending = capsys.readouterr().out.splitlines()
    assert name == "王财务"
    assert year == f"{CASE} open not computed yet"
    assert ending.startswith("done")
    mine = client.Client(site, token)
    records = list(mine.all(f"/organisations/{BODY}/ledgers/area/records", limit=1))
    assert {each["values"]["area_code"] for each in records} == {"440000", "440114"}
    assert {each.channel for each in TrailEntry.objects.filter(action="records.check")} == {"api"}

    # the same file again is the same request: no second job
    jobs = Job.objects.count()
    assert client.bring_in(mine, BODY, "area", file)["state"] == "done"
    assert Job.objects.count() == jobs

    evaluation_of(StoredCase.objects.get(code=CASE))
    client.main(site, token, BODY, "area", str(file))
    year = capsys.readouterr().out.splitlines()[1]
    # the printed report of this year: 94.98 points, grade 优
    assert year == f"{CASE} open 94.98 优"
    evaluation = mine.get(f"/cases/{CASE}/evaluation")
    leaves = [each for each in evaluation["content"]["nodes"] if each["status"] != "summed" and each["score"]]
    assert sum(Decimal(each["score"]) for each in leaves) == Decimal("94.98")


@pytest.mark.slow
def test_the_client_says_why_it_was_refused(client: Any, site: str) -> None:
    with pytest.raises(client.Failed) as nobody:
        client.Client(site, "no-token").get("/me")
    assert (nobody.value.status, nobody.value.code) == (401, "unauthenticated")
    reading = client.Client(site, token_of("caiwu", "read"))
    with pytest.raises(client.Failed) as refused:
        reading.put(f"/cases/{CASE}/actuals/O2", {"revision": None, "value": "1"})
    assert (refused.value.status, refused.value.code) == (403, "forbidden")
    with pytest.raises(client.Failed) as wrong:
        reading.get("/cases", limit=0)
    assert wrong.value.code == "invalid"
    assert wrong.value.problems[0]["code"] == "API-001"


def test_the_page_names_every_failure_and_only_what_there_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d{3}) \| `(\w+)` \|", page, flags=re.MULTILINE))
    assert {int(status): code for status, code in rows.items()} == CODES
    paths = {each.path for each in OPERATIONS}
    named = set(re.findall(r"`(?:GET|POST|PUT) ([^`?…]+)`", page))
    assert named
    assert named <= paths
    ends = set(re.findall(r"`(?:POST) …([^`]+)`", page))
    assert ends
    assert all(any(path.endswith(end) for path in paths) for end in ends)


def test_the_client_is_short() -> None:
    (source,) = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert len(source.splitlines()) < 130
    imported = set(re.findall(r"^(?:import|from) (\w+)", source, flags=re.MULTILINE))
    assert imported == {"json", "time", "urllib", "uuid", "collections", "pathlib", "typing"}
