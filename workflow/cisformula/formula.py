"""The formula: a list of motifs, each with an effect, that anyone can read and apply to a sequence.

``z = intercept + sum_k sum_h grade_h * effect_k[bin of h] + sum_c covariate_effect_c * covariate_c``, where h runs over
the hits of motif k in the promoter window, the grade of a hit says how strong it is, the bin where it lies relative to
the TSS, and ``z`` is standardised log expression. A motif that has a filter is read by the filter's mean activation
instead of by its hits, the published feature.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .errors import InputError
from .features import is_covariate
from .pwm import Motif

SCHEMA = "cisformula-formula/2"
FIRST_SCHEMA = "cisformula-formula/1"
FORM = (
    "z = intercept + sum over motifs and their hits of grade * effects[bin of the hit] + sum of covariate_effects * "
    "covariates; a hit lies at its middle base (of two the later one), counted in bp from the TSS along the gene; bin "
    "b holds bin_edges[b] <= position < bin_edges[b + 1]; log10 expression = target mean + target scale * z"
)
FEATURES = ("hits", "mean_activation")


@dataclass(frozen=True)
class Reading:
    """How a sequence is turned into features.

    Attributes
    ----------
    feature : {"hits", "mean_activation"}
    upstream, downstream : int
        The promoter window, in bp before and after the TSS base, which is position 0.
    p_value : float
        A window is a hit if its score has at most this p-value under ``background``.
    grades : int
        How often the strongest hits count: see :func:`cisformula.hits.count_hits`.
    both_strands : bool
    background : tuple of float
        Frequencies of A, C, G, T that p-values are computed under.
    bin_edges : tuple of int
        Position bins, in bp relative to the TSS, from ``-upstream`` to ``downstream + 1``; bin b holds the hits with
        ``bin_edges[b] <= position < bin_edges[b + 1]``. The position of a hit is that of its
        :func:`cisformula.hits.centre`. Empty for one bin, the whole window.
    covariates : tuple of str
        Names of :func:`cisformula.features.covariate_names`.
    """

    feature: str
    upstream: int
    downstream: int
    p_value: float
    grades: int
    both_strands: bool
    background: tuple[float, float, float, float] = (0.25, 0.25, 0.25, 0.25)
    bin_edges: tuple[int, ...] = ()
    covariates: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """Bases of the window."""
        return self.upstream + 1 + self.downstream

    @property
    def edges(self) -> np.ndarray:
        """Edges of the position bins in bp relative to the TSS, shape (bins + 1,)."""
        return np.array(self.bin_edges or (-self.upstream, self.downstream + 1))

    @property
    def n_bins(self) -> int:
        """Number of position bins."""
        return len(self.edges) - 1


@dataclass(frozen=True)
class Evidence:
    """What the fit says about a motif beyond its effects; for people, no prediction depends on it.

    Attributes
    ----------
    source : str, optional
        ``learned`` or ``database``.
    coefficient : float, optional
        Change of standardised log expression per standard deviation of the motif's feature.
    standard_error : float, optional
        Of the coefficient.
    selection_probability : float, optional
        Share of resampled fits that chose the motif.
    match : str, optional
        Name of the best known match of a learned motif.
    """

    source: str | None = None
    coefficient: float | None = None
    standard_error: float | None = None
    selection_probability: float | None = None
    match: str | None = None


@dataclass(frozen=True)
class Formula:
    """A linear formula of motifs.

    Attributes
    ----------
    motifs : list of Motif
    effects : np.ndarray, shape (motifs, bins)
        Change of standardised log expression per graded hit in each position bin, or per unit of mean activation.
    intercept : float
        Prediction for a sequence whose features and covariates are all zero.
    reading : Reading
    target_mean, target_scale : float
        Mean and standard deviation of median log10 expression, to turn ``z`` back into log10 units.
    covariate_effects : np.ndarray, shape (covariates,)
        Change of standardised log expression per unit of each of ``reading.covariates``.
    filters : dict of str to np.ndarray, shape (width, 4)
        The filter of each motif that is read by its mean activation; the others are read by their hits.
    evidence : list of Evidence
        One per motif, or empty.
    penalty : float, optional
        Ridge penalty the formula was fitted with; for people.
    """

    motifs: list[Motif]
    effects: np.ndarray
    intercept: float
    reading: Reading
    target_mean: float
    target_scale: float
    covariate_effects: np.ndarray = field(default_factory=lambda: np.empty(0))
    filters: dict[str, np.ndarray] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    penalty: float | None = None

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each motif adds to the prediction of each sequence.

        Parameters
        ----------
        features : np.ndarray, shape (sequences, motifs, bins) or (sequences, motifs * bins)
            Graded hits of each motif in each bin, or mean activations.

        Returns
        -------
        np.ndarray, shape (sequences, motifs)
        """
        return (features.reshape(len(features), *self.effects.shape) * self.effects).sum(axis=2)

    def predict(self, features: np.ndarray, covariates: np.ndarray | None = None) -> np.ndarray:
        """Standardised log expression of each sequence; shape (sequences,).

        Sums run along each sequence alone, so that a prediction has the same last digit whatever it is made with.

        Parameters
        ----------
        features : np.ndarray
            See :meth:`contributions`.
        covariates : np.ndarray, shape (sequences, covariates), optional
            Needed if the formula has covariates.
        """
        return self.total(self.contributions(features), covariates)

    def total(self, contributions: np.ndarray, covariates: np.ndarray | None = None) -> np.ndarray:
        """Prediction from the motifs' contributions, shape (sequences, motifs), and the covariates."""
        z = self.intercept + np.ascontiguousarray(contributions).sum(axis=1)
        return z if covariates is None else z + (covariates * self.covariate_effects).sum(axis=1)

    def log10(self, z: np.ndarray) -> np.ndarray:
        """Log10 expression of predictions ``z``."""
        return self.target_mean + self.target_scale * z

    @property
    def per_unit(self) -> np.ndarray:
        """Effect of one graded hit averaged over the positions of the window, shape (motifs,)."""
        return self.effects @ (np.diff(self.reading.edges) / self.reading.length)


def write_json(path: str | Path, formula: Formula) -> None:
    """Write everything needed to apply the formula elsewhere; floats come back as they were."""
    reading = formula.reading
    content = {
        "schema": SCHEMA,
        "form": FORM,
        "target": {
            "unit": "standardised median log10 expression",
            "mean": formula.target_mean,
            "scale": formula.target_scale,
        },
        "reading": {
            **reading.__dict__,
            "background": dict(zip("ACGT", reading.background, strict=True)),
            "bin_edges": reading.edges.tolist(),
            "covariates": list(reading.covariates),
        },
        "intercept": formula.intercept,
        "covariate_effects": np.asarray(formula.covariate_effects).tolist(),
        "penalty": formula.penalty,
        "motifs": [
            {
                "id": motif.id,
                "name": motif.name,
                "effects": effects.tolist(),
                **known.__dict__,
                "nsites": motif.nsites,
                "pfm": motif.pfm.tolist(),
                "filter": formula.filters[motif.id].tolist() if motif.id in formula.filters else None,
            }
            for motif, effects, known in zip(
                formula.motifs, formula.effects, formula.evidence or [Evidence()] * len(formula.motifs), strict=True
            )
        ],
    }
    Path(path).write_text(json.dumps(content, indent=1, allow_nan=False) + "\n")


class _Section:
    """One part of a formula file, whose keys are checked as they are read."""

    def __init__(self, content: object, place: str):
        self.place = place
        if not isinstance(content, dict):
            self.fail("keys with values", content)
        self.content = content

    def fail(self, expected: str, found: object) -> None:
        text = repr(found)
        raise InputError(
            f"expected {expected}, found {text if len(text) < 60 else text[:60] + ' ...'}.",
            place=self.place,
            fix="take the file as the workflow wrote it, or write it anew.",
        )

    def at(self, key: str) -> "_Section":
        """A section of its own for one key, to name it in errors; its value must be keys with values."""
        return _Section(self.required(key), f"{self.place}: {key}")

    def required(self, key: str) -> object:
        if key not in self.content:
            raise InputError(
                f"key '{key}' is missing.", place=self.place, fix="take the file as the workflow wrote it, whole."
            )
        return self.content[key]

    def value(self, key: str, kind: type, optional: bool = False):
        """A text, whole number, number or truth value; None where it may be left out."""
        found = self.content.get(key) if optional else self.required(key)
        if found is None and optional:
            return None
        fits = isinstance(found, kind) or (kind is float and isinstance(found, int))
        if not fits or (isinstance(found, bool) and kind is not bool) or (kind is float and not np.isfinite(found)):
            names = {str: "text", int: "a whole number", float: "a finite number", bool: "true or false"}
            _named(self, key).fail(names[kind], found)
        return found

    def array(self, key: str, shape: tuple[int | None, ...]) -> np.ndarray:
        """Finite numbers of a shape, in which None stands for any length."""
        found = self.required(key)
        try:
            values = np.array(found, dtype=np.float64)
        except (ValueError, TypeError):
            values = np.array(np.nan)
        fits = values.ndim == len(shape) and all(
            wanted in (None, size) for wanted, size in zip(shape, values.shape, strict=True)
        )
        if not fits or not np.isfinite(values).all():
            wanted = " x ".join("n" if size is None else str(size) for size in shape)
            _named(self, key).fail(f"{wanted} finite numbers", found)
        return values

    def sections(self, key: str) -> list["_Section"]:
        """The entries of a list, each with its number and id in the name of its place."""
        found = self.required(key)
        if not isinstance(found, list):
            _named(self, key).fail("a list", found)
        return [
            _Section(entry, f"{self.place}: {key}[{i}]" + (f" ({entry['id']})" if _has_id(entry) else ""))
            for i, entry in enumerate(found)
        ]


def _named(section: _Section, key: str) -> _Section:
    return _Section({}, f"{section.place}: {key}")


def _has_id(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("id"), str)


def read_json(path: str | Path) -> Formula:
    """Read a formula written by :func:`write_json` of this version or an earlier one.

    Raises
    ------
    InputError
        The file is not a formula, is of a later schema, lacks a key or holds values of the wrong type or shape; the
        place names the file and the key.
    """
    try:
        content = json.loads(Path(path).read_bytes())
    except FileNotFoundError:
        raise InputError("the file does not exist.", place=str(path), fix="give a formula.json.") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"is not JSON ({error}).", place=str(path), fix="give a formula.json of this workflow."
        ) from None
    version = _version(content, str(path))
    whole = _Section(content, str(path))
    reading = _read_reading(whole.at("reading"), version)
    terms = whole.sections("motifs")
    motifs = [_read_motif(term) for term in terms]
    if len({motif.id for motif in motifs}) < len(motifs):
        raise InputError("two motifs have the same id.", place=str(path), fix="give every motif its own id.")
    intercept = whole.value("intercept", float)
    if version == 1:
        effects = np.array([term.value("coefficient", float) / term.value("scale", float) for term in terms])
        intercept -= sum(effect * term.value("mean", float) for effect, term in zip(effects, terms, strict=True))
        effects, covariate_effects = effects.reshape(-1, 1), np.empty(0)
    else:
        effects = np.array([term.array("effects", (reading.n_bins,)) for term in terms]).reshape(-1, reading.n_bins)
        covariate_effects = whole.array("covariate_effects", (len(reading.covariates),))
    target = whole.at("target")
    return Formula(
        motifs=motifs,
        effects=effects,
        intercept=intercept,
        reading=reading,
        target_mean=target.value("mean", float),
        target_scale=target.value("scale", float),
        covariate_effects=covariate_effects,
        filters=_read_filters(terms, reading),
        evidence=[_read_evidence(term) for term in terms],
        penalty=whole.value("penalty", float, optional=True),
    )


def _version(content: object, path: str) -> int:
    schema = content.get("schema") if isinstance(content, dict) else None
    versions = {FIRST_SCHEMA: 1, SCHEMA: 2}
    if isinstance(schema, str) and schema in versions:
        return versions[schema]
    family = SCHEMA.split("/")[0]
    if isinstance(schema, str) and schema.startswith(family + "/"):
        raise InputError(
            f"is a formula of schema {schema}, and this version of cisformula reads {' and '.join(versions)}.",
            place=f"{path}: schema",
            fix="apply it with the version of cisformula that wrote it, or a later one.",
        )
    raise InputError(
        f"is no formula: it does not say schema {SCHEMA}.",
        place=f"{path}: schema",
        fix="give the formula.json of a run of this workflow.",
    )


def _read_reading(section: _Section, version: int) -> Reading:
    feature = section.value("feature", str)
    if feature not in FEATURES:
        _named(section, "feature").fail(" or ".join(FEATURES), feature)
    background = section.at("background")
    plain = {
        "feature": feature,
        "upstream": section.value("upstream", int),
        "downstream": section.value("downstream", int),
        "p_value": section.value("p_value", float),
        "grades": section.value("grades", int),
        "both_strands": section.value("both_strands", bool),
        "background": tuple(background.value(base, float) for base in "ACGT"),
    }
    if version == 1:
        return Reading(**plain)
    edges = section.array("bin_edges", (None,))
    first, last = -plain["upstream"], plain["downstream"] + 1
    rising = len(edges) >= 2 and (np.diff(edges) > 0).all() and (edges == np.floor(edges)).all()
    if not rising or (edges[0], edges[-1]) != (first, last):
        _named(section, "bin_edges").fail(f"whole numbers that ascend from {first} to {last}", edges.tolist())
    covariates = section.required("covariates")
    if not isinstance(covariates, list) or not all(is_covariate(name) for name in covariates):
        _named(section, "covariates").fail("a list of counts such as CG[50:100]", covariates)
    # A single bin needs no edges, so that formulas of both schemas are equal when they mean the same.
    bin_edges = tuple(int(edge) for edge in edges) if len(edges) > 2 else ()
    return Reading(**plain, bin_edges=bin_edges, covariates=tuple(covariates))


def _read_motif(term: _Section) -> Motif:
    pfm = term.array("pfm", (None, 4))
    if not len(pfm) or (pfm < 0).any() or (np.abs(pfm.sum(axis=1) - 1) > 0.02).any():
        _named(term, "pfm").fail("rows of four frequencies that sum to 1", pfm.tolist())
    return Motif(term.value("id", str), term.value("name", str), pfm, term.value("nsites", float))


def _read_filters(terms: list[_Section], reading: Reading) -> dict[str, np.ndarray]:
    filters = {
        term.value("id", str): term.array("filter", (None, 4))
        for term in terms
        if term.content.get("filter") is not None
    }
    place = terms[0].place.split(": motifs")[0] if terms else ""
    if len({values.shape for values in filters.values()}) > 1:
        raise InputError("the filters differ in width.", place=place, fix="take the file as the workflow wrote it.")
    if filters and reading.n_bins > 1:
        raise InputError(
            "a mean activation has no position, and the formula has several position bins.",
            place=place,
            fix="take the file as the workflow wrote it.",
        )
    return filters


def _read_evidence(term: _Section) -> Evidence:
    return Evidence(
        source=term.value("source", str, optional=True),
        coefficient=term.value("coefficient", float, optional=True),
        standard_error=term.value("standard_error", float, optional=True),
        selection_probability=term.value("selection_probability", float, optional=True),
        match=term.value("match", str, optional=True),
    )
