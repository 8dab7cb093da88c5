"""What the table of motifs and the page of each motif show."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..cell_types.design import TARGETS
from ..figures.coefficients import Z_95
from ..pwm import Motif
from . import logos, packing
from .run_tables import RunTables
from .verdict import KNOWN

BIN = 10
"""Bases of a bin of the site profile."""
N_TARGETS = 10
"""Target genes shown for each cell type; the table holds more."""
N_FACTORS = 12
"""Factors listed on a page."""
N_SCATTERS = 4
"""Factors whose expression is plotted against the motif's activity."""
N_GENE_SETS = 12
BY_NETWORK = {"learned": "the networks", "ARGMINN": "ARGMINN"}
"""Sources of learned motifs, in words."""


class Match(NamedTuple):
    """The best known match of a learned motif.

    Attributes
    ----------
    name : str
    e_value, q_value : float
    overlap : int
        Aligned columns.
    reverse : bool
        Whether the known motif matches by its reverse complement.
    drawing : str
        Both logos as they align, SVG.
    """

    name: str
    e_value: float
    q_value: float
    overlap: int
    reverse: bool
    drawing: str

    @property
    def significant(self) -> bool:
        """Whether the motif may be called by the name of its match."""
        return self.q_value < KNOWN


@dataclass(frozen=True)
class MotifRow:
    """A motif in the table of motifs.

    Attributes
    ----------
    number : int
        Of its page, from 1.
    learned_by : str
        The networks that found it; empty if it comes from the database.
    low, high : float
        95 % interval of the coefficient.
    n_sites : int
        Sites in the promoters.
    z, tau : float
        How much its activity varies over cell types, and how specific it is to few.
    n_significant : dict of str to int
        Cell types with an effect at the FDR, for each target.
    """

    number: int
    id: str
    name: str
    label: str
    learned_by: str
    consensus: str
    width: int
    match: Match | None
    coefficient: float
    low: float
    high: float
    selection_probability: float
    folds: int
    runs: int
    n_sites: int
    z: float
    tau: float
    peak_cell_type: str
    n_significant: dict[str, int]
    stands_for: list[str]

    @property
    def learned(self) -> bool:
        """Found by a network, not taken from the database."""
        return bool(self.learned_by)


def rows(run: RunTables) -> list[MotifRow]:
    """The motifs of the formula in its order."""
    n_sites = run.sites["motif"].value_counts()
    of_cell_types = run.cell_type_motifs.drop_duplicates("motif").set_index("motif")
    found = []
    for number, (motif, row) in enumerate(zip(run.formula.motifs, run.motifs.itertuples(), strict=True), start=1):
        acts = of_cell_types.loc[motif.id] if motif.id in of_cell_types.index else None
        half = Z_95 * row.standard_error
        found.append(
            MotifRow(
                number=number,
                id=motif.id,
                name=motif.name,
                label=row.label,
                learned_by=BY_NETWORK.get(row.source, ""),
                consensus=row.consensus,
                width=motif.width,
                match=best_match(run, motif) if row.source in BY_NETWORK else None,
                coefficient=row.coefficient,
                low=row.coefficient - half,
                high=row.coefficient + half,
                selection_probability=row.selection_probability,
                folds=int(row.folds),
                runs=int(row.runs),
                n_sites=int(n_sites.get(motif.id, 0)),
                z=np.nan if acts is None else float(acts["z"]),
                tau=np.nan if acts is None else float(acts["tau"]),
                peak_cell_type="" if acts is None else acts["peak_cell_type"],
                n_significant={t: 0 if acts is None else int(acts[f"n_{t}"]) for t in TARGETS},
                stands_for=[name for name in row.stands_for.split("; ") if name],
            )
        )
    return found


def best_match(run: RunTables, motif: Motif) -> Match | None:
    """The first known match that the comparison lists; None if it lists none."""
    listed = run.matches[run.matches["Query_ID"] == motif.id]
    if listed.empty or listed["Target_ID"].iloc[0] not in run.known:
        return None
    first = listed.iloc[0]
    target = run.known[first["Target_ID"]]
    reverse = first["Orientation"] == "-"
    oriented = target.reverse_complement() if reverse else target
    drawing = logos.aligned(logos.Placed(motif, int(first["Optimal_offset"])), logos.Placed(oriented, 0))
    return Match(
        target.name,
        float(first["E-value"]),
        float(first["q-value"]),
        int(first["Overlap"]),
        reverse,
        drawing,
    )


class Pages:
    """Details of each motif's page, from tables grouped by motif once.

    Parameters
    ----------
    run : RunTables
    """

    def __init__(self, run: RunTables):
        self.run = run
        self.row_of_gene = pd.Series(np.arange(len(run.genes)), index=run.genes["gene_id"])
        self.row_of_cell_type = {name: row for row, name in enumerate(run.cell_types["cell_type"])}
        self.sites = dict(list(run.sites.groupby("motif", observed=True)))
        targets = run.targets[run.targets["rank"] <= N_TARGETS]
        self.targets = dict(list(targets.groupby("motif", observed=True)))
        self.factors = dict(list(run.factors.groupby("motif")))
        self.groups = dict(list(run.groups.groupby("motif")))
        self.group_effects = dict(list(run.group_effects.groupby(["motif", "column"])))
        self.enrichment = {} if run.enrichment is None else dict(list(run.enrichment.groupby("motif")))

    def data(self, row: MotifRow) -> dict:
        """What the page's plots draw."""
        return {
            "motif": row.number - 1,
            "label": row.label,
            "position": self.position(row),
            "targets": self.packed_targets(row.id),
            "factors": self.scatters(row.id),
        }

    def position(self, row: MotifRow) -> dict:
        """Sites per promoter in bins along the window, on each strand, and the effect of a hit in each position bin.

        Positions are in bp from the TSS along the gene.
        """
        reading = self.run.formula.reading
        edges = np.arange(-reading.upstream, reading.downstream + 1 + BIN, BIN)
        sites = self.sites.get(row.id, self.run.sites.iloc[:0])
        counts = [np.histogram(sites["from_tss"][sites["strand"] == strand], edges)[0] for strand in "+-"]
        return {
            "edges": edges.tolist(),
            "sites": [(1000 * strand / len(self.run.genes)).round(3).tolist() for strand in counts],
            "bins": reading.edges.tolist(),
            "effects": [round(float(effect), 6) for effect in self.run.formula.effects[row.number - 1]],
        }

    def packed_targets(self, motif: str) -> dict:
        """The target genes, by the formula itself and then by cell type; ``count`` says how many there are of each."""
        found = self.targets.get(motif, self.run.targets.iloc[:0])
        numbers = found["cell_type"].map(lambda name: self.row_of_cell_type[name] + 1 if name else 0).astype(int)
        found = found.assign(number=numbers).sort_values(["number", "rank"], kind="stable")
        return {
            "count": np.bincount(found["number"], minlength=len(self.row_of_cell_type) + 1).tolist(),
            "gene": packing.whole(self.row_of_gene.reindex(found["gene_id"]).to_numpy(dtype=int)),
            "contribution": packing.rounded(found["contribution"].to_numpy(), packing.COARSE),
            "hits": packing.rounded(found["hits"].to_numpy(dtype=float), packing.COARSE),
        }

    def targets_of_formula(self, motif: str) -> list[dict]:
        """Target genes by the formula itself, for reading without scripts."""
        found = self.targets.get(motif, self.run.targets.iloc[:0])
        return found[found["cell_type"] == ""].sort_values("rank").to_dict("records")

    def factor_rows(self, motif: str) -> list[dict]:
        """Candidate factors, in their order of rank; those without expression last."""
        found = self.factors.get(motif, self.run.factors.iloc[:0])
        found = found.assign(has_page=found["gene_id"].isin(self.row_of_gene.index))
        return found.sort_values("rank", kind="stable").head(N_FACTORS).to_dict("records")

    def n_factors(self, motif: str) -> int:
        """Number of candidate factors, listed or not."""
        return len(self.factors.get(motif, ()))

    def scatters(self, motif: str) -> list[dict]:
        """Expression over cell types of the factors that come first."""
        expression = self.run.factor_expression[self.run.cell_types["cell_type"].tolist()]
        shown = [row for row in self.factor_rows(motif) if row["gene_id"] in expression.index]
        return [
            {
                "factor": row["factor"],
                "r": None if pd.isna(row["r"]) else round(row["r"], 3),
                "expression": packing.rounded(expression.loc[row["gene_id"]].to_numpy(), packing.COARSE),
            }
            for row in shown[:N_SCATTERS]
        ]

    def group_tests(self, motif: str) -> list[dict]:
        """Test between the groups of each column of the sheet, with the groups that differ most from the rest."""
        tests = self.groups.get(motif, self.run.groups.iloc[:0]).to_dict("records")
        for test in tests:
            effects = self.group_effects.get((motif, test["column"]), self.run.group_effects.iloc[:0])
            test["groups"] = effects.sort_values("p", kind="stable").to_dict("records")
        return tests

    def gene_sets(self, motif: str) -> list[dict] | None:
        """The gene sets its targets fall into most; None where no gene sets were given."""
        if self.run.enrichment is None:
            return None
        found = self.enrichment.get(motif, self.run.enrichment.iloc[:0])
        return found.sort_values(["q", "p"], kind="stable").head(N_GENE_SETS).to_dict("records")


def is_known(row: MotifRow) -> bool:
    """From the database, or a learned motif with a significant match."""
    return not row.learned or (row.match is not None and row.match.significant)


def index_data(found: list[MotifRow]) -> dict:
    """Names of all motifs, for the plots of other pages."""
    return {"id": [row.id for row in found], "label": [row.label for row in found]}
