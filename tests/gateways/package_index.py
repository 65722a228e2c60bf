"""A package index on the engine's own bridge, which containers reach and nobody else: small wheels, counted, and trouble."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def wheel(name, version, requires=()):
    """The bytes of a pure wheel with one module that knows its version."""
    about = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{name}.pth": "import pathlib; pathlib.Path('/tmp/pth-was-run').touch()\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        rows = ""
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            rows += f"{path},sha256={digest},{len(text)}\n"
        archive.writestr(zipfile.ZipInfo(f"{about}/RECORD"), f"{rows}{about}/RECORD,,\n")
    return made.getvalue()


class Index:
    """`wheels` by name; `trouble` is `busy` (503) or `silent` (never answers)."""

    def __init__(self, address):
        self.wheels = {
            "tiny": [("1.0", wheel("tiny", "1.0")), ("2.0", wheel("tiny", "2.0"))],
            "other": [("1.0", wheel("other", "1.0", ["tiny<2"]))],
            "third": [("1.0", wheel("third", "1.0"))],
        }
        self.trouble = ""
        self.taken = []
        self.host = address
        self.url = ""
        self.end = threading.Event()

    def answer(self, path):
        parts = path.strip("/").split("/")
        if self.trouble == "silent":
            self.end.wait(60)
        if self.trouble == "busy":
            return 503, b""
        if parts[0] == "simple" and parts[1] in self.wheels:
            return 200, "".join(self._link(parts[1], *one) for one in self.wheels[parts[1]]).encode()
        if parts[0] == "files":
            name, version = parts[1].split("-")[:2]
            self.taken.append(f"{name} {version}")
            return 200, dict(self.wheels[name])[version]
        return 404, b""

    @staticmethod
    def _link(name, version, content):
        file = f"{name}-{version}-py3-none-any.whl"
        return f'<a href="/files/{file}#sha256={hashlib.sha256(content).hexdigest()}">{file}</a>\n'

    @property
    def pip(self):
        return {"PIP_INDEX_URL": f"{self.url}/simple", "PIP_TRUSTED_HOST": self.host}


@contextmanager
def serve_index(address):
    index = Index(address)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = index.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if self.path.startswith("/simple") else "application/zip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer((address, 0), Handler)
    server.daemon_threads = True
    index.url = f"http://{address}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield index
    index.end.set()
    server.shutdown()
    server.server_close()
    thread.join()
