"""Questions to answers with citations. Import from the modules: qa.pipeline, qa.types, qa.batch, qa.evaluate."""

__all__: list[str] = []
