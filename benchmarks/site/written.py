"""What the database says was written by the parallel savers; a program run in the environment of the site."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from zhunsheng.web.starting import prepare

prepare()

from benchmarks.site import places  # noqa: E402 - the models below need the framework

from zhunsheng.store.database.case_rows import ROW_MODELS  # noqa: E402 - the models need the framework
from zhunsheng.store.database.models import TrailEntry  # noqa: E402
from zhunsheng.workflow.trail import verify  # noqa: E402

_YEARS = {"actuals": places.COLLECTED, "indicators": places.PLANNED}
_KEYS = {"actuals": "f_indicator", "indicators": "f_code"}
COLUMN = "note"


def main() -> None:
    """Print it as JSON."""
    lines, last = [], {}
    for each in TrailEntry.objects.filter(case__in=_YEARS.values()).order_by("number"):
        after = (each.after or {}).get(COLUMN) if isinstance(each.after, dict) else None
        section = each.subject.partition("/")[0]
        if after is None or section not in _YEARS:
            continue
        before = (each.before or {}).get(COLUMN, "")
        lines.append({"subject": each.subject, "before": before, "after": after})
        last[each.subject] = after
    rows = []
    for subject, text in last.items():
        section, _, key = subject.partition("/")
        row = ROW_MODELS[section]._default_manager.get(case__code=_YEARS[section], **{_KEYS[section]: key})
        rows.append({"subject": subject, "same": row.f_note == text})  # type: ignore[attr-defined]
    print(json.dumps({"lines": lines, "rows": rows, "breaches": [each.what for each in verify()]}))


main()
