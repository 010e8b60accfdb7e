"""What is asked: types, cleaning, spelling of the page's names, the learnt heads."""
