"""A hub on loopback: as much of huggingface.co's HTTP as downloading a checkpoint needs."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class FakeHub:
    """Serves folders as repositories at one commit (branch `main`); `asked` lists method and path of each request."""

    def __init__(self, repositories: dict[str, Path]) -> None:
        self.asked: list[str] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                hub._answer(self, repositories, body=False)

            def do_GET(self) -> None:
                hub._answer(self, repositories, body=True)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, request: BaseHTTPRequestHandler, repositories: dict[str, Path], body: bool) -> None:
        path = unquote(urlsplit(request.path).path)
        self.asked.append(f"{request.command} {path}")
        status, headers, data = self._find(path, repositories)
        request.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(data))}.items():
            request.send_header(key, value)
        request.end_headers()
        if body:
            request.wfile.write(data)

    def _find(self, path: str, repositories: dict[str, Path]) -> tuple[int, dict[str, str], bytes]:
        for name, folder in repositories.items():
            if path.startswith(f"/api/models/{name}"):
                return self._api(path.removeprefix(f"/api/models/{name}"), folder, name)
            for revision in ("main", COMMIT):
                file = folder / path.removeprefix(f"/{name}/resolve/{revision}/")
                if path.startswith(f"/{name}/resolve/{revision}/") and file.is_file():
                    data = file.read_bytes()
                    return 200, {"X-Repo-Commit": COMMIT, "ETag": f'"{hashlib.sha256(data).hexdigest()}"'}, data
        return 404, {"X-Error-Code": "RepoNotFound"}, b"{}"

    def _api(self, rest: str, folder: Path, name: str) -> tuple[int, dict[str, str], bytes]:
        if rest == f"/tree/{COMMIT}":
            return 200, {"Content-Type": "application/json"}, json.dumps([_entry(f) for f in folder.iterdir()]).encode()
        if rest not in ("", "/revision/main", f"/revision/{COMMIT}"):
            return 404, {"X-Error-Code": "RevisionNotFound"}, b"{}"
        files = [{"rfilename": f.name} for f in sorted(folder.iterdir())]
        body = {"id": name, "sha": COMMIT, "siblings": files, "private": False, "downloads": 0, "tags": [], "likes": 0}
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _entry(file: Path) -> dict[str, object]:
    """One file in the answer to a request for a repository's tree."""
    oid, size = hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_size
    lfs = {"oid": oid, "size": size, "pointerSize": 134}
    return {"type": "file", "path": file.name, "oid": oid[:40], "size": size, "lfs": lfs}
