"""A language model phrases what was found: each sentence is checked before it is shown, quotes stand for the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.notices import warn
from index.page import Page, Passage
from index.words import fold, terms, words
from rag.answer import Answer, Checked, Line, Part, Quoted, Said, Turn, Written, marks_of
from rag.compose import phrases
from rag.compose.antecedents import leans
from rag.compose.phrases import Phrase
from rag.compose.quotes import Quotes
from rag.generate.missing import missing
from rag.generate.prompt import MOST_SENTENCES, NOTHING, Messages, messages
from rag.generate.sentences import sentences_of, spoken
from rag.generate.writer import Failure, Writer, WriterError, within
from rag.question.asked import Question
from rag.support.check import SupportCheck, Verdict
from rag.support.english import in_english
from rag.support.marks import without_marks

MOST_PASSAGES = 4
"""Passages that the model is shown."""
MOST_CHARS = 420
"""Characters of written sentences in an answer."""
TOLD = 0.6
"""Part of the short answer's words that a written sentence must hold to stand for the quote."""

Tell = Callable[[Written], None]


@dataclass
class _Draft:
    """What was written so far from the passages ``seen``: shown sentences, and all with their verdicts.

    ``quotes`` number what the sentences cite in the order in which it is read; ``languages`` are those it may be written in.
    """

    quotes: Quotes
    seen: Sequence[Passage]
    tell: Tell
    most: int = MOST_CHARS
    languages: frozenset[str] = frozenset(("fr",))
    shown: list[Written] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)
    failure: Failure | None = None


@dataclass
class Phraser:
    """Phrases answers about one page with a language model; what is not there after ``seconds`` is left out."""

    writer: Writer
    check: SupportCheck
    page: Page
    passages: Sequence[Passage]
    seconds: float

    def phrase(
        self, answer: Answer, likely: float, tell: Tell, stopped: Callable[[], bool],
        *, wish: str = "", before: Turn | None = None,
    ) -> Answer:  # fmt: skip
        """``answer`` in the model's words as far as they are supported; as it is where it claims nothing.

        ``likely`` is the least probability of evidence that the model sees. With a ``wish`` (a key of
        ``prompt.WISHES``) it reshapes the answer of the turn ``before``, from the same evidence. ``tell`` gets each
        sentence once it is checked.
        """
        asked = before or Turn(answer.question, answer)
        if asked.answer.certainty != "sure":
            return _saying(answer, phrases.WISH_CLOSE)
        if wish == "translate" and _to_another_language(answer.question):
            return _saying(answer, phrases.WISH_LANGUAGE)
        if any(isinstance(p, Said) and p.strong for p in answer.parts()):
            return answer
        begin = time.perf_counter()
        most = len(_said_of_page(asked.answer)) - 1 if wish == "shorter" else MOST_CHARS
        draft = _Draft(
            Quotes(self.page, self.passages), self._evidence(asked.answer, likely), tell, min(most, MOST_CHARS),
            _languages(answer.question, wish),
        )  # fmt: skip
        self._write(draft, messages(asked.question.repaired, draft.seen, wish), stopped)
        made = self._made(answer, draft, wish)
        writing = (time.perf_counter() - begin) * 1000
        total = answer.timings.get("total", 0.0) + writing
        return replace(made, timings={**answer.timings, "writing": writing, "total": total})

    def _evidence(self, answer: Answer, likely: float) -> list[Passage]:
        """The passages of the quotes, then those of what is at least likely to answer."""
        passages = [citation.passage for citation in answer.citations]
        passages += [evidence.hit.passage for evidence in answer.evidence if evidence.probability >= likely]
        return list({passage.id: passage for passage in passages}.values())[:MOST_PASSAGES]

    def _write(self, draft: _Draft, asked: Messages, stopped: Callable[[], bool]) -> None:
        done = False
        source = self.writer.write(asked, lambda: done or stopped())
        try:
            with closing(within(source, self.seconds, stopped)) as pieces:
                for sentence in sentences_of(spoken(pieces)):
                    if without_marks(sentence)[0].strip(" .!").upper() == NOTHING:
                        break
                    self._judge(draft, sentence)
                    if len(draft.checked) >= 2 * MOST_SENTENCES or len(draft.shown) == MOST_SENTENCES:
                        break
        except WriterError as error:
            draft.failure = error.failure
            warn(f"Modèle de langue : {error}")
        finally:
            done = True

    def _judge(self, draft: _Draft, sentence: str) -> None:
        verdict = self.check.check(sentence, draft.seen)
        reason: str = verdict.reason
        if verdict.supported and not self._stands(verdict, draft):
            reason = "leans"
        if verdict.supported and any(fold(w.text) == fold(verdict.text) for w in draft.shown):
            reason = "again"
        bounded = draft.shown or draft.most < MOST_CHARS  # a first sentence may be long, but where it is to be short
        if bounded and sum(len(w.text) for w in draft.shown) + len(verdict.text) > draft.most:
            reason = reason or "long"
        if ("en" if in_english(verdict.text) else "fr") not in draft.languages:
            reason = "language"
        draft.checked.append(Checked(sentence, not reason, reason, verdict.probability, verdict.spans))
        if not reason:
            rests = zip(verdict.spans, verdict.marks, strict=True)
            cited = dict.fromkeys(draft.quotes.citation(span, draft.seen[n - 1]) for span, n in rests)
            written = Written(verdict.text, tuple(cited))
            draft.shown.append(written)
            draft.tell(written)

    def _stands(self, verdict: Verdict, draft: _Draft) -> bool:
        """A sentence that leans on the one before ("Il…") stands where that one is shown and of the same passage."""
        if not leans(verdict.text):
            return True
        if not draft.shown or not draft.checked[-1].shown:
            return False
        before = {citation.passage.id for citation in draft.shown[-1].citations}
        return before >= {draft.seen[n - 1].id for n in verdict.marks}

    def _made(self, answer: Answer, draft: _Draft, wish: str) -> Answer:
        phrase = missing(draft.failure, draft.checked, wish)
        said = (Line((phrase.say(answer.question.english),)),) if phrase else ()
        answer = replace(answer, checked=tuple(draft.checked))
        quoted = [line for line in answer.lines if any(map(marks_of, line.parts))]
        if not draft.shown:
            return replace(answer, lines=(*said, *quoted) if wish and said else (*answer.lines, *said))
        items = wish == "points" and len(draft.shown) > 1
        written = [Line((w,), 1) for w in draft.shown] if items else [Line(tuple(draft.shown))]
        left = [] if wish else [line for line in answer.lines if draft.failure or not _told(line, answer, draft.shown)]
        lines = (*written, *_numbered(left, draft.quotes), *said)
        quotes = _numbered(quoted, draft.quotes)
        return replace(answer, lines=lines, certainty="sure", citations=tuple(draft.quotes.citations), quotes=quotes)


def _told(line: Line, answer: Answer, shown: Sequence[Written]) -> bool:
    """Whether what a quoted line of ``answer`` says is written in ``shown``: its sentence cited, its short answer told."""
    marked = {citation for part in line.parts for citation in marks_of(part)}
    if not marked:
        return True
    rested = [citation for written in shown for citation in written.citations]
    if not all(any(r.start < c.end and c.start < r.end for r in rested) for c in marked):
        return False
    told = set(terms(" ".join(written.text for written in shown)))
    short = [part.words for part in line.parts if isinstance(part, Quoted) and part.strong]
    short += [best.hit.passage.at(best.span) for best in answer.evidence[:1]]
    return all(len(told & wanted) >= TOLD * len(wanted) for wanted in (set(terms(text)) for text in short))


def _numbered(lines: Sequence[Line], quotes: Quotes) -> tuple[Line, ...]:
    """``lines`` with the numbers that ``quotes`` give to what they cite."""

    def again(part: Part) -> Part:
        if not isinstance(part, Quoted):
            return part
        cited = part.citation
        return replace(part, citation=quotes.citation((cited.start, cited.end), cited.passage))

    return tuple(replace(line, parts=tuple(map(again, line.parts))) for line in lines)


def _saying(answer: Answer, phrase: Phrase) -> Answer:
    """``answer``, where it says that the page is only ever copied, saying why it is here."""

    def again(part: Part) -> Part:
        verbatim = isinstance(part, Said) and part.phrase in phrases.VERBATIM
        return phrase.say(answer.question.english) if verbatim else part

    return replace(answer, lines=tuple(replace(line, parts=tuple(map(again, line.parts))) for line in answer.lines))


def _languages(question: Question, wish: str) -> frozenset[str]:
    """What may be written: English where a translation is asked for, or the question is English; else French."""
    if wish == "translate":
        return frozenset(("en",))
    return frozenset(("fr", "en") if question.english else ("fr",))


def _said_of_page(answer: Answer) -> str:
    """What an answer says of the page, its short answers aside."""
    return " ".join(p.text for p in answer.parts() if isinstance(p, Quoted | Written) and not p.strong)


def _to_another_language(question: Question) -> bool:
    """Whether a translation is asked for, and not into English: the check knows no other language."""
    asked = words(question.repaired)
    return any(before == "en" and word not in ("anglais", "english") for before, word in pairwise(asked))
