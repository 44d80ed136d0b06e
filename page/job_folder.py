"""Where the files of long work lie: beside the index, so that work which a server left undone is there for the next."""

import os
import shutil
import tempfile
from pathlib import Path

JOBS = "jobs"  # in the index's folder
_LOCK = "lock"


class JobFolder:
    """The folder `jobs` of an index, which only its user can read and one server has at a time.

    `lasts` is False where another server has it, or it cannot be written: then it is a temporary folder instead.
    """

    def __init__(self, place: Path) -> None:
        """`place` is the folder of the index."""
        self._lock = _locked(place / JOBS)
        self.lasts = self._lock is not None
        self.path = place / JOBS if self.lasts else Path(tempfile.mkdtemp(prefix="removals-qa-"))

    def close(self) -> None:
        """Leaves the folder to the next server, or removes it where there can be none."""
        if self._lock is None:
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            os.close(self._lock)


def _locked(folder: Path) -> int | None:
    """Returns the number of a file that is locked until this process ends, however it does; None if none can be had."""
    try:
        import fcntl
    except ImportError:  # on Windows
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return None
    return file
