"""People who look at pages: signed in by the form, then all pages at a given rate, by a schedule."""

import http.client
import json
import random
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote

from benchmarks.site import arrivals, places
from benchmarks.site.arrivals import Measured
from benchmarks.site.browser import Browser

_MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
_TAGS = re.compile(r"<[^>]+>|\s+")
_NEXT = re.compile(r'rel="next" href="\?([^"]+)"')
_STYLE = re.compile(r'href="(/static/theme[^"]*\.css)"')
_EMPTY = 60
"""A page with so few characters of its own has not been written yet."""
AT_BUREAU = places.PARTS * 4
"""Number of the first person at the bureau itself: they see every page."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is there before it is measured.

    Attributes:
        people: signed in.
        addresses: the real ones, by name of the page.
        absent: pages that are not there yet, with the reason.
        first: seconds of the very first request for each page since the server was started.
    """

    people: tuple[Browser, ...]
    sign_in_seconds: float
    addresses: Mapping[str, tuple[str, ...]]
    absent: Mapping[str, str]
    first: Mapping[str, float]


def sign_in(port: int, names: Sequence[str], at_once: int = 4) -> tuple[tuple[Browser, ...], float]:
    """Sign people in by the form; they, and how many seconds it took in all."""
    people = tuple(Browser(port, each) for each in names)
    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(Browser.sign_in, people))
    return people, time.perf_counter() - begun


def prepare(port: int, data: Path, count: int) -> Prepared:
    """Sign people of all parts of the tree in and find out the addresses."""
    chance = random.Random(7)
    everybody = places.user_names(places.PEOPLE)
    members = [*everybody[AT_BUREAU : AT_BUREAU + 9], *everybody[AT_BUREAU + 9 :][:4]]
    names = [*members, *chance.sample(everybody[:AT_BUREAU], count - len(members))]
    people, seconds = sign_in(port, names)
    samples = json.loads((data / "samples.json").read_text(encoding="utf-8"))
    filled = _filled(people[0], samples)
    addresses: dict[str, tuple[str, ...]] = {}
    absent: dict[str, str] = {}
    first: dict[str, float] = {}
    for each in places.PAGES:
        found = _addresses(each.address, filled)
        begun = time.perf_counter()
        fault = _absent(people[0], found[0], each.baseline) if found else ""
        first[each.name] = time.perf_counter() - begun
        if fault or not found:
            absent[each.name] = fault or "no such link on the page before"
        else:
            addresses[each.name] = found
    return Prepared(people, seconds, addresses, absent, first)


def _filled(person: Browser, samples: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    first = next(each.address for each in places.PAGES if each.name == "records, first page")
    pages = []
    text = person.get(first).text
    for _ in range(5):
        # several pages on, as people leaf
        link = _NEXT.search(text)
        if link is None:
            break
        pages.append(unescape(link[1]))
        text = person.get(f"{first}?{pages[-1]}").text
    style = _STYLE.search(Browser(person.port).get("/accounts/login/").text)
    return {
        "{next}": tuple(pages),
        "{key}": tuple(quote(each) for each in samples["keys"]),
        "{name}": tuple(quote(each) for each in samples["names"]),
        "{stylesheet}": (style[1],) if style else (),
    }


def _addresses(address: str, filled: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    place = next((each for each in filled if each in address), None)
    return (address,) if place is None else tuple(address.replace(place, each) for each in filled[place])


def _absent(person: Browser, address: str, baseline: bool) -> str:
    """Why a page cannot be measured yet; "" when it can."""
    answer = Browser(person.port).get(address) if baseline else person.get(address)
    if answer.status != http.client.OK or baseline:
        return "" if answer.status == http.client.OK else f"status {answer.status}"
    found = _MAIN.search(answer.text)
    words = "" if found is None else _TAGS.sub("", found[0])
    return "not written yet" if len(words) < _EMPTY else ""


def measure(prepared: Prepared, rate: float, seconds: float) -> Mapping[str, Measured]:
    """Ask for all pages in turn; for the baselines as somebody who is not signed in."""
    baselines = {each.name for each in places.PAGES if each.baseline}
    stranger = Browser(prepared.people[0].port)

    def ask(name: str, chance: random.Random) -> str:
        person = stranger if name in baselines else chance.choice(prepared.people)
        answer = person.get(chance.choice(prepared.addresses[name]))
        return "" if answer.status == http.client.OK else f"status {answer.status}"

    return arrivals.run(tuple(prepared.addresses), ask, rate, seconds)
