"""Expression matrices: reading with every check, log scale, missing values, and the join with promoters by gene id."""

import difflib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from .errors import InputError
from .textfile import UNFIT, check_name, open_text, read_lines, split_fields

VERSION_SUFFIX = r"\.\d+$"
"""What Ensembl and NCBI append to a gene id; ``ENSG00000141510.18`` is ``ENSG00000141510``."""
EXAMPLES = 5
"""Number of lost ids shown per source."""


class Joined(NamedTuple):
    """Genes that have both a promoter and expression, in promoter order.

    Attributes
    ----------
    genes : pd.DataFrame, shape (n_genes, 9)
        ``gene_id gene_name chrom tss strand gc cpg_oe median target``; ``median`` over cell types on the log scale,
        ``target`` its z-score over genes.
    expression : pd.DataFrame, shape (n_genes, n_cell_types), float64
        Log-scale values, indexed by ``gene_id``.
    report : pd.DataFrame
        ``source genes lost example_ids``.
    rows : np.ndarray, shape (n_genes,), int64
        Row of the promoter table that each gene came from.
    """

    genes: pd.DataFrame
    expression: pd.DataFrame
    report: pd.DataFrame
    rows: np.ndarray


def _read_csv(path: str | Path, **options) -> pd.DataFrame:
    """``pandas.read_csv`` without header line, whose complaints about the file become an :class:`InputError`."""
    fix = "Give every line the same number of columns."
    try:
        with open_text(path) as text:
            return pd.read_csv(text, header=None, skip_blank_lines=False, **options)
    except pd.errors.EmptyDataError:
        problem = "the table has no lines below its header"
    except pd.errors.ParserError as error:
        problem = f"the table cannot be read ({str(error).strip()})"
        if "inside string" in problem:
            fix = "Close or remove the quotation mark."
    raise InputError(f"{problem}.", place=str(path), fix=fix)


def read_header(path: str | Path) -> tuple[str, list[str]]:
    """Delimiter and column names of a table, the name of the gene column first, without blanks around them.

    The delimiter is the first of tab, comma and semicolon that the first line holds. A header that is one name short
    (as R writes it) has no name for the gene column.

    Raises
    ------
    InputError
        Empty file, no delimiter, no second line, or a column name that is empty, repeated or no text.
    """
    with open_text(path) as text:
        first, second = text.readline(), text.readline()
    delimiter = next((mark for mark in "\t,;" if mark in first), None)
    if delimiter is None or not second.strip():
        what = (
            "is empty" if not first.strip() else "has no columns" if delimiter is None else "has a header but no lines"
        )
        raise InputError(
            f"the table {what}.",
            place=str(path),
            fix="Give a tab- or comma-separated table: a header, then one line per gene (or cell type), its id first.",
        )
    names, row = (
        split_fields(line.rstrip("\n"), delimiter, f"{path}:{number}")
        for number, line in enumerate((first, second), start=1)
    )
    names = [name.strip() for name in names]
    if len(names) == len(row) - 1:
        names = ["", *names]
    _check_columns(names, path)
    return delimiter, names


def _check_columns(names: list[str], path: str | Path) -> None:
    for place, name in enumerate(names[1:], start=2):
        check_name(name, "column name", f"{path}:1")
        if not name:
            raise InputError(
                f"column {place} has no name.",
                place=f"{path}:1",
                fix="Name every column but the first, and end no line in a tab or comma.",
            )
    _require_different(names[1:], path)


def _require_different(names: list[str], path: str | Path) -> None:
    repeated = sorted(name for name, number in Counter(names).items() if number > 1)
    if repeated:
        raise InputError(
            f"column name {repeated[0]!r} occurs more than once ({len(repeated)} such names).",
            place=f"{path}:1",
            fix="Give every cell type its own column name, or average the replicates first.",
        )


def _read_ids(path: str | Path, delimiter: str) -> pd.Series:
    """The first column below the header, without blanks around it."""
    ids = _read_csv(path, sep=delimiter, skiprows=1, usecols=[0], dtype=str, keep_default_na=False)[0].str.strip()
    for row in ids.index[ids.str.contains(UNFIT)][:1]:
        check_name(ids[row], "gene id", f"{path}:{row + 2}")
    return ids


def _lines_of(path: str | Path, rows: np.ndarray) -> Iterator[tuple[int, str]]:
    """Number and text of the lines that hold the chosen rows; ``rows`` of shape (n_rows,), bool."""
    if rows.any():
        for number, line in islice(read_lines(path), 1, 1 + len(rows)):
            if rows[number - 2]:
                yield number, line


def count_without_id(path: str | Path) -> int:
    """Number of lines of a matrix that hold something but no gene id; :func:`read_matrix` leaves them out."""
    delimiter, _ = read_header(path)
    without = (_read_ids(path, delimiter) == "").to_numpy()
    return sum(bool(line.replace(delimiter, "").strip()) for _, line in _lines_of(path, without))


def read_matrix(path: str | Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Read an expression matrix.

    Parameters
    ----------
    path : str or Path
        TSV or CSV, plain or gzip; a header, then one gene per line with its id in the first column.
    columns : list of str, optional
        Cell types to read, in this order; all by default. Other columns may hold text.

    Returns
    -------
    pd.DataFrame, shape (n_genes, n_cell_types), float64
        Indexed by gene id; NaN where the file has no value.

    Raises
    ------
    InputError
        Repeated column names or gene ids, an unknown column, text or infinity in place of a number.
    """
    delimiter, names = read_header(path)
    places = {name: place for place, name in enumerate(names) if place > 0}
    used = list(places) if columns is None else columns
    for name in used:
        if name not in places:
            raise InputError(
                f"the expression matrix has no column {name!r}.", place=str(path), fix=_nearest(name, list(places))
            )
    ids = _read_ids(path, delimiter)
    filled = ids != ""
    _require_unique(ids[filled], path)
    matrix = _read_numbers(path, delimiter, names, [places[name] for name in used])
    matrix = matrix.set_axis(list(used), axis=1)[filled.to_numpy()]
    if np.isinf(matrix.to_numpy()).any():
        row, column = np.argwhere(np.isinf(matrix.to_numpy()))[0]
        raise InputError(
            f"infinite value for gene {ids[matrix.index[row]]!r} in column {used[column]!r}.",
            place=f"{path}:{matrix.index[row] + 2}",
            fix="Replace it by a finite number, or leave it empty for a missing value.",
        )
    return matrix.set_axis(pd.Index(ids[filled], name="gene_id"), axis=0)


def _read_numbers(path: str | Path, delimiter: str, names: list[str], places: list[int]) -> pd.DataFrame:
    """The columns at ``places`` as numbers, in this order, one row for each line below the header."""
    layout = {"sep": delimiter, "skiprows": 1}
    text = dict.fromkeys(range(len(names)), str)
    try:
        # All columns are read, so that a line with too many values is noticed.
        matrix = _read_csv(path, **layout, dtype=text | dict.fromkeys(places, np.float64))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        table = _read_csv(path, **layout, dtype=text)
        _require_width(table, names, path)
        _fail_text(table[[0, *places]], names, path)
        raise
    _require_width(matrix, names, path)
    # pandas takes a column of nothing but truth values for ones and zeros.
    first = _read_csv(path, **layout, nrows=1, dtype=str, keep_default_na=False)
    for place in places:
        if first.at[0, place].strip().lower() in ("true", "false"):
            _fail_number(first.at[0, place], first.at[0, 0], names[place], f"{path}:2")
    # And what a line lacks for missing values.
    for number, line in _lines_of(path, matrix[matrix.columns[-1]].isna().to_numpy()):
        fields = split_fields(line, delimiter, f"{path}:{number}") if line.strip() else names
        if len(fields) < len(names):
            raise InputError(
                f"{len(fields)} columns, the header has {len(names)}.",
                place=f"{path}:{number}",
                fix="Leave missing values empty but keep their tabs or commas; the file may also be cut short.",
            )
    return matrix[places]


def _require_width(table: pd.DataFrame, names: list[str], path: str | Path) -> None:
    if table.shape[1] != len(names):
        raise InputError(
            f"{len(names)} names in the header, but {table.shape[1]} columns.",
            place=f"{path}:1",
            fix="Give every column a name (that of the first may be left out) and every line a value for each.",
        )


def _nearest(name: str, names: list[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Its columns are: {', '.join(names[:5])} ..."


def _require_unique(ids: pd.Series, path: str | Path) -> None:
    again = ids[ids.duplicated()]
    if len(again):
        raise InputError(
            f"gene id {again.iloc[0]!r} occurs more than once ({again.nunique()} such ids).",
            place=f"{path}:{again.index[0] + 2}",
            fix="Keep one line per gene, or add up (TPM, counts) or average (log) its lines first.",
        )


def _fail_text(table: pd.DataFrame, names: list[str], path: str | Path) -> None:
    """Say where the first text stands that should be a number."""
    for place in table.columns[1:]:
        wrong = table[place][table[place].notna() & pd.to_numeric(table[place], errors="coerce").isna()]
        if len(wrong):
            row = wrong.index[0]
            _fail_number(wrong.iloc[0], table[0][row], names[place], f"{path}:{row + 2}")


def _fail_number(text: str, gene: str, column: str, place: str) -> None:
    raise InputError(
        f"{text!r} is not a number (gene {gene!r}, column {column!r}).",
        place=place,
        fix="Write numbers with a decimal point and leave missing values empty; "
        "if other columns hold text, name the cell types in expression_scale: columns.",
    )


def read_cell_types(path: str | Path) -> pd.DataFrame:
    """Read a cell-type sheet: TSV or CSV with a column ``cell_type`` and any others, all as text.

    Raises
    ------
    InputError
        No column ``cell_type``, or a cell type with two rows.
    """
    delimiter, names = read_header(path)
    if "cell_type" not in names:
        raise InputError(
            f"the cell-type sheet has no column 'cell_type' (its columns: {', '.join(names)}).",
            place=f"{path}:1",
            fix="Name the column that holds the matrix's column names 'cell_type'.",
        )
    _require_different(names, path)
    sheet = _read_csv(path, sep=delimiter, skiprows=1, dtype=str, keep_default_na=False)
    _require_width(sheet, names, path)
    sheet = sheet.set_axis(names, axis=1)[[name for name in names if name]]
    sheet["cell_type"] = sheet["cell_type"].str.strip()
    for row in sheet.index[sheet["cell_type"].str.contains(UNFIT)][:1]:
        check_name(sheet["cell_type"][row], "cell type", f"{path}:{row + 2}")
    sheet = sheet[sheet["cell_type"] != ""]
    again = sheet["cell_type"][sheet["cell_type"].duplicated()]
    if len(again):
        raise InputError(
            f"cell type {again.iloc[0]!r} has more than one row.", place=f"{path}:{again.index[0] + 2}", fix="Keep one."
        )
    return sheet.reset_index(drop=True)


def choose_columns(
    names: list[str], columns: list[str] | None, sheet: pd.DataFrame | None, panel_column: str | None
) -> list[str]:
    """Cell types to use, in matrix order.

    Parameters
    ----------
    names : list of str
        Cell types of the matrix.
    columns : list of str or None
        Names to use (config ``expression_scale: columns``).
    sheet : pd.DataFrame or None
        Cell-type sheet.
    panel_column : str or None
        Column of the sheet; rows with ``yes`` are used (config ``expression_scale: panel_column``).

    Raises
    ------
    InputError
        Both ways are given, a name is not in the matrix, or the panel is empty.
    """
    if columns and panel_column:
        raise InputError(
            "two selections of cell types are given.",
            place="config: expression_scale",
            fix="Set either columns or panel_column, and the other to null.",
        )
    if panel_column:
        if sheet is None or panel_column not in sheet.columns:
            raise InputError(
                f"there is no cell-type sheet with a column {panel_column!r}.",
                place="config: expression_scale: panel_column",
                fix="Give cell_types a sheet with that column (yes or no for each cell type), or set it to null.",
            )
        columns = sheet["cell_type"][sheet[panel_column].str.strip().str.lower() == "yes"].tolist()
        if not columns:
            raise InputError(
                f"no cell type has 'yes' in column {panel_column!r}.",
                place="config: expression_scale: panel_column",
                fix="Write yes in the sheet for the cell types to use, or set panel_column to null.",
            )
    for name in columns or []:
        if name not in names:
            raise InputError(
                f"cell type {name!r} is not a column of the expression matrix.",
                place="config: expression_scale",
                fix=_nearest(name, names),
            )
    return [name for name in names if not columns or name in set(columns)]


def describe_cell_types(sheet: pd.DataFrame | None, used: list[str], path: str | Path | None = None) -> pd.DataFrame:
    """Rows of the sheet for the cell types used, in matrix order; shape (n_cell_types, >= 3).

    Columns ``cell_type source group`` come first; ``source`` is empty and ``group`` is ``all`` where the sheet (or its
    cell) says nothing.

    Raises
    ------
    InputError
        The sheet lacks a cell type that is used.
    """
    if sheet is None:
        sheet = pd.DataFrame({"cell_type": used})
    missing = sorted(set(used) - set(sheet["cell_type"]), key=used.index)
    if missing:
        raise InputError(
            f"the sheet lacks {len(missing)} of the matrix's columns, e.g. {', '.join(map(repr, missing[:3]))}.",
            place=str(path),
            fix="Add a row for each, or choose columns by expression_scale: columns or panel_column.",
        )
    table = sheet.set_index("cell_type").loc[used].reset_index()
    for name, default in (("source", ""), ("group", "all")):
        values = table[name].str.strip() if name in table else pd.Series("", index=table.index)
        table[name] = values.where(values != "", default)
    first = ["cell_type", "source", "group"]
    return table[first + [name for name in table.columns if name not in first]]


def log_scale(matrix: pd.DataFrame, scale: str, pseudocount: float, path: str | Path) -> pd.DataFrame:
    """Bring a matrix to log scale; missing values stay missing. Parameters and errors as in :func:`to_log`."""
    if scale == "log":
        return matrix
    if (matrix.to_numpy() < 0).any():
        row, column = np.argwhere(matrix.to_numpy() < 0)[0]
        raise InputError(
            f"negative value {matrix.iat[row, column]:g} on a linear scale "
            f"(gene {matrix.index[row]!r}, column {matrix.columns[column]!r}).",
            place=str(path),
            fix="Set expression_scale: input to log if the values are logarithms; otherwise correct them.",
        )
    return np.log10(matrix + pseudocount)


def to_log(matrix: pd.DataFrame, scale: str, pseudocount: float, missing: str, path: str | Path) -> pd.DataFrame:
    """Bring a matrix to log scale and settle its missing values.

    Parameters
    ----------
    matrix : pd.DataFrame, shape (n_genes, n_cell_types), float64
        NaN where a value is missing.
    scale : {"linear", "log"}
        ``linear`` values x become log10(x + pseudocount); ``log`` values of any base stay as they are.
    pseudocount : float
        Same unit as the matrix.
    missing : {"drop_gene", "zero", "median"}
        Leave out genes with a missing value; take it as 0 on the input scale; or as the gene's median over its other
        cell types.
    path : str or Path
        Named in error messages.

    Returns
    -------
    pd.DataFrame, shape (n_genes_kept, n_cell_types), float64
        Without NaN; genes without any value are left out unless ``missing`` is ``zero``.

    Raises
    ------
    InputError
        A negative value on the linear scale, or no gene is left.
    """
    if missing == "zero":
        matrix = matrix.fillna(0.0)
    matrix = log_scale(matrix, scale, pseudocount, path)
    if missing == "drop_gene":
        matrix = matrix.dropna()
    elif missing == "median":
        matrix = matrix.dropna(how="all")
        medians = matrix.median(axis=1).to_numpy()[:, None]
        matrix = matrix.where(matrix.notna(), np.broadcast_to(medians, matrix.shape))
    if matrix.empty:
        raise InputError(
            "no gene has a value in every cell type used." if missing == "drop_gene" else "the matrix holds no value.",
            place=str(path),
            fix="Set expression_scale: missing to median or zero, or use fewer cell types.",
        )
    return matrix


def read_gene_id_map(path: str | Path) -> dict[str, str]:
    """Map of the matrix's gene ids to the annotation's: two columns, from and to, with or without a header.

    Raises
    ------
    InputError
        Fewer than two columns, or an id with two different targets.
    """
    delimiter = read_header(path)[0]
    table = _read_csv(path, sep=delimiter, usecols=[0, 1], dtype=str, keep_default_na=False)
    table = table.apply(lambda column: column.str.strip())
    table = table[(table[0] != "") & (table[1] != "")].drop_duplicates()
    again = table[table[0].duplicated()]
    if len(again):
        raise InputError(
            f"gene id {again[0].iloc[0]!r} is mapped to more than one id.",
            place=f"{path}:{again.index[0] + 1}",
            fix="Keep one target for each id.",
        )
    return dict(zip(table[0], table[1], strict=True))


def match_ids(promoter_ids: pd.Series, expression_ids: pd.Index) -> tuple[np.ndarray, str]:
    """Row of the matrix for each promoter, with or without version suffixes, whichever joins more genes.

    Parameters
    ----------
    promoter_ids : pd.Series, shape (n_promoters,)
    expression_ids : pd.Index, shape (n_genes,), unique

    Returns
    -------
    rows : np.ndarray, shape (n_promoters,), int64
        -1 where the matrix has no such gene.
    stripped : str
        ``""``, or whose version suffixes were left out: ``promoters``, ``expression`` or ``both``.
    """
    promoters, genes = pd.Index(promoter_ids), pd.Index(expression_ids)
    bare_promoters, bare_genes = (ids.str.replace(VERSION_SUFFIX, "", regex=True) for ids in (promoters, genes))
    best, best_name = genes.get_indexer(promoters), ""
    for name, wanted, present in (
        ("expression", promoters, bare_genes),
        ("promoters", bare_promoters, genes),
        ("both", bare_promoters, bare_genes),
    ):
        if present.is_unique and wanted.is_unique:
            rows = present.get_indexer(wanted)
            if (rows >= 0).sum() > (best >= 0).sum():
                best, best_name = rows, name
    return best, best_name


def _row(source: str, genes: int, lost: pd.Index | list) -> dict:
    return {"source": source, "genes": genes, "lost": len(lost), "example_ids": ", ".join(map(str, lost[:EXAMPLES]))}


def join(
    promoters: pd.DataFrame,
    matrix: pd.DataFrame,
    usable: pd.DataFrame,
    gene_ids: dict[str, str],
    min_genes: int,
    path: str | Path,
    without_id: int = 0,
) -> Joined:
    """Join promoters and expression by gene id, and make the target.

    Parameters
    ----------
    promoters : pd.DataFrame
        Columns ``gene_id gene_name chrom tss strand gc cpg_oe``, one row per gene.
    matrix : pd.DataFrame
        All genes of the matrix, as :func:`read_matrix` returns them; only its index is used.
    usable : pd.DataFrame, shape (n_usable, n_cell_types)
        The genes and log-scale values that :func:`to_log` leaves.
    gene_ids : dict of str to str
        Matrix id to annotation id; ids that are not in it stay. Of matrix ids with the same target the first is used.
    min_genes : int
        Fewest genes to go on with.
    path : str or Path
        Matrix, named in error messages.
    without_id : int
        Lines of the matrix without gene id, for the report; see :func:`count_without_id`.

    Returns
    -------
    Joined

    Raises
    ------
    InputError
        No or fewer than ``min_genes`` genes in common, or the same median for all.
    """
    report = []
    new_ids = pd.Index([gene_ids.get(name, name) for name in usable.index])
    repeated = new_ids.duplicated()
    if gene_ids:
        n_mapped = sum(name in gene_ids for name in usable.index)
        report.append(_row("gene ids mapped (lost: second id of the same gene)", n_mapped, usable.index[repeated]))
    own_ids, usable, new_ids = usable.index[~repeated], usable[~repeated], new_ids[~repeated]

    rows, stripped = match_ids(promoters["gene_id"], new_ids)
    found = np.flatnonzero(rows >= 0)
    if not len(found):
        raise InputError(
            f"no gene id is shared by promoters ({', '.join(promoters['gene_id'][:3])} ...) "
            f"and expression ({', '.join(new_ids[:3])} ...).",
            place=str(path),
            fix="Give gene_id_map a table of expression ids and annotation ids, or set promoters: bed_gene_column.",
        )
    joined_own_ids = own_ids[rows[found]]
    report = [
        _row("promoters", len(promoters), promoters["gene_id"][rows < 0].tolist()),
        _row("expression", len(matrix), matrix.index[~matrix.index.isin(joined_own_ids)]),
        _row("expression with the values needed", len(own_ids), own_ids[~own_ids.isin(joined_own_ids)]),
        *report,
    ]
    if stripped:
        report.append(_row(f"version suffix left out ({stripped})", len(found), []))
    report.append(_row("lines without a gene id, left out", without_id, []))
    gaps = matrix.loc[joined_own_ids].isna().any(axis=1)
    report.append(_row("joined with missing values filled in", int(gaps.sum()), []))
    if usable.shape[1] > 1:
        constant = np.ptp(usable.to_numpy()[rows[found]], axis=1) == 0
        report.append(_row("joined with the same value in every cell type", int(constant.sum()), []))
    report.append(_row("joined", len(found), []))
    if len(found) < min_genes:
        raise InputError(
            f"only {len(found)} genes have both promoter and expression, {min_genes} are needed "
            f"(promoters: {len(promoters)}, expression: {len(matrix)}, with the values needed: {len(own_ids)}).",
            place=str(path),
            fix="Check gene_id_map, the species and release of both, and expression_scale: missing.",
        )

    genes = promoters.iloc[found][["gene_id", "gene_name", "chrom", "tss", "strand", "gc", "cpg_oe"]].reset_index(
        drop=True
    )
    expression = usable.iloc[rows[found]].set_axis(pd.Index(genes["gene_id"], name="gene_id"), axis=0)
    genes["median"] = expression.median(axis=1).to_numpy()
    genes["target"] = z_score(genes["median"].to_numpy(), path)
    return Joined(genes, expression, pd.DataFrame(report), found)


def z_score(values: np.ndarray, path: str | Path) -> np.ndarray:
    """Centre and scale to unit variance over genes (population variance); shape (n_genes,).

    Raises
    ------
    InputError
        All values are the same.
    """
    spread = values.std()
    if not spread > 1e-12:
        raise InputError(
            f"the median expression of all {len(values)} genes is the same ({values[0]:g}).",
            place=str(path),
            fix="Use cell types with expression that varies, or set expression_scale: input to what the matrix holds.",
        )
    return (values - values.mean()) / spread
