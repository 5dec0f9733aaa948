"""Bodies and areas of the city as numbers, with the weights by which records fall on them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zhunsheng.synthesis.amounts import Array
from zhunsheng.synthesis.profile import Area, Profile, Unit


@dataclass(frozen=True)
class Places:
    """Bodies are numbered from 1 in the order of the profile; so are areas, the towns of offices after the others."""

    profile: Profile

    @cached_property
    def root(self) -> int:
        """The bureau."""
        return 1

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All bodies."""
        return self.profile.units

    @cached_property
    def offices(self) -> Array:
        """The 市场监管所."""
        return self._of_kind("SUO")

    @cached_property
    def sections(self) -> Array:
        """The sections of the bureau."""
        return self._of_kind("SECTION")

    @cached_property
    def affiliates(self) -> Array:
        """The affiliated bodies."""
        return self._of_kind("AFFILIATE")

    @cached_property
    def sub_bureaus(self) -> Array:
        """The district bureaus of a city; the bureau itself for a district."""
        found = self._of_kind("SUBBUREAU")
        return found if len(found) else np.array([self.root], dtype=np.int64)

    def _of_kind(self, kind: str) -> Array:
        return np.array(
            [place + 1 for place, each in enumerate(self.units) if each.kind == kind], dtype=np.int64
        )

    @cached_property
    def number_of(self) -> dict[str, int]:
        """Numbers of bodies by code."""
        return {each.code: place + 1 for place, each in enumerate(self.units)}

    @cached_property
    def towns(self) -> tuple[Area, ...]:
        """One town for each office."""
        counts: dict[str, int] = {}
        towns = []
        for number in self.offices:
            unit = self.units[number - 1]
            counts[unit.area] = counts.get(unit.area, 0) + 1
            name = unit.name.replace("市场监管所", "辖区")
            towns.append(Area(f"{unit.area}{counts[unit.area]:03}", "TOWN", name, unit.area))
        return tuple(towns)

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """All areas."""
        return (*self.profile.areas, *self.towns)

    @cached_property
    def area_number(self) -> dict[str, int]:
        """Numbers of areas by code."""
        return {each.code: place + 1 for place, each in enumerate(self.areas)}

    @cached_property
    def area_of_org(self) -> Array:
        """The area of each body by its number (position 0 is unused): the town of an office, else its own."""
        found = np.zeros(len(self.units) + 1, dtype=np.int64)
        for place, unit in enumerate(self.units):
            found[place + 1] = self.area_number[unit.area]
        for number, town in zip(self.offices, self.towns, strict=True):
            found[number] = self.area_number[town.code]
        return found

    @cached_property
    def bureau_of_office(self) -> Array:
        """The body above each office by its number."""
        found = np.full(len(self.units) + 1, self.root, dtype=np.int64)
        for number in self.offices:
            found[number] = self.number_of[self.units[number - 1].parent]
        return found

    @cached_property
    def district_code(self) -> Array:
        """The six digits of the area of each body, as a number."""
        return np.array([0, *(int(each.area[:6]) for each in self.units)], dtype=np.int64)

    def office_weights(self, random: np.random.Generator) -> Array:
        """Weights of the offices: the share of their district, unevenly within it."""
        shares = {each.code: max(each.entities, 1) for each in self.profile.areas}
        areas = [self.units[number - 1].area for number in self.offices]
        uneven = 0.5 + random.gamma(2.0, 0.5, len(areas))
        weights = np.zeros(len(areas))
        for code in sorted(set(areas)):
            inside = np.array([each == code for each in areas])
            weights[inside] = uneven[inside] / uneven[inside].sum() * shares.get(code, 1)
        found: Array = weights / weights.sum()
        return found
