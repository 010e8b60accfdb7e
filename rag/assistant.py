"""The chain, from a question to an answer: one step a line in :meth:`Assistant.ask`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from index.build import index_folder, open_index
from index.cache import writable_cache
from index.encoder import Encoder
from index.page import Page, Passage
from index.progress import Progress
from index.settings import BUNDLED, Settings
from index.store import Index
from rag.answer import Answer, Certainty, Evidence, Hit, Line, Turn, Written
from rag.compose import facts, lists, phrases, several, talk
from rag.compose.antecedents import settles
from rag.compose.closest import closest, likely
from rag.compose.quotes import Quotes
from rag.compose.refusal import refusal
from rag.compose.reshape import reshape, unquoted
from rag.compose.sections import of_form, under_heading
from rag.compose.suggestions import Suggestion, candidates, kept_suggestions, pick, pick_after, reads_well
from rag.compose.whole import doubted
from rag.generate.phrasing import Phraser
from rag.generate.prompt import WISHES
from rag.loading import load_judge, load_phraser
from rag.question.asked import Question
from rag.question.cleaning import QuestionError
from rag.question.spelling import dictionary
from rag.question.understanding import Understanding
from rag.question.vocabulary import Vocabulary
from rag.read.decision import Judge, Verdict
from rag.retrieve.hybrid import Retriever

MOST_TURNS = 12


class Assistant:
    """Answers questions about one page, citing it; says so where the page does not answer."""

    def __init__(
        self, settings: Settings, encoder: Encoder, index: Index, judge: Judge, searching: Encoder | None = None
    ) -> None:
        """``encoder`` understands and reads; ``searching`` embedded the index's passages if it did not."""
        self.settings = settings
        self.encoder = encoder
        self.index = index
        self.judge = judge
        self.retriever = Retriever(index, settings.dense_weight)
        self.vocabulary = Vocabulary(index.passages)
        self.understanding = Understanding(encoder, self.vocabulary, searching)
        self.phraser: Phraser | None = None
        self.suggestions: tuple[Suggestion, ...] = ()
        self._kept = lru_cache(settings.answers_kept)(self._asked)

    @classmethod
    def load(cls, settings: Settings | None = None, progress: Progress | None = None) -> Assistant:
        """Encoder, index and reader, ready to answer.

        Raises:
            PageError, UnpackError, WeightsMismatch, OSError: page or model cannot be had.
        """
        settings = writable_cache(settings or Settings.from_env())
        tell = progress or (lambda message, fraction: None)
        tell("Chargement de l’encodeur", 0.05)
        encoder = Encoder.load(settings, lambda message, fraction: tell(message, 0.05 + 0.65 * fraction))
        tell("Ouverture de l’index", 0.75)
        index = open_index(settings, encoder, progress)
        tell("Chargement du lecteur", 0.85)
        reading = encoder if encoder.is_learnt_on else Encoder.load(settings.with_(model=BUNDLED))
        judge = load_judge(settings, reading, index)
        assistant = cls(settings, reading, index, judge, None if reading is encoder else encoder)
        # Needed by a mistyped word only, and a second to make: not on the way to the first answer.
        later = threading.Timer(5.0, dictionary().prepare)
        later.daemon = True
        later.start()
        assistant.phraser = load_phraser(settings, reading, index)
        assistant.suggestions = kept_suggestions(
            index_folder(settings) / "suggestions.json",
            {
                "manifest": index.manifest,
                "judge": assistant.judge.version,
                "heads": assistant.understanding.heads.version,
            },
            assistant._answerable,
        )
        tell("Prêt", 1.0)
        return assistant

    @property
    def starters(self) -> tuple[str, ...]:
        """Questions to begin with, all answered by the page."""
        return pick(self.suggestions, asked=(), near=(), count=4)

    @property
    def writes(self) -> bool:
        """Whether a language model phrases the answers."""
        return self.phraser is not None

    @property
    def at_once(self) -> int:
        """Questions that are well answered at the same time."""
        return 1 if self.understanding.encoder.searching else self.encoder.at_once

    @property
    def page(self) -> Page:
        return self.index.page

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self.index.passages

    def ask(self, question: str, history: Sequence[Turn | str] = ()) -> Answer:
        """The answer to ``question``, in the words of a language model where one is set and supported.

        Raises:
            QuestionError: the question is empty or too long.
        """
        return self.phrased(self.quoted(question, history), history)

    def phrased(
        self, answer: Answer, history: Sequence[Turn | str] = (), tell: Callable[[Written], None] = lambda _: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Answer:  # fmt: skip
        """``answer`` as the language model phrases it; ``tell`` gets each sentence once it is checked."""
        if self.phraser is None:
            return answer
        likely = self.judge.thresholds[1]
        if answer.question.intent != "reshape":
            return self.phraser.phrase(answer, likely, tell, stopped)
        wish = answer.question.kinds.get("reshape", "")
        turns = (turn for turn in reversed(history) if isinstance(turn, Turn))
        before = next((turn for turn in turns if turn.answer.citations and turn.question.intent != "reshape"), None)
        if before is None or wish not in WISHES or answer.refused:
            return answer
        return self.phraser.phrase(answer, likely, tell, stopped, wish=wish, before=before)

    def quoted(self, question: str, history: Sequence[Turn | str] = ()) -> Answer:
        """The answer in the page's words. Earlier questions that come without an answer are understood, not answered.

        The same question after the same conversation gets the same answer, kept.

        Raises:
            QuestionError: the question is empty or too long.
        """
        begin = time.perf_counter()
        begun, answer = self._kept(question, tuple(history))
        if begun >= begin:
            return answer
        total = (time.perf_counter() - begin) * 1000
        return replace(answer, timings={"kept": total, "total": total})

    def _asked(self, question: str, history: tuple[Turn | str, ...]) -> tuple[float, Answer]:
        """When it was begun, and the answer."""
        begin = time.perf_counter()
        past = self._understood(history[-MOST_TURNS:])
        asked = self.understanding.understand(question, past)
        understood = time.perf_counter()
        answer = self._talk(asked, history) or self._anew(self._answer(asked), history)
        suggestions = pick_after(answer, self.suggestions, (*past, asked), history)
        done = time.perf_counter()
        timings = {**answer.timings, "understanding": (understood - begin) * 1000, "total": (done - begin) * 1000}
        return begin, replace(answer, suggestions=suggestions, timings=timings)

    def _understood(self, history: Sequence[Turn | str]) -> list[Question]:
        """The questions of the conversation; an unusable one says nothing about the next."""
        past: list[Question] = []
        for turn in history:
            try:
                past.append(self.understanding.understand(turn, past) if isinstance(turn, str) else turn.question)
            except QuestionError:
                continue
        return past

    def _talk(self, asked: Question, history: Sequence[Turn | str]) -> Answer | None:
        """The answer to what is no question about the page, None where it is one."""
        if asked.intent == "smalltalk":
            kind = asked.kinds.get("smalltalk", "")
            told = talk.small_talk(asked, kind, self.page, self.settings, self.writes)
            return self._then_closest(asked, told) if asked.kinds.get("likeliest") == "page" else told
        if asked.intent == "worry":
            return self._worried(asked)
        if asked.intent == "order":
            return talk.order(asked)
        if asked.intent == "reshape":
            return reshape(asked, history, self._quotes())
        return talk.lost(asked, self.page, self.vocabulary)

    def _worried(self, asked: Question) -> Answer:
        """Whom to call, and no advice; then what comes closest, where what sounds like a worry may ask about what the page
        tells: on a page about health, where that is the likelier."""
        worry = talk.worry(asked)
        if talk.urgent(asked) or (self.page.health and asked.kinds.get("likeliest") != "page"):
            return worry
        return self._then_closest(asked, worry)

    def _then_closest(self, asked: Question, told: Answer) -> Answer:
        """What is ``told``, then what comes closest in the page, if anything: that is asked about as well, maybe."""
        _, (_, evidence), timings = self._judged(asked)
        if self.judge.certainty(evidence) == "none":  # of all that was read: stricter than of the first hits
            return told
        quotes = self._quotes()
        lines = (*told.lines, *closest(asked, evidence, self.vocabulary, quotes))
        return replace(self._composed(asked, lines, quotes, "likely"), timings=timings)

    def _answer(self, asked: Question) -> Answer:
        """The answer to a question about the page, by the form that it asks for."""
        return (self._several(asked) if asked.form == "several" else None) or self._one(asked)

    def _one(self, asked: Question) -> Answer:
        """The answer to a question that asks one thing."""
        quotes = self._quotes()
        if lines := talk.known(asked, quotes) or of_form(asked, self.vocabulary, quotes):
            return self._composed(asked, lines, quotes, "sure")
        hits, verdict, timings = self._judged(asked)
        answer = self._decided(asked, hits, verdict, quotes)
        return replace(answer, hits=tuple(hits), evidence=tuple(verdict.evidence), timings=timings)

    def _judged(self, asked: Question) -> tuple[list[Hit], Verdict, dict[str, float]]:
        """All hits that may be read, the verdict on them, and how long both took, in milliseconds."""
        begin, count = time.perf_counter(), self.settings.read_passages
        hits = self.retriever.search(asked, count + self.settings.read_further)
        found = time.perf_counter()
        verdict = self.judge.judge(asked, hits[:count], hits[count:])
        return hits, verdict, {"retrieval": (found - begin) * 1000, "reading": (time.perf_counter() - found) * 1000}

    def _anew(self, answer: Answer, history: Sequence[Turn | str]) -> Answer:
        """``answer``; where it would give as a reason what was quoted already ("pourquoi ?"), what else comes closest, if
        anything."""
        rest = unquoted(answer, history)
        if rest is None:
            return answer
        near: Certainty = "none" if self.judge.certainty(rest) == "none" else "likely"
        again = self._decided(answer.question, answer.hits, Verdict(near, rest), self._quotes())
        return replace(again, evidence=tuple(rest), timings=answer.timings)

    def _decided(self, asked: Question, hits: Sequence[Hit], verdict: Verdict, quotes: Quotes) -> Answer:
        """The answer that the verdict allows: surely, what comes closest, or none."""
        certainty, evidence = doubted(*verdict, self.page)
        sure = evidence[0].sentence if certainty == "sure" else None
        lines = facts.spelled_out(asked, self.vocabulary, quotes, sure)
        if not lines and certainty != "sure":
            lines = under_heading(asked, self.vocabulary, quotes)
        if lines:
            return self._composed(asked, lines, quotes, "sure")
        if certainty == "none":
            return refusal(asked, hits, self.page, self.vocabulary, self._near(asked, evidence))
        if certainty == "sure":
            return self._composed(asked, self._sure(asked, evidence, quotes), quotes, "sure")
        lines = closest(asked, evidence, self.vocabulary, quotes)
        return self._composed(asked, lines, quotes, certainty)

    def _sure(self, asked: Question, evidence: Sequence[Evidence], quotes: Quotes) -> tuple[Line, ...]:
        """The lines of an answer that is sure: what the best evidence says, then what may be the one that answers."""
        lines = self._best(asked, evidence, quotes)
        also = facts.also(asked, self.judge.answering(evidence)[1:], quotes, lines)
        beside = (replace(line, level=max(line.level, lines[0].level)) for line in also)
        return tuple(lists.nested((*lines, *beside), quotes))

    def _best(self, asked: Question, evidence: Sequence[Evidence], quotes: Quotes) -> tuple[Line, ...]:
        """What the best evidence says, in the form that is asked for."""
        sure, _, settled, short = self.judge.thresholds
        best = evidence[0]
        # A sentence that begins with the page's own "Oui" says it itself, of the question that the page asks.
        if asked.form == "yes_no" and not settles(self.page.text[slice(*best.sentence)]):
            denied, affirmed, _ = best.polarity
            if max(denied, affirmed) * best.probability >= settled:
                return facts.yes_no(asked, best, quotes, affirmed > denied)
        if asked.form == "list":
            units = lists.listed_units(best, quotes)
            if len(units) > 1:
                return lists.items(units, best, quotes, asked.english)
            found = lists.several(evidence, sure)
            if len(found) > 1:
                return tuple(lists.gathered(found, quotes, asked.english))
        if listed := lists.together(self.judge.answering(evidence), quotes, facts.ANSWER_CHARS):
            return lists.items(listed, best, quotes, asked.english)
        silent = asked.form == "yes_no" or best.probability < short
        return facts.fact(replace(asked, expected="statement") if silent else asked, best, quotes)

    def _several(self, asked: Question) -> Answer | None:
        """Things asked at once: each gets its own line where all are surely told; else what comes closest to each, if
        anything."""
        quotes = self._quotes()
        told: list[Line] = []
        found: list[several.Found] = []
        for meant in self.understanding.apart(asked):
            known = talk.known(meant[0], quotes)
            told += lists.as_items(known)
            if not known:
                read = ((part, self._judged(part)[1]) for part in meant)
                found.append(max(read, key=lambda one: one[1].evidence[0].probability))
        if not found:
            return self._composed(asked, tuple(told), quotes, "sure")
        whole = found[0][1] if len(found) == 1 else self._judged(asked)[1]
        return self._together(asked, tuple(told), [*found, (asked, whole)], quotes)

    def _together(
        self, asked: Question, told: tuple[Line, ...], found: Sequence[several.Found], quotes: Quotes
    ) -> Answer | None:
        """What is known of the page, then what its text answers to each of ``found``, the whole question last."""
        *parts, whole = [verdict.evidence[0] for _, verdict in found]
        certain = [verdict.certainty for _, verdict in found]
        if "sure" in certain and self.judge.tells_all(whole, parts):
            return self._composed(asked, (*told, *self._each(found, quotes)), quotes, "sure")
        near = [verdict.evidence[0] for _, verdict in found if verdict.certainty != "none"]
        _, *shown = likely(asked, near, quotes)
        if shown:
            said = Line((several.lead(asked, told, certain[:-1]),))
            return self._composed(asked, (*told, said, *shown), quotes, "likely")
        rest = Line((phrases.REST_NOT_FOUND.say(asked.english),))
        return self._composed(asked, (*told, rest), quotes, "sure") if told else None

    def _each(self, found: Sequence[several.Found], quotes: Quotes) -> tuple[Line, ...]:
        """What is surely told of each of ``found``, the whole question last; then, with nothing claimed, what comes closest to
        the others."""
        *parts, (asked, whole) = found
        sure, rest = several.told_and_rest(parts)
        lines = [line for one, verdict in sure for line in self._sure(one, verdict.evidence, quotes)]
        if whole.certainty == "sure":
            of_all = whole.evidence[:2] if len(parts) == 1 else self.judge.answering(whole.evidence)
            lines += facts.also(asked, of_all, quotes, lines)
        return (*lists.as_items(facts.each_once(lines)), *several.rest_of(asked, sure, rest, quotes))

    def _quotes(self) -> Quotes:
        """Nothing quoted yet."""
        return Quotes(self.page, self.passages)

    def _composed(self, asked: Question, lines: tuple[Line, ...], quotes: Quotes, certainty: Certainty) -> Answer:
        """The answer in these lines; where they quote nothing they tell what is known of the page beside its text."""
        if not quotes.citations:
            return Answer(asked, lines, "none", reason="chat")
        if asked.english and certainty == "sure":  # an English question gets the French words in an English frame
            lines = (Line((phrases.ACCORDING.say(True),)), *lines)
        return Answer(asked, lines, certainty, tuple(quotes.citations))

    def _near(self, asked: Question, evidence: Sequence[Evidence]) -> bool:
        """Whether the page knows a word of the question and is nearer to it than other pages are; a follow-up is near."""
        nearer = any(e.weighed["contrast"] > 0 for e in evidence)
        return bool(asked.previous) or (nearer and any(self.vocabulary.knows(term) for term in asked.terms))

    def _answerable(self) -> list[Suggestion]:
        """The suggestions that the chain does answer, and well."""
        made = candidates(self.page, self.passages, self.vocabulary)
        answers = ((s, self._answer(self.understanding.understand(s.question))) for s in made)
        return [suggestion for suggestion, answer in answers if reads_well(suggestion, answer, self.page)]
