"""A BERT encoder's pass over a few short texts, without what its library does around each operation.

Of the time of one question a fifth goes there. The operations are the library's, in its order, so that vectors have the
same bits; a model that is built otherwise is left to the library.
"""

from typing import Any

import torch
from torch.nn.functional import gelu, layer_norm, linear, scaled_dot_product_attention


class Bert:
    """Computes the token vectors of a `transformers.BertModel` that is not trained any more."""

    def __init__(self, model: Any) -> None:
        self._embeddings, self._layers = model.embeddings, list(model.encoder.layer)
        self._heads = model.config.num_attention_heads

    @staticmethod
    def reads(model: Any) -> bool:
        """Returns whether the model is built as this class takes it to be."""
        config = getattr(model, "config", None)
        return (
            type(model).__name__ == "BertModel"
            and not model.training
            and config is not None
            and config.hidden_act == "gelu"
            and config._attn_implementation == "sdpa"
            and not config.is_decoder
            and not config.add_cross_attention
        )

    def tokens(self, ids: torch.Tensor, types: torch.Tensor | None, mask: torch.Tensor) -> torch.Tensor:
        """Returns the token vectors, (texts, tokens, width), of texts that are padded to one length."""
        hidden: torch.Tensor = self._embeddings(input_ids=ids, token_type_ids=types)
        count, length, width = hidden.shape
        seen = None if bool(mask.all()) else mask.bool()[:, None, None, :].expand(count, 1, length, length)
        heads = (count, length, self._heads, width // self._heads)
        for layer in self._layers:
            attention = layer.attention
            query, key, value = (
                _linear(hidden, part).view(heads).transpose(1, 2)
                for part in (attention.self.query, attention.self.key, attention.self.value)
            )
            attended = scaled_dot_product_attention(query, key, value, attn_mask=seen)
            joined = attended.transpose(1, 2).contiguous().reshape(count, length, width)
            hidden = _normed(_linear(joined, attention.output.dense) + hidden, attention.output.LayerNorm)
            inner = gelu(_linear(hidden, layer.intermediate.dense))
            hidden = _normed(_linear(inner, layer.output.dense) + hidden, layer.output.LayerNorm)
        return hidden


def _linear(rows: torch.Tensor, module: Any) -> torch.Tensor:
    return linear(rows, module.weight, module.bias)


def _normed(rows: torch.Tensor, module: Any) -> torch.Tensor:
    return layer_norm(rows, module.normalized_shape, module.weight, module.bias, module.eps)
