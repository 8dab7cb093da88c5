"""The papers behind the methods that a run used."""

from collections.abc import Callable
from typing import NamedTuple


class Citation(NamedTuple):
    """A paper and what it was used for.

    Attributes
    ----------
    use : str
    text : str
        Authors, year, title, journal.
    address : str
        Link to the paper.
    used : callable
        From the configuration to whether the run used the method.
    """

    use: str
    text: str
    address: str
    used: Callable[[dict], bool] = lambda config: True


def _doi(name: str) -> str:
    return f"https://doi.org/{name}"


def _from_jaspar(config: dict) -> bool:
    return config["motif_database"].startswith("JASPAR")


def _trains(name: str) -> Callable[[dict], bool]:
    return lambda config: name in config["comparison_networks"]


def _selects_by(name: str) -> Callable[[dict], bool]:
    return lambda config: config["formula"]["selection"] == name


ALL = [
    Citation(
        "the method: a linear formula of motifs, derived with the help of a network",
        "Liu C & Wang W (2022) Neural network facilitated ab initio derivation of linear formula: a case study on "
        "formulating the relationship between DNA motifs and gene expression. arXiv 2208.09559",
        "https://arxiv.org/abs/2208.09559",
    ),
    Citation(
        "the networks",
        "Liu C & Wang W (2017) Contextual regression: an accurate and conveniently interpretable nonlinear model for "
        "mining discovery from scientific data. arXiv 1710.10728",
        "https://arxiv.org/abs/1710.10728",
    ),
    Citation(
        "training",
        "Abadi M et al. (2016) TensorFlow: a system for large-scale machine learning. OSDI 265-283; and Chollet F "
        "et al. (2015) Keras",
        "https://www.tensorflow.org",
    ),
    Citation(
        "a plain convolutional network to compare with",
        "Agarwal V & Shendure J (2020) Predicting mRNA abundance directly from genomic sequence using deep "
        "convolutional neural networks. Cell Reports 31:107663",
        _doi("10.1016/j.celrep.2020.107663"),
        _trains("xpresso_cnn"),
    ),
    Citation(
        "a sum of independent units to compare with",
        "Novakovsky G et al. (2023) ExplaiNN: interpretable and transparent neural networks for genomics. Genome "
        "Biology 24:154",
        _doi("10.1186/s13059-023-02985-y"),
        _trains("explainn"),
    ),
    Citation(
        "a network that attends to motif sites, to compare with",
        "Tseng AM, Eraslan G, Biancalani T & Scalia G (2024) A mechanistically interpretable neural network for "
        "regulatory genomics. arXiv 2410.06211",
        "https://arxiv.org/abs/2410.06211",
        _trains("argminn"),
    ),
    Citation(
        "known motifs",
        "Castro-Mondragon JA et al. (2022) JASPAR 2022: the 9th release of the open-access database of transcription "
        "factor binding profiles. Nucleic Acids Research 50:D165-D173, for the release JASPAR2022; other releases are "
        "cited on the database's own pages",
        _doi("10.1093/nar/gkab1113"),
        _from_jaspar,
    ),
    Citation(
        "comparison of learned with known motifs",
        "Gupta S et al. (2007) Quantifying similarity between motifs. Genome Biology 8:R24",
        _doi("10.1186/gb-2007-8-2-r24"),
    ),
    Citation(
        "motif sites in promoters",
        "Grant CE, Bailey TL & Noble WS (2011) FIMO: scanning for occurrences of a given motif. Bioinformatics "
        "27:1017-1018",
        _doi("10.1093/bioinformatics/btr064"),
    ),
    Citation(
        "stability selection of motifs",
        "Meinshausen N & Bühlmann P (2010) Stability selection. Journal of the Royal Statistical Society B 72:417-473",
        _doi("10.1111/j.1467-9868.2010.00740.x"),
        _selects_by("stability"),
    ),
    Citation(
        "selection of motifs by the lasso",
        "Tibshirani R (1996) Regression shrinkage and selection via the lasso. Journal of the Royal Statistical "
        "Society B 58:267-288",
        _doi("10.1111/j.2517-6161.1996.tb02080.x"),
        _selects_by("lasso"),
    ),
    Citation(
        "recursive elimination of motifs",
        "Guyon I et al. (2002) Gene selection for cancer classification using support vector machines. Machine "
        "Learning 46:389-422",
        _doi("10.1023/A:1012487302797"),
        _selects_by("rfe"),
    ),
    Citation(
        "standard errors of effects (HC3)",
        "MacKinnon JG & White H (1985) Some heteroskedasticity-consistent covariance matrix estimators with improved "
        "finite sample properties. Journal of Econometrics 29:305-325",
        _doi("10.1016/0304-4076(85)90158-7"),
    ),
    Citation(
        "false discovery rates",
        "Benjamini Y & Hochberg Y (1995) Controlling the false discovery rate: a practical and powerful approach to "
        "multiple testing. Journal of the Royal Statistical Society B 57:289-300",
        _doi("10.1111/j.2517-6161.1995.tb02031.x"),
    ),
    Citation(
        "activity of motifs over cell types",
        "Balwierz PJ et al. (2014) ISMARA: automated modeling of genomic signals as a democracy of regulatory motifs. "
        "Genome Research 24:869-884",
        _doi("10.1101/gr.169508.113"),
    ),
    Citation(
        "specificity of a motif's activity (tau)",
        "Yanai I et al. (2005) Genome-wide midrange transcription profiles reveal expression level relationships in "
        "human tissue specification. Bioinformatics 21:650-659",
        _doi("10.1093/bioinformatics/bti042"),
    ),
    Citation(
        "a second opinion on activities",
        "Badia-i-Mompel P et al. (2022) decoupleR: ensemble of computational methods to infer biological activities "
        "from omics data. Bioinformatics Advances 2:vbac016",
        _doi("10.1093/bioadv/vbac016"),
    ),
    Citation(
        "the promoter grammar: that weighted features group genes and reveal active and repressive motifs, "
        "communities of motifs and distance constraints is claimed by this paper's abstract; the methods used here are "
        "this workflow's own design",
        "Wang S & Wang W (2022) Interpretable prediction of mRNA abundance from promoter sequence using contextual "
        "regression models. bioRxiv",
        _doi("10.1101/2022.08.27.505543"),
    ),
    Citation(
        "communities of motifs",
        "Traag VA, Waltman L & van Eck NJ (2019) From Louvain to Leiden: guaranteeing well-connected communities. "
        "Scientific Reports 9:5233",
        _doi("10.1038/s41598-019-41695-z"),
    ),
    Citation(
        "promoters shuffled with their dinucleotides",
        "Altschul SF & Erickson BW (1985) Significance of nucleotide sequence alignments: a method for random sequence "
        "permutation that preserves dinucleotide and codon usage. Molecular Biology and Evolution 2:526-538",
        _doi("10.1093/oxfordjournals.molbev.a040370"),
    ),
    Citation(
        "the workflow system",
        "Mölder F et al. (2021) Sustainable data analysis with Snakemake. F1000Research 10:33",
        _doi("10.12688/f1000research.29032.2"),
    ),
    Citation(
        "the plots of these pages",
        "Bostock M, Ogievetsky V & Heer J (2011) D3: data-driven documents. IEEE Transactions on Visualization and "
        "Computer Graphics 17:2301-2309; and Observable Plot",
        _doi("10.1109/TVCG.2011.185"),
    ),
]


def of_run(config: dict) -> list[Citation]:
    """The papers behind the methods that a configuration asks for."""
    return [citation for citation in ALL if citation.used(config)]
