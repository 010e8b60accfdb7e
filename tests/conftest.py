"""What the tests share: the real assistant on the real page, its server, and a real browser."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import hypothesis
import pytest

from index.loading import load_page
from index.page import Page, Passage
from index.passages import split_passages
from index.settings import Settings
from rag import Assistant

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

    from tests.services import Postgres

for _name, _examples in (("suite", 25), ("long", 2500)):
    hypothesis.settings.register_profile(
        _name,
        deadline=None,
        max_examples=_examples,
        derandomize=_name == "suite",
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
hypothesis.settings.load_profile("suite")

LONG = (
    "ui_escape",
    "engine",
    "ui_axe",
    "ui_kept",
    "ui_chat",
    "faults",
    "assistant",
    "training",
    "generate",
    "ui_programs",
)
"""The files of tests that take longest begin first: at the end no worker waits for another."""

CHROMIUM = "/usr/bin/chromium"
UNDRAWN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "PreloadTopChromeWebUI")
"""Parts of a browser's own window, web pages themselves, that each window loads and no headless one shows: half of what it
costs to open the application."""
UNUSED = (
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip
"""What Playwright leaves out. Chromium goes by the last list that it gets, so ours holds these too."""
WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 375, "height": 812}
ADDRESS = "https://www.entreprises.gouv.fr/sante"
"""A stand-in for the page's address, which the dump does not give."""

HUB = "Qu'est-ce que le Health Data Hub ?"
CAMPUS = "Quand PariSanté Campus a-t-il été lancé ?"
OFF_TOPIC = "Qui a gagné la coupe du monde de football en 1998 ?"
NOT_SAID = "Quel est le prix de la formation ?"
"""Two questions that the page answers, one of another topic, and one near it that the page does not answer."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {f"test_{name}": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The operator's settings, with a data folder of the test run; each answer is made anew."""
    return Settings.from_env().with_(data_dir=tmp_path_factory.mktemp("data"), port=0, answers_kept=0)


@pytest.fixture(scope="session")
def assistant(settings: Settings) -> Assistant:
    """The real assistant on the bundled page."""
    return Assistant.load(settings)


@pytest.fixture(scope="session")
def page() -> Page:
    """The bundled page."""
    return load_page(Settings())


@pytest.fixture(scope="session")
def passages(page: Page) -> tuple[Passage, ...]:
    """Its passages."""
    return split_passages(page)


@pytest.fixture(scope="session")
def small() -> Iterator[Any]:
    """A server with the smallest of language models, so weak that it invents."""
    from tests.llm_server import served

    with served() as server:
        yield server


class Live:
    """A server that runs in a thread of the test process."""

    def __init__(self, settings: Settings, load: Callable[..., Any], *, mcp: bool = False) -> None:
        from ui.binding import address_of, bind
        from ui.loading import Loader
        from ui.server import Server, create

        self.settings = settings
        self.loader = Loader(settings, load)
        bound = bind(settings.host, settings.port)
        self.url = address_of(bound)
        self.server = Server(create(settings, self.loader, mcp=mcp), bound, settings)
        self.thread = threading.Thread(target=self.server.run_on_socket, daemon=True)
        self.thread.start()
        self.loader.start()

    def stop(self) -> None:
        """Stop serving, and wait for it."""
        self.server.should_exit = True
        self.thread.join(10)


@contextmanager
def live(settings: Settings, load: Callable[..., Any], *, mcp: bool = False) -> Iterator[Live]:
    """A server for a ``with`` block."""
    server = Live(settings, load, mcp=mcp)
    try:
        yield server
    finally:
        server.stop()


def remembering(assistant: Assistant) -> Assistant:
    """The same that keeps its answers, as an operator may want it to: browsers ask the same few questions again and again."""
    settings = assistant.settings.with_(answers_kept=512)
    kept = Assistant(settings, assistant.encoder, assistant.index, assistant.judge)
    kept.suggestions = assistant.suggestions
    return kept


@pytest.fixture(scope="session")
def server(settings: Settings, assistant: Assistant) -> Iterator[Live]:
    """The application on the real assistant, on a free port."""
    kept = remembering(assistant)
    with live(settings, lambda *_: kept) as running:
        running.loader.wait(10)
        yield running


@pytest.fixture(scope="session")
def addressed(settings: Settings) -> Iterator[Live]:
    """The application where the page's address is known."""
    there = settings.with_(page_url=ADDRESS)
    loaded = Assistant.load(there)
    with live(there, lambda *_: loaded) as running:
        running.loader.wait(10)
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Debian's PostgreSQL."""
    from tests.services import postgres as serve

    with serve() as server:
        yield server


def launched(playwright: Any) -> Any:
    """Debian's Chromium without what nobody sees of it."""
    undrawn = "--disable-features=" + ",".join((*UNUSED, *UNDRAWN))
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", undrawn])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the whole run."""
    missing = ""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing = "playwright is not installed"
    if not missing and not Path(CHROMIUM).exists():
        missing = f"no Chromium at {CHROMIUM}"
    if missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs a browser: {missing}")
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


class Reader:
    """A person before the application: asks, presses, looks; and what the browser noticed meanwhile."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.url = url
        self.faults: list[str] = []
        self.foreign: list[str] = []
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", lambda r: self._request(r.url, origin))

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, url: str, origin: str) -> None:
        if not url.startswith((origin + "/", "data:", "blob:")):
            self.foreign.append(url)

    def open(self, query: str = "", ready: str = ".welcome") -> Reader:
        """Go to the application and wait for ``ready``."""
        self.page.goto(self.url + query)
        self.page.wait_for_selector(ready, timeout=10_000)
        return self

    @property
    def box(self) -> Any:
        """Where the question is typed."""
        return self.page.locator("#question")

    @property
    def turn(self) -> Any:
        """The last exchange."""
        return self.page.locator(".turn").last

    def ask(self, question: str) -> Any:
        """Type, press Enter, wait for the whole answer; gives the exchange."""
        before = self.page.locator(".turn").count()
        self.box.fill(question)
        self.box.press("Enter")
        return self.answered(before + 1)

    def answered(self, number: int) -> Any:
        """Wait for exchange ``number`` (from 1)."""
        turn = self.page.locator(f"#turn-{number}:is(.is-answer, .is-refusal, .is-error)")
        turn.wait_for(timeout=15_000)
        return turn

    def js(self, expression: str, argument: Any = None) -> Any:
        """The value of a JavaScript expression."""
        return self.page.evaluate(expression, argument)

    def marked(self) -> str:
        """The words highlighted in the page."""
        return str(self.js("() => [...document.querySelectorAll('#page mark')].map(m => m.textContent).join('')"))

    def focused(self) -> str:
        """A word on what has the focus: its id, or its class, or its tag."""
        return str(self.js("() => { const e = document.activeElement; return e.id || e.className || e.tagName }"))


Opener = Callable[..., Reader]


@pytest.fixture
def reader(chromium: Any, server: Live) -> Iterator[Opener]:
    """Opens readers; at the end, none may have met an error or a request to another host."""
    opened: list[tuple[Any, Reader, bool]] = []

    def opener(
        url: str = "",
        *,
        viewport: ViewportSize = WIDE,
        faults: bool = False,
        open_: bool = True,
        **context: Any,
    ) -> Reader:
        made = chromium.new_context(viewport=viewport, locale="fr-FR", **context)
        person = Reader(made.new_page(), url or server.url)
        opened.append((made, person, faults))
        return person.open() if open_ else person

    yield opener
    for made, person, faults in opened:
        made.close()
        assert not person.foreign, f"asked of other hosts: {person.foreign}"
        assert faults or not person.faults, person.faults


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
