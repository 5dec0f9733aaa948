"""Official faces, their free stand-ins, and what this computer has of them.

Documents name the official faces. Where a face is missing, a stand-in is used for PDF and pictures,
and the substitution is reported; nothing is replaced silently.
"""

import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class Face:
    """An official face, what may stand for it, and how their files are recognised.

    Attributes:
        official: name that documents carry.
        names: family names under which files carry the official face.
        similar: family names of the face's close relatives, used before the stand-in and reported.
        file_parts: parts of the file names, lower case, of the official face and its relatives.
        stand_in: family name of the free stand-in, as font libraries report it.
        stand_in_file: its file name.
    """

    official: str
    names: tuple[str, ...]
    similar: tuple[str, ...]
    file_parts: tuple[str, ...]
    stand_in: str
    stand_in_file: str


TITLE = Face(
    "方正小标宋简体",
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S"),
    ("方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
    ("fzxbs", "xiaobiaosong", "小标宋"),
    "Noto Serif CJK SC",
    "NotoSerifCJK-Bold.ttc",
)
BODY = Face(
    "仿宋_GB2312",
    ("仿宋_GB2312", "FangSong_GB2312"),
    ("仿宋", "FangSong"),
    ("simfang", "fangsong", "仿宋"),
    "FandolFang R",
    "FandolFang-Regular.otf",
)
KAI = Face(
    "楷体_GB2312",
    ("楷体_GB2312", "KaiTi_GB2312"),
    ("楷体", "KaiTi"),
    ("simkai", "kaiti", "楷体"),
    "FandolKai",
    "FandolKai-Regular.otf",
)
HEI = Face("黑体", ("黑体", "SimHei"), (), ("simhei", "黑体"), "Noto Sans CJK SC", "NotoSansCJK-Regular.ttc")
SONG = Face(
    "宋体", ("宋体", "SimSun"), (), ("simsun", "宋体"), "Noto Serif CJK SC", "NotoSerifCJK-Regular.ttc"
)
LATIN = Face(
    "Times New Roman",
    ("Times New Roman",),
    (),
    ("times",),
    "Liberation Serif",
    "LiberationSerif-Regular.ttf",
)
FACES = (TITLE, BODY, KAI, HEI, SONG, LATIN)

# Characters that the fang-song and kai stand-ins lack are looked for here next.
FALLBACK = SONG
_SUFFIXES = (".ttf", ".ttc", ".otf")


@dataclass(frozen=True, slots=True)
class Found:
    """What is used for a face.

    Attributes:
        file: the font file, or None when neither the face nor a stand-in is there.
        shown: name to report: the official name, that of a relative or of the stand-in.
        family: family name by which font libraries know the file.
    """

    face: Face
    file: Path | None
    shown: str | None
    family: str


@dataclass(frozen=True, slots=True)
class FontSet:
    """The faces this computer has, in the order of `FACES`."""

    found: tuple[Found, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """The font files in use, each once."""
        return tuple(dict.fromkeys(each.file for each in self.found if each.file is not None))

    @property
    def directories(self) -> tuple[Path, ...]:
        """The directories that hold them."""
        return tuple(dict.fromkeys(file.parent for file in self.files))

    @property
    def official(self) -> frozenset[str]:
        """Official names of the faces whose own file was found."""
        return frozenset(each.face.official for each in self.found if each.shown == each.face.official)

    @property
    def substitutions(self) -> tuple[tuple[str, str | None], ...]:
        """Official name and what is used for it: itself, another face, or None when nothing is there."""
        return tuple((each.face.official, each.shown) for each in self.found)

    def family(self, face: Face) -> str:
        """Family name to use for a face; the official name when nothing is there."""
        return self._of(face).family

    def file(self, face: Face) -> Path | None:
        """The font file used for a face."""
        return self._of(face).file

    def missing_glyphs(self, text: str, face: Face) -> set[str]:
        """Characters of `text` that neither the face nor the fallbacks can print; all without any font."""
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

    def _of(self, face: Face) -> Found:
        return next(each for each in self.found if each.face.official == face.official)


@lru_cache(maxsize=16)
def coverage(path: Path) -> frozenset[int]:
    """Code points a font file can print; none when it cannot be read."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow to import, needed only for PDF

    try:
        # opened here: the library leaves a broken file open
        with path.open("rb") as stream:
            return frozenset(TTFont(stream, fontNumber=0, lazy=True).getBestCmap() or ())
    except _broken():
        return frozenset()


def _broken() -> tuple[type[Exception], ...]:
    """What reading a damaged font file raises."""
    from fontTools.ttLib import TTLibError  # noqa: PLC0415

    return (OSError, TTLibError, struct.error, KeyError, ValueError, AssertionError, EOFError)


def default_directories() -> list[Path]:
    """Where fonts are looked for: the setting, the project's own set-up, the user's, the system's."""
    places = [Path(part) for part in os.environ.get("ZHUNSHENG_FONTS", "").split(os.pathsep) if part]
    for above in Path(__file__).resolve().parents:
        if (above / "var" / "fonts").is_dir():
            places.append(above / "var" / "fonts")
            break
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - does not fail for a user without a home
    places += [home / ".fonts", home / ".local" / "share" / "fonts"]
    places += [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    windows = os.environ.get("WINDIR")
    return [*places, Path(windows) / "Fonts"] if windows else places


def find_fonts(directories: Iterable[Path] | None = None) -> FontSet:
    """Find the faces; missing ones are reported in the result, never raised.

    Files are told apart by name first; only files that may be an official face are opened.

    Args:
        directories: where to look, in order; `default_directories()` when None.
    """
    files: dict[str, Path] = {}
    for directory in directories if directories is not None else default_directories():
        for path in _fonts_below(directory):
            files.setdefault(path.name.lower(), path)
    return FontSet(tuple(_find(face, files) for face in FACES))


def _find(face: Face, files: dict[str, Path]) -> Found:
    stand_in = files.get(face.stand_in_file.lower())
    candidates = [
        path
        for name, path in files.items()
        if path != stand_in and any(part in name for part in face.file_parts)
    ]
    families = [(path, names) for path in candidates for names in family_names(path)]
    for shown, accepted in ((face.official, face.names), ("", face.similar)):
        wanted = {name.lower() for name in accepted}
        for path, names in families:
            if wanted & {name.lower() for name in names}:
                return Found(face, path, shown or face.similar[0], names[0])
    if stand_in is not None:
        return Found(face, stand_in, face.stand_in, face.stand_in)
    return Found(face, None, None, face.official)


@lru_cache(maxsize=64)
def family_names(path: Path) -> tuple[tuple[str, ...], ...]:
    """Family names, in all languages, of each regular font in a file; none when it cannot be read."""
    from fontTools.ttLib import TTCollection, TTFont  # noqa: PLC0415 - slow to import

    try:
        with path.open("rb") as stream:
            several = path.suffix.lower() == ".ttc"
            fonts = TTCollection(stream, lazy=True).fonts if several else [TTFont(stream, lazy=True)]
            return tuple(names for font in fonts if (names := _regular_family(font["name"].names)))
    except _broken():
        return ()


def _regular_family(records: Sequence[object]) -> tuple[str, ...]:
    named = [(getattr(each, "nameID", 0), str(each)) for each in records]
    styles = {text.lower() for identifier, text in named if identifier == 2}
    if styles & {"bold", "italic", "bold italic"}:
        return ()
    return tuple(dict.fromkeys(text for identifier, text in named if identifier == 1))


def _fonts_below(directory: Path) -> Iterator[Path]:
    # os.walk passes over what is missing or may not be read
    for root, folders, names in os.walk(directory):
        folders.sort()
        yield from (Path(root) / name for name in sorted(names) if name.lower().endswith(_SUFFIXES))


def fontconfig_file(fonts: FontSet, target: Path) -> Path:
    """Write a fontconfig file that maps official names to what is used, for programs that read one.

    Raises:
        OSError: `target` cannot be written.
    """
    lines = ['<?xml version="1.0"?>', '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">', "<fontconfig>"]
    lines += [f"  <dir>{escape(str(directory))}</dir>" for directory in fonts.directories]
    lines.append('  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>')
    for each in fonts.found:
        if each.shown is None or each.shown == each.face.official:
            continue
        # the stand-in of the title face is a bold cut
        heavy = '<edit name="weight" mode="assign" binding="strong"><const>bold</const></edit>'
        lines.append(
            f'  <match target="pattern"><test name="family"><string>{each.face.official}</string></test>'
            f'<edit name="family" mode="assign" binding="strong"><string>{escape(each.family)}</string></edit>'
            f"{heavy if each.file and each.file.name == TITLE.stand_in_file else ''}</match>"
        )
    lines.append("</fontconfig>")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target
