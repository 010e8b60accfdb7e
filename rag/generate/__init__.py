"""A language model that phrases the evidence, sentence by sentence, each checked before it is shown."""
