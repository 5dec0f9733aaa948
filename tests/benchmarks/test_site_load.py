"""The load generator of the site's benchmark tells what people would have waited, and reads forms as a browser does."""

import random
import sys
import threading
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.site.arrivals import Measured, run
from benchmarks.site.browser import forms_of, token_in
from benchmarks.site.looking import _MAIN
from benchmarks.site.saving import savers


def test_who_came_while_the_server_stood_still_is_counted_as_waiting() -> None:
    begun, gate = [0.0], threading.Lock()

    def ask(_name: str, _chance: random.Random) -> str:
        with gate:
            begun[0] = begun[0] or time.perf_counter()
            # nothing is answered in the first half second
            time.sleep(max(begun[0] + 0.5 - time.perf_counter(), 0))
        return ""

    found = run(["a"], ask, rate=50, seconds=1)["a"]
    assert len(found.seconds) == 50
    # half of them were due in that time, evenly spread: the median of those waited about a quarter of a second
    assert found.percentile(99) > 400
    assert sum(each > 0.1 for each in found.seconds) >= 18


def test_what_was_answered_badly_is_no_time_but_a_fault() -> None:
    def ask(name: str, _chance: random.Random) -> str:
        if name == "broken":
            raise ConnectionResetError("gone")
        return "" if name == "good" else "status 500"

    found = run(["good", "bad", "broken"], ask, rate=300, seconds=0.1)
    assert [len(found[each].seconds) for each in ("good", "bad", "broken")] == [10, 0, 0]
    assert found["bad"].faults == {"status 500": 10}
    assert found["broken"].faults == {"ConnectionResetError: gone": 10}


@pytest.mark.parametrize(("share", "expected"), [(50, 50.0), (95, 95.0), (99, 99.0), (100, 100.0), (1, 1.0)])
def test_percentiles_are_by_nearest_rank(share: int, expected: float) -> None:
    hundred = Measured([number / 1000 for number in range(100, 0, -1)])
    assert hundred.percentile(share) == pytest.approx(expected)
    with pytest.raises(ValueError, match="nothing"):
        Measured().percentile(50)


def test_forms_are_read_as_they_would_be_sent() -> None:
    text = """<form action="/a/"><input type="hidden" name="csrfmiddlewaretoken" value="t&amp;1"><input name="seen" value="3">
      <textarea name="note">
eins &lt;zwei&gt;</textarea><select name="unit"><option value="">—</option><option value="x" selected>X</option></select>
      <select name="kind"><option value="first">1</option><option value="second">2</option></select>
      <input type="checkbox" name="off" value="1"><input type="checkbox" name="on" value="1" checked>
      <input type="file" name="files"><button type="submit" name="which" value="b">B</button></form>
      <input name="outside" value="no">"""
    (form,) = forms_of(text)
    assert form.action == "/a/"
    assert form.values == {
        "csrfmiddlewaretoken": "t&1",
        "seen": "3",
        "note": "eins <zwei>",
        "unit": "x",
        "kind": "first",
        "on": "1",
    }
    assert token_in(text) == "t&1"


def test_each_saver_is_somebody_else() -> None:
    for count in (30, 200):
        assert len(set(savers(count))) == count


def test_the_main_part_of_a_page_is_found() -> None:
    found = _MAIN.search('<header>x</header><main id="content" tabindex="-1">\n<h1>y</h1></main>z')
    assert found is not None
    assert found[0].startswith("<main")
    assert found[0].endswith("</main>")
