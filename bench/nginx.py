"""nginx as a reference: Debian's, installed only for the benchmark that compares with it."""

import http.client
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from reprise_local import debian
from reprise_local.errors import LocalError
from reprise_local.paths import TOOLS
from reprise_local.servers import Server

PACKAGE = "nginx-light"
_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))
_CONFIG = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    types {{ video/iso.segment m4s; application/vnd.apple.mpegurl m3u8; }}
    server {{
        listen 127.0.0.1:{port};
        root {root};
    }}
}}
"""


def program() -> str:
    """Return where it is, after installing it where it is not.

    Raises:
        LocalError: it cannot be installed here; says why.
    """
    found = shutil.which("nginx", path=_PATH)
    if found is None:
        debian.install([PACKAGE], log=TOOLS / "apt-nginx.log")
        found = shutil.which("nginx", path=_PATH)
    if found is None:
        raise LocalError("nginx is not where its package puts it")
    return found


class NginxServer(Server):
    """One worker that serves the files of one folder."""

    title = "nginx"
    patience = 10

    def __init__(self, *, folder: Path, port: int, root: Path, program: str) -> None:
        super().__init__(folder=folder, port=port)
        self._root = root.resolve()
        self._program = program

    def prepare(self) -> None:
        super().prepare()
        text = _CONFIG.format(folder=self.folder, port=self.port, root=self._root)
        (self.folder / "nginx.conf").write_text(text, encoding="utf-8")

    def command(self) -> Sequence[str]:
        return [self._program, "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("HEAD", "/-")
            return connection.getresponse().status == 404
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
