"""The parts of the page: values to HTML, the document view, its style and its script."""

__all__: list[str] = []
