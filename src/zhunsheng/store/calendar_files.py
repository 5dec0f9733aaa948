"""The working-day calendars of the package, one file for each year."""

from datetime import date, timedelta
from functools import lru_cache

from zhunsheng.kernel.located import Fields, Located
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity
from zhunsheng.kernel.work_calendar import WorkCalendar, WorkYear
from zhunsheng.store.definition_files import definitions_directory
from zhunsheng.store.yaml_files import read_yaml

BAD_DAY = Kind(
    "FILE-022", Severity.ERROR, "日历中的日期应是该年的日期", "写成 2023-10-01 的形式，并核对年份和先后。"
)
_SATURDAY = 5


@lru_cache(maxsize=1)
def load_calendar() -> tuple[WorkCalendar, tuple[Problem, ...]]:
    """All years, and what is wrong with their files; a year with an error is left out."""
    years: dict[int, WorkYear] = {}
    problems: list[Problem] = []
    for path in sorted((definitions_directory() / "calendars").glob("*.yaml")):
        node, found = read_yaml(path, f"calendars/{path.name}")
        problems.extend(found)
        if node is None:
            continue
        year, found = read_work_year(node)
        problems.extend(found)
        if year is not None:
            years[year.year] = year
    return WorkCalendar(years), tuple(problems)


def read_work_year(node: Located) -> tuple[WorkYear | None, tuple[Problem, ...]]:
    """Read one year from its file content."""
    problems = Problems()
    fields = Fields(node, problems, "工作日历")
    year = int(fields.text("code", required=True) or 0)
    for name in ("label", "label_en"):
        fields.text(name, required=True)
    fields.citation(required=True)
    off: set[date] = set()
    for item in fields.items("days_off", required=True):
        inner = Fields(item, problems, "放假")
        inner.text("name", required=True)
        first, last = _day(inner, "from", year), _day(inner, "to", year)
        inner.finish()
        if first is None or last is None:
            continue
        if last < first:
            problems.add(BAD_DAY.at(item.place, f"放假从 {first} 到 {last}，先后颠倒"))
        off.update(first + timedelta(days=each) for each in range((last - first).days + 1))
    worked = set()
    for item in fields.items("make_up_days"):
        day = _parsed(str(item.value), year)
        if day is None or day.weekday() < _SATURDAY or day in off:
            problems.add(BAD_DAY.at(item.place, f"“{item.value}”不是 {year} 年可以调为上班的周末"))
        else:
            worked.add(day)
    fields.finish()
    found = WorkYear(year, frozenset(off), frozenset(worked))
    return (None if problems.has_errors else found), problems.as_tuple()


def _day(fields: Fields, name: str, year: int) -> date | None:
    text = fields.text(name, required=True)
    day = _parsed(text, year)
    if day is None and text:
        fields.problems.add(BAD_DAY.at(fields.place(name), f"“{text}”不是 {year} 年的日期", value=text))
    return day


def _parsed(text: str, year: int) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year == year else None
