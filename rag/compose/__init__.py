"""Answers of each form, made of the page's words and a few fixed sentences."""
