"""Folders for temporary files: what a killed process left, the next one removes, and nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from scraper.scratch_folder import ScratchFolder
from tests.conftest import PROJECT

_HOLDS_ONE = """
import sys
from scraper.scratch_folder import ScratchFolder

folder = ScratchFolder("test-of-scratch")
(folder.path / "large").write_text("pages")
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def _holding() -> tuple[subprocess.Popen[str], Path]:
    command = [sys.executable, "-c", _HOLDS_ONE]
    process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_what_a_killed_process_left_is_removed(temporary: Path) -> None:
    killed, left = _holding()
    living, in_use = _holding()
    with killed, living:
        killed.kill()
        assert killed.wait() == -signal.SIGKILL and left.is_dir()
        own = ScratchFolder("test-of-scratch")
        assert sorted(temporary.iterdir()) == sorted([own.path, in_use]) and (in_use / "large").read_text() == "pages"
        own.close()
        assert not own.path.exists()
        living.communicate("")  # its end
    assert not [*temporary.iterdir()]


def test_what_is_not_a_folder_of_this_project_stays(temporary: Path) -> None:
    """Anybody may put something into the folder of temporary files."""
    target = temporary / "important"
    target.mkdir()
    (target / ".in-use").touch()
    (temporary / "test-of-scratch-link").symlink_to(target)
    (temporary / "test-of-scratch-new").mkdir()
    (temporary / "test-of-scratch-file").touch()
    with ScratchFolder("test-of-scratch") as own:
        assert {path.name for path in temporary.iterdir()} == {
            "important",
            "test-of-scratch-link",
            "test-of-scratch-new",
            "test-of-scratch-file",
            own.name,
        }
    assert target.is_dir()
