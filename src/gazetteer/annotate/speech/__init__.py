"""How speech is told in a text: its marks, its verbs, its speakers. `annotate.quotes` is the way in."""
