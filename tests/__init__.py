"""Tests, and programs that measure."""

import os

if "PYTEST_XDIST_WORKER" in os.environ:
    # Workers that each take all cores wait for one another; this comes before torch does. What they start has it too.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # To export a network for OpenVINO is to start a process of torch's compiler for each core, of which none is used.
    os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")
