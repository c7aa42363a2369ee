"""`xinqiao-verify`: one sentence in two languages and an exit code scripts can rely on."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import xinqiao_verify
from tests.verify.evidence import LOG, RECEIPTS, growth_file, key_line, receipt_file, row_file, written
from xinqiao_verify import cli

PACKAGE = Path(xinqiao_verify.__file__).parent


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    file = tmp_path / "keys.txt"
    file.write_text(f"# 平顶山\n{key_line(LOG)}\n{key_line(RECEIPTS)}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (receipt_file(), ("已证明", "Proven", "position 3 of 7")),
        (receipt_file(proven=False), ("已受理", "Promised", "not yet proven")),
        (row_file(), ("已证明", "Proven")),
        (growth_file(), ("只增不改", "3 → 8")),
    ],
)
def test_what_holds_is_said_in_two_languages(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str], file: dict[str, object], said: tuple[str, ...]
) -> None:
    (tmp_path / "evidence.json").write_text(written(file, 1), encoding="utf-8")
    assert cli.main([str(tmp_path / "evidence.json"), "--trust", str(trust)]) == 0
    told = capsys.readouterr().out
    assert all(word in told for word in said)


@pytest.mark.parametrize(
    "content", ["{}", "", "\x00\xff", written(receipt_file()).replace("417", "418"), "[" * 100_000]
)
def test_what_does_not_hold_is_refused_with_code_1(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (tmp_path / "evidence.json").write_text(content, encoding="utf-8")
    assert cli.main([str(tmp_path / "evidence.json"), "--trust", str(trust)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "未通过" in told.err
    assert "Refused" in told.err


@pytest.mark.parametrize("arguments", [[], ["missing.json", "--trust", "missing.txt"], ["x"]])
def test_wrong_usage_is_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2


def test_the_verifier_runs_alone_without_the_server(tmp_path: Path, trust: Path) -> None:
    """Copied somewhere else, with nothing of the platform on the path."""
    (tmp_path / "evidence.json").write_text(written(receipt_file()), encoding="utf-8")
    (tmp_path / "xinqiao_verify").symlink_to(PACKAGE)
    command = [sys.executable, "-m", "xinqiao_verify.cli", "evidence.json", "--trust", str(trust)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:3]) == (0, "已证明"), done.stderr


def test_the_verifier_imports_the_standard_library_and_cryptography_alone() -> None:
    allowed = {*sys.stdlib_module_names, "cryptography", "xinqiao_verify"}
    imported = set()
    for file in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").partition(".")[0])
    assert imported <= allowed
