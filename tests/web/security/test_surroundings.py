"""What lies on the disk: readable by its owner alone, and logs whose lines nobody else writes."""

import os
from logging import LogRecord
from pathlib import Path

import pytest

from zhunsheng.web.journal import Plain
from zhunsheng.web.starting import _directories
from zhunsheng.workflow.action import Invalid
from zhunsheng.workflow.planning.versions import case_of_files


def test_what_the_site_writes_is_not_readable_by_others(tmp_path: Path) -> None:
    data = tmp_path / "open"
    data.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        _directories(data)
        database = data / "zhunsheng.sqlite"
        database.touch()
        assert database.stat().st_mode & 0o077 == 0
        assert (data / "files").stat().st_mode & 0o077 == 0
    finally:
        os.umask(before)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x85", "\u2028"])
def test_an_address_asked_for_makes_no_line_of_the_log(end: str) -> None:
    asked = f"/api/v1/x{end}2026-01-01 00:00:00,000 INFO 1 zhunsheng caiwu signed in"
    line = Plain().format(LogRecord("zhunsheng", 40, "", 1, "api GET %s", (asked,), None))
    assert line.splitlines() == [line]


@pytest.mark.parametrize("name", ["../escaped.yaml", "/tmp/zhunsheng-escaped.yaml", "a/../../escaped.yaml"])  # noqa: S108
def test_the_files_of_a_version_stay_in_their_directory(name: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="内容中有"):
        case_of_files({name: "x"})
    assert not Path("/tmp/zhunsheng-escaped.yaml").exists()  # noqa: S108
    assert not (tmp_path / "escaped.yaml").exists()
