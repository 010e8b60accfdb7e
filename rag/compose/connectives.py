"""Words of closed classes by which the sentences of a page hang together: those that stand for what was told, go on from it, or
take it back."""

LEANING = frozenset(
    """il ils elle elles c ce cet cette ces cela ceci celui celle ceux celles celui-ci celle-ci ceux-ci celles-ci
    tel telle tels telles son sa ses leur leurs""".split()
)
"""Words that stand for what the sentence before tells: one of them begins a sentence that cannot be understood alone."""
OWNING = frozenset("leur leurs".split())
"""Early in a sentence, words whose owners the one before may tell."""
POINTING = frozenset("ce cet cette ces".split())
"""Those that point at it a little later too ("lors de cette visite")."""
CARRIED = frozenset("alors donc dès".split())
"""What carries a sentence on from the one before it, later still."""
LINKED = tuple(
    "Enfin|En effet|Par exemple|Ainsi|De plus|Cependant|Par ailleurs|Toutefois|D’autre part|D'autre part".split("|")
)
"""How a sentence that can be understood alone begins where it goes on from the one before."""
LEADING_OVER = frozenset("ainsi alors donc enfin ensuite exemple exemples notamment or puis savoir soit".split())
"""A word that, alone before a colon, names nothing of what follows."""
ADDING = ("ou ", "et ", "ni ")
"""How an item goes on from the one before it."""
EXCEPTING = frozenset("toutefois cependant néanmoins mais sauf".split())
"""With one of these a sentence begins that takes back part of the one before: the rule alone says more than the page."""
DENYING = frozenset("n ne ni non sans".split())
"""One of two sentences that holds another of these says the contrary, not the same of another year."""
SETTLING = ("oui", "non")
"""How the page's own answer to a question begins."""
SETTLED = frozenset((",", ".", ";", ":", "!", "mais", "sauf"))
"""What follows a "Oui" or "Non" that answers: "Non-salariés" and "Oui ou non" do not."""
