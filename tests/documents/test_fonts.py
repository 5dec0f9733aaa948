import time
from pathlib import Path

import pytest
from defusedxml import ElementTree
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from zhunsheng.documents.fonts import (
    BODY,
    FACES,
    HEI,
    LATIN,
    TITLE,
    default_directories,
    find_fonts,
    fontconfig_file,
)


def make_font(path: Path, family: str, characters: str = "国", style: str = "Regular") -> Path:
    """A font of empty glyphs under a family name."""
    names = {ord(char): f"u{ord(char):04X}" for char in characters}
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    glyph = TTGlyphPen(None).glyph()
    builder.setupGlyf(dict.fromkeys([".notdef", *names.values()], glyph))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (1000, 0)))
    builder.setupHorizontalHeader()
    builder.setupNameTable({"familyName": family, "styleName": style})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


def test_without_any_font_every_face_is_reported_missing(tmp_path: Path) -> None:
    fonts = find_fonts([tmp_path, tmp_path / "absent"])
    assert fonts.substitutions == tuple((face.official, None) for face in FACES)
    assert len(fonts.words()) == len(FACES)
    assert (fonts.files, fonts.directories) == ((), ())
    assert fonts.missing_glyphs("国 家", BODY) == {"国", "家"}
    assert fonts.family(BODY) == BODY.official


def test_the_stand_in_is_used_and_said_to_be_one(tmp_path: Path) -> None:
    path = make_font(tmp_path / BODY.stand_in_file, BODY.stand_in)
    fonts = find_fonts([tmp_path])
    assert dict(fonts.substitutions)[BODY.official] == BODY.stand_in
    assert (fonts.file(BODY), fonts.files, fonts.directories) == (path, (path,), (tmp_path,))
    assert any(BODY.stand_in in each and BODY.official in each for each in fonts.words())
    assert fonts.official == frozenset()


def test_the_official_face_goes_before_its_stand_in(tmp_path: Path) -> None:
    make_font(tmp_path / BODY.stand_in_file, BODY.stand_in)
    own = make_font(tmp_path / "仿宋_GB2312.ttf", "FangSong_GB2312")
    fonts = find_fonts([tmp_path])
    assert fonts.file(BODY) == own
    assert dict(fonts.substitutions)[BODY.official] == BODY.official
    # font libraries know it by the name inside the file
    assert fonts.family(BODY) == "FangSong_GB2312"
    assert not any(
        each.startswith(f"缺少“{BODY.official}") or f"代替“{BODY.official}" in each for each in fonts.words()
    )


def test_the_system_fangsong_is_a_relative_not_the_official_face(tmp_path: Path) -> None:
    make_font(tmp_path / "simfang.ttf", "FangSong")
    fonts = find_fonts([tmp_path])
    assert dict(fonts.substitutions)[BODY.official] == "仿宋"
    assert fonts.family(BODY) == "FangSong"


def test_the_name_in_the_file_counts_not_that_of_the_file(tmp_path: Path) -> None:
    make_font(tmp_path / "simhei.ttf", "Something Else")
    assert dict(find_fonts([tmp_path]).substitutions)[HEI.official] is None


def test_a_bold_or_italic_cut_is_not_taken_for_the_face(tmp_path: Path) -> None:
    make_font(tmp_path / "timesbi.ttf", "Times New Roman", style="Bold Italic")
    assert dict(find_fonts([tmp_path]).substitutions)[LATIN.official] is None
    make_font(tmp_path / "times.ttf", "Times New Roman")
    assert dict(find_fonts([tmp_path]).substitutions)[LATIN.official] == LATIN.official


@pytest.mark.parametrize("content", [b"", b"not a font", b"\x00\x01\x00\x00" + b"\xff" * 40])
def test_broken_font_files_are_passed_over(tmp_path: Path, content: bytes) -> None:
    for name in ("simhei.ttf", "simsun.ttc", BODY.stand_in_file):
        (tmp_path / name).write_bytes(content)
    fonts = find_fonts([tmp_path])
    assert dict(fonts.substitutions)[HEI.official] is None
    assert fonts.missing_glyphs("国", BODY) == {"国"}


def test_characters_that_no_font_has_are_found(tmp_path: Path) -> None:
    make_font(tmp_path / BODY.stand_in_file, BODY.stand_in, "国家")
    make_font(tmp_path / HEI.stand_in_file.replace(".ttc", ".ttf"), HEI.stand_in, "㎡")
    fonts = find_fonts([tmp_path])
    assert fonts.missing_glyphs("国家㎡ \n", BODY) == {"㎡"}


def test_a_glyph_the_face_lacks_is_taken_from_the_fallbacks(tmp_path: Path) -> None:
    make_font(tmp_path / BODY.stand_in_file, BODY.stand_in, "国")
    make_font(tmp_path / "simsun.ttf", "SimSun", "㎡")
    assert find_fonts([tmp_path]).missing_glyphs("国㎡", BODY) == set()


def test_earlier_directories_go_first(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "deep").mkdir(parents=True)
        make_font(tmp_path / name / "deep" / BODY.stand_in_file, BODY.stand_in)
    assert find_fonts([tmp_path / "b", tmp_path / "a"]).directories == (tmp_path / "b" / "deep",)


def test_the_setting_is_looked_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUNSHENG_FONTS", str(tmp_path))
    assert default_directories()[0] == tmp_path
    make_font(tmp_path / "simhei.ttf", "SimHei")
    assert find_fonts().file(HEI) == tmp_path / "simhei.ttf"


def test_a_user_without_a_home_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setenv("ZHUNSHENG_FONTS", "")
    assert default_directories()


def test_looking_for_fonts_among_many_files_is_quick(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"other-{number}.ttf").touch()
    start = time.process_time()
    find_fonts([tmp_path])
    assert time.process_time() - start < 3


def test_the_fontconfig_file_maps_official_names_to_what_is_used(tmp_path: Path) -> None:
    place = tmp_path / "a & b"
    place.mkdir()
    make_font(place / BODY.stand_in_file, BODY.stand_in)
    make_font(place / TITLE.stand_in_file, TITLE.stand_in)
    make_font(place / "simhei.ttf", "SimHei")
    written = fontconfig_file(find_fonts([place]), tmp_path / "fonts.conf")
    root = ElementTree.fromstring(written.read_text(encoding="utf-8"))
    assert [each.text for each in root.findall("dir")] == [str(place)]
    mapped = {
        str(match.findtext("test/string")): [edit.get("name") for edit in match.findall("edit")]
        for match in root.findall("match")
    }
    assert mapped == {TITLE.official: ["family", "weight"], BODY.official: ["family"]}
