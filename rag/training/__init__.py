"""How the reader is trained: data, training, calibration. ``python -m rag.training`` rebuilds it."""
