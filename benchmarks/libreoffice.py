"""LibreOffice without a window: opens files of any office format and saves them as another, or as their own again."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

INSTALL = "LibreOffice is not installed (apt-get install libreoffice-writer-nogui libreoffice-calc-nogui)."
_SECONDS = 300  # for one start
_CSV = "csv:Text - txt - csv (StarCalc):44,34,76"  # commas, quotation marks, UTF-8


def installed() -> bool:
    """Returns whether LibreOffice is here."""
    return shutil.which("soffice") is not None


def saved(sources: Sequence[Path], suffix: str, folder: Path) -> list[Path]:
    """Opens the files with one start of LibreOffice and saves each in `folder` with that suffix; returns where.

    The profile is a new one each time: one that is in use by another LibreOffice would end this one at once.

    Raises: RuntimeError where a file was not saved; the message holds what LibreOffice said.
    """
    wanted = _CSV if suffix == ".csv" else suffix.removeprefix(".")
    with tempfile.TemporaryDirectory() as profile:
        options = [f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        run = subprocess.run(
            ["soffice", *options, "--convert-to", wanted, "--outdir", str(folder), *map(str, sources)],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    targets = [folder / f"{source.stem}{suffix}" for source in sources]
    if missing := [target.name for target in targets if not target.exists()]:
        raise RuntimeError(f"LibreOffice did not save {', '.join(missing)}: {run.stdout} {run.stderr}")
    return targets
