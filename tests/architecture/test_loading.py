"""Heavy libraries load when they are used: `crm-maturity --help` answers at once."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = {"alembic", "babel", "flask", "plotly", "sqlalchemy", "waitress", "weasyprint", "wtforms", "numpy"}

# what the console script does, then the loaded top-level packages
LOADED = """
import json, sys
from app.bootstrap import main
sys.argv = ["crm-maturity", *json.loads(sys.argv[1])]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_help_loads_no_heavy_library() -> None:
    assert _loaded_by("--help") & HEAVY == set()


def test_the_version_loads_no_heavy_library() -> None:
    assert _loaded_by("--version") & HEAVY == set()


def test_checking_content_loads_neither_web_nor_database_nor_paper() -> None:
    assert _loaded_by("lint", "--help") & {"flask", "sqlalchemy", "weasyprint", "plotly"} == set()


def _loaded_by(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, json.dumps(arguments)], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))
