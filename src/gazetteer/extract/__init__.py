"""From a page's bytes to the article that its publisher wrote: pure functions, `extract` the entry."""

from gazetteer.extract.page import extract

__all__ = ["extract"]
