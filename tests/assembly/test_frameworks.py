"""The wiring stays free of any framework, and what loads slowly is loaded when it is needed."""

import subprocess
import sys
from pathlib import Path

import pytest

import zhunsheng.assembly

MODULES = sorted(path.stem for path in Path(zhunsheng.assembly.__path__[0]).glob("[a-z]*.py"))
FRAMEWORKS = {"click", "rich", "django", "ninja"}
OFFICE = {"openpyxl", "docx", "typst", "matplotlib", "pdfplumber", "pypdfium2", "rapidocr", "cv2", "jinja2"}


def loaded_by(module: str) -> set[str]:
    """Top names of everything that importing a module loads, in a process of its own."""
    words = f"import sys, {module}; print(*{{each.partition('.')[0] for each in sys.modules}})"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", words], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_every_kind_of_work_is_looked_at() -> None:
    assert {"cases", "evaluating", "reporting", "records", "computing", "auditing", "importing"} <= set(
        MODULES
    )


@pytest.mark.parametrize("module", MODULES)
def test_no_framework_and_no_office_format_is_loaded(module: str) -> None:
    found = loaded_by(f"zhunsheng.assembly.{module}")
    assert "zhunsheng" in found
    assert not found & FRAMEWORKS
    assert not found & OFFICE
