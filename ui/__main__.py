"""``python -m ui``: the chat beside the page, in the browser."""

from __future__ import annotations

import argparse
import atexit
import contextlib
import errno
import getpass
import importlib.util
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from index.cache import reason
from index.loading import load_page
from index.settings import BUNDLED, Settings
from ui import logs, words
from ui.binding import address_of, bind, place_of
from ui.feedback import FeedbackError, FeedbackStore
from ui.look import Look
from ui.mend import origins_of, root_of
from ui.users import put_user, read_users
from ui.visitors import proxies_of

log = logging.getLogger("ui")
BAD_INPUT = 2


def parser() -> argparse.ArgumentParser:
    """The command line; every option beats its environment variable."""
    line = argparse.ArgumentParser(prog="python -m ui", description=words.CLI_DESCRIPTION)
    line.add_argument("--host", help=words.CLI_HOST)
    line.add_argument("--port", type=int, help=words.CLI_PORT)
    line.add_argument("--root-path", help=words.CLI_ROOT_PATH)
    line.add_argument("--page", help=words.CLI_PAGE)
    line.add_argument("--page-url", help=words.CLI_PAGE_URL)
    line.add_argument("--model", help=words.CLI_MODEL)
    line.add_argument("--purge-feedback", type=int, metavar="DAYS", help=words.CLI_PURGE)
    line.add_argument("--add-user", metavar="NAME", help=words.CLI_ADD_USER)
    line.add_argument("--mcp", action="store_true", help=words.CLI_MCP)
    return line


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. 2 for bad input, 1 when the assistant cannot start."""
    chosen = vars(parser().parse_args(arguments))
    mcp, days, user = chosen.pop("mcp"), chosen.pop("purge_feedback"), chosen.pop("add_user")
    try:
        settings = Settings.from_env(None, **chosen)
    except ValueError as error:
        return _refuse(str(error))
    if days is not None:
        return purge(settings, days)
    if user is not None:
        return add_user(settings, user)
    try:
        _check(settings)
    except ValueError as error:
        return _refuse(words.CLI_BAD_LOOK.format(why=error))
    if settings.page != BUNDLED and "://" not in settings.page:
        try:
            load_page(settings)  # read again later; a bad file must be known before the model is loaded
        except ValueError as error:
            return _refuse(words.CLI_BAD_PAGE.format(why=error))
    if mcp and importlib.util.find_spec("mcp") is None:
        return _refuse(words.CLI_NO_MCP)
    if mcp and settings.users:
        return _refuse(words.CLI_MCP_OPEN)

    # the port first, Gradio (two seconds) and the model after it
    try:
        bound = bind(settings.host, settings.port)
    except OSError as error:
        return _refuse(_cannot_listen(settings.host, settings.port, error))
    return serve(settings, bound, address_of(bound), mcp=mcp)


def _check(settings: Settings) -> None:
    """Read every setting that only the server reads, before it takes its port.

    Raises:
        ValueError: one is of no use; in French.
    """
    Look.of(settings)
    origins_of(settings.frame_origins)
    root_of(settings.root_path)
    proxies_of(settings.trusted_proxies)
    place_of(settings.metrics)
    if settings.users:
        read_users(Path(settings.users).expanduser())
    if settings.feedback:
        FeedbackStore.of(settings).engine  # noqa: B018 - its address is read


def purge(settings: Settings, days: int) -> int:
    """Forget the opinions older than ``days``."""
    if days < 0:
        return _refuse(words.CLI_BAD_DAYS)
    try:
        _say(words.CLI_PURGED.format(count=FeedbackStore.of(settings).purge(days)))
    except ValueError as error:
        return _refuse(words.CLI_BAD_LOOK.format(why=error))
    except FeedbackError:
        return _refuse(words.CLI_NOT_PURGED)
    return 0


def add_user(settings: Settings, name: str) -> int:
    """Write an account; its password comes from the terminal, or is the first line of the standard input."""
    if not settings.users:
        return _refuse(words.CLI_NO_USERS)
    file = Path(settings.users).expanduser()
    if sys.stdin.isatty():
        password = getpass.getpass(words.CLI_PASSWORD.format(name=name))
        if getpass.getpass(words.CLI_PASSWORD_AGAIN) != password:
            return _refuse(words.CLI_PASSWORDS_DIFFER)
    else:
        password = sys.stdin.readline().rstrip("\n")
    try:
        put_user(file, name, password)
    except ValueError as error:
        return _refuse(words.CLI_BAD_LOOK.format(why=error))
    _say(words.CLI_USER_ADDED.format(file=file, name=name))
    return 0


def serve(settings: Settings, bound: socket.socket, address: str, *, mcp: bool) -> int:
    """Serve on ``bound`` while the assistant loads, and after."""
    signal.signal(signal.SIGTERM, _end)  # before uvicorn takes over, and once it has stopped

    from ui.loading import Loader
    from ui.metrics import serve as serve_metrics

    logs.configure(settings.log)
    begin = time.perf_counter()
    loader = Loader(settings)
    if place := place_of(settings.metrics):
        try:
            serve_metrics(loader.watch.metrics, place)
        except OSError as error:
            return _refuse(_cannot_listen(*place, error))
    loader.start()  # beside Gradio's import, which takes as long

    from ui.server import Server, create

    server = Server(create(settings, loader, mcp=mcp), bound, settings)
    _say(words.CLI_OPEN.format(url=address))

    def announce() -> None:
        if loader.wait().state == "ready":
            _say(words.CLI_READY.format(url=address))
            log.info("ready", extra={"fields": {"after_s": round(time.perf_counter() - begin, 2)}})
        else:
            server.should_exit = True

    threading.Thread(target=announce, daemon=True).start()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.run_on_socket()
    finally:  # SIGTERM ends the program
        log.info("stopped")
    if loader.error is not None:
        _refuse(words.CLI_STOPPED.format(why=loader.error))
        return BAD_INPUT if isinstance(loader.error, (ValueError, OSError)) else 1
    return 0


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return words.CLI_PORT_BUSY.format(host=host, port=port)
    return words.CLI_BAD_ADDRESS.format(host=host, port=port, why=reason(error))


def _end(_number: int, _frame: object) -> None:
    """An operator stops the server: that is no fault."""
    raise SystemExit(0)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return BAD_INPUT


def _leave(code: int) -> None:
    """End the process at once: a thread that still answers is inside the engine, where the interpreter's own way out can
    wait for it for ever."""
    atexit._run_exitfuncs()  # what is temporary goes
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    try:
        code = main()
    except SystemExit as ended:  # by argparse, or by SIGTERM before the server ran
        code = ended.code if isinstance(ended.code, int) else 0
    _leave(code)
