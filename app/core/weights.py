"""Weight profiles that always exist, and the weight each capability has under a profile. Knows no score."""

from __future__ import annotations

from fractions import Fraction

from app.core.framework import Framework, WeightProfile
from app.core.text import Text

DEFAULT = "default"
EQUAL = "equal"


def default_profile(framework: Framework) -> WeightProfile:
    """Return the weights of the framework file itself."""
    weights = {node.id: node.weight for node in framework.walk()}
    return WeightProfile(DEFAULT, Text("框架权重", "Framework weights"), weights, framework=framework.id)


def equal_profile(framework: Framework) -> WeightProfile:
    """Return the profile in which every weight is 1, also those of 0 in the framework file."""
    weights = {node.id: Fraction(1) for node in framework.walk()}
    return WeightProfile(EQUAL, Text("等权", "Equal weights"), weights, framework=framework.id)


def weights_under(framework: Framework, profile: WeightProfile | None) -> dict[str, Fraction]:
    """Return every capability's weight among its siblings; those the profile does not list keep the framework's."""
    listed = profile.weights if profile is not None else {}
    return {node.id: listed.get(node.id, node.weight) for node in framework.walk()}
