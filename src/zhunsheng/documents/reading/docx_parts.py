"""The parts of a Word package: their bytes, their relations, their trees.

Trees are parsed without entities, document types and network; references that lead out of the package
are listed, never followed.
"""

import io
import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote

from lxml import etree

from zhunsheng.documents.reading.docx_guard import DAMAGE, LARGEST_XML

_DECLARATIONS: Final = tuple(
    word.encode(coding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for coding in ("utf-8", "utf-16-le", "utf-16-be")
)
# documents saved as "Strict Open XML" use other names for the same things
_STRICT: Final = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/",
        b"http://schemas.openxmlformats.org/drawingml/2006/",
    ),
)
_STRICT_SIGN: Final = b"http://purl.oclc.org/ooxml/"
_MAIN: Final = "word/document.xml"


class UnsafeError(Exception):
    """A part declares a document type or entities."""


class DamagedError(Exception):
    """A part cannot be unpacked or is not well-formed XML."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of a part.

    Attributes:
        key: its identifier in the part.
        kind: last word of its type, such as "footnotes".
        target: name of the part it leads to, or the address outside the package.
        external: whether it leads out of the package.
    """

    key: str
    kind: str
    target: str
    external: bool


class Package:
    """An opened Word package; parts are unpacked and parsed when first asked for, and then kept."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = tuple(self._zip.namelist())
        self._by_lower = {name.lower(): name for name in self.names}
        self._roots: dict[str, etree._Element] = {}
        self._relations: dict[str, tuple[Relation, ...]] = {}
        self.strict: set[str] = set()
        # relations that cannot be read: what they lead to is not found
        self.damaged: list[str] = []

    def has(self, part: str) -> bool:
        """Whether the package holds the part."""
        return part.lower() in self._by_lower

    def content(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            DamagedError: it is absent, cannot be unpacked, or is too large to be what it says.
        """
        try:
            member = self._zip.getinfo(self._by_lower[part.lower()])
            if member.file_size > LARGEST_XML:
                raise DamagedError(part)
            return self._zip.read(member)
        except (*DAMAGE, RuntimeError) as error:
            raise DamagedError(part) from error

    def root(self, part: str) -> etree._Element:
        """The tree of a part.

        Raises:
            DamagedError: it is absent or not well-formed.
            UnsafeError: it declares a document type or entities.
        """
        if part not in self._roots:
            content = self.content(part)
            if any(word in content for word in _DECLARATIONS):
                raise UnsafeError(part)
            if _STRICT_SIGN in content:
                self.strict.add(part)
                for strict, usual in _STRICT:
                    content = content.replace(strict, usual)
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            try:
                root = etree.fromstring(content, parser)
            except (etree.XMLSyntaxError, ValueError) as error:
                raise DamagedError(part) from error
            if root.getroottree().docinfo.internalDTD is not None:
                raise UnsafeError(part)
            self._roots[part] = root
        return self._roots[part]

    def written(self, part: str) -> bytes:
        """The bytes of a part from its tree as it is now."""
        content: bytes = etree.tostring(
            self._roots[part].getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True
        )
        if part in self.strict:
            for strict, usual in _STRICT:
                content = content.replace(usual, strict)
        return content

    def keep(self, part: str, root: etree._Element, *, like: str) -> None:
        """Take in the tree of a new part, to be written in the same manner as another one."""
        self._roots[part] = root
        if like in self.strict:
            self.strict.add(part)

    @staticmethod
    def relations_part(part: str) -> str:
        """The name of the part that holds the relations of a part."""
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def relations(self, part: str) -> tuple[Relation, ...]:
        """The relations of a part; "" asks for those of the package. Damaged relations count as none."""
        if part not in self._relations:
            folder, own = posixpath.dirname(part), self.relations_part(part)
            try:
                root = self.root(own)
            except DamagedError:
                self._relations[part] = ()
                if self.has(own):
                    self.damaged.append(own)
                return ()
            self._relations[part] = tuple(
                Relation(
                    each.get("Id", ""),
                    each.get("Type", "").rpartition("/")[2],
                    target if external else _resolved(folder, target),
                    external,
                )
                for each in root
                if isinstance(each.tag, str)
                for external in [each.get("TargetMode", "").lower() == "external"]
                for target in [each.get("Target", "")]
            )
        return self._relations[part]

    def related(self, part: str, kind: str) -> str | None:
        """The first part inside the package that a part leads to by a kind of relation."""
        return next(
            (
                each.target
                for each in self.relations(part)
                if each.kind == kind and not each.external and self.has(each.target)
            ),
            None,
        )

    @cached_property
    def main(self) -> str | None:
        """The name of the main document part, or None when this is no Word package."""
        found = self.related("", "officeDocument")
        if found is None and self.has(_MAIN):
            found = self._by_lower[_MAIN]
        return found


def _resolved(folder: str, target: str) -> str:
    path = unquote(target.partition("#")[0])
    if path.startswith("/"):
        return posixpath.normpath(path).lstrip("/")
    return posixpath.normpath(posixpath.join(folder, path))
