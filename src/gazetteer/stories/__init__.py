"""Articles → the events that they tell: which are told by whom, and whose words are whose. Pure."""
