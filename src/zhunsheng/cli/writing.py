"""Writing output files: all of them or none, never over something else by half."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.kernel.system_errors import reason_of


def write_files(directory: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write some files into a directory; each appears complete or not at all.

    All content is made before the first file is written, so a failure leaves at most whole files.

    Raises:
        Surroundings: the directory cannot be made or a file cannot be written.
    """
    written = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            written.append(write_file(directory / name, content))
    except OSError as error:
        raise Surroundings(f"无法写入“{directory}”：{reason_of(error)}") from error
    return written


def write_file(path: Path, content: bytes) -> Path:
    """Write one file by way of a temporary neighbour.

    Raises:
        Surroundings: it cannot be written.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise Surroundings(f"无法写入“{path}”：{reason_of(error)}") from error
    return path
