"""Files that are handed out: by their hash, as what they are, never able to act."""

from urllib.parse import quote

from django.http import FileResponse, Http404

from zhunsheng.store.database.file_store import path_of
from zhunsheng.web.security import SHOWN_PDF, UPLOADED

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}


def file_answer(digest: str, name: str, *, shown: bool = False) -> FileResponse:
    """A stored file.

    Args:
        digest: hash of its content.
        name: under which it is saved; its ending says what it is.
        shown: whether it is looked at in the browser; anything but a page, a PDF or data is always saved.

    Raises:
        Http404: it is not there.
    """
    path = path_of(digest)
    if not path.is_file():
        raise Http404
    ending = name.rpartition(".")[2].lower()
    answer = FileResponse(path.open("rb"), content_type=_TYPES.get(ending, "application/octet-stream"))
    inline = shown and ending in {"html", "pdf", "csv", "json", "jsonld"}
    kind = "inline" if inline else "attachment"
    answer.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = SHOWN_PDF if inline and ending == "pdf" else UPLOADED
    return answer
