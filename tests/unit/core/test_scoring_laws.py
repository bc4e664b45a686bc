"""Laws that hold for every tree, scale, method and set of judgements."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.case import State
from app.core.framework import Framework, Method
from app.core.scoring import Judgement, NodeScore, Scorecard, Status, score
from tests.unit.core.trees import assessed_trees, judgements_of, mirrored, reweighted, trees, with_judgement

Assessed = tuple[Framework, dict[str, Judgement]]

# the geometric mean goes through logarithms and is kept to twelve decimals
TOLERANCE = Fraction(1, 10**9)


def slack(tree: Framework) -> Fraction:
    return TOLERANCE if tree.rollup.method is Method.WEIGHTED_GEOMETRIC else Fraction(0)


def parents(card: Scorecard) -> list[tuple[NodeScore, list[NodeScore]]]:
    """Return every capability above the elements (and the overall) with its children that count."""
    tree = card.framework
    families = [(card.nodes[one.id], one.children) for one in tree.nodes if one.children]
    families.append((card.overall, tree.capabilities))
    return [(above, [card.nodes[one.id] for one in below if one.weight > 0]) for above, below in families]


@given(assessed_trees())
def test_a_score_lies_within_the_ends_of_its_children(assessed: Assessed) -> None:
    for above, children in parents(score(*assessed)):
        scores = [child.score for child in children if child.score is not None]
        if above.score is None:
            assert not scores
        else:
            assert min(scores) <= above.score <= max(scores)


@given(assessed_trees())
def test_the_order_of_siblings_changes_nothing(assessed: Assessed) -> None:
    tree, judgements = assessed
    card, turned = score(tree, judgements), score(mirrored(tree), judgements)
    assert turned.overall == card.overall
    assert turned.nodes == card.nodes


@given(assessed_trees(), st.sampled_from([Fraction(1, 7), Fraction(3), Fraction("12.5")]))
def test_scaling_all_weights_changes_nothing(assessed: Assessed, factor: Fraction) -> None:
    tree, judgements = assessed
    card, scaled = score(tree, judgements), score(reweighted(tree, factor), judgements)
    for node_id in (*card.nodes, None):
        assert replace(scaled.node(node_id), weight=card.node(node_id).weight) == card.node(node_id)


@given(assessed_trees(), st.data())
def test_raising_an_answer_never_lowers_a_score(assessed: Assessed, data: st.DataObject) -> None:
    tree, judgements = assessed
    low = {leaf_id: one.score for leaf_id, one in judgements.items() if one.score is not None}
    assume(low)
    leaf_id = data.draw(st.sampled_from(sorted(low)))
    higher = data.draw(st.sampled_from([point for point in tree.scale.grid if point >= low[leaf_id]]))
    before = score(tree, judgements)
    after = score(tree, with_judgement(judgements, leaf_id, Judgement(State.SCORED, higher)))
    for node_id in (*before.nodes, None):
        was, now = before.node(node_id), after.node(node_id)
        assert (was.score is None) == (now.score is None)
        if was.score is not None and now.score is not None:
            assert now.score >= was.score - slack(tree)
        if was.attained is not None and now.attained is not None:
            assert now.attained >= was.attained


@given(assessed_trees(), st.data())
def test_equal_answers_give_that_score_everywhere(assessed: Assessed, data: st.DataObject) -> None:
    tree, judgements = assessed
    point = data.draw(st.sampled_from(tree.scale.grid))
    same = {leaf: Judgement(State.SCORED, point) if one.score is not None else one for leaf, one in judgements.items()}
    card = score(tree, same)
    assert {one.score for one in (*card.nodes.values(), card.overall)} <= {None, point}


@given(assessed_trees(), st.data())
def test_it_is_all_one_to_a_score_why_an_element_has_none(assessed: Assessed, data: st.DataObject) -> None:
    tree, judgements = assessed
    card = score(tree, judgements)
    others = [State.OPEN, State.UNKNOWN, State.ILLEGIBLE, State.NOT_APPLICABLE]
    shuffled = {
        leaf.id: judgements[leaf.id]
        if leaf.id in judgements and judgements[leaf.id].score is not None
        else Judgement(data.draw(st.sampled_from(others)))
        for leaf in tree.leaves
    }
    again = score(tree, shuffled)
    for node_id in (*card.nodes, None):
        assert again.node(node_id).score == card.node(node_id).score
        assert again.node(node_id).attained == card.node(node_id).attained


@given(assessed_trees())
def test_an_element_without_a_score_is_as_if_it_were_not_in_the_tree(assessed: Assessed) -> None:
    tree, judgements = assessed
    scored_only = {leaf_id: one for leaf_id, one in judgements.items() if one.score is not None}
    excused = {leaf.id: Judgement(State.NOT_APPLICABLE) for leaf in tree.leaves} | scored_only
    assert score(tree, excused).overall.score == score(tree, judgements).overall.score


@given(assessed_trees(), st.data())
def test_what_hangs_under_a_weight_of_zero_counts_nowhere_above_it(assessed: Assessed, data: st.DataObject) -> None:
    tree, judgements = assessed
    mute = [node for node in tree.nodes if node.weight == 0]
    assume(mute)
    silenced = data.draw(st.sampled_from(mute))
    other = dict(judgements)
    for leaf in tree.leaves_below(silenced.id):
        other[leaf.id] = data.draw(
            st.sampled_from([Judgement(State.SCORED, tree.scale.maximum), Judgement(State.NOT_APPLICABLE)])
        )
    before, after = score(tree, judgements), score(tree, other)
    for node_id in (*(above.id for above in tree.ancestors(silenced.id)), None):
        assert before.node(node_id) == after.node(node_id)


@given(trees(), st.data())
def test_a_nodes_own_weight_does_not_change_its_own_figures(tree: Framework, data: st.DataObject) -> None:
    judgements = data.draw(judgements_of(tree))
    silenced = replace(tree, capabilities=tuple(replace(root, weight=Fraction(0)) for root in tree.capabilities[:1]))
    root = tree.capabilities[0]
    before, after = score(tree, judgements).nodes[root.id], score(silenced, judgements).nodes[root.id]
    assert replace(after, weight=before.weight) == before


@given(assessed_trees(), st.data())
def test_the_bounds_hold_the_score_of_every_completion(assessed: Assessed, data: st.DataObject) -> None:
    tree, judgements = assessed
    card = score(tree, judgements)
    completed = {
        leaf.id: judgements[leaf.id]
        if leaf.id in judgements and judgements[leaf.id].state in (State.SCORED, State.NOT_APPLICABLE)
        else Judgement(State.SCORED, data.draw(st.sampled_from(tree.scale.grid)))
        for leaf in tree.leaves
    }
    full = score(tree, completed)
    for node_id in (*card.nodes, None):
        before, after = card.node(node_id), full.node(node_id)
        assert (before.bounds is None) == (after.score is None) == (before.status is Status.NOT_APPLICABLE)
        if before.bounds is None or after.score is None:
            continue
        low, high = before.bounds
        assert low - slack(tree) <= after.score <= high + slack(tree)
        assert after.bounds == (after.score, after.score)
        if before.score is not None:
            assert low - slack(tree) <= before.score <= high + slack(tree)


@given(assessed_trees())
def test_the_bounds_are_reached_by_the_worst_and_the_best_completion(assessed: Assessed) -> None:
    tree, judgements = assessed
    card = score(tree, judgements)
    for end, point in enumerate((tree.scale.minimum, tree.scale.maximum)):
        filled = {
            leaf.id: judgements[leaf.id]
            if leaf.id in judgements and judgements[leaf.id].state in (State.SCORED, State.NOT_APPLICABLE)
            else Judgement(State.SCORED, point)
            for leaf in tree.leaves
        }
        bounds = card.overall.bounds
        assert score(tree, filled).overall.score == (None if bounds is None else bounds[end])


@given(assessed_trees(), st.data())
def test_answering_one_more_element_never_lowers_coverage(assessed: Assessed, data: st.DataObject) -> None:
    tree, judgements = assessed
    silent = [leaf.id for leaf in tree.leaves if leaf.id not in judgements]
    assume(silent)
    leaf_id = data.draw(st.sampled_from(silent))
    before = score(tree, judgements)
    after = score(tree, with_judgement(judgements, leaf_id, Judgement(State.SCORED, tree.scale.minimum)))
    for node_id in (*before.nodes, None):
        was, now = before.node(node_id).coverage, after.node(node_id).coverage
        assert (was is None) == (now is None)
        if was is not None and now is not None:
            assert 0 <= was <= now <= 1


@given(assessed_trees(), st.data())
def test_an_element_that_nobody_answered_changes_coverage_and_bounds_only(
    assessed: Assessed, data: st.DataObject
) -> None:
    tree, judgements = assessed
    leaf_id = data.draw(st.sampled_from([leaf.id for leaf in tree.leaves]))
    without = score(tree, with_judgement(judgements, leaf_id, Judgement(State.NOT_APPLICABLE)))
    added = score(tree, {other: one for other, one in judgements.items() if other != leaf_id})
    for node_id in (*without.nodes, None):
        before, after = without.node(node_id), added.node(node_id)
        assert (after.score, after.attained) == (before.score, before.attained)
        if before.coverage is not None:
            assert after.coverage is not None
            assert after.coverage <= before.coverage


@given(assessed_trees())
def test_coverage_is_whole_where_everything_applicable_is_scored(assessed: Assessed) -> None:
    tree, judgements = assessed
    answered = {leaf.id: judgements.get(leaf.id, Judgement(State.NOT_APPLICABLE)) for leaf in tree.leaves}
    settled = {
        leaf_id: one if one.score is not None else Judgement(State.NOT_APPLICABLE) for leaf_id, one in answered.items()
    }
    card = score(tree, settled)
    assert {one.coverage for one in (*card.nodes.values(), card.overall)} <= {None, Fraction(1)}


@given(assessed_trees(complete=True))
def test_a_complete_assessment_is_published_everywhere(assessed: Assessed) -> None:
    card = score(*assessed)
    assert {one.status for one in (*card.nodes.values(), card.overall)} == {Status.PUBLISHED}


@given(assessed_trees(complete=True))
def test_the_geometric_mean_is_never_above_the_arithmetic_one(assessed: Assessed) -> None:
    tree, judgements = assessed
    geometric = score(tree, judgements, method=Method.WEIGHTED_GEOMETRIC)
    arithmetic = score(tree, judgements, method=Method.WEIGHTED_MEAN)
    for node_id in (*geometric.nodes, None):
        lower, upper = geometric.node(node_id).score, arithmetic.node(node_id).score
        assert lower is not None
        assert upper is not None
        assert lower <= upper + TOLERANCE


@given(assessed_trees())
def test_the_flat_mean_is_the_plain_mean_of_the_elements_that_count(assessed: Assessed) -> None:
    tree, judgements = assessed
    card = score(tree, judgements, method=Method.FLAT_MEAN)
    for node in tree.nodes:
        counting = [
            leaf
            for leaf in tree.leaves_below(node.id)
            if leaf.id == node.id
            or all(one.weight > 0 for one in (leaf, *tree.ancestors(leaf.id)[len(tree.ancestors(node.id)) + 1 :]))
        ]
        scores = [judgements[leaf.id].score for leaf in counting if leaf.id in judgements]
        known = [one for one in scores if one is not None]
        assert card.nodes[node.id].score == (sum(known, Fraction(0)) / len(known) if known else None)


@given(assessed_trees())
def test_a_level_is_attained_only_between_the_ends_of_the_scale(assessed: Assessed) -> None:
    tree, _ = assessed
    card = score(*assessed)
    for above, children in parents(card):
        if above.score is None:
            assert above.attained is None
            continue
        best = max(child.score for child in children if child.score is not None)
        assert above.attained is not None
        assert tree.scale.minimum <= above.attained <= best + 1
