"""How much room the disk has, and when what can wait has to wait, so that answers can still be saved."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from app.services.refusals import Refused

MEBIBYTE = 2**20
FEWEST_BYTES = 500 * MEBIBYTE
FEWEST_SHARE = 0.05
MOST_RESERVED = 5 * 1024 * MEBIBYTE  # a twentieth of a very large disk would be more than anybody needs here


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of a disk: free for us, and all of them."""

    free: int
    total: int

    @property
    def reserved(self) -> int:
        """How many bytes are left alone by everything that can wait."""
        return max(FEWEST_BYTES, min(int(self.total * FEWEST_SHARE), MOST_RESERVED))

    @property
    def scarce(self) -> bool:
        """Tell whether reports and backups have to wait and an administrator has to make room."""
        return self.free < self.reserved

    @property
    def free_mebibytes(self) -> int:
        """The free bytes in MiB."""
        return self.free // MEBIBYTE


class DiskScarce(Refused):
    """The disk has no room to spare for what can wait."""

    def __init__(self, folder: Path, needed: int, room: Room) -> None:
        message = (
            f"{folder}: {room.free_mebibytes} MiB are free, {(needed + room.reserved) // MEBIBYTE} MiB are needed "
            f"({room.reserved // MEBIBYTE} of them stay for answers); make room"
        )
        super().__init__("disk-scarce", message)


def room_at(folder: Path) -> Room:
    """Return how much room there is where `folder` lies or would lie."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    used = shutil.disk_usage(there)
    return Room(used.free, used.total)


def ask_room(folder: Path, needed: int) -> None:
    """Raise DiskScarce unless `needed` bytes fit and enough stays free for answers."""
    room = room_at(folder)
    if room.free - needed < room.reserved:
        raise DiskScarce(folder, needed, room)
