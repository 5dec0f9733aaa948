"""A profile: the body, its year, its tree and area, the totals its records are made to give, and what is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from zhunsheng.kernel.citation import Citation, Evidence
from zhunsheng.kernel.located import Fields, Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity
from zhunsheng.store.definition_files import definitions_directory
from zhunsheng.store.yaml_files import read_yaml

NO_SUCH_PROFILE = Kind(
    "CITY-001", Severity.ERROR, "没有这个城市样本", "用 zhunsheng city profiles 查看可用的样本。"
)
BAD_PROFILE = Kind("CITY-002", Severity.ERROR, "城市样本的内容不完整", "按指出的内容补全城市样本。")

_KINDS = {
    "internal": "SECTION",
    "party": "SECTION",
    "dispatched": "SUO",
    "subordinate": "AFFILIATE",
    "independent_budget": "AFFILIATE",
}


@dataclass(frozen=True, slots=True)
class ProfileFigure:
    """A total or assumption of a profile.

    Attributes:
        value: as printed, in the unit of the records (persons, yuan, minutes ...) or a share.
        is_scaled: a count that grows with the scale.
        source: where it is printed, or that it is an assumption.
        note: why it is assumed so, in Chinese.
    """

    name: str
    value: Decimal
    is_scaled: bool
    source: Citation
    note: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the profile; `entities` and `persons` weigh it among the districts."""

    code: str
    level: str
    name: str
    parent: str = ""
    entities: int = 0
    persons: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """A body: the bureau, a section, a sub-bureau, an office (市场监管所), an affiliated body."""

    code: str
    name: str
    kind: str
    parent: str
    area: str
    is_budget_unit: bool


@dataclass(frozen=True, slots=True)
class Population:
    """A population row of the whole area."""

    year: int
    kind: str
    persons: int
    source: str
    is_scaled: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """A target of an indicator as the report prints it, and the printed result ("" where it prints none)."""

    code: str
    name: str
    direction: str
    threshold: str
    unit: str
    stated: str
    numerator: str
    denominator: str
    place: str


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """A change of a project's budget in a month; cuts are below zero."""

    kind: str
    amount: Decimal
    month: int


@dataclass(frozen=True, slots=True)
class NamedProject:
    """A project that the report names, with its printed amounts in yuan.

    Attributes:
        code: number among the projects, such as `P1`.
        project: the project code as records carry it.
    """

    code: str
    project: str
    name: str
    initial: Decimal
    paid: Decimal
    changes: tuple[BudgetChange, ...]
    is_new: bool
    is_recurring: bool
    source: Citation


@dataclass(frozen=True)
class Profile:
    """A body and its year.

    Attributes:
        document: the report whose printed totals are reproduced.
        level: `city` or `district`.
        figures: by name such as `registration.new_entities`.
    """

    code: str
    label: str
    label_en: str
    year: int
    document: str
    level: str
    areas: tuple[Area, ...]
    units: tuple[Unit, ...]
    populations: tuple[Population, ...]
    targets: tuple[Target, ...] = ()
    projects: tuple[NamedProject, ...] = ()
    figures: Mapping[str, ProfileFigure] = field(default_factory=dict)

    @property
    def districts(self) -> tuple[Area, ...]:
        """The areas that entities lie in, at county level."""
        return tuple(each for each in self.areas if each.level == "DISTRICT")

    @property
    def is_city(self) -> bool:
        """Whether the body is a city's bureau with sub-bureaus."""
        return self.level == "city"


def profile_codes() -> tuple[str, ...]:
    """Codes of all profiles in the package, in alphabetical order."""
    return tuple(sorted(path.stem for path in (definitions_directory() / "profiles").glob("*.yaml")))


@lru_cache(maxsize=8)
def load_profile(code: str) -> tuple[Profile | None, tuple[Problem, ...]]:
    """A profile by its code, and what is wrong with it."""
    path = definitions_directory() / "profiles" / f"{code}.yaml"
    if code not in profile_codes():
        known = "、".join(profile_codes())
        return None, (NO_SUCH_PROFILE.at(Place(code), f"没有名为“{code}”的城市样本（可用：{known}）"),)
    node, problems = read_yaml(path, f"profiles/{path.name}")
    if node is None:
        return None, problems
    profile, found = read_profile(node)
    return profile, (*problems, *found)


def read_profile(node: Located) -> tuple[Profile | None, tuple[Problem, ...]]:
    """Read a profile; None when there is an error."""
    problems = Problems()
    content = Fields(node, problems, "城市样本")
    document = content.text("document", required=True)
    level = content.choice("level", ["city", "district"], required=True, default="city")
    areas = tuple(_area(each, problems) for each in content.items("areas", required=True))
    profile = Profile(
        code=content.text("code", required=True),
        label=content.text("label", required=True),
        label_en=content.text("label_en", required=True),
        year=content.integer("year", required=True) or 0,
        document=document,
        level=level,
        areas=areas,
        units=_units(content, areas, level),
        populations=tuple(_population(each, problems) for each in content.items("population")),
        targets=tuple(_target(each, problems) for each in content.items("targets")),
        projects=tuple(_project(each, document, problems) for each in content.items("projects")),
        figures=_figures(content, document),
    )
    content.finish()
    return (None if problems.has_errors else profile), problems.as_tuple()


def _area(node: Located, problems: Problems) -> Area:
    content = Fields(node, problems, "区划")
    area = Area(
        content.text("code", required=True),
        content.choice("level", ["PROVINCE", "CITY", "DISTRICT"], required=True),
        content.text("name", required=True),
        content.text("parent"),
        content.integer("entities") or 0,
        content.integer("persons") or 0,
    )
    content.finish()
    return area


def _population(node: Located, problems: Problems) -> Population:
    content = Fields(node, problems, "人口")
    found = Population(
        content.integer("year", required=True) or 0,
        content.choice("kind", ["YEAR_END", "CENSUS", "AVERAGE"], required=True),
        content.integer("persons", required=True) or 0,
        content.text("source", required=True),
    )
    content.finish()
    return found


def _target(node: Located, problems: Problems) -> Target:
    content = Fields(node, problems, "目标")
    names = (
        "code",
        "name",
        "direction",
        "threshold",
        "unit",
        "stated",
        "numerator",
        "denominator",
        "place",
    )
    found = Target(
        *(content.text(each, required=each not in {"stated", "denominator", "place"}) for each in names)
    )
    content.finish()
    return found


def _project(node: Located, document: str, problems: Problems) -> NamedProject:
    content = Fields(node, problems, "项目")
    place = content.text("place")
    found = NamedProject(
        code=content.text("code", required=True),
        project=content.text("project") or content.text("code"),
        name=content.text("name", required=True),
        initial=content.decimal("initial", required=True) or Decimal(0),
        paid=content.decimal("paid", required=True) or Decimal(0),
        changes=tuple(_change(each, problems) for each in content.items("changes")),
        is_new=content.boolean("new"),
        is_recurring=content.boolean("recurring", default=True),
        source=Citation(document, place, Evidence.SEED) if place else Citation("", "", Evidence.PROPOSAL),
    )
    content.text("note")
    content.finish()
    return found


def _change(node: Located, problems: Problems) -> BudgetChange:
    content = Fields(node, problems, "预算调整")
    found = BudgetChange(
        content.choice(
            "kind", ["ADD", "CUT", "TRANSFER_IN", "TRANSFER_OUT", "CARRY_IN", "HIGHER_LEVEL"], required=True
        ),
        content.decimal("amount", required=True) or Decimal(0),
        content.integer("month", required=True) or 1,
    )
    content.finish()
    return found


def _figures(content: Fields, document: str) -> dict[str, ProfileFigure]:
    groups = content.fields("figures")
    figures: dict[str, ProfileFigure] = {}
    if groups is None:
        return figures
    for group in groups.mapping:
        inner = groups.fields(group)
        for name in inner.mapping if inner else ():
            found = inner.fields(name) if inner else None
            if found is None:
                continue
            place = found.text("place")
            evidence = Evidence(
                found.choice(
                    "evidence", [each.value for each in Evidence], default="seed" if place else "proposal"
                )
            )
            value = found.decimal("value", required=True)
            figures[f"{group}.{name}"] = ProfileFigure(
                f"{group}.{name}",
                Decimal(0) if value is None else value,
                found.boolean("scales"),
                Citation(document if place else "market-ledgers", place, evidence),
                found.text("note"),
            )
            found.finish()
    return figures


def _units(content: Fields, areas: tuple[Area, ...], level: str) -> tuple[Unit, ...]:
    tree = content.fields("organisation")
    if tree is None:
        content.problems.add(BAD_PROFILE.at(content.place("organisation"), "没有单位层级（organisation）"))
        return ()
    base = tree.text("area", required=True)
    case = tree.text("case", required=True)
    per_district = tree.integer("offices_per_district") or 0
    tree.finish()
    path = definitions_directory() / "cases" / case / "organisation.yaml"
    node, _ = read_yaml(path, path.name)
    if node is None:
        content.problems.add(BAD_PROFILE.at(content.place("organisation"), f"没有档案“{case}”的单位文件"))
        return ()
    found = Fields(node, Problems(), "单位")
    body = found.fields("body")
    name = body.text("name") if body else ""
    root = f"{base}000"
    units = [Unit(root, name, "BUREAU", "", base, is_budget_unit=True)]
    numbers = {"SECTION": 0, "AFFILIATE": 100, "SUO": 200}
    for item in found.items("divisions"):
        inner = Fields(item, Problems(), "机构")
        kind = _KINDS.get(inner.text("kind"), "SECTION")
        numbers[kind] += 1
        owns_budget = inner.text("kind") == "independent_budget"
        units.append(Unit(f"{base}{numbers[kind]:03}", inner.text("name"), kind, root, base, owns_budget))
    if level == "city":
        for area in (each for each in areas if each.level == "DISTRICT"):
            above = f"{area.code}000"
            units.append(
                Unit(
                    above,
                    f"广州市{area.name}市场监督管理局",
                    "SUBBUREAU",
                    root,
                    area.code,
                    is_budget_unit=True,
                )
            )
            units += [
                Unit(
                    f"{area.code}{200 + each:03}",
                    f"{area.name}第{each}市场监管所（合成）",
                    "SUO",
                    above,
                    area.code,
                    is_budget_unit=False,
                )
                for each in range(1, per_district + 1)
            ]
    return tuple(units)
