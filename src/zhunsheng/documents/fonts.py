"""Official faces, their free stand-ins, and what this computer has of them.

Documents name the official faces. Where a face is missing, a stand-in is used for PDF and pictures,
and the substitution is reported; nothing is replaced silently.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Face:
    """An official face and its stand-in.

    Attributes:
        official: name that documents carry.
        official_files: file names under which the official face is usually installed.
        stand_in: family name of the free stand-in, as font libraries report it.
        stand_in_file: its file name.
    """

    official: str
    official_files: tuple[str, ...]
    stand_in: str
    stand_in_file: str


TITLE = Face("方正小标宋简体", ("FZXBSJW.TTF", "fzxbsjw.ttf"), "Noto Serif CJK SC", "NotoSerifCJK-Bold.ttc")
BODY = Face(
    "仿宋_GB2312", ("simfang.ttf", "SIMFANG.TTF", "仿宋_GB2312.ttf"), "FandolFang R", "FandolFang-Regular.otf"
)
KAI = Face(
    "楷体_GB2312", ("simkai.ttf", "SIMKAI.TTF", "楷体_GB2312.ttf"), "FandolKai", "FandolKai-Regular.otf"
)
HEI = Face("黑体", ("simhei.ttf", "SIMHEI.TTF"), "Noto Sans CJK SC", "NotoSansCJK-Regular.ttc")
SONG = Face("宋体", ("simsun.ttc", "SIMSUN.TTC"), "Noto Serif CJK SC", "NotoSerifCJK-Regular.ttc")
LATIN = Face(
    "Times New Roman",
    ("times.ttf", "TIMES.TTF", "Times_New_Roman.ttf"),
    "Liberation Serif",
    "LiberationSerif-Regular.ttf",
)
FACES = (TITLE, BODY, KAI, HEI, SONG, LATIN)

# Characters that the fang-song and kai stand-ins lack are looked for here next.
FALLBACK = SONG


@dataclass(frozen=True, slots=True)
class FontSet:
    """The faces this computer has.

    Attributes:
        directories: directories that hold at least one of the files, in order of preference.
        found: for each face the file of the official one or of the stand-in, or None.
        official: faces whose official file was found.
    """

    directories: tuple[Path, ...]
    found: tuple[tuple[Face, Path | None], ...]
    official: frozenset[str]

    @property
    def substitutions(self) -> tuple[tuple[str, str | None], ...]:
        """Official name and the family used for it: itself, the stand-in, or None when neither is there."""
        return tuple(
            (
                face.official,
                face.official if face.official in self.official else face.stand_in if path else None,
            )
            for face, path in self.found
        )

    def family(self, face: Face) -> str:
        """Family name to use for a face; the official name when nothing is there."""
        return dict(self.substitutions)[face.official] or face.official

    def file(self, face: Face) -> Path | None:
        """The font file used for a face."""
        return dict((each.official, path) for each, path in self.found)[face.official]  # noqa: C402 - Face keys

    def missing_glyphs(self, text: str, face: Face) -> set[str]:
        """Characters of `text` that neither the face nor the fallback can print."""
        wanted = {char for char in text if not char.isspace()}
        for each in (face, FALLBACK, HEI, LATIN):
            path = self.file(each)
            if path is not None and wanted:
                wanted -= {char for char in wanted if ord(char) in coverage(path)}
        return wanted

    def words(self) -> tuple[str, ...]:
        """What was replaced or is missing, in Chinese."""
        found = []
        for official, used in self.substitutions:
            if used is None:
                found.append(f"缺少“{official}”及其替代字体，PDF 中该字体的文字无法正常显示")
            elif used != official:
                found.append(f"PDF 中以“{used}”代替“{official}”；Word 文件仍标注“{official}”")
        return tuple(found)


@lru_cache(maxsize=16)
def coverage(path: Path) -> frozenset[int]:
    """Code points a font file can print."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow to import, needed only for PDF

    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


def default_directories() -> list[Path]:
    """Where fonts are looked for: the setting, the project's own set-up, the user's, the system's."""
    places = [Path(part) for part in os.environ.get("ZHUNSHENG_FONTS", "").split(os.pathsep) if part]
    for above in Path(__file__).resolve().parents:
        if (above / "var" / "fonts").is_dir():
            places.append(above / "var" / "fonts")
            break
    return [*places, Path.home() / ".fonts", Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]


def find_fonts(directories: Iterable[Path] | None = None) -> FontSet:
    """Find the faces; missing ones are reported in the result, never raised.

    Args:
        directories: where to look, in order; `default_directories()` when None.
    """
    wanted = {name.lower() for face in FACES for name in (*face.official_files, face.stand_in_file)}
    files: dict[str, Path] = {}
    for directory in directories if directories is not None else default_directories():
        for path in _fonts_below(directory):
            if path.name.lower() in wanted:
                files.setdefault(path.name.lower(), path)
    found: list[tuple[Face, Path | None]] = []
    official = set()
    for face in FACES:
        own = next((files[name.lower()] for name in face.official_files if name.lower() in files), None)
        if own is not None:
            official.add(face.official)
        found.append((face, own or files.get(face.stand_in_file.lower())))
    used = tuple(dict.fromkeys(path.parent for _, path in found if path is not None))
    return FontSet(used, tuple(found), frozenset(official))


def _fonts_below(directory: Path) -> Sequence[Path]:
    try:
        return sorted(
            Path(root) / name
            for root, _, names in os.walk(directory)
            for name in names
            if name.lower().endswith((".ttf", ".ttc", ".otf"))
        )
    except OSError:
        return ()


def fontconfig_file(fonts: FontSet, target: Path) -> Path:
    """Write a fontconfig file that maps official names to the stand-ins, for programs that use it."""
    lines = ['<?xml version="1.0"?>', '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">', "<fontconfig>"]
    lines += [f"  <dir>{directory}</dir>" for directory in fonts.directories]
    lines.append('  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>')
    for official, used in fonts.substitutions:
        if used and used != official:
            heavy = '<edit name="weight" mode="assign" binding="strong"><const>bold</const></edit>'
            bold = heavy if official == TITLE.official else ""
            lines.append(
                f'  <match target="pattern"><test name="family"><string>{official}</string></test>'
                f'<edit name="family" mode="assign" binding="strong"><string>{used}</string></edit>{bold}</match>'
            )
    lines.append("</fontconfig>")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target
