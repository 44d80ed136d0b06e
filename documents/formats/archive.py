"""Files that are zip archives, opened with care: a small one can hold more than a disk."""

from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile

from documents.errors import ReadError

MOST_BYTES = 2**30
_MOST_FILES = 20_000
_MOST_RATIO = 300  # real text is packed to a tenth or a twentieth of its size
_FRENCH = {
    "a PowerPoint presentation": "une présentation PowerPoint",
    "a Word document": "un document Word",
    "a zip archive": "une archive zip",
    "an electronic book": "un livre électronique",
    "an Excel workbook": "un classeur Excel",
    "an OpenDocument text": "un texte OpenDocument",
}
_SMALL = 50 * 2**20  # bytes that may be packed at any ratio


def opened(data: bytes, name: str, kind: str) -> ZipFile:
    """Returns the archive; `kind` names the format in the error.

    zipfile never yields more bytes of a file than the archive states for it, so what is stated can be relied on.

    Raises: ReadError where it is damaged, or holds so much that it must be a bomb.
    """
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, LargeZipFile, NotImplementedError, OSError, ValueError) as error:
        raise ReadError(
            f"{name}: damaged, or not {kind}. Save it again and ingest that.",
            french=f"{name} : endommagé, ou pas {_FRENCH.get(kind, kind)}. Enregistrez-le de nouveau et ajoutez-le.",
        ) from error
    stated = sum(member.file_size for member in archive.infolist())
    if len(archive.infolist()) > _MOST_FILES:
        raise ReadError(
            f"{name}: holds {len(archive.infolist())} files; {_MOST_FILES} are read at most. Unpack it.",
            french=f"{name} : {len(archive.infolist())} fichiers ; on en lit au plus {_MOST_FILES}. Décompressez-le.",
        )
    if stated > MOST_BYTES or (stated > _SMALL and stated > _MOST_RATIO * len(data)):
        raise ReadError(
            f"{name}: {len(data)} bytes would unpack to {stated}, which no real file does. "
            "If it is one, unpack it and ingest the folder.",
            french=f"{name} : {len(data)} octets en donneraient {stated}, ce qu’aucun vrai fichier ne fait. "
            "Si c’en est un, décompressez-le et ajoutez les fichiers.",
        )
    return archive
