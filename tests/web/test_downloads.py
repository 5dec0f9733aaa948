"""Files that are handed out: as what they are, never able to act, closed when they are sent."""

from pathlib import Path
from typing import Any

import pytest
from django.http import Http404

from zhunsheng.store.database.file_store import keep, path_of
from zhunsheng.web.downloads import file_answer
from zhunsheng.web.security import SHOWN_PDF, UPLOADED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIRECTORY = tmp_path / "files"


@pytest.mark.parametrize("ending", ["pdf", "html", "csv", "json", "xlsx", "docx", "exe", "svg"])
@pytest.mark.parametrize("shown", [True, False])
def test_every_file_is_sent_where_it_can_do_nothing(ending: str, *, shown: bool) -> None:
    answer = file_answer(keep([b"content"]).sha256, f"结果.{ending}", shown=shown)
    # a viewer of PDFs may not start in a sandbox
    policy = SHOWN_PDF if shown and ending == "pdf" else UPLOADED
    assert answer.headers["Content-Security-Policy"] == policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    may_be_looked_at = shown and ending in {"pdf", "html", "csv", "json"}
    assert answer.headers["Content-Disposition"].startswith("inline" if may_be_looked_at else "attachment")
    answer.close()


def test_the_file_is_closed_with_the_answer() -> None:
    answer = file_answer(keep([b"content"]).sha256, "a.csv")
    stream: Any = answer.file_to_stream
    assert not stream.closed
    answer.close()
    assert stream.closed


def test_a_lost_file_is_not_found() -> None:
    digest = keep([b"content"]).sha256
    path_of(digest).unlink()
    with pytest.raises(Http404):
        file_answer(digest, "a.csv")
