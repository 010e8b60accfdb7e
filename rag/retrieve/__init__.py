"""Hybrid search among the passages."""
