"""The one settings object. Nothing else in the project reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from platformdirs import user_cache_path, user_data_path

Precision = Literal["auto", "float32", "bfloat16"]
Log = Literal["faults", "answers", "texts"]
Engine = Literal["auto", "torch", "openvino"]

PREFIX = "PAGEQA_"
BUNDLED = "bundled"


@dataclass(frozen=True)
class Settings:
    """Every choice an operator can make, with its default.

    Each field can be set by an environment variable: ``PAGEQA_`` and the field's name in
    capitals (``PAGEQA_MODEL``, ``PAGEQA_PAGE_URL``, …); see :meth:`from_env`.
    """

    # --- the page and its index
    page: str = BUNDLED
    """``bundled``, a file (HTML, Markdown, text, Word, PDF) or an http(s) address."""
    page_url: str = ""
    """Address of the live page; links to it are shown only where this is known."""
    allow_private: bool = False
    """Whether a page may come from inside the operator's own network (10.0.0.0/8, …)."""
    health: bool = False
    """Whether a page other than the bundled one is about health; the application then says what it is not."""
    model: str = BUNDLED
    """``bundled`` (multilingual-e5-small, unpacked), or any Sentence Transformers name or path."""
    precision: Precision = "auto"
    """``auto`` takes bfloat16 where the processor has instructions for it."""
    engine: Engine = "auto"
    """What runs the networks on a question: ``auto`` takes OpenVINO where it is installed and faster here."""
    cache_dir: Path = field(default_factory=lambda: user_cache_path("pageqa"))
    """Unpacked encoder, exported networks and built indexes. May be deleted at any time."""
    passage_chars: int = 700
    """Most characters of a passage made of several sentences or bullets."""

    # --- retrieval and reading
    dense_weight: float = 0.9
    """Share of the dense score in the fused score, 0 to 1; BM25 has the rest."""
    read_passages: int = 4
    """How many of the best hits the reader judges at most; fewer where the first leave nothing open."""
    read_further: int = 2
    """How many more it reads where an answer is only likely: the quotes that come closest are chosen from all."""
    reader: str = BUNDLED
    """``bundled``, or a folder of reader weights."""
    answers_kept: int = 0
    """How many answers are kept in memory for the same question after the same conversation. None, unless whoever
    runs it wants so: the app tells its readers that the server keeps no question."""

    # --- a language model that phrases what was found
    generator: str = "none"
    """``none`` (quotes alone), ``openai:ADDRESS#MODEL`` (any server that speaks OpenAI's protocol), or
    ``transformers:NAME_OR_PATH`` (a local model, GGUF too)."""
    generator_key: str = field(default="", repr=False)
    """Key of that server; set it by the environment, which no list of processes shows."""
    generator_seconds: float = 30.0
    """How long an answer may take to be written; the page's own sentences stand for what is not there by then."""

    # --- the app
    host: str = "127.0.0.1"
    port: int = 7860
    root_path: str = ""
    """Path under which a proxy serves the app, such as ``/assistant``; empty where it has a host to itself."""
    most_waiting: int = 64
    """How many questions may wait for their turn; one more is told so."""
    questions_per_minute: int = 600
    """How many questions one address may ask a minute; 0 sets no bound. A whole ministry may share one address."""
    trusted_proxies: str = "127.0.0.1 ::1"
    """Addresses and networks of proxies whose X-Forwarded-For says who asks, with spaces between them."""
    data_dir: Path = field(default_factory=lambda: user_data_path("pageqa"))
    """Where the readers' feedback (SQLite) is kept."""
    feedback: str = ""
    """A database for it instead, which several servers can share: ``postgresql+psycopg://user:word@host/name``."""
    retention_days: int = 0
    """Opinions older than this are forgotten at each start, and once a day; 0 keeps them until they are purged."""
    log: Log = "answers"
    """What is logged, as JSON lines on stderr: ``faults``; ``answers``, a line each that holds no words of theirs;
    ``texts``, the questions, answers and addresses too, which the app then tells its readers."""
    metrics: str = "local"
    """Who may read ``/metrics``: ``local`` (this machine and private networks, not through a proxy), ``public``,
    ``none``; or the address of a port of their own, ``127.0.0.1:9464``."""
    users: str = ""
    """A file of who may sign in, written by ``python -m ui --add-user NAME``; everybody may ask where empty."""
    frame_origins: str = ""
    """Web sites that may show ``/embed`` in a frame, with spaces between them: ``https://www.exemple.fr``."""

    # --- what the app looks like, and who answers for it
    app_name: str = ""
    """Name in the header; the app's own where empty."""
    logo: str = ""
    """A picture file (.svg, .png, .jpg, .webp)."""
    accent: str = ""
    """Colour of what can be pressed, ``#rrggbb``; its contrast is checked at start."""
    accent_dark: str = ""
    """The same in dark mode; made from ``accent`` where empty."""
    operator: str = ""
    """Who publishes the app: for the legal notices, as are the next five."""
    operator_address: str = ""
    director: str = ""
    """Director of publication."""
    hosting: str = ""
    """Who hosts it: name and address."""
    contact: str = ""
    """Mail address or page for questions, errors and accessibility."""
    data_officer: str = ""
    """Mail address of the data protection officer."""

    def __post_init__(self) -> None:
        if self.precision not in ("auto", "float32", "bfloat16"):
            raise ValueError(f"précision inconnue : {self.precision!r} (auto, float32 ou bfloat16)")
        if self.engine not in ("auto", "torch", "openvino"):
            raise ValueError(f"moteur inconnu : {self.engine!r} (auto, torch ou openvino)")
        if self.log not in get_args(Log):
            raise ValueError(f"journal inconnu : {self.log!r} (faults, answers ou texts)")
        if not 0.0 <= self.dense_weight <= 1.0:
            raise ValueError("dense_weight doit être compris entre 0 et 1")
        if self.read_passages < 1 or self.read_further < 0 or self.passage_chars < 80:
            raise ValueError("read_passages doit valoir au moins 1, read_further au moins 0, passage_chars au moins 80")
        if self.answers_kept < 0 or self.most_waiting < 1 or self.questions_per_minute < 0:
            raise ValueError("answers_kept et questions_per_minute doivent valoir au moins 0, most_waiting au moins 1")
        kind, _, name = self.generator.partition(":")
        named = bool(name.rpartition("#")[0] and name.rpartition("#")[2]) if kind == "openai" else bool(name)
        if self.generator != "none" and (kind not in ("openai", "transformers") or not named):
            raise ValueError(
                f"modèle de langue inconnu : {self.generator!r} (none, openai:ADRESSE#MODÈLE ou transformers:NOM)"
            )
        if self.generator_seconds <= 0:
            raise ValueError("generator_seconds doit être positif")
        if not 0 <= self.port <= 65535:
            raise ValueError("port doit être compris entre 0 et 65535")

    @property
    def writes(self) -> bool:
        """Whether a language model phrases the answers."""
        return self.generator != "none"

    @property
    def sends(self) -> bool:
        """Whether that model is asked over a network, be it this machine's own."""
        return self.generator.startswith("openai:")

    @classmethod
    def from_env(cls, environ: dict[str, str] | None = None, **overrides: Any) -> Settings:
        """Settings from ``PAGEQA_*`` variables, then ``overrides`` that are not ``None``.

        Raises:
            ValueError: a variable has a value of the wrong kind; the message names it, in French.
        """
        environ = dict(os.environ) if environ is None else environ
        values: dict[str, Any] = {}
        for spec in fields(cls):
            raw = environ.get(PREFIX + spec.name.upper())
            if raw is None or not raw.strip():
                continue
            try:
                values[spec.name] = _convert(str(spec.type), raw.strip())
            except ValueError as error:
                raise ValueError(f"la variable {PREFIX}{spec.name.upper()} a une valeur invalide : {raw!r}") from error
        values.update({name: value for name, value in overrides.items() if value is not None})
        return cls(**values)

    def with_(self, **changes: Any) -> Settings:
        """A copy with some fields changed."""
        return replace(self, **changes)


def _convert(kind: str, raw: str) -> Any:
    if kind.startswith("bool"):
        if raw.lower() not in ("0", "1", "true", "false", "oui", "non"):
            raise ValueError(raw)
        return raw.lower() in ("1", "true", "oui")
    if kind.startswith("int"):
        return int(raw)
    if kind.startswith("float"):
        return float(raw)
    if kind.startswith("Path"):
        return Path(raw).expanduser()
    return raw
