"""A page of HTML as a person reads it: what is no text of it dropped, then one walk over the tree."""
