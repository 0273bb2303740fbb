"""Makes the model that ships; nothing in the package imports it."""
