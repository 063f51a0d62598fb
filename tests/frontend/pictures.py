"""
Photograph the window for the README.

``make pictures`` runs it; browsers and fonts differ, so nothing checks that the pictures are fresh.
"""

import json
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.edge.test_browser import BROWSER
from tests.frontend.playing import HERE
from tests.serving import serving

FOLDER = HERE.parents[1] / "docs" / "pictures"
NEW = "Quiet-river-42"


def call(url: str, path: str, body: Any = None, headers: dict[str, str] | None = None, method: str = "POST") -> Any:
    """Send JSON, and read JSON; refusals are what the pictures are about."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}{path}", content, sent, method=method)  # noqa: S310  # our own server
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refused:
        refused.close()
        return None


def be_used(url: str) -> None:
    """Send what front ends send, and a few things that are refused."""
    everybody = call(url, "/__admin/people", method="GET")["people"]
    people = {(one["system"], one["name"]): one for one in everybody}
    ada, dario, mini = people["weavr_multi", "ada"], people["weavr_multi", "dario"], people["zitadel", "mini"]
    multi = f"{url}/multi"
    resume = {"email": ada["login"], "nonce": "123456", "newPassword": {"value": NEW}}
    wrong = {"oldPassword": {"value": "Wrong-Secret-42"}, "newPassword": {"value": NEW}}
    call(multi, "/login_with_password", {"email": ada["login"], "password": {"value": ada["password"]}}, ada["headers"])
    call(multi, "/passwords/update", wrong, dario["headers"])
    call(url, f"/v2/users/{mini['id']}/password_reset", {"sendLink": {}}, mini["headers"])
    call(multi, "/passwords/validate", {"password": {"value": "short"}}, ada["headers"])
    call(multi, "/passwords/lost_password/start", {"email": ada["login"]}, ada["headers"])
    call(url, "/__admin/clock", {"action": "advance", "by": "PT61M"}, method="PUT")
    call(multi, "/passwords/lost_password/resume", resume, ada["headers"])
    call(multi, "/passwords/lost_password/start", {"email": ada["login"]}, ada["headers"])
    call(multi, "/passwords/lost_password/resume", resume, ada["headers"])


def main() -> None:
    """Start a server, use it, and photograph its window."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), "--seed", "1") as served:
        be_used(served.url)
        subprocess.run(  # noqa: S603  # our own script
            ["node", "pictures.mjs", served.url, str(FOLDER)],  # noqa: S607
            cwd=HERE,
            env={"BROWSER": str(BROWSER), "PATH": "/usr/bin:/bin:/usr/local/bin"},
            check=True,
        )


if __name__ == "__main__":
    main()
