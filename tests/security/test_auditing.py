"""The list of what ships, and the command that asks which of it has known holes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

from tests.architecture.sources import ROOT

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ \\;]+)", re.MULTILINE)


def listed() -> dict[str, Any]:
    made = subprocess.run([sys.executable, "tools/sbom"], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(made.stdout)
    return found


def test_the_list_of_parts_names_every_package_that_ships_with_its_hashes() -> None:
    bill = listed()
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "crm-maturity"
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert [(one["name"], one["version"]) for one in bill["components"]] == PIN.findall(lock)
    hashes = [one["value"] for part in bill["components"] for one in part["properties"] if one["name"] == "sha256"]
    assert hashes == re.findall(r"--hash=sha256:([0-9a-f]{64})", lock)
    assert len({one["bom-ref"] for one in bill["components"]}) == len(bill["components"])


def test_the_audit_may_be_run_and_stops_at_nothing_undefined() -> None:
    assert os.access(ROOT / "tools" / "audit", os.X_OK)
    text = (ROOT / "tools" / "audit").read_text("utf-8")
    assert "set -euo pipefail" in text
    assert subprocess.run(["bash", "-n", "tools/audit"], cwd=ROOT, check=False).returncode == 0
    assert "\n\t@tools/audit\n" in (ROOT / "Makefile").read_text("utf-8")
