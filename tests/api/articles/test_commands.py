"""`python -m api articles`: out to files, changed, and back; what people wrote here is not lost to a file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.content_file import CONTENT
from tests.conftest import new_database

ROOT = Path(__file__).parents[3]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Three articles of the project."""
    (tmp_path / "faq").mkdir()
    for id_ in ("certificat_scolarite", "horaires_telephone", "memomax"):
        shutil.copy(CONTENT / "faq" / f"{id_}.md", tmp_path / "faq")
    return tmp_path


def run(url: str, *words: str) -> str:
    code = "import sys; from api.__main__ import main; sys.exit(main(sys.argv[1:]))"
    environment = {"DATABASE_URL": url, "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", code, "articles", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_out_and_back(server_url: str, content: Path, tmp_path: Path) -> None:
    out = tmp_path / "sortie"
    with new_database(server_url) as url:
        assert "3 articles changeraient" in run(url, "import", "--content", str(content), "--dry-run")
        assert "3 articles changés" in run(url, "import", "--content", str(content))
        assert "0 articles changés" in run(url, "import", "--content", str(content))
        (out / "faq").mkdir(parents=True)
        (out / "faq" / "ancien.md").write_text("un article qui n'est plus publié", encoding="utf-8")
        assert "3 fichiers écrits, 1 retirés" in run(url, "export", "--content", str(out))
        for path in (content / "faq").glob("*.md"):
            assert (out / "faq" / path.name).read_bytes() == path.read_bytes()
        assert "0 fichiers écrits, 0 retirés" in run(url, "export", "--content", str(out))
        changed = out / "faq" / "memomax.md"
        changed.write_text(changed.read_text(encoding="utf-8") + "\nUne phrase de plus.\n", encoding="utf-8")
        assert "Changé : memomax\n1 articles changés" in run(url, "import", "--content", str(out))
