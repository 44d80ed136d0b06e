"""Layers in int8 against the same layers in float32, and against products taken one by one."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import index.int8
from index.int8 import _exact, to_int8


def a_network(seed: int = 0, inputs: int = 40, outputs: int = 24) -> torch.nn.Module:
    torch.manual_seed(seed)
    layers = [torch.nn.Linear(inputs, 32), torch.nn.GELU(), torch.nn.Linear(32, outputs)]
    return torch.nn.Sequential(torch.nn.Sequential(*layers[:2]), layers[2]).eval()


def by_hand(layer: torch.nn.Linear, values: np.ndarray) -> np.ndarray:
    """Whole numbers times scales, in double precision."""
    weights = layer.weight.detach().numpy().astype(float)
    scale, own = np.abs(weights).max(1) / 127, np.abs(values).max(1, keepdims=True) / 127
    products = np.rint(values / own) @ np.rint(weights / scale[:, None]).T
    return products * own * scale + layer.bias.detach().numpy()


@given(st.integers(0, 1000), st.sampled_from([1e-6, 1.0, 1e6]))
def test_a_layer_is_its_rounded_weights_times_its_rounded_input(seed: int, size: float) -> None:
    torch.manual_seed(seed)
    network = torch.nn.Sequential(torch.nn.Linear(40, 24))
    values = np.random.default_rng(seed).normal(size=(5, 40)).astype(np.float32) * np.float32(size)
    expected = by_hand(network[0], values.astype(float))
    to_int8(network)
    found = network(torch.from_numpy(values)).numpy()
    # A half may be rounded either way: one step of the input in one place of forty.
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=2e-3 * max(size, 1))


def test_all_linear_layers_are_replaced_and_come_close() -> None:
    network, values = a_network(), torch.randn(3, 7, 40)
    with torch.inference_mode():
        expected = network(values)
        to_int8(network)
        found = network(values)
    assert not [each for each in network.modules() if isinstance(each, torch.nn.Linear)]
    assert found.shape == expected.shape == (3, 7, 24)
    assert 0 < float((found - expected).abs().max()) < 0.05


def test_a_row_does_not_change_with_those_beside_it() -> None:
    network, values = a_network(), torch.randn(6, 40)
    to_int8(network)
    values[0] *= 1000  # the scale of one row is none of the others'
    torch.testing.assert_close(network(values)[1:], network(values[1:]), rtol=0, atol=0)


def test_a_row_of_zeros_gives_the_bias() -> None:
    network = torch.nn.Sequential(torch.nn.Linear(40, 24))
    bias = network[0].bias.detach().clone()
    to_int8(network)
    torch.testing.assert_close(network(torch.zeros(2, 40)), bias.expand(2, 24))


def test_a_network_stays_as_it_is_where_products_are_not_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    network, values = a_network(), torch.randn(4, 40)
    expected = network(values)
    monkeypatch.setattr(index.int8, "_exact", lambda: False)
    to_int8(network)
    assert torch.equal(network(values), expected)


@pytest.mark.parametrize("fault", [AttributeError, RuntimeError, None])
def test_a_processor_that_cuts_sums_off_is_found_out(monkeypatch: pytest.MonkeyPatch, fault: type | None) -> None:
    def cut_off(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        if fault:
            raise fault
        return (left.int() @ right.int()).clamp(max=32767)

    assert _exact()
    monkeypatch.setattr(torch, "_int_mm", cut_off)
    assert not _exact.__wrapped__()
