"""Networks computed in int8: two to four times as fast as float32 where the processor multiplies bytes.

Each row of a layer's input is scaled to whole numbers from -127 to 127 as it comes, each row of its weights once; the
products are summed exactly and scaled back. One scale for each row, not one for all, is what keeps the results: a few
inputs of these networks are a hundred times the others. Source: docs/answer-quality.md, "Reading in int8".
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_MOST = 127
_LEAST_SCALE = 1e-12  # for a row of zeros


def to_int8(network: "torch.nn.Module") -> None:
    """Makes all linear layers of the network int8, in place, for inference alone.

    Where the processor's products are not exact the network is left as it is.
    """
    if not _exact():
        return
    import torch

    for name, layer in list(network.named_modules()):
        if isinstance(layer, torch.nn.Linear):
            network.set_submodule(name, _int8(layer))


@cache
def _exact() -> bool:
    """Whether sums of the largest products are right: processors without the instruction for it may cut them off."""
    import torch

    size = 64
    ones = torch.full((size, size), _MOST, dtype=torch.int8)
    try:
        return bool((torch._int_mm(ones, ones) == size * _MOST * _MOST).all())
    except (AttributeError, RuntimeError):
        return False


def _scaled(values: "torch.Tensor") -> tuple["torch.Tensor", "torch.Tensor"]:
    """Returns rows in int8, and the scale of each, (n, 1)."""
    import torch

    scale = values.abs().amax(-1, keepdim=True).clamp_(min=_LEAST_SCALE) / _MOST
    return (values / scale).round_().to(torch.int8), scale


def _int8(layer: "torch.nn.Linear") -> "torch.nn.Module":
    import torch

    class Int8Linear(torch.nn.Module):
        """`weight` is (inputs, outputs), `scale` (1, outputs)."""

        weight: torch.Tensor
        scale: torch.Tensor
        bias: torch.Tensor

        def __init__(self) -> None:
            super().__init__()
            weight, scale = _scaled(layer.weight.detach())
            self.register_buffer("weight", weight.t().contiguous())
            self.register_buffer("scale", scale.t().contiguous())
            self.register_buffer("bias", layer.bias.detach())

        def forward(self, values: torch.Tensor) -> torch.Tensor:
            rows, scale = _scaled(values.reshape(-1, values.shape[-1]))
            found = torch._int_mm(rows, self.weight).float().mul_(scale).mul_(self.scale).add_(self.bias)
            return found.view(*values.shape[:-1], -1)

    return Int8Linear()
