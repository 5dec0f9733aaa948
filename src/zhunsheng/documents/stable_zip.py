"""Zip packages with the same bytes for the same content, whenever and wherever they are written."""

import io
import re
import zipfile

# The earliest time a zip entry can carry.
_EPOCH = (1980, 1, 1, 0, 0, 0)
# Entry that office programs expect first, then the relations, then the rest by name.
_FIRST = ("mimetype", "[Content_Types].xml", "_rels/.rels")
_CORE = "docProps/core.xml"
_STAMP = re.compile(
    rb"(<dcterms:(?:created|modified)\b[^>]*>)[^<]*(</dcterms:(?:created|modified)>)",
)
_FIXED_STAMP = rb"\g<1>2000-01-01T00:00:00Z\g<2>"


def repack(data: bytes) -> bytes:
    """Rewrite an Office package (.xlsx, .docx) so that equal content gives equal bytes.

    Entry order, entry times and attributes are fixed, and the creation and change times in the
    document properties are replaced by a constant.

    Raises:
        zipfile.BadZipFile: `data` is not a zip file.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        content = {name: source.read(name) for name in source.namelist()}
    if _CORE in content:
        content[_CORE] = _STAMP.sub(_FIXED_STAMP, content[_CORE])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(content, key=_rank):
            entry = zipfile.ZipInfo(name, _EPOCH)
            # a mimetype entry is only found by programs when it is not compressed
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content[name])
    return stream.getvalue()


def _rank(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)
