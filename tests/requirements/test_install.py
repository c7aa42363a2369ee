"""Set-up on a machine that lacks something, and by two at once: it works, or both languages say what is wrong."""

import importlib.util
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def install() -> ModuleType:
    """The script, which belongs to no package."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "requirements" / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout under a path with blanks whose locks name no package, so that nothing is fetched."""
    root = tmp_path / "信桥 checkout"
    (root / "requirements").mkdir(parents=True)
    for kind in ("run", "dev"):
        (root / "requirements" / f"{kind}.lock").write_text("# nothing\n")
    (root / "xinqiao").mkdir()
    (root / "xinqiao" / "__init__.py").touch()
    (root / "xinqiao" / "cli").mkdir()
    (root / "xinqiao" / "cli" / "main.py").write_text("def main():\n    print('信桥')\n")
    monkeypatch.setattr(install, "ROOT", root)
    return root


def test_both_languages_say_what_is_wrong(
    install: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    venv = tmp_path / "venv"
    for version, sentence in (((3, 9, 2), "3.9"), ((3, 14, 0), "3.14")):
        with monkeypatch.context() as patched:
            patched.setattr(sys, "version_info", version)
            with pytest.raises(SystemExit, match=f"需要 Python.*{sentence}.*is needed"):
                install.main(venv, "run")
    with monkeypatch.context() as patched:
        patched.setattr("importlib.util.find_spec", lambda _: None)
        with pytest.raises(SystemExit, match=r"缺少 venv.*venv is missing"):
            install.main(venv, "run")
    assert not venv.exists()
    assert checkout


def test_a_folder_that_holds_something_else_is_left_alone(install: ModuleType, checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one").touch()
    with pytest.raises(SystemExit, match=r"不会动它.*left alone"):
        install.main(tmp_path / "letters", "run")
    assert (tmp_path / "letters" / "one").exists()
    assert checkout


def test_a_place_that_cannot_be_written_is_told_with_a_way_out(
    install: ModuleType, checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match=r"VENV=.*cannot be written"):
        install.main(tmp_path / "file" / "venv", "run")
    assert checkout


def test_two_at_once_make_one_environment_that_works_under_any_path_and_is_made_anew_when_broken(
    install: ModuleType, checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    venv = checkout / "a venv"
    both = [threading.Thread(target=install.main, args=(venv, "run")) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    said = capfd.readouterr().out
    assert said.count("making the Python environment") == 1
    assert said.count("完成") == 1
    command = subprocess.run([venv / "bin" / "xinqiao"], capture_output=True, text=True, check=True, cwd="/", env={})
    assert command.stdout == "信桥\n"

    (venv / "bin" / "python").unlink()  # its Python is gone, as after an upgrade of the system
    (venv / "bin" / "python").symlink_to("/nowhere/python3.11")
    install.main(venv, "run")
    subprocess.run([venv / "bin" / "python", "-c", "import xinqiao"], check=True, env={}, cwd="/")


def test_a_checkout_has_the_commands_the_package_has(install: ModuleType) -> None:
    packaged = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert {name: f"{module}:main" for name, module in install.COMMANDS.items()} == packaged
