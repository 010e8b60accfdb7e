"""Whether a sentence of a language model follows from the passages that it cites; nothing that does not is shown."""
