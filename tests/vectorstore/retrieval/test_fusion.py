"""Scores of retrievers with different units are brought to one scale before they are summed."""

import pytest

from vectorstore.retrieval.fusion import SCALED_CANDIDATES, Scale, scaled


def test_the_best_score_becomes_one_and_the_worst_zero() -> None:
    assert scaled({1: 3.0, 2: 7.0, 3: 5.0}) == {1: 0.0, 2: 1.0, 3: 0.5}


def test_what_lies_behind_the_scaled_candidates_becomes_zero() -> None:
    scores = {row: float(row) for row in range(2 * SCALED_CANDIDATES)}
    found = scaled(scores)
    assert found[2 * SCALED_CANDIDATES - 1] == 1.0
    assert found[SCALED_CANDIDATES] == found[0] == 0.0
    assert found[SCALED_CANDIDATES + 1] > 0.0


@pytest.mark.parametrize(("flat", "expected"), [(1.0, 1.0), (0.0, 0.0)])
def test_scores_that_are_all_the_same_have_no_scale(flat: float, expected: float) -> None:
    assert Scale.of([2.0, 2.0])(2.0, flat) == expected


def test_no_scores_are_no_error() -> None:
    assert scaled({}) == {}
