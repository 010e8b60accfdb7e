"""Why an answer is what it is: what was understood, found, judged, decided, kept and dropped, and how long it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rag.answer import Answer, Evidence, Hit

MOST_CHARS = 110


def explained(answer: Answer, thresholds: tuple[float, ...]) -> dict[str, Any]:
    """Everything that led to ``answer``, for programs; ``thresholds`` are those of sure, likely, settled, short."""
    question = answer.question
    return {
        "question": {
            "text": question.text, "repaired": question.repaired, "previous": question.previous,
            "intent": question.intent, "form": question.form, "expected": question.expected,
            "english": question.english, "terms": list(question.terms),
        },
        "hits": [_hit(hit) for hit in answer.hits],
        "evidence": [_evidence(evidence) for evidence in answer.evidence],
        "decision": {
            "certainty": answer.certainty, "reason": answer.reason,
            "thresholds": dict(zip(("sure", "likely", "settled", "short"), thresholds, strict=True)),
        },
        "checked": [
            {"sentence": c.sentence, "shown": c.shown, "reason": c.reason, "probability": _rounded(c.probability),
             "spans": [list(span) for span in c.spans]}
            for c in answer.checked
        ],
        "answer": answer.text,
        "timings": {name: _rounded(ms) for name, ms in answer.timings.items()},
    }  # fmt: skip


def _hit(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {"passage": passage.id, "section": passage.context, "text": passage.text,
            "score": _rounded(hit.score), "dense": _rounded(hit.dense), "bm25": _rounded(hit.bm25)}  # fmt: skip


def _evidence(evidence: Evidence) -> dict[str, Any]:
    passage = evidence.hit.passage
    return {
        "passage": passage.id, "probability": _rounded(evidence.probability), "answer": passage.at(evidence.span),
        "span": list(evidence.span),
        "polarity": dict(zip(("denied", "affirmed", "not_settled"), map(_rounded, evidence.polarity), strict=True)),
        "weighed": {name: _rounded(value) for name, value in evidence.weighed.items()},
    }  # fmt: skip


def _rounded(value: float) -> float:
    return round(float(value), 3)


def told(explanation: Mapping[str, Any]) -> str:
    """The same for a person, in French."""
    return "\n".join(_lines(explanation))


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    question = found["question"]
    yield f"Question comprise : {question['repaired']}"
    if question["previous"]:
        yield f"  suite de : {question['previous']}"
    yield f"  intention {question['intent']}, forme {question['form']}, réponse attendue {question['expected']}"
    if found["hits"]:
        yield "\nPassages trouvés (note, sens, mots)"
    for hit in found["hits"]:
        yield f"  n° {hit['passage']:<4} {hit['score']:.3f}  {hit['dense']:.3f}  {hit['bm25']:.3f}  {_short(hit['text'])}"
    if found["evidence"]:
        yield "\nVerdicts du lecteur (probabilité de répondre)"
    for judged in found["evidence"]:
        yield f"  n° {judged['passage']:<4} {judged['probability']:.3f}  « {_short(judged['answer'])} »"
    decision = found["decision"]
    least = ", ".join(f"{name} {value:g}" for name, value in decision["thresholds"].items())
    yield f"\nDécision : {decision['certainty']} {decision['reason']}".rstrip() + f" (seuils : {least})"
    if found["evidence"]:
        yield "  pesé : " + ", ".join(f"{name} {value:g}" for name, value in found["evidence"][0]["weighed"].items())
    if found["checked"]:
        yield "\nPhrases du modèle de langue"
    for checked in found["checked"]:
        verdict = "gardée" if checked["shown"] else f"écartée ({checked['reason']})"
        yield f"  {verdict}, {checked['probability']:.3f} : {checked['sentence']}"
    yield f"\nRéponse\n{found['answer']}"
    yield "\nDurées (ms) : " + ", ".join(f"{name} {ms:.0f}" for name, ms in found["timings"].items())


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_CHARS else line[:MOST_CHARS].rsplit(" ", 1)[0] + " …"
