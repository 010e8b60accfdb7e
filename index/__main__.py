"""``python -m index``: build the index of a page and say what is in it, or print the page itself."""

from __future__ import annotations

import argparse
import sys
import time

from index.build import index_folder, open_index
from index.cache import writable_cache
from index.encoder import Encoder
from index.loading import load_page
from index.passages import split_passages
from index.progress import print_progress
from index.settings import Settings
from index.show import show
from index.unpack import UnpackError


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m index", description="Construit l'index de la page et en rend compte."
    )
    parser.add_argument("--page", help="« bundled », un fichier (HTML, Markdown, texte, Word, PDF) ou une adresse")
    parser.add_argument("--model", help="un modèle Sentence Transformers, par nom ou dossier")
    parser.add_argument(
        "--allow-private", action="store_true", default=None, help="accepte une adresse du réseau interne"
    )
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--text", action="store_true", help="écrit le texte de la page, tel qu'il est cité")
    shown.add_argument("--show", action="store_true", help="montre titres, listes, tableaux et coupures")
    arguments = parser.parse_args(argv)
    try:
        settings = Settings.from_env(page=arguments.page, model=arguments.model, allow_private=arguments.allow_private)
        if arguments.text or arguments.show:
            page = load_page(settings)
            print(page.text if arguments.text else show(page, split_passages(page, settings.passage_chars)))
            return 0
        return _report(writable_cache(settings))
    except (ValueError, UnpackError, OSError) as error:
        # PageError is a ValueError; a model that is not found is an OSError.
        print(f"Erreur : {error}", file=sys.stderr)
        return 2


def _report(settings: Settings) -> int:
    begin = time.perf_counter()
    encoder = Encoder.load(settings, print_progress)
    loaded = time.perf_counter()
    index = open_index(settings, encoder, print_progress)
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


if __name__ == "__main__":
    sys.exit(main())
