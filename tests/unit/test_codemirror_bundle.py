"""The CodeMirror that is served: our own small build of what the editor's modules import."""

from __future__ import annotations

import json
import re

from app.settings import CHECKOUT

VENDOR = CHECKOUT / "app" / "web" / "static" / "vendor"
EDITING = CHECKOUT / "app" / "web" / "static" / "js" / "editing"
RECIPE = CHECKOUT / "tools" / "codemirror"
NAMES = re.compile(r"import \{([^}]+)\} from \"\.\./\.\./vendor/codemirror\.min\.js\"")


def _names(text: str) -> set[str]:
    return {name.strip() for name in text.split(",") if name.strip()}


def test_it_holds_what_the_editor_imports() -> None:
    exported = _names(",".join(re.findall(r"export \{([^}]+)\}", (RECIPE / "bundle.js").read_text("utf-8"))))
    bundle = (VENDOR / "codemirror.min.js").read_text("utf-8")
    built = _names(bundle[bundle.rindex("export{") + 7 : bundle.rindex("}")])
    assert {name.partition(" as ")[2] or name for name in built} == exported
    wanted = set()
    for module in EDITING.glob("*.js"):
        for names in NAMES.findall(module.read_text("utf-8")):
            wanted |= _names(names)
    assert wanted <= exported


def test_it_is_of_the_pinned_version_and_small() -> None:
    pinned = json.loads((RECIPE / "package.json").read_text("utf-8"))["devDependencies"]["@codemirror/view"]
    assert (VENDOR / "codemirror.min.js").read_text("utf-8").startswith(f"/* CodeMirror: view {pinned};")
    assert (VENDOR / "codemirror.min.js").stat().st_size < 520_000


def test_its_lock_names_versions_and_hashes_but_no_host() -> None:
    lock = (RECIPE / "package-lock.json").read_text("utf-8")
    packages = json.loads(lock)["packages"]
    assert "resolved" not in lock
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_its_licences_stand_beside_it() -> None:
    licences = (VENDOR / "codemirror.LICENSES.txt").read_text("utf-8")
    assert "@codemirror/view" in licences
    assert "@lezer/yaml" in licences


def test_nothing_in_it_asks_another_host() -> None:
    bundle = (VENDOR / "codemirror.min.js").read_text("utf-8")
    hosts = set(re.findall(r"https?://([\w.-]+)", bundle))
    assert hosts <= {"www.w3.org"}
