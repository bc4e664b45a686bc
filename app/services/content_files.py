"""Which versions there are of one content, and the files of each: of the content roots and of what was published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.content.layering import ContentKind
from app.content.root_files import root_files
from app.content.versions import Version
from app.core.weights import DEFAULT, EQUAL
from app.services.draft_files import is_key
from app.services.refusals import NotFound
from app.storage import publications as store

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Session

ON_DISK = "0"  # the version of a weight profile that lies in a content root


def content_versions(library: Library, session: Session, kind: ContentKind, key: str) -> tuple[str, ...]:
    """Return the versions of one content, oldest first; none where it is not known.

    Weight profiles are numbered by their publications; `0` is the one that lies in a content root.
    """
    if not is_key(kind, key):
        return ()
    found = {one.version for one in store.publications(session, kind=kind.value, key=key)}
    if kind is ContentKind.FRAMEWORK:
        found |= set(library.versions(key))
    elif kind is ContentKind.QUESTIONNAIRE:
        found |= {one.version for one in library.questionnaires() if one.id == key}
    elif root_files(library.roots, kind, key, ON_DISK) is not None:
        found.add(ON_DISK)
    return tuple(sorted(found, key=Version.lenient))


def newest_version(library: Library, session: Session, kind: ContentKind, key: str) -> str | None:
    """Return the newest version of one content; None where it is not known."""
    versions = content_versions(library, session, kind, key)
    return versions[-1] if versions else None


def content_files(
    library: Library, session: Session, kind: ContentKind, key: str, version: str | None = None
) -> Mapping[str, str]:
    """Return the files of a version (None: the newest) by plain name, as they were written; NotFound.

    What a content root holds goes before a publication of the same version, as in the library.
    """
    wanted = version if version is not None else newest_version(library, session, kind, key)
    if wanted is None or not is_key(kind, key):
        raise NotFound(kind.value, key)
    if kind is not ContentKind.WEIGHTS or wanted == ON_DISK:
        found = root_files(library.roots, kind, key, wanted)
        if found is not None:
            return found
    for record in store.publications(session, kind=kind.value, key=key):
        if record.version == wanted:
            return store.files_of(session, record.id)
    raise NotFound(kind.value, f"{key}@{wanted}")


def content_keys(library: Library, session: Session, kind: ContentKind) -> tuple[str, ...]:
    """Return the key of everything of a kind that can be drafted, sorted."""
    if kind is ContentKind.FRAMEWORK:
        return library.framework_ids()
    if kind is ContentKind.QUESTIONNAIRE:
        return tuple(sorted({one.id for one in library.questionnaires()}))
    return tuple(sorted({*store.published_keys(session, kind=kind.value), *_profiles(library)}))


def _profiles(library: Library) -> set[str]:
    found = set()
    for framework_id in library.framework_ids():
        for version in library.versions(framework_id):
            profiles = library.weight_profiles(library.framework(f"{framework_id}@{version}"))
            found |= {f"{framework_id}/{profile}" for profile in profiles if profile not in (DEFAULT, EQUAL)}
    return found
