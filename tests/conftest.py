"""What holds for all tests: the examples of properties.

The gate answers the same for the same code, so its examples are drawn from a fixed seed; `make fuzz` draws others each
time, and more of them. No profile has a deadline: a busy machine fails nothing.
"""

from hypothesis import settings

settings.register_profile("gate", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, max_examples=500, print_blob=True)
settings.load_profile("gate")
