"""A real OpenID Connect provider for tests: Canaille, in a process of its own, in memory, on this machine.

`python -m tests.identity_server PORT ADDRESS…`: the addresses are those of sites that may send browsers to it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLIENT_ID = "crm"
CLIENT_SECRET = "swordfish of the client"
PASSWORD = "a long password at the provider"
PEOPLE = ("mei", "jun", "lan")  # their names there; formatted: Mei Lin, Jun Lin, Lan Lin
READY = "ready"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*sites: str) -> Iterator[str]:
    """Run the provider for these sites and yield its issuer."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "tests.identity_server", str(port), *sites]
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).resolve().parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        assert process.stdout.readline().strip() == READY, "the provider did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def serve(port: int, sites: list[str]) -> None:
    """Serve until killed."""
    from canaille import create_app
    from canaille.app import models
    from canaille.backends import Backend
    from werkzeug.serving import make_server

    app = create_app(
        {
            "SECRET_KEY": "key of the provider " * 3,
            "SERVER_NAME": f"127.0.0.1:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False},
            "CANAILLE_OIDC": {"TRUSTED_DOMAINS": ["127.0.0.1"]},
        },
        env_file=os.devnull,
    )
    with app.app_context():
        for name in PEOPLE:
            user = {"user_name": name, "formatted_name": f"{name.title()} Lin", "family_name": "Lin"}
            Backend.instance.save(models.User(**user, emails=[f"{name}@example.com"], password=PASSWORD))
        client = models.Client(
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            client_name="CRM Maturity",
            client_uri="http://127.0.0.1",
            redirect_uris=[f"{site}/single-sign-on/return" for site in sites],
            post_logout_redirect_uris=[f"{site}/sign-in" for site in sites],
            grant_types=["authorization_code"],
            response_types=["code"],
            token_endpoint_auth_method="client_secret_basic",
            scope=["openid", "profile"],
        )
        Backend.instance.save(client)  # it must be known before it can be its own audience
        client.audience = [client]
        Backend.instance.save(client)
    server = make_server("127.0.0.1", port, app, threaded=True)
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2:])
