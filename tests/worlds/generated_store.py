"""A small generated record store of Huadu, made once for a run and copied for each test that needs one."""

import shutil
from functools import lru_cache
from pathlib import Path

import pytest
from passing import passing_directory

from zhunsheng.cli.main import run

SCALE = "0.01"


@lru_cache(maxsize=1)
def _made() -> Path:
    store = passing_directory("zhunsheng-generated-") / "store"
    with pytest.raises(SystemExit) as left:
        run(
            ["city", "generate", "--profile", "huadu-2023", "--scale", SCALE, "--store", str(store), "--json"]
        )
    assert left.value.code == 0
    return store


def generated_store(target: Path) -> Path:
    """A copy of the store at a place that does not exist yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(_made(), target)
    return target
