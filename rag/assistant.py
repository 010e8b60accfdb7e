"""The chain, from a question to an answer."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from index.build import index_folder, open_index
from index.encoder import Encoder
from index.page import Page, Passage
from index.settings import BUNDLED, Settings
from index.store import Index
from index.words import fold, terms
from rag import compose, forms, phrases
from rag.answer import Answer, Evidence, Hit, Turn
from rag.conversation import leans, made_whole
from rag.judge import Judge, ReaderJudge, RuleJudge, sentence_of
from rag.question import Asked, QuestionError, analyse, clean, is_english, summary_topic
from rag.reader import ReaderMismatch, load_reader
from rag.refuse import not_on_page
from rag.retrieval import Retriever
from rag.smalltalk import is_medical_worry, is_order, small_talk
from rag.spelling import Repair, dictionary
from rag.suggest import Suggestion, candidates, pick
from rag.topic import WH, Exchange
from rag.vocabulary import Vocabulary

WEIGHTS = Path(__file__).parent / "weights"

MOST_TURNS = 12
TIE = 0.7
"""Log odds between two passages under which it is as good as a toss of a coin which one answers."""

Progress = Callable[[str, float], None]


class Assistant:
    """Answers questions about one page, citing it; says so where the page does not answer."""

    def __init__(self, settings: Settings, encoder: Encoder, index: Index, judge: Judge) -> None:
        self.settings = settings
        self.encoder = encoder
        self.index = index
        self.judge = judge
        self.retriever = Retriever(index, encoder, settings.dense_weight)
        self.vocabulary = Vocabulary(index.passages)
        self.repair = Repair(self.vocabulary)
        self.suggestions: tuple[Suggestion, ...] = ()

    @classmethod
    def load(cls, settings: Settings | None = None, progress: Progress | None = None) -> Assistant:
        """Encoder, index and reader, ready to answer.

        Raises:
            PageError, UnpackError, OSError: page or model cannot be had.
        """
        settings = settings or Settings.from_env()
        tell = progress or (lambda message, fraction: None)
        tell("Chargement de l’encodeur", 0.05)
        encoder = Encoder.load(settings, lambda message, fraction: tell(message, 0.05 + 0.65 * fraction))
        tell("Ouverture de l’index", 0.75)
        index = open_index(settings, encoder, progress)
        tell("Chargement du lecteur", 0.85)
        judge = load_judge(settings, encoder, index)
        assistant = cls(settings, encoder, index, judge)
        # Needed by a mistyped word only, and a second to read: not on the way to the first answer.
        later = threading.Timer(5.0, dictionary)
        later.daemon = True
        later.start()
        assistant.suggestions = assistant._kept_suggestions()
        tell("Prêt", 1.0)
        return assistant

    @property
    def starters(self) -> tuple[str, ...]:
        """Questions to begin with, all answered by the page."""
        return pick(self.suggestions, asked=(), near=(), count=4)

    @property
    def page(self) -> Page:
        return self.index.page

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self.index.passages

    def ask(self, question: str, history: Sequence[Turn | str] = ()) -> Answer:
        """The answer to ``question``. Questions of the history that come without an answer are asked first.

        Raises:
            QuestionError: the question is empty or too long.
        """
        begin = time.perf_counter()
        past: list[Exchange] = []
        cited: tuple[int, ...] = ()
        for turn in history[-MOST_TURNS:]:
            if isinstance(turn, str):
                try:
                    answer, exchange = self._answer(clean(turn), past, cited)
                except QuestionError:
                    continue  # an unusable earlier question says nothing about this one
            else:
                answer, exchange = turn.answer, self._understood(clean(turn.question), past)
            past.append(exchange)
            cited = tuple(c.passage.id for c in answer.citations) or cited
        asked_at = time.perf_counter()
        answer, exchange = self._answer(clean(question), past, cited)
        suggestions = pick(
            self.suggestions,
            asked=[*(e.question for e in past), exchange.question],
            near=[p.id for p in ([c.passage for c in answer.citations] or answer.nearby)],
        )
        done = time.perf_counter()
        timings = {**answer.timings, "history": (asked_at - begin) * 1000, "total": (done - asked_at) * 1000}
        return replace(answer, question=question, suggestions=suggestions, timings=timings)

    def _understood(self, text: str, past: Sequence[Exchange]) -> Exchange:
        """An earlier question as it was understood; what is no question about the page names no topic."""
        if small_talk(text, self.page) or is_medical_worry(text) or is_order(text):
            return Exchange(text)
        return self._whole(text, past)

    def _whole(self, text: str, past: Sequence[Exchange]) -> Exchange:
        """A question about the page repaired, and made whole from the conversation."""
        return made_whole(self.repair.repair(text, is_english(text)), past, self.vocabulary)

    def _answer(self, text: str, past: Sequence[Exchange], cited: Sequence[int]) -> tuple[Answer, Exchange]:
        if said := small_talk(text, self.page):
            return Answer(text, said, refused=True, reason="chat", kind="chat"), Exchange(text)
        if is_medical_worry(text):
            said = phrases.MEDICAL_EN if is_english(text) else phrases.MEDICAL
            return Answer(text, said, refused=True, reason="medical"), Exchange(text)
        if is_order(text):
            return Answer(text, phrases.INSTRUCTION, refused=True, reason="off_topic"), Exchange(text)
        exchange = self._whole(text, past)
        asked = analyse(exchange.question)
        if not past and asked.kind != "summary" and leans(exchange.question, self.vocabulary):
            return Answer(text, phrases.UNCLEAR, refused=True, reason="invalid", kind=asked.kind), exchange
        answer = self._read(asked, exchange.topic, cited if exchange.question != text else ())
        same = terms_and_signs(exchange.question) == terms_and_signs(text)
        return replace(answer, understood="" if same else exchange.question), exchange

    def _read(self, asked: Asked, topic: str, cited: Sequence[int]) -> Answer:
        quotes = compose.Quotes(self.page, self.passages)
        if asked.kind == "summary":
            about = self._narrower(summary_topic(asked))
            section = forms.section_about(about, self.page) if about else ""
            if section or not about:
                inside = [p for p in self.passages if section in p.section] if section else self.passages
                spans = forms.summary_spans(self.page, inside, self.vocabulary)
                if spans:
                    return self._composed(asked, forms.summary(spans, quotes), quotes)
            elif not WH.search(asked.text):
                asked = replace(asked, text=f"Que dit la page sur {about} ?")
        if blocks := forms.picked(asked, forms.section_blocks(asked, self.page)):
            text = compose.bullets(blocks, quotes)
            if asked.asks.expected == "number":
                text = (
                    f"{phrases.COUNTED.format(count=sum(b.level == blocks[0].level for b in blocks))}\n{text}"
                )
            return self._composed(replace(asked, kind="list"), text, quotes)
        begin = time.perf_counter()
        hits = self._hits(asked, cited)
        found = time.perf_counter()
        evidence = self.judge.judge(asked, hits)
        timings = {"retrieval": (found - begin) * 1000, "reading": (time.perf_counter() - found) * 1000}
        evidence = self._spelled_out(asked, evidence)
        least = max(self.judge.threshold, self.judge.sure) if asked.kind == "yes_no" else self.judge.threshold
        if not evidence or evidence[0].probability < least:
            return replace(self._refusal(asked, topic, hits), timings=timings)
        return replace(self._composed(asked, self._form(asked, evidence, quotes), quotes), timings=timings)

    def _narrower(self, about: str) -> str:
        """``about``, or "" where it is what the whole page is about."""
        title = set(terms(self.page.title))
        for acronym in self.vocabulary.acronyms:
            if set(terms(acronym.long)) <= title:
                title |= set(terms(acronym.short))
        return "" if set(terms(about)) <= title else about

    def _hits(self, asked: Asked, cited: Sequence[int]) -> list[Hit]:
        """The best hits; for a follow-up, the passages that were just cited are among them."""
        count = self.settings.read_passages
        hits = self.retriever.search(asked.plain, len(self.passages) if cited else count)
        kept = hits[:count]
        missing = [hit for hit in hits[count:] if hit.passage.id in cited][: count // 2]
        return kept[: count - len(missing)] + missing

    def _spelled_out(self, asked: Asked, evidence: list[Evidence]) -> list[Evidence]:
        """For "que signifie FDA": where the page spells the acronym out, that is the answer; else it is untold."""
        if asked.asks.expected != "name" or not re.search(
            r"signifi|veut dire|acronyme|sigle|stand", fold(asked.text)
        ):
            return evidence
        shorts = [a for a in self.vocabulary.acronyms if a.short in re.findall(r"[\w.]+", asked.text)]
        if not shorts:
            acronym = re.search(r"\b(?=[\w.]*[A-Z][\w.]*[A-Z0-9])[A-Z0-9][\w.]+", asked.text)
            return [] if acronym else evidence
        acronym_span = shorts[0].span
        for passage in self.passages:
            if passage.start <= acronym_span[0] < passage.end:
                hit = next(
                    (e.hit for e in evidence if e.hit.passage.id == passage.id), Hit(passage, 0.0, 0.0, 0.0)
                )
                return [Evidence(hit, 1.0, acronym_span, sentence_of(passage, acronym_span)), *evidence]
        return evidence

    def _form(self, asked: Asked, evidence: list[Evidence], quotes: compose.Quotes) -> str:
        """The form of answer that fits the question."""
        best = evidence[0]
        units = forms.listed_units(best)
        if asked.kind == "yes_no" and (yes := compose.verdict(asked, self.page, best)) is not None:
            return compose.yes_no(asked, best, quotes, yes)
        if asked.kind in ("list", "summary"):
            many = forms.several(evidence, self.judge.threshold)
            found = sorted({unit for e in many for unit in forms.listed_units(e, siblings=True)})
            spans = [s for s in found if not forms.of_other_years(asked, self.page.text[slice(*s)])]
            if len(spans) > 1:
                return compose.sentences(spans, quotes)
        if len(units) > 1:
            whole = asked.kind in ("list", "summary")
            most = compose.ITEM_CHARS if whole else max(90, compose.FACT_CHARS // len(units))
            return compose.sentences(units, quotes, most, best.span)
        if asked.kind in ("fact", "definition") and (rival := self._rival(evidence)):
            return compose.either(asked, best, rival, quotes)
        return compose.fact(asked, best, quotes)

    def _rival(self, evidence: Sequence[Evidence]) -> Evidence | None:
        """The second evidence, where the first is hardly surer and neither is sure."""
        if len(evidence) < 2 or evidence[0].log_odds - evidence[1].log_odds > TIE:
            return None
        second = evidence[1]
        return second if second.probability >= self.judge.threshold else None

    def _composed(self, asked: Asked, text: str, quotes: compose.Quotes) -> Answer:
        return Answer(asked.text, compose.framed(text, asked), tuple(quotes.citations), kind=asked.kind)

    def _refusal(self, asked: Asked, topic: str, hits: Sequence[Hit]) -> Answer:
        """Near the topic, what the page does say; off it, what the page is about."""
        if not topic:
            known = [self.vocabulary.weight(t) if self.vocabulary.knows(t) else 0.0 for t in asked.terms]
            total = sum(self.vocabulary.weight(t) for t in asked.terms) or 1.0
            if sum(known) / total < 0.5:
                said = phrases.OFF_TOPIC_EN if asked.english else phrases.OFF_TOPIC
                said = said.format(title=self.page.title)
                return Answer(asked.text, said, refused=True, reason="off_topic", kind=asked.kind)
        nearby = tuple(hit.passage for hit in hits[:2])
        said = not_on_page(asked, topic)
        return Answer(asked.text, said, refused=True, reason="not_on_page", kind=asked.kind, nearby=nearby)

    def _kept_suggestions(self) -> tuple[Suggestion, ...]:
        """The suggestions, from the file beside the index where it fits, else made and kept there."""
        fits = {
            "manifest": self.index.manifest,
            "judge": self.judge.version,
            "threshold": self.judge.threshold,
        }
        file = index_folder(self.settings) / "suggestions.json"
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            if kept["fits"] == fits:
                return tuple(Suggestion(str(q), int(p)) for q, p in kept["suggestions"])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # absent or damaged: it is only a cache
        made = self._answerable()
        with contextlib.suppress(OSError):
            temporary = file.with_suffix(f".{os.getpid()}")
            temporary.write_text(
                json.dumps({"fits": fits, "suggestions": [(s.question, s.passage) for s in made]}),
                encoding="utf-8",
            )
            temporary.replace(file)
        return made

    def _answerable(self) -> tuple[Suggestion, ...]:
        """The suggestions that the chain does answer, from the passage they were made from."""
        kept = []
        for suggestion in candidates(self.page, self.passages, self.vocabulary):
            answer = self._read(analyse(suggestion.question), "", ())
            cites = {c.passage.id for c in answer.citations}
            if (answer.kind in ("summary", "list") and not answer.refused) or suggestion.passage in cites:
                kept.append(suggestion)
        return tuple(kept)


def terms_and_signs(text: str) -> list[str]:
    """What must be the same for a question to count as understood word for word."""
    return re.findall(r"[^\W_]+", fold(text))


def load_judge(settings: Settings, encoder: Encoder, index: Index) -> Judge:
    """The trained reader where it fits the encoder, else the rule, with one line that says so."""
    rule = RuleJudge(index.passages)
    if settings.reader == "none":
        return rule
    folder = WEIGHTS if settings.reader == BUNDLED else Path(settings.reader).expanduser()
    try:
        return ReaderJudge(load_reader(folder, encoder), index.passages, settings.threshold)
    except ReaderMismatch as error:
        print(f"{error} : la règle simple le remplace.", file=sys.stderr)
        return rule
