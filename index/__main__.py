"""``python -m index``: build the index of the page and say what is in it."""

from __future__ import annotations

import argparse
import sys
import textwrap
import time

from index.build import index_folder, open_index
from index.encoder import Encoder
from index.loading import PageError, load_page
from index.page import MISSING, Page, Passage
from index.passages import split_passages
from index.settings import Settings
from index.unpack import UnpackError


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m index", description="Construit l'index de la page et en rend compte."
    )
    parser.add_argument("--page", help="« bundled », un fichier (.txt, .md, .html) ou une adresse")
    parser.add_argument("--model", help="un modèle Sentence Transformers, par nom ou dossier")
    parser.add_argument("--show", action="store_true", help="montre les passages, sections et coupures")
    arguments = parser.parse_args(argv)
    try:
        settings = Settings.from_env(page=arguments.page, model=arguments.model)
        if arguments.show:
            page = load_page(settings)
            print(show(page, split_passages(page, settings.passage_chars)))
            return 0
        return _report(settings)
    except (ValueError, UnpackError, OSError) as error:
        # PageError is a ValueError; a model that is not found is an OSError.
        print(f"Erreur : {error}", file=sys.stderr)
        return 2


def _report(settings: Settings) -> int:
    begin = time.perf_counter()
    encoder = Encoder.load(settings, _print_progress)
    loaded = time.perf_counter()
    index = open_index(settings, encoder, _print_progress)
    done = time.perf_counter()
    page = index.page
    print(f"Page      : {page.title}")
    print(f"Source    : {page.publisher or page.url or settings.page}")
    print(f"Mise à jour : {page.updated or 'date inconnue'}")
    print(f"Passages  : {len(index)} ({sum(b.kind == 'gap' for b in page.blocks)} coupures dans la page)")
    print(f"Encodeur  : {encoder.name}, {encoder.precision}, {encoder.dimension} dimensions")
    print(f"Index     : {index_folder(settings)}")
    print(f"Temps     : encodeur {loaded - begin:.1f} s, index {(done - loaded) * 1000:.0f} ms")
    return 0


def _print_progress(message: str, fraction: float) -> None:
    print(f"\r{message} … {fraction:4.0%}", end="\n" if fraction >= 1 else "", file=sys.stderr, flush=True)


def show(page: Page, passages: tuple[Passage, ...], width: int = 88) -> str:
    """The passages as a person would want to read them: sections as headings, gaps as […]."""
    lines = [page.title, "=" * min(width, len(page.title))]
    section: tuple[str, ...] = (page.title,)
    marks = [(b.start, MISSING) for b in page.blocks if b.kind == "gap"]
    for passage in passages:
        while marks and marks[0][0] <= passage.start:
            lines += ["", f"        {marks.pop(0)[1]}"]
        if passage.section != section:
            section = passage.section
            if section[1:] and section[-1] != MISSING:
                lines += ["", " › ".join(section[1:]), "-" * min(width, len(" › ".join(section[1:])))]
        lines.append("")
        for number, paragraph in enumerate(passage.shown.split("\n")):
            head = f"{passage.id + 1:>4}  " if number == 0 else "      "
            lines += textwrap.wrap(paragraph, width, initial_indent=head, subsequent_indent="      ")
        lines.append(f"      ({passage.start}–{passage.end})")
    lines += [f"\n        {mark}" for _, mark in marks]
    return "\n".join(lines)


__all__ = ["PageError", "main", "show"]

if __name__ == "__main__":
    sys.exit(main())
