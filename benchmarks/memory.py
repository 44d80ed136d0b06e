"""The memory of a command over time: proportional set size, a page that n processes share counted 1/n in each."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

Sample = tuple[float, int, float]  # seconds since the beginning, what was done by then, MB
_ALL, _UNFILED = "Pss:", "Pss_Anon:"  # the second without files, whose pages other programs may share too


class Watch:
    """Adds up, several times a second, the memory of every process of a group, from its beginning to its end."""

    def __init__(self, group: int, done: Callable[[], int], every: float = 0.5) -> None:
        self._group, self._done, self._every = group, done, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.samples: list[Sample] = []
        self.most: dict[str, float] = {}  # how each process stood when they had the most between them
        self.unfiled = 0.0  # the most that no file holds

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        began = time.perf_counter()
        peak = 0.0
        while not self._over.wait(self._every):
            each = {process: proportional(process) for process in processes_of(self._group)}
            held = sum(whole for whole, _ in each.values())
            self.unfiled = max(self.unfiled, sum(own for _, own in each.values()))
            self.samples.append((time.perf_counter() - began, self._done(), held))
            if held > peak:
                peak, self.most = held, {name_of(process): whole for process, (whole, _) in each.items()}

    @property
    def peak(self) -> float:
        return max((held for _, _, held in self.samples), default=0.0)

    def growth(self, count: int) -> tuple[float, float]:
        """Returns the median while the second tenth of `count` was done, and while the last tenth was."""
        first = sorted(held for _, done, held in self.samples if count / 10 < done <= count / 5)
        last = sorted(held for _, done, held in self.samples if count * 0.9 < done < count)
        return (first[len(first) // 2] if first else 0.0), (last[len(last) // 2] if last else 0.0)


def processes_of(group: int) -> list[int]:
    """Returns the processes of a group."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                fields = (path / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it has ended meanwhile
            if int(fields[2]) == group:
                found.append(int(path.name))
    return sorted(found)


def proportional(process: int) -> tuple[float, float]:
    """Returns the proportional set size of a process and that of what no file holds, in MB; 0 of one that has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0, 0.0
    sizes = {line.split()[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss")}
    return sizes.get(_ALL, 0.0), sizes.get(_UNFILED, 0.0)


def name_of(process: int) -> str:
    """Returns the number of a process and what it was started as."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        words = []
    return f"{process} {' '.join(os.fsdecode(word) for word in words[1:4])[:60]}"
