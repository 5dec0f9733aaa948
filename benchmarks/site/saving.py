"""People who all save at once: each reads a form, changes a field, saves, again and again, without a pause.

Most fill in values of the year being collected, the others edit indicators of the year being planned; the people of a
division work on the same rows, so that some are told that somebody else was first. They do what a person does: look
at what is there now and save again. At the end the trail says whether everything that was answered as saved is there,
once, and whether it was written over exactly what its writer had seen.
"""

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.site import places
from benchmarks.site.arrivals import Measured
from benchmarks.site.browser import Answer, Browser, Form, forms_of
from benchmarks.site.looking import AT_BUREAU, sign_in
from benchmarks.site.site_process import surroundings

COLUMN = "note"
"""The field that is changed: a free text both forms have."""
_PLANNERS = 5
"""Of so many people one edits the plan."""
_AT_ONCE = 8
_MOST_TRIES = 40
_ROW = re.compile(rf'href="(/plan/{places.PLANNED}/sections/indicators/\d+/)"')
_ITEM = re.compile(rf'href="(/collect/{places.COLLECTED}/items/[^"]+/)"')


@dataclass(slots=True)
class Tally:
    """What was seen.

    Attributes:
        saved: by text answered as saved, what its writer had seen in its place.
        uncertain: texts whose request was cut off.
        read, save: times of the two kinds of requests.
        faults: what should not have happened.
    """

    people: int
    rounds: int
    sign_in_seconds: float = 0.0
    seconds: float = 0.0
    saved: dict[str, str] = field(default_factory=dict)
    uncertain: set[str] = field(default_factory=set)
    conflicts: int = 0
    read: Measured = field(default_factory=Measured)
    save: Measured = field(default_factory=Measured)
    faults: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def timed(self, what: Measured, send: Callable[[], Answer]) -> Answer:
        """A request with its time noted."""
        begun = time.perf_counter()
        answer = send()
        with self._lock:
            what.seconds.append(time.perf_counter() - begun)
        return answer

    def fault(self, what: str) -> None:
        """Note what should not have happened."""
        with self._lock:
            self.faults[what] += 1

    def told_of_another(self) -> None:
        """Somebody was told that another was first."""
        with self._lock:
            self.conflicts += 1


def savers(count: int) -> list[str]:
    """Who saves: of the divisions that answer for tasks those who plan, of the next ones those who fill in."""
    everybody = places.user_names(places.PEOPLE)
    planners = [*everybody[: 4 * places.TASKS], *everybody[AT_BUREAU : AT_BUREAU + 4]][: count // _PLANNERS]
    return [*planners, *everybody[4 * places.TASKS :][: count - len(planners)]]


def save(port: int, people: int, rounds: int) -> Tally:
    """Let them all save."""
    tally = Tally(people, rounds)
    browsers, tally.sign_in_seconds = sign_in(port, savers(people), _AT_ONCE)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        tasks = list(pool.map(_work_of, browsers))
    gate = threading.Barrier(people + 1)
    threads = [
        threading.Thread(target=_person, args=(each, task, tally, gate))
        for each, task in zip(browsers, tasks, strict=True)
    ]
    for each in threads:
        each.start()
    gate.wait()
    begun = time.perf_counter()
    for each in threads:
        each.join()
    tally.seconds = time.perf_counter() - begun
    return tally


def _work_of(person: Browser) -> str:
    """The page of the form a person works on; "" when they are offered none."""
    number = int(person.username[1:])
    plans = number < 4 * places.TASKS or number >= AT_BUREAU
    page = f"/plan/{places.PLANNED}/" if plans else f"/collect/{places.COLLECTED}/?show=mine"
    found = list(dict.fromkeys((_ROW if plans else _ITEM).findall(person.get(page).text)))
    return found[number % len(found)] if found else ""


def _person(browser: Browser, address: str, tally: Tally, gate: threading.Barrier) -> None:
    gate.wait()
    if not address:
        tally.fault(f"{browser.username} is offered nothing to fill in")
        return
    page: Answer | None = None
    for turn in range(tally.rounds):
        try:
            page = _turn(browser, address, turn, tally, page)
        except (OSError, http.client.HTTPException, LookupError) as error:
            tally.fault(f"{type(error).__name__}: {error}"[:120])
            page = None


def _turn(browser: Browser, address: str, turn: int, tally: Tally, page: Answer | None) -> Answer | None:
    """Change the field and save, until it is saved.

    Args:
        page: the form, when it is before the person already.

    Returns:
        The page that came after saving, when it is the form again.
    """
    for attempt in range(_MOST_TRIES):
        page = page or tally.timed(tally.read, lambda: browser.get(address))
        if page.status != http.client.OK:
            tally.fault(f"a form: status {page.status}")
            return None
        form, text = _form(page), f"{browser.username}第{turn + 1}轮第{attempt + 1}次"
        sent = {**form.values, COLUMN: text}
        tally.uncertain.add(text)
        answer = tally.timed(tally.save, lambda sent=sent: browser.post(address, sent))  # type: ignore[misc]
        tally.uncertain.discard(text)
        if answer.status == http.client.FOUND:
            tally.saved[text] = form.values[COLUMN]
            after = tally.timed(tally.read, lambda answer=answer: browser.get(answer.place))  # type: ignore[misc]
            if after.status != http.client.OK:
                tally.fault(f"after saving: status {after.status}")
            return after if answer.place == address else None
        if answer.status != http.client.CONFLICT:
            tally.fault(f"a save: status {answer.status}")
            return None
        tally.told_of_another()
        page = None
    tally.fault("a person never got through")
    return None


def _form(page: Answer) -> Form:
    for each in forms_of(page.text):
        if COLUMN in each.values and ({"seen", "revision"} & each.values.keys()):
            return each
    raise LookupError("the page has no form to fill in")


def check(tally: Tally, data: Path, database: str) -> list[str]:
    """Hold what was answered against the trail and the rows; everything that is wrong."""
    program = Path(__file__).with_name("written.py")
    done = subprocess.run(
        [sys.executable, str(program)],
        env=surroundings(data, database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return [done.stderr.strip().splitlines()[-1]]
    found = json.loads(done.stdout)
    written = Counter(each["after"] for each in found["lines"])
    over: Mapping[str, str] = {each["after"]: each["before"] for each in found["lines"]}
    faults = [f"answered as saved and not there: {each}" for each in tally.saved if not written[each]]
    faults += [f"written {times} times: {each}" for each, times in written.items() if times > 1]
    faults += [
        f"{each} was written over “{over[each]}”, its writer had seen “{seen}”"
        for each, seen in tally.saved.items()
        if each in over and over[each] != seen
    ]
    faults += [
        f"not answered as saved and yet there: {each}"
        for each in written
        if each not in tally.saved and each not in tally.uncertain
    ]
    faults += [
        f"the row of {each['subject']} is not as last written" for each in found["rows"] if not each["same"]
    ]
    faults += [f"trail: {each}" for each in found["breaches"]]
    if len(found["lines"]) < len(tally.saved):
        faults.append(f"{len(tally.saved)} saves, {len(found['lines'])} lines")
    return faults
