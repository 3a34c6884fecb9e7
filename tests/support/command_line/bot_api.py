"""A minimal fake Bot API that only answers getMe, for commands that ask once which bot a token belongs to."""

import json
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

TOKEN = "1234:x"
ME = {"id": 1234, "is_bot": True, "first_name": "SERAF", "username": "seraf_bot"}


class _Asked(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        is_known = self.path == f"/bot{TOKEN}/getMe"
        said = (
            {"ok": True, "result": ME} if is_known else {"ok": False, "error_code": 401, "description": "Unauthorized"}
        )
        body = json.dumps(said).encode()
        self.send_response(200 if is_known else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing, unlike the base class."""


@cache
def bot_api() -> str:
    """Start the fake once per process, and return its address. It runs until the process ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Asked)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def telegram_settings() -> dict[str, str]:
    """Return the settings of a bot whose token the fake knows."""
    return {"SERAF_TELEGRAM_TOKEN": TOKEN, "SERAF_TELEGRAM_API": bot_api()}
