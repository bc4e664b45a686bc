"""The plotly.js that is served: our own small build, of the version that the figures are validated against."""

from __future__ import annotations

import json

from app.settings import CHECKOUT

VENDOR = CHECKOUT / "app" / "web" / "static" / "vendor"
RECIPE = CHECKOUT / "tools" / "plotly"


def test_the_bundle_is_of_the_version_that_validates_the_figures() -> None:
    from plotly.offline import get_plotlyjs_version

    version = get_plotlyjs_version()
    bundle = (VENDOR / "plotly.min.js").read_text("utf-8")
    assert bundle.startswith(f"/* plotly.js {version}:")
    assert f'version="{version}"' in bundle
    package = json.loads((RECIPE / "package.json").read_text("utf-8"))
    assert package["devDependencies"]["plotly.js"] == version


def test_the_bundle_is_small() -> None:
    assert (VENDOR / "plotly.min.js").stat().st_size < 1_300_000


def test_its_lock_names_versions_and_hashes_but_no_host() -> None:
    lock = (RECIPE / "package-lock.json").read_text("utf-8")
    packages = json.loads(lock)["packages"]
    assert "resolved" not in lock
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_its_licences_stand_beside_it() -> None:
    licences = (VENDOR / "plotly.LICENSES.txt").read_text("utf-8")
    assert "plotly.js 4.1.1 (MIT)" in licences
    assert "@plotly/d3" in licences
