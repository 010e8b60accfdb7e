"""The application under a path of another server, whether that takes the path off or not."""

from __future__ import annotations

import httpx
import pytest

from index.settings import Settings
from rag import Assistant
from tests.conftest import live


@pytest.mark.parametrize("given", ["/assistant", "assistant/", "/assistant/"])
def test_a_path_is_written_in_one_way(given: str) -> None:
    assert Settings(root_path=given).root_path == "/assistant"
    with pytest.raises(ValueError, match="root_path"):
        Settings(root_path="https://exemple.test/a")


def test_the_app_answers_with_and_without_its_path(settings: Settings, assistant: Assistant) -> None:
    with live(settings.with_(root_path="/assistant"), lambda *_: assistant) as running:
        running.loader.wait(10)
        for prefix in ("", "/assistant"):
            for path in ("/", "/health", "/donnees", "/config"):
                assert httpx.get(f"{running.url.rstrip('/')}{prefix}{path}").status_code == 200
        bare = httpx.get(f"{running.url.rstrip('/')}/assistant")
        assert bare.status_code == 307 and bare.headers["location"] == "/assistant/"
        page = httpx.get(f"{running.url.rstrip('/')}/", headers={"x-forwarded-host": "exemple.test"}).text
        assert '"root":"http://exemple.test/assistant"' in page.replace(" ", "")
