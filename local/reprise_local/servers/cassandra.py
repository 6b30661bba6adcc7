"""Apache Cassandra from its jars alone: one node, small heap, a start of seconds."""

import shutil
import socket
import string
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cassandra.cluster import Cluster, NoHostAvailable

from reprise_local.errors import LocalError
from reprise_local.paths import CASSANDRA_JARS, ROOT
from reprise_local.servers.base import Server

_TEMPLATES = ROOT / "local" / "cassandra-node"
_OPTIONS_FRAME = bytes.fromhex("040000000500000000")
_SUPPORTED = 0x06


class CassandraServer(Server):
    """One Cassandra 5 node that has the keyspace `keyspace` once it is started."""

    title = "Cassandra"
    patience = 180

    def __init__(
        self, *, folder: Path, port: int, storage_port: int, keyspace: str = "reprise"
    ) -> None:
        super().__init__(folder=folder, port=port)
        self.storage_port = storage_port
        self.keyspace = keyspace

    def prepare(self) -> None:
        super().prepare()
        facts = {"port": self.port, "storage_port": self.storage_port, "data": self.folder}
        template = string.Template((_TEMPLATES / "cassandra.yaml").read_text(encoding="utf-8"))
        (self.folder / "cassandra.yaml").write_text(template.substitute(facts), encoding="utf-8")

    def command(self) -> Sequence[str]:
        java = shutil.which("java")
        if java is None:
            raise LocalError(
                "java is not installed", mend="apt-get install openjdk-17-jre-headless"
            )
        if not any(CASSANDRA_JARS.glob("cassandra-all-*.jar")):
            raise LocalError("Cassandra's jars are not here yet", mend="make install")
        options = (_TEMPLATES / "jvm.options").read_text(encoding="utf-8").splitlines()
        return [
            java,
            *(line for line in options if line.startswith("-")),
            f"-Dcassandra.config={(self.folder / 'cassandra.yaml').as_uri()}",
            f"-Dlogback.configurationFile={_TEMPLATES / 'logback.xml'}",
            f"-Dcassandra.logdir={self.folder}",
            f"-Dcassandra.storagedir={self.folder}",
            "-cp",
            f"{CASSANDRA_JARS}/*",
            "org.apache.cassandra.service.CassandraDaemon",
        ]

    def answers(self) -> bool:
        """Ask for the protocol's options: one frame each way, no driver, no session."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.settimeout(1)
                connection.sendall(_OPTIONS_FRAME)
                header = connection.recv(9)
        except OSError:
            return False
        return len(header) == 9 and header[4] == _SUPPORTED

    def attach(self) -> None:
        super().attach()
        self._create_keyspace()

    def await_answer(self) -> None:
        super().await_answer()
        self._create_keyspace()

    def _create_keyspace(self) -> None:
        cluster = Cluster(["127.0.0.1"], port=self.port, connect_timeout=10)
        try:
            cluster.connect().execute(
                f"CREATE KEYSPACE IF NOT EXISTS {self.keyspace} WITH replication = "
                "{'class': 'NetworkTopologyStrategy', 'datacenter1': 1}",
                timeout=30,
            )
        except NoHostAvailable as error:
            raise LocalError(f"Cassandra refused a session: {error}") from error
        finally:
            with suppress(RuntimeError):
                cluster.shutdown()
