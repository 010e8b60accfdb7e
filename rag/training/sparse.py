"""A logistic regression over what is seen, by name: what is learnt of words is kept as a weight for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence


def regression(
    rows: Sequence[Mapping[str, float]], true: Sequence[bool], *, least_seen: int, looseness: float
) -> tuple[float, dict[str, float]]:
    """Bias, and the weight of each name that at least ``least_seen`` of ``rows`` hold. ``looseness`` is the inverse weight of
    the squares."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    often = Counter(name for row in rows for name in row)
    kept = [{name: value for name, value in row.items() if often[name] >= least_seen} for row in rows]
    columns = DictVectorizer()
    model = LogisticRegression(C=looseness, max_iter=3000).fit(columns.fit_transform(kept), true)
    weights = zip(columns.get_feature_names_out(), model.coef_[0], strict=True)
    return float(model.intercept_[0]), {str(name): float(weight) for name, weight in weights}
