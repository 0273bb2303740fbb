"""A web site on loopback, whose answers each test writes."""

import ssl
import threading
from collections.abc import Callable
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gazetteer.intake import FetchSettings
from gazetteer.intake.http import Fetcher

Answer = Callable[[BaseHTTPRequestHandler], None]
QUIET = {"/.well-known/tdmrep.json"}
"""What every site is asked for, and few have: noted where a test has it."""
PAGE = b"<!doctype html><title>Tide</title><article><h1>Tide</h1><p>The tide came in twice.</p></article>"


class Site:
    """A server at `news.test` (and any other name that a test asks for); `answers` by path, `asked` in order."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.hosts: list[str] = []
        self.headers: list[Message] = []
        self.slept: list[float] = []
        self.done = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path not in QUIET or self.path in site.answers:
                    site.asked.append(self.path)
                site.agents.append(self.headers["User-Agent"])
                site.hosts.append(self.headers["Host"])
                site.headers.append(self.headers)
                self.close_connection = True
                site.answers.get(self.path, missing)(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass

        self.server = Server((host, port), Handler)
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.scheme = "http" if tls is None else "https"
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def url(self, path: str, host: str = "news.test") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def fetcher(self, *, tls: ssl.SSLContext | None = None, **settings: object) -> Fetcher:
        chosen = FetchSettings(**{"allow_hosts": ("news.test",), "timeout": 10.0, "delay": 0.0} | settings)
        return Fetcher(chosen, resolve=lambda _host, _port: ["127.0.0.1"], sleep=self.slept.append, tls=tls)

    def close(self) -> None:
        self.done.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def missing(handler: BaseHTTPRequestHandler) -> None:
    reply(b"none", status=404)(handler)


def reply(content: bytes = PAGE, *, status: int = 200, **headers: str) -> Answer:
    """An answer; `headers` by name, with `_` for `-`; a `Content-Length` given here is sent as it is."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(content))} | named
        handler.send_response(status)
        for name, value in named.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def redirect(location: str, status: int = 302) -> Answer:
    return reply(b"", status=status, Location=location)
