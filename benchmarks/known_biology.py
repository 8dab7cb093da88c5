"""What is known of factors and cell types, looked for in a finished run: found or not found, nothing tuned.

    python benchmarks/known_biology.py results/human tests/real/known_biology_human.tsv

A motif of the formula stands for a factor if it bears its name, stands for a motif that does, matches one at q < 0.05,
or holds a word. An expectation is found if the deviation of expression from the mean over cell types has an effect of
the expected sign at q < 0.05 (over all motif x cell type pairs) in at least one of the cell types, by least squares or
else by ridge regression, where motifs that resemble each other share an effect. The table gives the number of cell
types with an effect, and the mean activity z over the cell types beside that over all others.
"""

import re
import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from cisformula.pwm import Motif, read_meme
from cisformula.sequence import reverse_complement

FDR = 0.05
TEXT = {"sep": "\t", "keep_default_na": False}


def names_of(row: pd.Series) -> list[str]:
    """Names of the known motifs that a row of the formula's table bears, stands for or matches."""
    stands_for = [part.strip(" ()") for label in row["stands_for"].split("; ") for part in label.split(" ", 1)]
    matched = [row["match"]] if row["match"] and float(row["match_q"] or 1) < FDR else []
    return [part for name in (row["name"], *stands_for, *matched) for part in name.split("::")]


def stands_for(row: pd.Series, motif: Motif, pattern: str) -> bool:
    """Whether a motif of the formula stands for factors, given as a regular expression with ``word:`` for a word."""
    words = re.findall(r"word:([ACGT]+)", pattern)
    consensus = motif.consensus
    if any(word in text for word in words for text in (consensus, reverse_complement(consensus))):
        return True
    return any(re.fullmatch(pattern, name, flags=re.IGNORECASE) for name in names_of(row))


def look_for(expected: pd.Series, formula: pd.DataFrame, motifs: dict[str, Motif], effects, activity) -> dict:
    """One row of the answer."""
    ids = [row["motif"] for _, row in formula.iterrows() if stands_for(row, motifs[row["motif"]], expected["factors"])]
    answer = {"expectation": expected["expectation"], "motifs": len(ids)}
    if not ids:
        return answer | {"found": "no such motif in the formula"}
    sign = 1 if expected["sign"] == "+" else -1
    there = effects["cell_type"].str.fullmatch(expected["cell_types"])
    mine = effects[there & effects["motif"].isin(ids)]
    right, wrong = (mine[(mine["q"] < FDR) & (way * mine["coefficient"] > 0)] for way in (sign, -sign))
    shared, not_shared = (
        mine[(mine["ridge_q"] < FDR) & (way * mine["ridge_coefficient"] > 0)] for way in (sign, -sign)
    )
    z = activity[activity["motif"].isin(ids)]
    inside = z["cell_type"].str.fullmatch(expected["cell_types"])
    best = mine.loc[(sign * mine["t"]).idxmax()]
    return answer | {
        "strongest": f"{best['name']} in {best['cell_type']}, t = {best['t']:.1f}, q = {best['q']:.2g}",
        "cell_types": mine["cell_type"].nunique(),
        "with_effect": right["cell_type"].nunique(),
        "opposite": wrong["cell_type"].nunique(),
        "with_ridge_effect": shared["cell_type"].nunique(),
        "ridge_opposite": not_shared["cell_type"].nunique(),
        "z_there": round(z.loc[inside, "z"].mean(), 2),
        "z_elsewhere": round(z.loc[~inside, "z"].mean(), 2),
        "found": "found" if len(right) else "by ridge" if len(shared) else "not found",
    }


def main(results: Path, expectations: Path) -> None:
    """Print the answers as a table."""
    formula = pd.read_csv(results / "formula" / "formula.tsv", **TEXT)
    motifs = {motif.id: motif for motif in read_meme(results / "formula" / "formula.meme")}
    effects = pd.read_csv(results / "cell_types" / "effects.tsv.gz", **TEXT, na_values=[""])
    effects = effects[(effects["target"] == "deviation") & effects["t"].notna()]
    activity = pd.read_csv(results / "cell_types" / "activity.tsv.gz", **TEXT, na_values={"z": ""})
    expected = pd.read_csv(expectations, **TEXT)
    answers = [look_for(row, formula, motifs, effects, activity) for _, row in expected.iterrows()]
    counts = ("cell_types", "with_effect", "opposite", "with_ridge_effect", "ridge_opposite")
    table = pd.DataFrame(answers).astype(dict.fromkeys(counts, "Int64"))
    print(table.to_csv(sep="\t", index=False), end="")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
