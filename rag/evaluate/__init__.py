"""Question sets and their figures."""
