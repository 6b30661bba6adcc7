"""Where things stand: the repository, the shared tools, and the folder of one running stack."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
TOOLS = LOCAL / "tools"
CASSANDRA_JARS = TOOLS / "cassandra" / "lib"
LOCALSTACK_VENV = TOOLS / "localstack"
RUNTIME_VENV = TOOLS / "runtime"
API_VENV = TOOLS / "api"
DOCS_RENDERER = TOOLS / "docs" / "renderer.js"
NODE = ROOT / "node_modules" / ".bin" / "node"


@dataclass(frozen=True, slots=True)
class StackFolder:
    """Everything that one stack (`dev`, `test`) keeps on disk."""

    name: str

    @property
    def path(self) -> Path:
        return LOCAL / self.name

    @property
    def lock(self) -> Path:
        """Beside the folder, because a reset deletes the folder while it holds the lock."""
        return LOCAL / f"{self.name}.lock"

    @property
    def facts(self) -> Path:
        """The file that tells people and tests how to reach the stack."""
        return LOCAL / "stack.json" if self.name == "dev" else self.path / "stack.json"

    @property
    def deploy_config(self) -> Path:
        return self.path / "deploy.json"

    @property
    def outputs(self) -> Path:
        return self.path / "outputs.json"

    @property
    def media(self) -> Path:
        """What was published, for when LocalStack has forgotten its buckets."""
        return self.path / "media"

    @property
    def keys(self) -> Path:
        return self.path / "keys"
