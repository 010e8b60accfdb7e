"""``python -m rag "question"``: an answer with its sources, in the terminal."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from index.progress import print_progress
from index.settings import Settings
from index.unpack import UnpackError
from rag.answer import Answer, Citation, Line, Turn, Written
from rag.assistant import Assistant
from rag.batch import answer_lines
from rag.compose.phrases import follows
from rag.explain import explained, told
from rag.question.cleaning import QuestionError, clean

WIDTH = 88


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m rag", description="Répond à une question d'après la page, en citant ses passages."
    )
    parser.add_argument("question", nargs="*", help="la question, en français")
    parser.add_argument("--json", action="store_true", help="la réponse en JSON")
    parser.add_argument("--batch", metavar="FICHIER", help="une question par ligne (JSON) ; - pour l'entrée standard")
    parser.add_argument("--chat", action="store_true", help="une conversation dans le terminal")
    parser.add_argument("--explain", action="store_true", help="ce qui a mené à la réponse ; avec --json, en JSON")
    parser.add_argument("--page", help="« bundled », un fichier (.txt, .md, .html) ou une adresse")
    parser.add_argument("--model", help="un modèle Sentence Transformers, par nom ou dossier")
    arguments = parser.parse_args(argv)
    question = " ".join(arguments.question)
    try:
        if not (arguments.batch or arguments.chat):
            clean(question)  # refused before anything slow is loaded
        lines = _lines(arguments.batch) if arguments.batch else []
        settings = Settings.from_env(page=arguments.page, model=arguments.model)
        assistant = Assistant.load(settings, print_progress)
        if arguments.batch:
            for line in answer_lines(assistant, lines):
                print(json.dumps(line, ensure_ascii=False), flush=True)
        elif arguments.chat:
            chat(assistant, sys.stdin)
        else:
            answer = assistant.ask(question)
            explanation = explained(answer, assistant.judge.thresholds) if arguments.explain else {}
            if arguments.json:
                print(json.dumps(explanation or answer.to_json(), ensure_ascii=False))
            else:
                print(told(explanation) if explanation else render(answer))
    except BrokenPipeError:
        return 0
    except (QuestionError, ValueError, UnpackError, OSError) as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return 2
    return 0


def _lines(name: str) -> Iterable[str]:
    if name == "-":
        return sys.stdin
    path = Path(name)
    if not path.is_file():
        raise ValueError(f"le fichier {name} n'existe pas")
    return path.read_text(encoding="utf-8-sig").split("\n")


def render(answer: Answer, color: bool | None = None) -> str:
    """The answer for a terminal: what is strong in bold if it can, then the numbered sources."""
    colored = sys.stdout.isatty() if color is None else color
    strong, dim = ("\033[1m{}\033[0m", "\033[2m{}\033[0m") if colored else ("{}", "{}")
    parts = ["\n".join(_line(line, strong) for line in answer.lines)]
    if any(isinstance(part, Written) for part in answer.parts()):
        parts.insert(0, dim.format("Écrit par un modèle de langue, chaque phrase contrôlée automatiquement :"))
    if leant_on := follows(answer.question):
        parts.insert(0, dim.format(leant_on))
    if answer.citations:
        parts.append("\n".join(["Sources", *(_source(citation) for citation in answer.cited)]))
    if answer.nearby:
        near = [_wrapped(" ".join(p.shown.split()), "  · ", "    ") for p in answer.nearby]
        parts.append("\n".join(["Ce que dit la page de plus proche", *near]))
    if answer.suggestions:
        parts.append("\n".join(["Vous pouvez aussi demander", *(f"  · {q}" for q in answer.suggestions)]))
    return "\n\n".join(parts)


def _line(line: Line, bold: str) -> str:
    """One line, wrapped; lengths are those of the words, not of the codes for bold."""
    wrapped = _wrapped(line.text.removeprefix(line.indent), line.indent, " " * len(line.indent))
    strong = line.parts[0].text if line.parts[0].strong else ""
    # The strong part opens the line: wrapping may have broken it, then it stays plain.
    return wrapped.replace(strong, bold.format(strong), 1) if strong and strong in wrapped else wrapped


def _source(citation: Citation) -> str:
    section = " › ".join(citation.passage.section[1:])
    head = f"[{citation.n}] {section + ' : ' if section else ''}« {' '.join(citation.quote.split())} »"
    return _wrapped(head, "", "    ") + (f"\n    {citation.url}" if citation.url else "")


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def chat(assistant: Assistant, lines: Iterable[str]) -> None:
    """A conversation: one question a line, until the end of the input or « au revoir »."""
    interactive = sys.stdin.isatty()
    turns: list[Turn] = []
    if interactive:
        print(f"Posez vos questions sur « {assistant.page.title} » (Ctrl-D pour finir).\n")
    prompt = "> " if interactive else ""
    print(prompt, end="", flush=True)
    for line in lines:
        if line.strip():
            try:
                answer = assistant.ask(line, turns)
                turns.append(Turn(answer.question, answer))
                print(("" if interactive else f"> {line.strip()}\n") + render(answer) + "\n")
            except QuestionError as error:
                print(f"{error}\n")
        print(prompt, end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
