"""Other programs side by side with this one: python -m benchmarks.peers"""

__all__: list[str] = []
