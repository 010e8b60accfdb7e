"""The reader: pairs, model, weights, and the calibrated decision."""
