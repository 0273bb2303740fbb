"""Gazetteer turns the news into honest, structured pages."""

import os

__version__ = "0.1.0"

# The official builds of the ONNX runtime give the machine an identifier and report its use to Microsoft, unless this is
# set before they are loaded: set here, before any of our modules can load them, and for the processes that we start.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's small products cost twice the time on two cores
