"""Where everything that was read is kept, and found again."""

from gazetteer.archive.archive import PAGE, Archive
from gazetteer.archive.names import Correction, Name, Rule
from gazetteer.archive.search import Order
from gazetteer.archive.transfer import may_be_passed_on
from gazetteer.archive.values import Kept, Kind, Outcome, Page, Saved, Subject

__all__ = [
    "PAGE",
    "Archive",
    "Correction",
    "Kept",
    "Kind",
    "Name",
    "Order",
    "Outcome",
    "Page",
    "Rule",
    "Saved",
    "Subject",
    "may_be_passed_on",
]
