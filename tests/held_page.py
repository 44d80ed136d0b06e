"""Serves a page whose models load until a file is there: python held_page.py FOLDER PORT FILE"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # a script's own folder is on the path, this one is not

from fakes import WordHashEmbedder, a_document, fill  # noqa: E402

from app import serve  # noqa: E402
from index.store import SQLiteStore  # noqa: E402
from qa.loading import Loading  # noqa: E402
from qa.pipeline import Pipeline, Settings  # noqa: E402
from qa.rerank import RerankSettings  # noqa: E402


def main(folder: str, port: str, file: str) -> None:
    """Serves it until it is stopped."""
    embedder = WordHashEmbedder()
    document = a_document("Removal orders are stayed.", "a.txt")
    store = fill(SQLiteStore(Path(folder), writable=True), embedder, document)
    pipeline = Pipeline(store, embedder, Settings(rerank=RerankSettings(read=False)))
    serve(pipeline, store, Loading(lambda: wait_for(Path(file))), port=int(port))


def wait_for(file: Path) -> None:
    """Returns once the file is there, or after five minutes."""
    for _ in range(3000):
        if file.exists():
            return
        time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
