"""LangChain's recursive splitter, also for the systems that have no splitter of their own."""

from pathlib import Path

from contract import CHARACTERS, OVERLAP, Found, sources
from langchain_text_splitters import RecursiveCharacterTextSplitter

SPLITTER = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=OVERLAP)


def cut(path: Path) -> list[Found]:
    """Returns the documents of the .jsonl file in parts, each with its document's id."""
    return [Found(each.id, text) for each in sources(path) for text in SPLITTER.split_text(each.titled)]
