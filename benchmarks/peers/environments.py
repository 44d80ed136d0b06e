"""The systems under comparison: what each is made of, how it cuts documents, and the environment it runs in."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.contract import CHARACTERS, OVERLAP

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
_MODEL = ("torch==2.13.0", "sentence-transformers==6.2.0", "transformers==5.23.0")
_SPLITTER = "langchain-text-splitters==1.1.3"
_RECURSIVE = f"RecursiveCharacterTextSplitter, {CHARACTERS} characters, {OVERLAP} shared"
_STAMP = "installed.txt"
_NO_NETWORK = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
}


class NotInstalled(Exception):
    """A peer's packages cannot be had here; the message holds the end of what pip said."""


@dataclass(frozen=True, slots=True)
class Peer:
    """`requirements` are pip's; without any, the system runs in this very environment."""

    name: str
    script: str
    requirements: tuple[str, ...]
    splitter: str


PEERS = (
    Peer("removals-qa", "with_removals_qa.py", (), "its own: whole sentences, at most 180 tokens"),
    Peer(
        "LangChain",
        "with_langchain.py",
        (
            *_MODEL,
            "huggingface-hub==1.31.0",  # langchain-huggingface wants one below 2
            "langchain-classic==1.0.8",
            "langchain-community==0.4.2",
            "langchain-huggingface==1.2.3",
            _SPLITTER,
            "faiss-cpu==1.15.1",
            "rank-bm25==0.2.2",
        ),
        _RECURSIVE,
    ),
    Peer(
        "LlamaIndex",
        "with_llamaindex.py",
        (*_MODEL, "llama-index-core==0.14.25", "llama-index-embeddings-huggingface==0.8.0"),
        "SentenceSplitter, 200 tokens, 20 shared",
    ),
    Peer("txtai", "with_txtai.py", (*_MODEL, "txtai==9.14.0", _SPLITTER), _RECURSIVE),
    Peer(
        "Haystack",
        "with_haystack.py",
        (*_MODEL, "haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0"),
        "DocumentSplitter, 130 words",
    ),
    Peer("Chroma", "with_chroma.py", (*_MODEL, "chromadb==1.5.9", _SPLITTER), _RECURSIVE),
    Peer("bm25s", "with_bm25s.py", ("bm25s==0.3.16", "PyStemmer==3.0.0", _SPLITTER), _RECURSIVE),
)


def python_of(peer: Peer, work: Path) -> Path:
    """Returns the interpreter of the peer's environment below `work`; makes the environment where it is missing.

    Raises: NotInstalled where pip cannot install it.
    """
    if not peer.requirements:
        return Path(sys.executable)
    folder = work / peer.script.removeprefix("with_").removesuffix(".py") / "venv"
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    stamp = folder / _STAMP
    wanted = "\n".join(peer.requirements) + "\n"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    _install(python, peer.requirements)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def _install(python: Path, requirements: Sequence[str]) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    run = subprocess.run([*command, "--only-binary", ":all:", *requirements], capture_output=True, text=True)
    if run.returncode:
        raise NotInstalled(" ".join(run.stderr.split())[-300:])


def run_peer(
    peer: Peer, python: Path, request: Path, result: Path, *, threads: int, environment: dict[str, str]
) -> str:
    """Runs the peer on the request; returns "", or the end of what it said where it failed."""
    own = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    own |= _NO_NETWORK | {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
    if not peer.requirements:
        own["PYTHONPATH"] = str(_ROOT)
    command = [str(python), str(_HERE / peer.script), str(request), str(result)]
    run = subprocess.run(command, env=own, capture_output=True, text=True)
    return " ".join(run.stderr.split())[-300:] if run.returncode else ""
