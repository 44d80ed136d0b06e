"""Questions to answers with citations. Import from the modules: qa.pipeline, qa.types, qa.batch, qa.evaluation."""

__all__: list[str] = []
