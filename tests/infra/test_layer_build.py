"""Layers are trimmed, compiled, made once, and made the same each time."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra_cdk import layer_build
from infra_cdk.app import BUILT_LAYERS
from infra_cdk.kinds import CORE_LAYER, MEDIA_LAYERS, WHEEL_LAYERS
from infra_cdk.layer_build import build_sources, build_wheels
from infra_cdk.refusals import RefusedError

ROOT = Path(__file__).resolve().parents[2]
LAMBDA_LIMIT = 250 * 1024 * 1024


@pytest.fixture
def source(tmp_path: Path) -> Path:
    package = tmp_path / "source" / "python" / "parcel"
    (package / "__pycache__").mkdir(parents=True)
    (package / "__init__.py").write_text("VALUE = 1\n", encoding="utf-8")
    (package / "script.lua").write_text("return 1\n", encoding="utf-8")
    (package / "__pycache__" / "__init__.cpython-313.pyc").write_bytes(b"stale")
    return tmp_path / "source"


def test_a_layer_of_our_modules_keeps_its_files_and_brings_bytecode(
    source: Path, tmp_path: Path
) -> None:
    built = build_sources(name="core", source=source, into=tmp_path / "built")
    names = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert {"python/parcel/__init__.py", "python/parcel/script.lua"} <= names
    compiled = built / "python" / "parcel" / "__pycache__" / "__init__.cpython-313.pyc"
    assert compiled.read_bytes() != b"stale"


def test_bytecode_is_used_without_looking_at_the_source(source: Path, tmp_path: Path) -> None:
    built = build_sources(name="core", source=source, into=tmp_path / "built")
    (built / "python" / "parcel" / "__init__.py").write_text("VALUE = 2\n", encoding="utf-8")
    command = [sys.executable, "-c", "import parcel; print(parcel.VALUE)"]
    done = subprocess.run(command, cwd=built / "python", capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_the_same_sources_make_the_same_layer_byte_for_byte(source: Path, tmp_path: Path) -> None:
    first = build_sources(name="core", source=source, into=tmp_path / "one")
    second = build_sources(name="core", source=source, into=tmp_path / "two")
    assert first.name == second.name
    assert _contents(first) == _contents(second)


def test_a_layer_is_built_once_and_again_when_its_sources_change(
    source: Path, tmp_path: Path
) -> None:
    into = tmp_path / "built"
    first = build_sources(name="core", source=source, into=into)
    mark = first / "mark"
    mark.touch()
    assert build_sources(name="core", source=source, into=into) == first
    assert mark.exists()
    (source / "python" / "parcel" / "__init__.py").write_text("VALUE = 3\n", encoding="utf-8")
    assert build_sources(name="core", source=source, into=into) != first
    assert not list(into.glob(".building-*"))


def test_only_the_last_builds_of_our_modules_are_kept(source: Path, tmp_path: Path) -> None:
    for number in range(layer_build.BUILDS_KEPT + 2):
        module = source / "python" / "parcel" / "__init__.py"
        module.write_text(f"VALUE = {number}\n", encoding="utf-8")
        newest = build_sources(name="core", source=source, into=tmp_path / "built")
    assert newest.is_dir()
    assert len(list((tmp_path / "built").iterdir())) == layer_build.BUILDS_KEPT


def test_wheels_are_asked_of_pip_by_hash_and_for_lambdas_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("parcel==1\n", encoding="utf-8")
    asked: list[list[str]] = []

    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        target = Path(command[command.index("--target") + 1])
        for name in ("parcel/__init__.py", "parcel/tests/test_a.py", "parcel/_fast.pyx", "bin/x"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).touch()
        metadata = target / "parcel-1.dist-info"
        metadata.mkdir()
        for name in ("METADATA", "RECORD", "entry_points.txt"):
            (metadata / name).touch()
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("infra_cdk.layer_build.subprocess.run", pip)
    arguments = {"name": "web", "requirements": requirements, "into": tmp_path / "built"}
    built = build_wheels(architecture="arm64", **arguments)  # type: ignore[arg-type]
    build_wheels(architecture="arm64", **arguments)  # type: ignore[arg-type]

    assert len(asked) == 1, "the second time it is there"
    assert "--require-hashes" in asked[0]
    assert "manylinux_2_28_aarch64" in asked[0]
    assert asked[0][asked[0].index("--only-binary") + 1] == ":all:"
    names = {
        path.relative_to(built / "python").as_posix()
        for path in built.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert names == {
        "parcel/__init__.py",
        "parcel-1.dist-info/METADATA",
        "parcel-1.dist-info/entry_points.txt",
    }


def test_a_pin_that_cannot_be_had_is_refused_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("parcel==1\n", encoding="utf-8")

    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "warning\nERROR: no wheel\n")

    monkeypatch.setattr("infra_cdk.layer_build.subprocess.run", pip)
    with pytest.raises(RefusedError, match="no wheel"):
        build_wheels(
            name="web", requirements=requirements, architecture="arm64", into=tmp_path / "built"
        )
    assert not list((tmp_path / "built").iterdir())


def test_layers_that_bring_the_same_package_bring_the_same_version() -> None:
    versions: dict[str, set[str]] = {}
    for name in (*WHEEL_LAYERS, *MEDIA_LAYERS):
        text = (ROOT / "layers" / name / "requirements.txt").read_text(encoding="utf-8")
        for package, version in re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", text, re.MULTILINE):
            versions.setdefault(package, set()).add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


@pytest.mark.cloud
def test_all_layers_together_fit_beside_the_largest_function() -> None:
    sizes = {}
    for name in (CORE_LAYER, *WHEEL_LAYERS):
        built = list(BUILT_LAYERS.glob(f"{name}-*"))
        assert built, f"the {name} layer was not built: `make test` deploys before it tests"
        sizes[name] = max(
            sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            for folder in built
        )
    assert sum(sizes.values()) < LAMBDA_LIMIT * 0.6, sizes


def _contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
