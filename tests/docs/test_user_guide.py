"""The chapter about the site says the words that stand on the pages."""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHAPTER = "## 十二、在工作台上办一年的事"


def chapter() -> str:
    guide = (ROOT / "docs/user-guide.zh-CN.md").read_text(encoding="utf-8")
    return guide[guide.index(CHAPTER) :].split("\n## ", 1)[0]


def said() -> set[str]:
    """Everything the site says: templates, pages and names of the core."""
    given = importlib.util.spec_from_file_location("messages", ROOT / "scripts/messages.py")
    assert given is not None
    assert given.loader is not None
    script = importlib.util.module_from_spec(given)
    given.loader.exec_module(script)
    return {each.id if isinstance(each.id, str) else each.id[0] for each in script.extracted()}


def test_bold_words_stand_on_the_pages() -> None:
    bold = set(re.findall(r"\*\*([^*]+)\*\*", chapter()))
    assert len(bold) > 60
    assert bold - said() == set()


def test_everyone_who_takes_part_finds_a_section() -> None:
    sections = re.findall(r"^### (.+)$", chapter(), flags=re.MULTILINE)
    for who in ("填报人", "处室负责人", "财务", "局领导", "财政部门", "第三方", "公众"):
        assert who in sections
    assert "审计和管理员" in sections


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", chapter())
    assert links
    assert [each for each in links if not (ROOT / "docs" / each).is_file()] == []
