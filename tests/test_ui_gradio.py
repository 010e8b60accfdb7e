"""What is touched of Gradio's inside, one test each: after an upgrade, the names of those that fail say what broke."""

from __future__ import annotations

from typing import Any

import gradio as gr
import httpx
import pytest

from tests.conftest import Live, Opener
from ui import mend


@pytest.fixture(scope="module")
def bare() -> str:
    """The page that Gradio serves when nothing of it is mended."""
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    with gr.Blocks(analytics_enabled=False) as demo:
        gr.HTML("x")
    app = gr.mount_gradio_app(FastAPI(), demo, path="/", ssr_mode=False)
    return TestClient(app).get("/").text


@pytest.mark.parametrize("touched", mend.TOUCHED)
def test_the_page_has_what_is_replaced_in_it(bare: str, touched: bytes) -> None:
    assert touched.decode() in bare


def test_the_page_advertises_in_its_metas(bare: str) -> None:
    assert mend.METAS.search(bare.encode())


def test_server_functions_are_marked_and_named() -> None:
    def start_up(_: Any) -> int:
        return 1

    made = gr.HTML("x", server_functions=[start_up], render=False)
    assert made.server_fns == [start_up] and made.start_up is start_up


def test_server_functions_may_wait_and_are_called_by_name(server: Live) -> None:
    config = httpx.get(server.url + "config").json()
    app = next(c for c in config["components"] if c["props"].get("elem_id") == "app")
    told = httpx.post(
        server.url + "gradio_api/component_server/",
        json={
            "component_id": app["id"],
            "fn_name": "ask_page",
            "session_hash": "contract",
            "data": {"question": "Bonjour", "number": 1, "history": []},
        },
        timeout=60,
    ).json()
    assert told["state"] == "done" and "Bonjour" in told["html"]


def test_no_tab_keeps_a_connection(server: Live, reader: Opener) -> None:
    config = httpx.get(server.url + "config").json()
    assert config["connect_heartbeat"] is False
    person = reader(open_=False)
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    person.open().ask("Bonjour")
    assert not [url for url in asked if "heartbeat" in url or "queue/data" in url]


def test_what_a_server_function_raises_is_given_as_nothing(reader: Opener) -> None:
    """Our script takes « nothing » for a failure, whether Gradio's client swallows it or passes it on."""
    person = reader(faults=True)
    # within the browser: a route of Playwright's in flight while its context closes can wait for ever
    person.js("() => { window.fetch = async () => new Response('{}', { status: 500 }) }")
    person.box.fill("Bonjour")
    person.box.press("Enter")
    person.page.wait_for_function("sessionStorage.getItem('pageqa.recovered')")  # it began anew with the server


def test_the_whole_is_one_main_that_we_take_away(reader: Opener) -> None:
    person = reader()
    assert person.js("[...document.querySelectorAll('main')].map(m => m.id)") == ["chat"]


def test_the_language_of_the_browser_is_not_the_page_s(chromium: Any, server: Live) -> None:
    context = chromium.new_context(locale="en-US")
    page = context.new_page()
    page.goto(server.url)
    page.locator(".welcome").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.lang") == "fr"
    context.close()


def test_dark_is_a_class_of_the_body(reader: Opener) -> None:
    assert reader(color_scheme="dark").js("document.body.classList.contains('dark')")
    assert not reader(color_scheme="light").js("document.body.classList.contains('dark')")


def test_the_wrappers_are_called_as_the_style_sheet_calls_them(reader: Opener) -> None:
    person = reader()
    for selector in (".gradio-container .main.fillable", ".contain > .column", "#app > .html-container"):
        assert person.page.locator(selector).count() == 1, selector
    box = person.page.locator("#app").bounding_box()
    assert (box["x"], box["y"]) == (0, 0) and box["height"] == 900


def test_mcp_results_pass_through_one_method() -> None:
    mcp = pytest.importorskip("gradio.mcp")
    assert callable(mcp.GradioMCPServer.postprocess_output_data)


def test_events_and_analytics_are_read_from_the_environment() -> None:
    import os

    import ui.server  # noqa: F401 - it sets them before Gradio is imported

    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False" and os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] == "1"
