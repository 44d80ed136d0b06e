"""Compares float32 with bfloat16 on this CPU: python -m benchmarks.dtype

The default model embeds the same passages in both, in turn; the ratio is that of the medians.
"""

import argparse
import statistics
import sys
import time

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from benchmarks.evalsets import add_folder
from benchmarks.ingest import passages_of
from index.embed import DEFAULT_MODEL, SentenceTransformerEmbedder, _folder_of


def main() -> int:
    """Prints both speeds, their ratio and the least cosine between the two; returns the exit status."""
    parser = argparse.ArgumentParser(description="Compare float32 with bfloat16.")
    add_folder(parser)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    path = arguments.sets / "removals" / "corpus" / "docs.jsonl"
    texts = passages_of(path, SentenceTransformerEmbedder())[:200]
    models = {
        dtype: SentenceTransformer(str(_folder_of(DEFAULT_MODEL)), device="cpu", model_kwargs={"dtype": dtype})
        for dtype in (torch.float32, torch.bfloat16)
    }
    taken: dict[torch.dtype, list[float]] = {dtype: [] for dtype in models}
    vectors = {}
    for _ in range(arguments.rounds):
        for dtype, model in models.items():
            began = time.perf_counter()
            vectors[dtype] = model.encode(texts, batch_size=16, normalize_embeddings=True)
            taken[dtype].append(time.perf_counter() - began)
    speed = {dtype: len(texts) / statistics.median(times) for dtype, times in taken.items()}
    cosines = np.sum(vectors[torch.float32] * vectors[torch.bfloat16], axis=1)
    print(f"AMX: {torch.cpu._is_amx_tile_supported()}, AVX512-BF16: {torch.cpu._is_avx512_bf16_supported()}")
    for dtype, value in speed.items():
        print(f"{dtype}: {value:.1f} passages a second")
    print(f"bfloat16 / float32: {speed[torch.bfloat16] / speed[torch.float32]:.2f}, least cosine {cosines.min():.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
