"""The formula: a list of motifs, each with a coefficient, that anyone can read and apply to a sequence.

``z = intercept + sum_k coefficient_k * (feature_k - mean_k) / scale_k``, where ``feature_k`` is the number of hits of
motif k in the promoter window (or its mean activation, the published feature) and ``z`` is standardised log expression.
"""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from . import linear, selection
from .errors import InputError
from .pwm import Motif

SCHEMA = "cisformula-formula/1"


@dataclass(frozen=True)
class Reading:
    """How a sequence is turned into features.

    Attributes
    ----------
    feature : {"hits", "mean_activation"}
    upstream, downstream : int
        The promoter window, in bp before and after the TSS base.
    p_value : float
        A window is a hit if its score has at most this p-value under ``background``.
    grades : int
        How often the strongest hits count: see :func:`cisformula.hits.count_hits`.
    both_strands : bool
    background : tuple of float
        Frequencies of A, C, G, T that p-values are computed under.
    """

    feature: str
    upstream: int
    downstream: int
    p_value: float
    grades: int
    both_strands: bool
    background: tuple[float, float, float, float] = (0.25, 0.25, 0.25, 0.25)


@dataclass(frozen=True)
class Formula:
    """A linear formula of motifs.

    Attributes
    ----------
    motifs : list of Motif
    coefficients : np.ndarray, shape (motifs,)
        Change of standardised log expression per standard deviation of the feature.
    means, scales : np.ndarray, shape (motifs,)
        Standardisation of the features.
    intercept : float
    penalty : float
        Ridge penalty the coefficients were fitted with.
    reading : Reading
    target_mean, target_scale : float
        Mean and standard deviation of median log10 expression, to turn ``z`` back into log10 units.
    filters : dict of str to np.ndarray, shape (width, 4)
        The filter of each motif that is read by its mean activation; the others are read by their hits.
    """

    motifs: list[Motif]
    coefficients: np.ndarray
    means: np.ndarray
    scales: np.ndarray
    intercept: float
    penalty: float
    reading: Reading
    target_mean: float
    target_scale: float
    filters: dict[str, np.ndarray] = field(default_factory=dict)

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Standardised log expression of each row of ``features``, shape (sequences, motifs)."""
        return ((features - self.means) / self.scales) @ self.coefficients + self.intercept

    @property
    def per_unit(self) -> np.ndarray:
        """Change of standardised log expression per hit (or unit of activation), shape (motifs,)."""
        return self.coefficients / self.scales


@dataclass(frozen=True)
class Fit:
    """Chosen columns of a candidate matrix and the ridge regression on them."""

    columns: np.ndarray
    ridge: linear.Ridge

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Prediction from the full candidate matrix, shape (genes, candidates)."""
        return self.ridge.predict(X[:, self.columns])


def fit(X: np.ndarray, y: np.ndarray, method: str, n_motifs: int, seed: int) -> Fit:
    """Select motifs and fit the formula, both on the rows given and nothing else.

    Parameters
    ----------
    X : np.ndarray, shape (genes, candidates)
        Features of the training genes.
    y : np.ndarray, shape (genes,)
        Standardised log expression.
    method : str
        One of :data:`cisformula.selection.METHODS`.
    n_motifs : int
    seed : int
        Used by ``rfe`` alone.
    """
    standardised = linear.Standardisation.of(X).apply(X)
    columns = selection.select(method, standardised, y - y.mean(), n_motifs, seed)
    return Fit(columns, linear.fit_ridge(X[:, columns], y))


def out_of_fold(X: np.ndarray, y: np.ndarray, folds: np.ndarray, method: str, n_motifs: int, seed: int) -> np.ndarray:
    """Prediction of every gene by :func:`fit` on the genes of the other folds; shape (genes,)."""
    predictions = np.empty(len(y))
    for fold in np.unique(folds):
        test = folds == fold
        predictions[test] = fit(X[~test], y[~test], method, n_motifs, seed).predict(X[test])
    return predictions


def from_fit(
    ridge: linear.Ridge,
    motifs: list[Motif],
    reading: Reading,
    filters: dict[str, np.ndarray],
    target_mean: float,
    target_scale: float,
) -> Formula:
    """Bind a ridge regression to the motifs of its columns, in decreasing order of the size of their coefficients."""
    order = np.argsort(-np.abs(ridge.coefficients), kind="stable")
    return Formula(
        motifs=[motifs[column] for column in order],
        coefficients=ridge.coefficients[order],
        means=ridge.standardisation.mean[order],
        scales=ridge.standardisation.scale[order],
        intercept=ridge.intercept,
        penalty=ridge.penalty,
        reading=reading,
        target_mean=target_mean,
        target_scale=target_scale,
        filters=filters,
    )


def to_table(formula: Formula, sources: dict[str, str], standard_errors: dict[str, float]) -> pd.DataFrame:
    """One row per motif: id, name, source, consensus, coefficient with its error, effect per hit, mean, scale."""
    return pd.DataFrame(
        {
            "motif": [motif.id for motif in formula.motifs],
            "name": [motif.name for motif in formula.motifs],
            "source": [sources[motif.id] for motif in formula.motifs],
            "consensus": [motif.consensus for motif in formula.motifs],
            "coefficient": formula.coefficients,
            "standard_error": [standard_errors[motif.id] for motif in formula.motifs],
            "per_hit": formula.per_unit,
            "mean": formula.means,
            "scale": formula.scales,
        }
    )


def add_matches(table: pd.DataFrame, matches: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Add the best known match of each learned motif and its q-value; a known motif matches itself and gets none.

    Parameters
    ----------
    table : pd.DataFrame
        From :func:`to_table`.
    matches : pd.DataFrame
        In Tomtom's columns, best match of each query first.
    names : dict of str to str
        Name of each target id.
    """
    best = matches.drop_duplicates("Query_ID").set_index("Query_ID")
    target = table["motif"].map(best["Target_ID"])
    return table.assign(match=target.map(names), match_q=table["motif"].map(best["q-value"]))


def write_json(path: str | Path, formula: Formula) -> None:
    """Write everything needed to apply the formula elsewhere."""
    reading = formula.reading
    content = {
        "schema": SCHEMA,
        "target": {
            "unit": "standardised median log10 expression",
            "mean": formula.target_mean,
            "scale": formula.target_scale,
        },
        "reading": {**reading.__dict__, "background": dict(zip("ACGT", reading.background, strict=True))},
        "intercept": formula.intercept,
        "penalty": formula.penalty,
        "motifs": [
            {
                "id": motif.id,
                "name": motif.name,
                "coefficient": float(coefficient),
                "mean": float(mean),
                "scale": float(scale),
                "nsites": motif.nsites,
                "pfm": motif.pfm.tolist(),
                "filter": formula.filters[motif.id].tolist() if motif.id in formula.filters else None,
            }
            for motif, coefficient, mean, scale in zip(
                formula.motifs, formula.coefficients, formula.means, formula.scales, strict=True
            )
        ],
    }
    Path(path).write_text(json.dumps(content, indent=1) + "\n")


def read_json(path: str | Path) -> Formula:
    """Read a formula written by :func:`write_json`.

    Raises
    ------
    InputError
        If the file is not a formula of a schema version this code knows.
    """
    try:
        content = json.loads(Path(path).read_text())
    except json.JSONDecodeError as error:
        raise InputError(
            f"is not JSON ({error}).", place=str(path), fix="give a formula.json of this workflow."
        ) from None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise InputError(
            f"does not say schema {SCHEMA}.", place=str(path), fix="write the formula anew with this version."
        )
    reading, terms = content["reading"], content["motifs"]
    background = tuple(reading["background"][base] for base in "ACGT")
    return Formula(
        motifs=[Motif(term["id"], term["name"], np.array(term["pfm"]), term["nsites"]) for term in terms],
        coefficients=np.array([term["coefficient"] for term in terms]),
        means=np.array([term["mean"] for term in terms]),
        scales=np.array([term["scale"] for term in terms]),
        intercept=content["intercept"],
        penalty=content["penalty"],
        reading=replace(Reading(**reading), background=background),
        target_mean=content["target"]["mean"],
        target_scale=content["target"]["scale"],
        filters={term["id"]: np.array(term["filter"]) for term in terms if term["filter"] is not None},
    )
