"""Content as zip archives: a draft, or everything that was published of one content, ready to be put under Git."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from app.content.collection import VERSIONS_FILE
from app.content.layering import ContentKind
from app.content.proofing import hash_of
from app.content.version_files import CHANGELOG, changelog_text, versions_text
from app.core.weights import DEFAULT, EQUAL
from app.services.changelog import notes_of
from app.services.content_files import content_files, content_versions
from app.services.publishing import published_content

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Session

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same content is the same archive, whenever it is taken


def archive(files: Mapping[str, str]) -> bytes:
    """Return files (paths with / -> text) as a zip; the same files always give the same bytes."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            packed.writestr(entry, text.encode("utf-8"))
    return stream.getvalue()


def version_files(library: Library, session: Session, kind: ContentKind, key: str, version: str) -> Mapping[str, str]:
    """Return the files of one version below a folder of the content's name; NotFound."""
    folder = key.rpartition("/")[2]
    files = content_files(library, session, kind, key, version)
    return {f"{folder}/{name}": text for name, text in files.items()}


def folder_files(library: Library, session: Session, kind: ContentKind, key: str) -> Mapping[str, str]:
    """Return everything that was published of one content as it lies in a content root, paths from the root's top.

    Of a framework: its newest version, `versions/`, versions.yaml, the changelog, its weight profiles. Unpacked over a
    content root it is what `crm-maturity publish` would have written there. NotFound.
    """
    if kind is ContentKind.FRAMEWORK:
        return dict(_framework(library, session, key))
    if kind is ContentKind.QUESTIONNAIRE:
        return dict(_questionnaires(library, session, key))
    framework_id, _, profile = key.partition("/")
    (text,) = content_files(library, session, kind, key).values()
    return {f"frameworks/{framework_id}/weights/{profile}.yaml": text}


def _framework(library: Library, session: Session, key: str) -> Iterator[tuple[str, str]]:
    folder, kind = f"frameworks/{key}", ContentKind.FRAMEWORK
    versions = content_versions(library, session, kind, key)
    for name, text in content_files(library, session, kind, key).items():
        yield f"{folder}/{name}", text
    hashes: dict[str, str] = {}
    for version in versions:
        content = published_content(library, session, kind, key, version)
        if content is not None:
            hashes[version] = hash_of(content)
        for name, text in content_files(library, session, kind, key, version).items():
            yield f"{folder}/versions/{version}/{name}", text
    yield f"{folder}/{VERSIONS_FILE}", versions_text(key, hashes)
    notes = notes_of(library, session, kind, key)
    if notes:
        yield f"{folder}/{CHANGELOG}", changelog_text(key, notes)
    for profile in sorted({one for version in versions for one in _profiles(library, key, version)}):
        weights = f"{key}/{profile}"
        (text,) = content_files(library, session, ContentKind.WEIGHTS, weights).values()
        yield f"{folder}/weights/{profile}.yaml", text


def _profiles(library: Library, key: str, version: str) -> set[str]:
    if version not in library.versions(key):
        return set()
    return set(library.weight_profiles(library.framework(f"{key}@{version}"))) - {DEFAULT, EQUAL}


def _questionnaires(library: Library, session: Session, key: str) -> Iterator[tuple[str, str]]:
    versions = content_versions(library, session, ContentKind.QUESTIONNAIRE, key)
    for version in versions:
        (text,) = content_files(library, session, ContentKind.QUESTIONNAIRE, key, version).values()
        newest = version == versions[-1]
        yield f"questionnaires/{key}{'' if newest else f'-{version}'}.yaml", text
