# ruff: noqa: ANN401
"""The pandas baseline: needed columns only, one ledger after the other, a vectorised condition for each measure.

    python pandas_job.py PLAN.json

Prints seconds, peak memory and the values as one line of JSON. Runs in an environment with pandas and pyarrow.
"""

import json
import operator
import sys
import time
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped] # lives in an environment of its own

_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def read(plan: dict[str, Any], code: str) -> pd.DataFrame:
    """A ledger with its needed columns; days become moments, which pandas compares fast."""
    frames = [
        pd.read_parquet(each, columns=plan["columns"][code], engine="pyarrow") for each in plan["files"][code]
    ]
    frame = pd.concat(frames, ignore_index=True)
    for name in frame.columns:
        if frame[name].dtype == object and _is_day(frame[name]):
            frame[name] = pd.to_datetime(frame[name])
    return frame


def _is_day(column: pd.Series) -> bool:
    first = column.first_valid_index()
    return first is not None and hasattr(column.loc[first], "toordinal")


class Frame:
    """A ledger whose conditions are evaluated as whole columns; each is worked out once."""

    def __init__(self, frame: pd.DataFrame, targets: dict[str, str], others: dict[str, pd.DataFrame]) -> None:
        self.frame, self.targets, self.others = frame, targets, others
        self.known: dict[str, Any] = {}

    def value(self, tree: list[Any]) -> Any:
        """The column of an expression, or a constant."""
        name = json.dumps(tree)
        if name not in self.known:
            self.known[name] = self._value(tree)
        return self.known[name]

    def _value(self, tree: list[Any]) -> Any:
        head, *rest = tree
        if head == "literal":
            (value,) = rest
            return pd.Timestamp(value["moment"]) if isinstance(value, dict) else value
        if head == "column":
            return self._column(rest)
        if head == "in":
            return self.value(rest[0]).isin([self.value(each) for each in rest[1:]])
        if head == "case":
            conditions = [self._sure(self.value(each)) for each in rest[:-1:2]]
            values = [self.value(each) for each in rest[1::2]]
            return pd.Series(np.select(conditions, values, self.value(rest[-1])), index=self.frame.index)
        given = [self.value(each) for each in rest]
        if head in {"and", "or"}:
            series = [self._sure(each) for each in given]
            return reduce(operator.and_ if head == "and" else operator.or_, series)
        if head == "not":
            return ~self._sure(given[0])
        if head == "is_null":
            return given[0].isna()
        if head in _COMPARED:
            return _COMPARED[head](*given)
        return self._call(head, given)

    def _call(self, name: str, given: list[Any]) -> Any:
        match name:
            case "coalesce":
                return given[0].fillna(given[1]) if len(given) == 2 else NotImplemented
            case "year" | "month":
                return getattr(given[0].dt, name)
            case "day":
                return given[0].dt.normalize()
            case "years":
                early, late = given
                before = late.dt.month * 100 + late.dt.day < early.dt.month * 100 + early.dt.day
                return late.dt.year - early.dt.year - before.astype("int64")
            case "contains":
                return pd.Series([given[1] in each for each in given[0]], index=self.frame.index)
        raise NotImplementedError(name)

    def _column(self, path: list[str]) -> pd.Series:
        if len(path) == 1:
            return self.frame[path[0]]
        other = self.others[self.targets[path[0]]]
        return self.frame[path[0]].map(other.set_index("_id")[path[1]])

    def _sure(self, condition: Any) -> Any:
        """Unknown is not fulfilled."""
        if isinstance(condition, bool):
            return pd.Series(condition, index=self.frame.index)
        if condition.dtype == bool:
            return condition
        return condition.fillna(value=False).astype(bool)

    def taken(self, measure: dict[str, Any]) -> pd.Series | None:
        """Which records a measure takes in; None for all."""
        parts = []
        if measure["window"] is not None:
            name, first, after = measure["window"]
            key = f"window {measure['window']}"
            if key not in self.known:
                column = self.frame[name]
                inside = column < pd.Timestamp(after)
                self.known[key] = inside if first is None else inside & (column >= pd.Timestamp(first))
            parts.append(self.known[key])
        if measure["where"] is not None:
            parts.append(self._sure(self.value(measure["where"])))
        return reduce(operator.and_, parts) if parts else None

    def answer(self, measure: dict[str, Any]) -> Any:
        """A measure; a mean as its sum and number."""
        taken = self.taken(measure)
        if measure["grouping"] is not None:
            return self._things(measure["grouping"], taken)
        if measure["aggregate"] == "count":
            return len(self.frame) if taken is None else int(taken.sum())
        value = self.value(measure["of"])
        chosen = value if taken is None else value[taken]
        match measure["aggregate"]:
            case "distinct":
                return int(chosen.nunique())
            case "sum":
                return int(chosen.sum())
            case "mean":
                return [int(chosen.sum()), int(chosen.count())]
            case "quantile":
                return float(chosen.quantile(measure["quantile"]))
        return int(getattr(chosen, measure["aggregate"])())

    def _things(self, grouping: dict[str, Any], taken: pd.Series | None) -> int:
        rows = self.frame.index if taken is None else self.frame.index[taken]
        by = self.value(grouping["by"])[rows]
        values = {}
        for name, inner in grouping["values"]:
            if inner["aggregate"] != "distinct":
                raise NotImplementedError(inner["aggregate"])
            values[name] = self.value(inner["of"])[rows].groupby(by).nunique()
        things = Frame(pd.DataFrame(values), {}, {})
        return int(things.value(grouping["having"]).sum())


def main() -> None:
    """Read the plan, answer it, print."""
    begun = time.perf_counter()
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    values: dict[int, Any] = {}
    for code, measures in plan["measures"].items():
        targets = plan["targets"][code]
        needed = {
            targets[path[0]]
            for _, each in measures
            for path in _paths([each["where"], each["of"]])
            if len(path) > 1
        }
        frame = Frame(read(plan, code), targets, {each: read(plan, each) for each in sorted(needed)})
        for place, measure in measures:
            values[place] = frame.answer(measure)
    seconds = time.perf_counter() - begun
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024
    result = [values[each] for each in sorted(values)]
    print(json.dumps({"seconds": seconds, "peak": peak, "result": result}))


def _paths(trees: list[Any]) -> list[list[str]]:
    found = []
    for tree in trees:
        if isinstance(tree, list) and tree:
            if tree[0] == "column":
                found.append(tree[1:])
            else:
                found += _paths(tree[1:])
    return found


if __name__ == "__main__":
    main()
