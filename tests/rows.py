"""A row of an evaluation, right in every way, with what a test changes."""

from qa.evaluation.row import Row


def a_row(**more: object) -> Row:
    row = {"id": "x", "category": "", "question": "Who?", "standalone": "Who?", "answerable": True, "confidence": 0.9}
    row |= {"refused": False, "document_rank": 1, "evidence_rank": 1, "first": True, "among": True, "f1": 1.0}
    row |= {"quotes": ("Four",), "verbatim": (True,), "supports": (True,), "sources": ("a.txt",), "seconds": 0.5}
    row |= {"set": "", "language": "en", "kind": "", "answers": ("x",), "documents": ("a",), "evidence": ("x",)}
    row |= {"passage_gains": (True,), "passages_relevant": 1, "document_gains": (True,), "documents_relevant": 1}
    row |= {"pieces": (True,), "answer": "x", "exact": 1.0, "squad_f1": 1.0, "error": ""}
    row |= more
    if "quotes" in more:
        row["sources"] = more.get("sources", ("a.txt",) * len(row["quotes"]))
    return Row(**row)
