"""The message: five sentences written from the figures by the rules, each with its numbers and where they stand."""

from __future__ import annotations

from collections.abc import Callable

from app.document.material import Material
from app.document.message.basis import rests_on
from app.document.message.changes import progress
from app.document.message.gap import largest_gap
from app.document.message.leader import leader
from app.document.message.strengths import strengths
from app.document.message.unknown import not_known
from app.document.rounds import rounds_of
from app.document.values import Sentence
from app.document.voice import Voice

Rule = Callable[[Material, Voice], Sentence]

RULES: tuple[Rule, ...] = (strengths, largest_gap, leader, not_known, rests_on)


def message(material: Material, voice: Voice) -> tuple[Sentence, ...]:
    """Write the five sentences, in their order; of units in several rounds, what changed in them."""
    rounds = rounds_of(material.subjects)
    if sum(len(one.subjects) for one in rounds) == len(material.subjects):
        return progress(material, voice, rounds)
    return tuple(rule(material, voice) for rule in RULES)
