"""The forms in which cables come: any file in, cables out.

A form is a module of this folder that holds one subclass of `Form`; lying here is all the registration it
needs.
"""

import importlib
import inspect
import os
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from cables.forms.base import Failure, Form, Reading, Source, UnreadableError, is_skipped
from cables.forms.decoding import UTF16_MARKS, decode
from cables.forms.plain_text import MAX_TEXT_BYTES

__all__ = ["Failure", "Form", "Reading", "Source", "find_files", "forms", "read", "read_source"]


@cache
def forms() -> tuple[Form, ...]:
    """One reader of each form in this folder, by module name."""
    found: dict[str, type[Form]] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Form) and not inspect.isabstract(value):
                found[value.__name__] = value
    return tuple(form() for form in found.values())


def read(
    path: Path, columns: Mapping[str, str] | None = None, *, as_document: bool = False
) -> Iterator[Reading | Failure]:
    """The cables of a file in whatever form, one by one; what cannot be read is a Failure. Raises nothing.

    `columns` says of a table which column is the id, the text and so on, where its names do not.
    `as_document` takes in a text that bears no marks of a telegram.
    """

    def opener() -> BinaryIO:
        return path.open("rb")

    yield from read_source(Source(path, path.name, opener, columns=columns or {}, as_document=as_document))


def read_source(source: Source) -> Iterator[Reading | Failure]:
    """As `read`, for a source that may lie inside an archive."""
    try:
        head = source.head()
        if head.startswith(UTF16_MARKS):
            text = decode(source.whole(MAX_TEXT_BYTES))[0].encode("utf-8", "replace")
            source = replace(source, opener=lambda: BytesIO(text))
            head = source.head()
        if not head:
            yield source.failure("the file is empty: copy it again from where it came, or delete it")
            return
        best = max(forms(), key=lambda form: form.likeness(head))
        for item in best.read(source):
            # What lies inside an archive has its own form already.
            yield replace(item, form=best.name) if isinstance(item, Reading) and not item.form else item
    except UnreadableError as error:
        yield source.failure(str(error), error.line)
    except FileNotFoundError:
        yield source.failure("the file is gone: it was moved or deleted while it was being read")
    except PermissionError:
        yield source.failure("no permission to read it: change its rights (chmod +r) or run as its owner")
    except IsADirectoryError:
        yield source.failure("a folder, not a file: give the folder itself as a source")
    except OSError as error:
        yield source.failure(f"cannot be read: {error.strerror or error}; check the disk it lies on")
    except RecursionError:
        yield source.failure("its elements are nested too deeply: it is damaged or made to do harm")


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to read under `paths`, folders walked in sorted order, each file once.

    A path that is a file comes as it is. Inside folders hidden files and README files are skipped, and so is
    a link that leads out of its folder.
    """
    seen: set[Path] = set()
    for path in paths:
        for found in _walk(path, path.resolve()) if _is_folder(path) else (path,):
            identity = _resolved(found) or found
            if identity not in seen:
                seen.add(identity)
                yield found


def _walk(folder: Path, root: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder  # reading it then says why it cannot be read
        return
    for entry in entries:
        path = folder / entry.name
        if is_skipped(entry.name):
            continue
        target = _resolved(path)
        if entry.is_symlink() and target and not target.is_relative_to(root):
            continue
        if target and _is_folder(path):
            yield from _walk(path, root) if not entry.is_symlink() else ()
        else:
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _resolved(path: Path) -> Path | None:
    """Where a path leads; None for a loop of links, which is a RuntimeError before Python 3.13."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return None
