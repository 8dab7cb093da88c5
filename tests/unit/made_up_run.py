"""The tables of a run of three motifs, four cell types and forty genes, some of them with hostile names."""

import json
from pathlib import Path
from types import SimpleNamespace

import matplotlib.image
import numpy as np
import pandas as pd

from cisformula import config as configuration
from cisformula import formula, formula_table, match_table, pwm
from cisformula.formula import Evidence, Formula, Reading
from cisformula.pwm import Motif
from cisformula.sequence import encode

IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = '"><script>alert(1)</script>'
PATH = "../../etc/passwd"
QUOTE = "'); alert(1)//"
SEPARATOR = "line\u2028separator </script> & {{ 7 * 7 }}"
HOSTILE = (IMAGE, SCRIPT, PATH, QUOTE, SEPARATOR)

MOTIFS = ("R0M0", SCRIPT, "MA0003")
NAMES = {"R0M0": "R0M0", SCRIPT: QUOTE, "MA0003": "TFC"}
WORDS = ("CCGGAAGT", "TGACGTCA", "GGGCGGGG")
KNOWN = Motif("MA0001", "<img/src=x/onerror=alert(1)>", 0.94 * np.eye(4)[encode("ACTTCCGGGT")] + 0.015, 100.0)
"""Matches the reverse complement of the first motif, from its second column on."""
CELL_TYPES = ("liver", IMAGE, PATH, SEPARATOR)
GROUPS = ("tissue", "tissue", SCRIPT, SCRIPT)
N_GENES = 40
GENES = [f"G{number:02d}" for number in range(N_GENES - 2)] + [IMAGE, PATH]
GENE_NAMES = ["HNF4A", "SAME", "SAME", QUOTE, ""] + [f"gene{number}" for number in range(5, N_GENES)]
EDGES = (-20, 0, 11)
LEARNED, DATABASE = "learned", "database"
FIGURES = ("group_features", "group_expression", "group_motifs", "community_network", "spacing_histograms")
FIGURES += ("spacing_expression", "position_preferences", "weighted_profiles")
ATTENTION_FIGURES = ("attended_motifs", "attended_gaps")
FIGURE_SIZE = (6, 4)
"""Width and height of the made-up figures, in pixels."""


def made_up_formula() -> Formula:
    motifs = [
        Motif(name, NAMES[name], 0.94 * np.eye(4)[encode(word)] + 0.015, 50.0)
        for name, word in zip(MOTIFS, WORDS, strict=True)
    ]
    evidence = [
        Evidence(LEARNED, 0.3, 0.05, 0.9, IMAGE),
        Evidence(LEARNED, -0.2, 0.02, 0.8),
        Evidence(DATABASE, 0.1, 0.1, 0.5),
    ]
    reading = Reading("hits", 20, 10, 1e-3, 2, True, bin_edges=EDGES)
    effects = np.array([[0.1, 0.2], [-0.1, -0.1], [0.0, 0.05]])
    return Formula(motifs, effects, 0.5, reading, 1.0, 0.5, evidence=evidence, penalty=1.0)


class MadeUpRun:
    """Writes the tables into a folder as the workflow lays them out.

    Parameters
    ----------
    folder : Path
        Becomes ``results/DATASET``.
    grouped : bool
        Whether the cell type sheet has groups.
    linked : bool
        Whether factors are linked to motifs.
    gene_sets : bool
        Whether gene sets were given.
    simulated : bool
        Whether there is a truth to compare with.
    grammar : bool
        Whether the promoter grammar found anything but groups of genes.
    attention : bool or None
        Whether ARGMINN found a rule of distance; None: it was not trained.
    """

    def __init__(
        self, folder: Path, grouped=True, linked=True, gene_sets=True, simulated=True, grammar=True, attention=None
    ):
        self.folder, self.rng = folder, np.random.default_rng(1)
        self.groups = GROUPS if grouped else ("all",) * len(CELL_TYPES)
        self.formula = made_up_formula()
        self.paths = {}
        self._genes()
        self._formula()
        self._cell_types(grouped)
        self._links(linked)
        self._gene_groups(grammar)
        self._communities(grammar)
        self._distances(grammar)
        self._places(grammar)
        self._attention(attention)
        for name, wanted in (("enrichment", gene_sets), ("verdict", simulated), ("grammar_verdict", simulated)):
            if not wanted:
                self.paths[name] = []
        self.files = SimpleNamespace(**self.paths)
        self.cards = [str(self._path("models/card.json"))]
        Path(self.cards[0]).write_text(json.dumps({"versions": {"keras": "3.15.1", "tensorflow": "2.21.0"}}))
        self.config = {"dataset": IMAGE, "cell_types": QUOTE}
        configuration.fill_defaults(self.config)

    def _path(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _table(self, key: str, name: str, table: pd.DataFrame) -> None:
        self.paths[key] = str(self._path(name))
        table.to_csv(self.paths[key], sep="\t", index=False)

    def _parquet(self, key: str, name: str, table: pd.DataFrame, index: bool = False) -> None:
        self.paths[key] = str(self._path(name))
        table.to_parquet(self.paths[key], index=index)

    def _genes(self) -> None:
        self.observed = self.rng.normal(size=N_GENES)
        place = {"chrom": "chr1", "tss": range(1000, 1000 + N_GENES), "strand": "+", "gc": 0.5}
        self._table("genes", "expression/genes.tsv", pd.DataFrame({"gene_id": GENES, "gene_name": GENE_NAMES, **place}))
        predicted = {"predicted": 0.5 * self.observed, "in_sample": 0.7 * self.observed}
        folds = [number % 2 for number in range(N_GENES)]
        fitted = pd.DataFrame({"gene_id": GENES, "fold": folds, "observed": self.observed, **predicted})
        self._table("predictions", "formula/predictions.tsv", fitted)
        join = {"source": ["promoters", "joined"], "genes": [50, 40], "lost": [10, 0], "example_ids": [SCRIPT, ""]}
        self._table("join", "expression/join.tsv", pd.DataFrame(join))
        self.values = pd.DataFrame(
            self.rng.normal(size=(N_GENES, len(CELL_TYPES))), index=pd.Index(GENES, name="gene_id"), columns=CELL_TYPES
        )
        self._parquet("expression", "expression/expression.parquet", self.values, index=True)
        self._parquet("cell_type_predictions", "cell_types/predictions.parquet", 0.5 * self.values, index=True)

    def _formula(self) -> None:
        self.paths["formula"] = str(self._path("formula/formula.json"))
        formula.write_json(self.paths["formula"], self.formula)
        table = formula_table.to_table(self.formula).assign(folds=2, runs=1, stands_for=["", f"{IMAGE}; X2", ""])
        table["match"], table["match_q"] = [IMAGE, "", ""], [0.001, np.nan, np.nan]
        self._table("formula_table", "formula/formula.tsv", table)
        self.contributions = self.rng.normal(size=(N_GENES, len(MOTIFS) + 1))
        columns = [*MOTIFS, "composition"]
        contributions = pd.DataFrame(self.contributions, index=pd.Index(GENES, name="gene_id"), columns=columns)
        self._parquet("contributions", "formula/contributions.parquet", contributions, index=True)
        sites = pd.DataFrame(
            {"motif": ["R0M0", "R0M0", "R0M0", SCRIPT], "strand": ["+", "-", "+", "+"], "from_tss": [-19, -19, 5, 0]}
        )
        self._parquet("sites", "formula/sites.parquet", sites)
        rows = [
            ("formula", "chromosome", "all", 0.373, 0.359, 0.387),
            ("2to5mer_ridge", "chromosome", "all", 0.343, 0.33, 0.357),
            ("xpresso_cnn", "chromosome", "all", 0.353, 0.339, 0.367),
            ("formula", "chromosome", "0", 0.38, 0.36, 0.4),
            ("formula", "random", "all", 0.375, 0.36, 0.39),
            ("formula", "in_sample", "all", 0.461, 0.45, 0.47),
            ("noise_ceiling", "replicates", "all", 0.99, 0.989, 0.991),
        ]
        scores = pd.DataFrame(rows, columns=["predictor", "split", "fold", "r2", "r2_low", "r2_high"])
        self._table("performance", "formula/performance.tsv", scores.assign(n_genes=N_GENES, pearson_r=0.6))
        leads = [("2to5mer_ridge", 0.03, 0.021, 0.038), ("xpresso_cnn", -0.02, -0.029, 0.001)]
        differences = pd.DataFrame(leads, columns=["predictor", "difference", "low", "high"])
        self._table(
            "differences", "formula/differences.tsv", differences.assign(reference="formula", split="chromosome")
        )
        self._table("learned", "motifs/learned.tsv", pd.DataFrame({"motif": ["R0M0", SCRIPT], "run": 0, "fold": 0}))
        self.paths["database"] = str(self._path("motifs/database.meme"))
        pwm.write_meme(self.paths["database"], [KNOWN])
        match = ("R0M0", KNOWN.id, 1, 1e-6, 2e-4, 0.001, 8, "CCGGAAGT", "ACCCGGAAGT", "-")
        self.paths["matches"] = str(self._path("matches/tomtom.tsv"))
        match_table.write(self.paths["matches"], pd.DataFrame([match], columns=match_table.COLUMNS))
        summary = pd.DataFrame({"set": ["learned"], "queries": [2], "q<0.05": [1]})
        self._table("match_summary", "matches/summary.tsv", summary)

    def _cell_types(self, grouped: bool) -> None:
        sheet = pd.DataFrame({"cell_type": CELL_TYPES, "source": "", "group": self.groups})
        self._table("cell_types", "expression/cell_types.tsv", sheet)
        self.effect = 0.1 * self.rng.normal(size=(len(MOTIFS), len(CELL_TYPES)))
        p = np.where(np.abs(self.effect) > 0.08, 1e-9, 0.5)
        pairs = pd.MultiIndex.from_product([MOTIFS, CELL_TYPES], names=["motif", "cell_type"]).to_frame(index=False)
        pairs.insert(1, "name", pairs["motif"].map(NAMES))
        effects = pairs.assign(coefficient=self.effect.ravel(), standard_error=0.01, p=p.ravel(), q=2 * p.ravel())
        effects["ridge_coefficient"] = 0.9 * effects["coefficient"]
        both = [effects.assign(target=target) for target in ("expression", "deviation")]
        self._table("effects", "cell_types/effects.tsv.gz", pd.concat(both))
        activity = pairs.assign(activity=self.effect.ravel(), standard_error=0.02, z=self.effect.ravel() / 0.02)
        # The last motif cannot be estimated.
        activity.loc[activity["motif"] == MOTIFS[-1], ["activity", "standard_error", "z"]] = np.nan
        self._table("activity", "cell_types/activity.tsv.gz", activity)
        n = (p < 0.05).sum(axis=1)
        motifs = {"motif": MOTIFS, "name": NAMES.values(), "z": [2.0, 1.5, np.nan], "tau": [0.5, 0.9, np.nan]}
        counts = {"peak_cell_type": IMAGE, "n_expression": n, "n_deviation": n, "n_up": n, "n_down": 0}
        self._table("cell_type_motifs", "cell_types/motifs.tsv", pd.DataFrame({**motifs, **counts}))
        test = pd.DataFrame({"column": ["group"], "motif": ["R0M0"], "name": "R0M0", "n_groups": 2, "h": 3.9})
        each = pd.DataFrame({"column": "group", "group": ["tissue", SCRIPT], "motif": "R0M0", "name": "R0M0", "n": 2})
        each = each.assign(mean=[1.0, -1.0], rest=[-1.0, 1.0], difference=[2.0, -2.0], p=0.04, q=0.04)
        kept = slice(None) if grouped else slice(0)
        self._table("groups", "cell_types/groups.tsv", test.assign(p=0.048, q=0.048)[kept])
        self._table("group_effects", "cell_types/group_effects.tsv", each[kept])
        scores = pd.DataFrame({"cell_type": CELL_TYPES, "group": self.groups, "r2": [0.4, 0.3, 0.2, 0.1]})
        scores = scores.assign(n_genes=N_GENES, r2_low=scores["r2"] - 0.05, r2_high=scores["r2"] + 0.05)
        scores = scores.assign(composition_r2=0.05, permutation_p=0.01, f=3.0, f_df1=3, f_df2=36, f_p=1e-3, f_q=2e-3)
        both = [scores.assign(target=target) for target in ("expression", "deviation")]
        self._table("cell_type_performance", "cell_types/performance.tsv", pd.concat(both))
        null = pd.DataFrame({"target": ["expression", "deviation"] * 2, "permutation": [1, 1, 2, 2]})
        self._table("null", "cell_types/null.tsv", null.assign(significant_share=[0.0, 0.0, 2e-4, 0.0]))

    def _links(self, linked: bool) -> None:
        rows = [
            (motif, cell_type, rank + 1, GENES[gene], GENE_NAMES[gene], 0.5 - 0.1 * rank, 3)
            for motif in MOTIFS
            for cell_type in ("", *CELL_TYPES)
            for rank, gene in enumerate((N_GENES - 2, 0, 3))
        ]
        columns = ["motif", "cell_type", "rank", "gene_id", "gene_name", "contribution", "hits"]
        self._parquet("targets", "cell_types/targets.parquet", pd.DataFrame(rows, columns=columns))
        factors = [
            ("R0M0", "R0M0", SCRIPT, IMAGE, "match", QUOTE, 2e-4, 1e-3, True, 4, 0.9, 0.5, 0.98, 1e-3, 2e-3, 0.3, 1),
            ("R0M0", "R0M0", "ABSENT", "", "match", "MA0001", 0.1, 0.2, False, 0, *[np.nan] * 7),
        ]
        columns = [
            "motif",
            "name",
            "factor",
            "gene_id",
            "link",
            "known_motif",
            "e_value",
            "q_match",
            "in_expression",
            "n",
            "r",
            "r_low",
            "r_high",
            "p",
            "q",
            "q_genes",
            "rank",
        ]
        self._table("factors", "cell_types/factors.tsv", pd.DataFrame(factors if linked else [], columns=columns))
        factor_expression = self.values.loc[[IMAGE]] - self.values.mean()
        self._parquet("factor_expression", "cell_types/factor_expression.parquet", factor_expression, index=True)
        sets = {"motif": ["R0M0"], "name": "R0M0", "cell_type": [IMAGE], "gene_set": [SCRIPT], "description": QUOTE}
        numbers = {"universe": 40, "set_size": 9, "targets": 10, "overlap": 7, "odds_ratio": 4.2, "p": 1e-4, "q": 1e-3}
        self._table("enrichment", "cell_types/enrichment.tsv.gz", pd.DataFrame({**sets, **numbers}))
        truth = {"measure": [SCRIPT], "value": [0.95], "goal": [">= 0.9"], "passed": ["True"]}
        self._table("verdict", "truth/verdict.tsv", pd.DataFrame(truth))

    def _gene_groups(self, found: bool) -> None:
        sizes = {"arm": "kmeans", "group": [1, 2], "n": [15, 25], "mean": [-0.75, 0.42], "low": [-0.8, 0.38]}
        summary = pd.DataFrame({**sizes, "high": [-0.7, 0.46], "predicted": [-0.6, 0.3], "gc": 0.5, "cpg_oe": 0.6})
        self._table("group_summary", "grammar/group_summary.tsv", summary.assign(median=0.0, q25=-1.0, q75=1.0))
        tests = [
            ("kmeans", "eta2", 0.289, 0.272, 0.307, np.nan),
            ("kmeans", "r2_prediction", 0.457, 0.442, 0.472, 0.0),
            ("kmeans", "beyond_prediction", 0.0019, 0.0011, 0.0034, 2e-8),
            ("kmeans", "ari_folds", -0.0001, np.nan, np.nan, np.nan),
            ("row_centred", "eta2", 0.143, 0.13, 0.157, np.nan),
            ("prediction_quantiles", "eta2", 0.436, 0.421, 0.452, np.nan),
            ("prediction_quantiles", "beyond_prediction", 0.006, 0.0043, 0.0081, 1e-9),
        ]
        columns = ["arm", "measure", "value", "low", "high", "p"]
        self._table("group_tests", "grammar/group_tests.tsv", pd.DataFrame(tests, columns=columns))
        choice = pd.DataFrame({"k": [2, 3], "silhouette": [0.2, 0.1], "stability": 0.9, "chosen": [True, False]})
        self._table("group_choice", "grammar/group_choice.tsv", choice)
        pairs = pd.MultiIndex.from_product([[1, 2], MOTIFS], names=["group", "motif"]).to_frame(index=False)
        enriched = pairs.assign(log2_odds=[1.5, -1.2, 0.1, 0.2, 0.9, 0.0], q=[1e-4, 1e-3, 0.9, 0.8, 0.02, 0.9])
        calls = ["enriched", "depleted", "none", "none", "enriched", "none"] if found else "none"
        self._table("group_motifs", "grammar/group_motifs.tsv", enriched.assign(name="x", p=enriched["q"], call=calls))
        roles = {"motif": MOTIFS, "name": NAMES.values(), "contribution": [0.02, -0.01, 0.0], "standard_error": 0.001}
        role = ["active", "repressive", "unclear"] if found else "unclear"
        roles = pd.DataFrame({**roles, "role": role, "enriched_in": ["1", "2", ""] if found else ""})
        self._table("motif_roles", "grammar/motif_roles.tsv", roles)
        feature = {"feature": [SCRIPT, "R0M0"], "name": [IMAGE, ""], "share_of_variance": [0.2, 0.1]}
        self._table("features", "grammar/features.tsv", pd.DataFrame(feature))
        control = ("groups of permuted genes", SCRIPT, 0.04, 0.05, 20)
        controls = pd.DataFrame([control, (IMAGE, "rules of distance", 0, np.nan, 20)][: 2 * found])
        columns = ["control", "measure", "value", "nominal", "n"]
        self._table(
            "grammar_controls", "grammar/controls.tsv", controls.reindex(columns=range(5)).set_axis(columns, axis=1)
        )
        truth = {"measure": [IMAGE], "value": [0.93], "goal": [">= 0.9"], "passed": ["True"]}
        self._table("grammar_verdict", "truth/grammar_verdict.tsv", pd.DataFrame(truth))
        self.paths["grammar_figures"] = [str(self._path(f"figures/{name}.png")) for name in FIGURES]
        for path in self.paths["grammar_figures"]:
            matplotlib.image.imsave(path, np.zeros(FIGURE_SIZE[::-1]))

    def _communities(self, found: bool) -> None:
        nodes = pd.DataFrame({"motif": MOTIFS, "node": ["R0M0", SCRIPT, SCRIPT], "name": list(NAMES.values())})
        self._table("nodes", "grammar/nodes.tsv", nodes)
        pair = {"first": ["R0M0"], "second": [SCRIPT], "n_both": 12, "expected": 6.0, "ratio": 2.0, "q": 1e-4}
        self._table("pairs", "grammar/pairs.tsv.gz", pd.DataFrame({**pair, "edge": found}))
        members = {"node": ["R0M0", SCRIPT], "name": ["R0M0", QUOTE], "community": [1, 1] if found else np.nan}
        self._table("communities", "grammar/communities.tsv", pd.DataFrame(members))
        row = {"community": [1], "n_nodes": 2, "density": 1.0, "needed": 2, "n_carriers": 12, "difference": 0.31}
        row |= {"low": 0.1, "high": 0.52, "q": 0.012, "together": -0.07, "together_low": -0.2, "together_high": 0.06}
        kept = slice(None) if found else slice(0)
        self._table(
            "community_summary", "grammar/community_summary.tsv", pd.DataFrame({**row, "together_q": 0.3})[kept]
        )
        scan = {"resolution": [1.0], "modularity": 0.4, "null_mean": 0.1, "p": 0.01, "stability": 1.0, "chosen": True}
        self._table("modularity", "grammar/modularity.tsv", pd.DataFrame(scan)[kept])

    def _distances(self, found: bool) -> None:
        kept = slice(None) if found else slice(0)
        lie = {"first": ["R0M0", SCRIPT, "R0M0"], "second": [SCRIPT, SCRIPT, "R0M0"]}
        lie |= {"orientation": ["opposite", "tandem", "convergent"], "order": ["second_first", "either", "either"]}
        rules = pd.DataFrame(lie).assign(rule=[1, 2, 3], distance=[6, 20, 6], low=[6, 20, 6], high=[6, 29, 6])
        rules = rules.assign(observed=65, expected=2.36, fold=27.5, q=8.7e-12, n_promoters=65, gap_information=0.01)
        rules = rules.assign(status=["rule", "composite", "shadow"], shadow_of=["", "", "1"])
        self._table("spacing", "grammar/spacing.tsv", rules[kept])
        self._table("spacing_pairs", "grammar/spacing_pairs.tsv.gz", pd.DataFrame(lie).assign(p=0.5, q=1.0))
        effect = {"rule": [1, 2], "difference": [0.3, np.nan], "adjusted": [0.25, np.nan], "adjusted_q": [0.03, np.nan]}
        effects = pd.DataFrame({**effect, "adjusted_low": [0.05, np.nan], "adjusted_high": [0.45, np.nan]})
        self._table("spacing_expression", "grammar/spacing_expression.tsv", effects[kept])
        moved = rules.iloc[[0, 0, 0], :4].assign(distance=[4, 7, 20], n=200, effect=[0.01, 0.08, 0.03])
        moved = moved.assign(low=moved["effect"] - 0.005, high=moved["effect"] + 0.005)
        self._table("relocation", "grammar/relocation.tsv", moved[kept])

    def _places(self, found: bool) -> None:
        names = [*MOTIFS, SCRIPT, "DPE", "TATA box, yeast"]
        kinds = [LEARNED, LEARNED, DATABASE, *["core element"] * 3]
        table = pd.DataFrame({"motif": names, "name": names, "kind": kinds})
        table = table.assign(bin_strand="sense", bin_low=-29, bin_high=-20, bin_observed=58, bin_expected=8.7)
        table = table.assign(bin_fold=6.7, bin_p=1e-26, bin_q=[1e-23, 1e-20, 0.2, 1, 1, 1], peak_position=-28)
        table = table.assign(peak_strand="both", peak_fold=9.0, peak_q=1e-5, sense_share=0.55, strand_q=0.2)
        near = {
            "expected_position": [np.nan] * 3 + [-30, 27, np.nan],
            "near_position": [np.nan] * 3 + [-31, 29, np.nan],
        }
        near |= {"near_fold": [np.nan] * 3 + [12.4, 1.1, np.nan], "near_q": [np.nan] * 3 + [1e-40, 0.7, np.nan]}
        table = table.assign(**near)
        self._table("positions", "grammar/positions.tsv", table if found else table[:3].assign(bin_q=1.0))

    def _attention(self, found: bool | None) -> None:
        self.paths |= {"attention_motifs": [], "attention_rules": [], "attention_gaps": []}
        if found is None:
            return
        kept = slice(None) if found else slice(0)
        motifs = pd.DataFrame({"motif": [SCRIPT, "TGANTCA"], "consensus": ["CCGGAAGT", "TGANTCA"], "n": [1234, 0]})
        motifs = motifs.assign(n_filters=3, n_runs=[2, 1], n_genes=[987, 0], palindrome=[False, True])
        motifs = motifs.assign(sense=[0.61, np.nan], change=[0.123, np.nan])
        motifs = motifs.assign(change_low=motifs["change"] - 0.01, change_high=motifs["change"] + 0.01)
        self._table("attention_motifs", "grammar/argminn/motifs.tsv", motifs)
        rules = pd.DataFrame({"rule": [1, 2], "sentence": [f"{QUOTE} 5 bp after A", "A twice"], "n_genes": [41, 30]})
        rules = rules.assign(n=44, expected=8.25, fold=5.333, q=1.5e-8, runs_found=[2, 0], runs_tested=2)
        rules = rules.assign(grammar_rule=[1, np.nan], grammar_status=["rule", None], grammar_share=[0.75, 0])
        self._table("attention_rules", "grammar/argminn/syntax.tsv", rules[kept])
        gaps = pd.DataFrame({"gap": range(1500), "q": 1.0})
        self._table("attention_gaps", "grammar/argminn/gaps.tsv.gz", gaps)
        for name in ATTENTION_FIGURES:
            self.paths["grammar_figures"].append(str(self._path(f"figures/{name}.png")))
            matplotlib.image.imsave(self.paths["grammar_figures"][-1], np.zeros(FIGURE_SIZE[::-1]))

    def build(self) -> Path:
        """Build the site; returns its index page."""
        from cisformula.site import build, grammar_tables, run_tables

        report = self.folder / "report"
        report.mkdir(exist_ok=True)
        run = run_tables.read(self.files)
        grammar = grammar_tables.read(self.files, run)
        build.Site(run, grammar, self.config, self.cards).write(report / "index.html", report / "site")
        return report / "index.html"
