"""The folder of a run: on this machine, or in a store that fsspec writes to (`s3://…`)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast
from uuid import uuid4

import fsspec
from fsspec.implementations.local import LocalFileSystem

from gazetteer.errors import StoreError

_LACKING = (FileNotFoundError,)


@contextmanager
def telling(address: str, *, but: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Raise `StoreError` where anything fails `but` in these ways, which are for whoever asks to say."""
    try:
        yield
    except but:
        raise
    except Exception as error:  # each kind of store has errors of its own
        raise StoreError(f"{address}: {error or type(error).__name__}") from error


class Folder:
    """Files by their names in it (`articles/a.parquet`), each of which is there whole or not at all.

    Raises `StoreError` where the folder cannot be read or written: there is no store of that kind, or what it needs is
    not installed, or access is denied.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        with telling(address):
            self._files, self._root = fsspec.core.url_to_fs(address)
        self._is_local = isinstance(self._files, LocalFileSystem)

    def make(self, name: str) -> None:
        """Make a folder in it, where there is need of one, or free it of what writers left that were ended."""
        if self._is_local:
            folder = Path(self._at(name))
            with telling(self._address):
                folder.mkdir(parents=True, exist_ok=True)
            for left in folder.glob(".*"):
                left.unlink(missing_ok=True)

    def names(self, name: str) -> list[str]:
        """Give the names of the files in a folder in it, sorted; none where there is no such folder."""
        self._files.invalidate_cache()
        with suppress(FileNotFoundError), telling(self._address, but=_LACKING):
            found = (each.rstrip("/").rpartition("/")[2] for each in self._files.ls(self._at(name), detail=False))
            return sorted(f"{name}/{each}" for each in found if not each.startswith("."))
        return []

    def read(self, name: str) -> bytes:
        """Read a file; raises `FileNotFoundError` where there is none."""
        with telling(self._address, but=_LACKING):
            return cast("bytes", self._files.cat_file(self._at(name)))

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        """Open a file, to be read from any place in it; raises `FileNotFoundError` where there is none."""
        with self._files.open(self._at(name), "rb") as stream:
            yield stream

    def write(self, name: str, content: bytes) -> None:
        """Write a file."""
        with self.writing(name) as stream:
            stream.write(content)

    @contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """Open a file to be written, which comes to its place at the end; where there is an error, it does not."""
        path = Path(self._at(name))
        if not self._is_local:
            with NamedTemporaryFile(prefix="gazetteer-") as stream:
                yield cast("BinaryIO", stream)
                stream.flush()
                with telling(self._address):
                    self._files.put_file(stream.name, self._at(name))
            return
        beside = path.with_name(f".{path.name}.{uuid4().hex}")  # of nobody else, on no other machine either
        try:
            with beside.open("wb") as stream:
                yield stream
            beside.replace(path)
        except OSError as error:
            raise StoreError(f"{self._address}: {error.strerror}") from error
        finally:
            beside.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Remove a file, where it is there."""
        with suppress(FileNotFoundError), telling(self._address, but=_LACKING):
            self._files.rm_file(self._at(name))

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"
