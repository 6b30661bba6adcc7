"""Benchmarks: each compares us with a reference measured in the same run, on real servers.

`python -m bench.<name>` runs from the repository's root with the project's own interpreter; what
Lambda's layers and the local tools bring is put on the path here.
"""

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]

for _folder in (_ROOT / "layers" / "core" / "python", _ROOT / "local"):
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))
