"""Yes/no questions that a page of the administration answers itself: ``python -m tests.yes_no DATA``.

``DATA`` holds the fiches of service-public.fr and the Labour pages. Asked are the titles, of those kept from training, whose
text begins with "Oui" or "Non", each of its page as it stands; counted is whether an answer that is sure begins with
that word, ours or the page's own. ``--turned`` asks, of the same pages, what is the contrary or another thing
(``questions/turned.tsv``): there none may begin so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.build import build_index
from index.encoder import Encoder
from index.settings import Settings
from rag.assistant import Assistant
from rag.loading import load_judge
from rag.training.administration import kept_aside, real_pages
from rag.training.cases import HeldPage, settling_page
from rag.training.sealed import score_module
from tests.by_kind import SCORE

TURNED = Path(__file__).parent / "questions" / "turned.tsv"
SAID, RIGHT = 0.5, 0.98


def pages(data: Path, work: Path) -> Iterator[tuple[Assistant, HeldPage]]:
    """Each page kept aside that settles a question of its own, ready to be asked."""
    settings = Settings.from_env(data_dir=work)
    encoder = Encoder.load(settings)
    for source in real_pages(data):
        if kept_aside(source.key) and any(section.verdict for section in source.sections):
            held = settling_page(source, work)
            index = build_index(held.page, settings, encoder)
            yield Assistant(settings, encoder, index, load_judge(settings, encoder, index)), held


def main(argv: list[str] | None = None) -> int:
    """Print what is not right, then the totals; the exit status says whether the bars are met."""
    parser = argparse.ArgumentParser(prog="python -m tests.yes_no", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--turned", action="store_true", help="ask the contrary, or another thing")
    arguments = parser.parse_args(argv)
    lead = score_module(SCORE).lead
    turned = dict(line.split("\t", 1) for line in TURNED.read_text(encoding="utf-8").splitlines())
    counted: Counter[str] = Counter()
    for assistant, held in pages(arguments.data, Path(tempfile.mkdtemp())):
        for own in held.questions:
            asked = turned.get(own.text, "").split("\t") if arguments.turned else [own.text]
            for question in filter(None, asked):
                answer = assistant.ask(question)
                said = lead(answer.text)
                wanted = "" if arguments.turned else ("yes" if own.polarity else "no")
                outcome = "silent" if not said else "right" if said == wanted else "wrong"
                counted[outcome] += 1
                if outcome != ("silent" if arguments.turned else "right"):
                    print(
                        f"{outcome:6} {answer.certainty:6} {question} « {' '.join(answer.text.split())[:160]} »",
                        flush=True,
                    )
    told = counted["right"] + counted["wrong"]
    right = counted["right"] / max(1, told)
    print(f"{counted.total()} questions: said {told / max(1, counted.total()):.2f}, right {right:.3f}; {dict(counted)}")
    if arguments.turned:
        return int(told > 0)
    return int(told < SAID * counted.total() or right < RIGHT)


if __name__ == "__main__":
    sys.exit(main())
