"""From article to annotation: pure, once the model is loaded."""

from gazetteer.annotate.annotator import MODEL, Annotator, version

__all__ = ["MODEL", "Annotator", "version"]
