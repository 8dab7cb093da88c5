"""The formula's motifs with their effects in every cell type: a file beside the formula."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .errors import InputError
from .formula import Formula

SCHEMA = "cisformula-cell-types/1"
NUMBERS = ("effects", "covariate_effects", "intercepts", "target_means", "target_scales")


@dataclass(frozen=True)
class CellTypeFormulas:
    """One formula per cell type, all of the same motifs, bins and covariates.

    Attributes
    ----------
    cell_types : list of str
    motif_ids : list of str
        In the order of the formula's motifs.
    effects : np.ndarray, shape (cell types, motifs, bins)
        Change of the cell type's standardised log expression per graded hit, or per unit of mean activation.
    covariate_effects : np.ndarray, shape (cell types, covariates)
    intercepts : np.ndarray, shape (cell types,)
    target_means, target_scales : np.ndarray, shape (cell types,)
        Mean and standard deviation of log10 expression over genes in each cell type.
    """

    cell_types: list[str]
    motif_ids: list[str]
    effects: np.ndarray
    covariate_effects: np.ndarray
    intercepts: np.ndarray
    target_means: np.ndarray
    target_scales: np.ndarray

    def predict(self, features: np.ndarray, covariates: np.ndarray) -> np.ndarray:
        """Standardised log expression of each sequence in each cell type.

        Parameters
        ----------
        features : np.ndarray, shape (sequences, motifs, bins)
        covariates : np.ndarray, shape (sequences, covariates)

        Returns
        -------
        np.ndarray, shape (sequences, cell types)
        """
        flat = features.reshape(len(features), -1)
        z = flat @ self.effects.reshape(len(self.cell_types), -1).T + self.intercepts
        return z + covariates @ self.covariate_effects.T


def write_npz(path: str | Path, formulas: CellTypeFormulas) -> None:
    """Write as NumPy's npz: plain arrays, no pickles."""
    with open(path, "wb") as handle:
        np.savez_compressed(handle, schema=np.array(SCHEMA), **{k: np.array(v) for k, v in formulas.__dict__.items()})


def read_npz(path: str | Path, formula: Formula) -> CellTypeFormulas:
    """Read the cell types' formulas that belong to ``formula``.

    Raises
    ------
    InputError
        The file is not there, is none of this kind or of another schema, or belongs to another formula.
    """
    arrays = _load(path)
    found = CellTypeFormulas(
        cell_types=arrays["cell_types"].tolist(),
        motif_ids=arrays["motif_ids"].tolist(),
        **{name: arrays[name] for name in NUMBERS},
    )
    n = len(found.cell_types)
    expected = {
        "effects": (n, *formula.effects.shape),
        "covariate_effects": (n, len(formula.reading.covariates)),
        **dict.fromkeys(("intercepts", "target_means", "target_scales"), (n,)),
    }
    same_motifs = found.motif_ids == [motif.id for motif in formula.motifs]
    if not same_motifs or any(getattr(found, name).shape != shape for name, shape in expected.items()):
        raise InputError(
            "its motifs, position bins or covariates are not those of the formula.",
            place=str(path),
            fix="give the cell types of the same run as the formula.",
        )
    return found


def _load(path: str | Path) -> dict[str, np.ndarray]:
    fix = "give the cell type effects (npz) that the workflow wrote beside the formula."
    try:
        with np.load(path, allow_pickle=False) as content:
            arrays = dict(content)
    except FileNotFoundError:
        raise InputError("the file does not exist.", place=str(path), fix=fix) from None
    except Exception as error:  # what numpy raises for a foreign file depends on the file
        raise InputError(f"cannot be read as npz ({error}).", place=str(path), fix=fix) from None
    schema = str(arrays.get("schema", "none"))
    if schema != SCHEMA or not {"cell_types", "motif_ids", *NUMBERS} <= set(arrays):
        raise InputError(f"says schema {schema} instead of {SCHEMA}.", place=str(path), fix=fix)
    return arrays
