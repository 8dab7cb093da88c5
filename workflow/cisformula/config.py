"""The configuration: its defaults, and every check that can be made before a job starts.

Imported by the Snakefile, so it needs nothing but the standard library, PyYAML and jsonschema.
"""

import difflib
import functools
import math
import os
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path, PurePath

import jsonschema
import yaml

from .errors import InputError
from .input_urls import clash, is_url, local_name, mirrored, path_of_file_url

SCHEMA_PATH = Path(__file__).parents[1] / "schemas" / "config.schema.yaml"
README = "config/README.md"
LARGEST_NUMBER = 2**53
"""Whole numbers up to it are exact in every language and file that a configuration passes through."""
INPUT_FILES = ("genome", "annotation", "expression", "cell_types", "gene_id_map")
OPTIONAL_FILES = (("encode", "samples"), ("targets", "gene_sets"), ("apply", "sequences"), ("apply", "variants"))
FILES_OR_WORDS = {("sites", "background"): ("promoters", "uniform"), ("grammar", "core_elements"): ("bundled",)}
"""Keys that name files, with the words that they may hold instead; ``motif_database`` and ``argminn.peaks`` do too."""
ENCODE_FILES = {
    "expression": "results/{dataset}/encode/expression.tsv.gz",
    "cell_types": "results/{dataset}/encode/cell_types.tsv",
}
"""What the workflow makes from ``encode.samples``, and which keys may name it."""
JASPAR_RELEASES = (
    "JASPAR2014",
    "JASPAR2016",
    "JASPAR2018",
    "JASPAR2020",
    "JASPAR2022",
    "JASPAR2024",
    "JASPAR2026",
)

_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""Control characters, and what stands for bytes that are not UTF-8."""
_TYPE_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "keys below it",
    "null": "null",
}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}


@functools.cache
def schema() -> dict:
    """The JSON Schema of the configuration (draft 2020-12)."""
    return yaml.safe_load(SCHEMA_PATH.read_text())


def validate(config: dict) -> None:
    """Fill in the defaults of a configuration and check it, both in place.

    Parameters
    ----------
    config : dict
        What was read from the configuration files; paths are relative to the working directory. Absent keys are added.

    Raises
    ------
    InputError
        With all problems at once: unknown keys, values of the wrong type or outside their range, keys that contradict
        each other, and input files that are not there.
    """
    problems = [*_schema_problems(config), *_unfit_values(config)]
    fill_defaults(config)
    all_values_sound = not problems
    problems += _file_problems(config)
    problems += _url_problems(config)
    if all_values_sound:
        problems += _contradictions(config)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        lines = "".join(f"\n  {number}. {problem}" for number, problem in enumerate(problems, start=1))
        raise InputError(
            f"{len(problems)} problems:{lines}\n",
            place="configuration",
            fix=f"correct each of them; {README} explains every key.",
        )


def replace_urls(config: dict) -> dict[str, str]:
    """Put paths in the place of addresses of input files, in place, in a configuration that is valid.

    Returns
    -------
    dict of str to str
        Path below the folder ``downloads`` to the address that the file has to be fetched from.
    """
    config["downloads"] = str(PurePath(config["downloads"]))
    urls = {}
    for section, key, _ in _urls(config):
        url = section[key]
        section[key] = path_of_file_url(url) or _path_of_url(config, url)
        if path_of_file_url(url) is None:
            urls[section[key]] = url
    return urls


def is_simulated(config: dict) -> bool:
    """Whether the data set is the workflow's own simulation, which it makes and grades itself."""
    return _simulated_data_set(config["genome"]) == config["dataset"]


def window_length(config: dict) -> int:
    """Bases of a promoter."""
    return config["promoters"]["upstream"] + 1 + config["promoters"]["downstream"]


def bin_width(length: int, width: int | None, max_bins: int) -> int | None:
    """Bases of a position bin: as many as asked for, or more where a promoter would have more than ``max_bins``.

    Parameters
    ----------
    length : int
        Bases of a promoter.
    width : int or None
        None for no bins.
    max_bins : int
    """
    return width and max(width, math.ceil(length / max_bins))


def fill_defaults(config: dict) -> None:
    """Add absent keys with their defaults, in place; ``5.0`` becomes ``5`` where a whole number is due."""
    _fill(config, schema())


def _fill(section: dict, section_schema: dict) -> None:
    for key, key_schema in section_schema["properties"].items():
        value = section.setdefault(key, deepcopy(key_schema["default"]))
        if key_schema["type"] == "object" and isinstance(value, dict):
            _fill(value, key_schema)
        else:
            section[key] = _with_whole_numbers(value, key_schema)


def _with_whole_numbers(value: object, value_schema: dict) -> object:
    if isinstance(value, list):
        return [_with_whole_numbers(item, value_schema.get("items", {})) for item in value]
    if isinstance(value, dict):
        properties = value_schema.get("properties", {})
        return {key: _with_whole_numbers(item, properties.get(key, {})) for key, item in value.items()}
    due = "integer" in value_schema.get("type", ())
    return int(value) if due and isinstance(value, float) and value.is_integer() else value


# What the schema says, in words ---------------------------------------------------------------------------------------


def _place(*path: str | int) -> str:
    return "configuration key " + ".".join(str(part) for part in path)


def _schema_problems(config: dict) -> Iterator[InputError]:
    errors = list(jsonschema.Draft202012Validator(schema()).iter_errors(config))
    of_wrong_type = {error.json_path for error in errors if error.validator == "type"}
    for error in sorted(errors, key=lambda error: error.json_path):
        if error.json_path in of_wrong_type and error.validator != "type":
            continue
        if error.validator == "additionalProperties":
            known = error.schema["properties"]
            for key in error.instance:
                if key not in known:
                    yield _unknown_key(str(key), list(known), list(map(str, error.absolute_path)))
        else:
            yield _wrong_value(error)


def _unknown_key(key: str, siblings: list[str], section: list[str]) -> InputError:
    elsewhere = [name for name in _all_keys(schema()) if name.split(".")[-1] == key]
    near = elsewhere or [".".join([*section, name]) for name in _nearest(key, siblings)]
    where = f"section {'.'.join(section)}" if section else "the top level"
    return InputError(
        f"unknown key '{key}'" + (f"; did you mean '{near[0]}'?" if near else "."),
        place=_place(*section, key),
        fix=f"rename or remove it. Keys of {where}: {', '.join(siblings)}.",
    )


def _all_keys(section_schema: dict, prefix: str = "") -> Iterator[str]:
    for key, key_schema in section_schema["properties"].items():
        yield prefix + key
        if "properties" in key_schema:
            yield from _all_keys(key_schema, f"{prefix}{key}.")


def _nearest(word: str, candidates: list[str]) -> list[str]:
    lower = {candidate.lower(): candidate for candidate in candidates}
    return [lower[match] for match in difflib.get_close_matches(word.lower(), lower, n=1)]


def _wrong_value(error: jsonschema.ValidationError) -> InputError:
    value, rule, limit = error.instance, error.validator, error.validator_value
    place = _place(*error.absolute_path)
    fix = f"see {README}."
    if rule == "enum":
        allowed = ", ".join(str(choice) for choice in limit)
        near = _nearest(str(value), [str(choice) for choice in limit])
        return InputError(
            f"'{value}' is not one of {allowed}" + (f"; did you mean '{near[0]}'?" if near else "."),
            place=place,
            fix=f"choose one of {allowed}.",
        )
    if rule == "type":
        return _wrong_type(value, [limit] if isinstance(limit, str) else limit, place)
    if rule in _BOUNDS:
        return InputError(f"{value} is out of range; it must be {_BOUNDS[rule]} {limit}.", place=place, fix=fix)
    if rule in ("pattern", "not", "maxLength") and place == _place("dataset"):
        return InputError(
            f"'{value}' cannot be the name of a results folder.",
            place=place,
            fix="use letters, digits, point, underscore and hyphen only, up to 100 of them.",
        )
    if rule in ("minLength", "minItems"):
        return InputError("is empty.", place=place, fix=f"give a value or leave the key out; {fix}")
    return InputError(f"{error.message}.", place=place, fix=fix)


def _wrong_type(value: object, types: list[str], place: str) -> InputError:
    expected = " or ".join(_TYPE_NAMES[name] for name in types)
    found = "nothing (null)" if value is None else f"{_type_name(value)} {value!r}"
    fix = f"give {expected}."
    if isinstance(value, str) and {"number", "integer"} & set(types) and _is_number(value):
        number = float(value)
        written = int(number) if number.is_integer() else f"{number:.15f}".rstrip("0")
        fix = f"write {written}, without quotes: YAML takes {value!r} for text."
    elif isinstance(value, int | float) and "string" in types:
        fix = f"write it in quotes, as the files spell it: YAML takes it for {_type_name(value)} {value!r}."
    elif isinstance(value, dict):
        fix += " Its keys may be indented too far."
    return InputError(f"expected {expected}, found {found}.", place=place, fix=fix)


def _type_name(value: object) -> str:
    names = {bool: "the truth value", str: "text", int: "the number", float: "the number", list: "the list"}
    return names.get(type(value), "keys below it:")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _unfit_values(value: object, *path: str | int) -> Iterator[InputError]:
    """Values that no key can use: text that breaks paths and rules, numbers that are none or too large."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(key, str):
            yield from _unfit_values(key, *path, key)
        yield from _unfit_values(item, *path, key)
    if isinstance(value, str) and _CONTROL.search(value):
        yield InputError(
            f"{value!r} holds a line end or another control character.",
            place=_place(*path),
            fix="write it again, in one line.",
        )
    elif isinstance(value, str) and set("{}") & set(value):
        yield InputError(
            f"'{value}' holds braces, which stand for wildcards in Snakemake.",
            place=_place(*path),
            fix="rename the file, folder or column that is meant.",
        )
    elif isinstance(value, (int, float)) and not abs(value) <= LARGEST_NUMBER:
        yield InputError(
            f"is no finite number, or one beyond {LARGEST_NUMBER}.", place=_place(*path), fix=f"see {README}."
        )


# What a schema cannot say ---------------------------------------------------------------------------------------------


def _simulated_data_set(path: object) -> str | None:
    """Name of the data set whose simulation makes this file; None for any other file."""
    parts = PurePath(path).parts if isinstance(path, str) else ()
    return parts[1] if len(parts) == 4 and parts[0] == "results" and parts[2] == "simulated" else None


def _encode_file(config: dict, key: str) -> str | None:
    """The file that a key may name though it is still to be made from ENCODE; None for any other key."""
    return ENCODE_FILES[key].format(dataset=config["dataset"]) if key in ENCODE_FILES else None


def _file_problems(config: dict) -> Iterator[InputError]:
    for key in INPUT_FILES:
        path = config[key]
        if path == _encode_file(config, key):
            continue
        owner = _simulated_data_set(path)
        if owner is None and isinstance(path, str) and path:
            yield from _missing_file(key, path)
        elif owner not in (None, config["dataset"]):
            optional = schema()["properties"][key]["type"] != "string"
            yield InputError(
                f"'{path}' is made by the simulated data set {owner}, while dataset is '{config['dataset']}'.",
                place=_place(key),
                fix="name your own file" + (", or null if there is none." if optional else "."),
            )
    yield from _motif_database_problems(config["motif_database"])
    for section, key in (*OPTIONAL_FILES, *FILES_OR_WORDS):
        value = config[section].get(key) if isinstance(config[section], dict) else None
        if isinstance(value, str) and value not in ("", *FILES_OR_WORDS.get((section, key), ())):
            yield from _missing_file(f"{section}.{key}", value)
    for name, path in _peaks(config).items():
        if isinstance(path, str) and path:
            yield from _missing_file(f"argminn.peaks.{name}", path)


def _peaks(config: dict) -> dict:
    section = config["argminn"]
    return (isinstance(section, dict) and isinstance(section.get("peaks"), dict) and section["peaks"]) or {}


def _urls(config: dict) -> Iterator[tuple[dict, str, str]]:
    """Section, key and full name of every key of an input file that holds an address."""
    keys = [(config, key, key) for key in (*INPUT_FILES, "motif_database")]
    keys += [(config[section], key, f"{section}.{key}") for section, key in (*OPTIONAL_FILES, *FILES_OR_WORDS)]
    keys += [(_peaks(config), name, f"argminn.peaks.{name}") for name in _peaks(config)]
    for section, key, name in keys:
        if isinstance(section, dict) and is_url(section.get(key)):
            yield section, key, name


def _path_of_url(config: dict, url: str) -> str:
    """Where the file behind an address lies, or will lie when it has been fetched."""
    return str(PurePath(str(config["downloads"]), local_name(url)))


def _url_problems(config: dict) -> Iterator[InputError]:
    """Addresses that cannot be fetched, and files that a mirror lacks."""
    mirror = config["mirror"] if isinstance(config["mirror"], dict) else {}
    mirror = {host: folder for host, folder in mirror.items() if isinstance(host, str) and isinstance(folder, str)}
    for host in mirror:
        if "/" in host:
            fix = "write the host alone, such as hgdownload.soe.ucsc.edu, and its port if the addresses name one."
            yield InputError(f"'{host}' is no host.", place=_place("mirror"), fix=fix)
    sound = {}
    for section, key, name in _urls(config):
        url = section[key]
        if path_of_file_url(url) is not None:
            continue
        try:
            path, copy = _path_of_url(config, url), mirrored(url, mirror)
        except InputError as error:
            yield InputError(error.problem, place=_place(name), fix=error.fix)
            continue
        sound[url] = name
        if copy is not None and not copy.is_file() and not Path(path).exists():
            yield InputError(
                f"the folder that mirror names for the host of {url} has no file '{copy}'.",
                place=_place(name),
                fix="put the file there, or take the host out of mirror to fetch it from the network.",
            )
    if (pair := clash(list(sound))) is not None:
        yield InputError(
            f"{pair[1]} and {pair[0]} of {sound[pair[0]]} would be one file in the folder of downloads.",
            place=_place(sound[pair[1]]),
            fix="write both in the same way, or fetch one of them yourself and name its path.",
        )


def _missing_file(key: str, path: str) -> Iterator[InputError]:
    path = path_of_file_url(path) or path
    if is_url(path):
        return
    file, place = Path(path), _place(key)
    if os.path.isdir(file):
        yield InputError(f"'{path}' is a folder.", place=place, fix="name the file inside it.")
    elif not os.path.exists(file):
        siblings = [str(sibling) for sibling in file.parent.iterdir()] if os.path.isdir(file.parent) else []
        near = difflib.get_close_matches(str(file), siblings, n=1)
        yield InputError(
            f"file '{path}' does not exist" + (f"; did you mean '{near[0]}'?" if near else "."),
            place=place,
            fix=f"correct the path (relative paths start at {Path.cwd()}) or put the file there.",
        )
    elif file.stat().st_size == 0:
        yield InputError(f"file '{path}' is empty.", place=place, fix="fetch or make it again.")


def _motif_database_problems(database: object) -> Iterator[InputError]:
    if not isinstance(database, str) or not database or database in JASPAR_RELEASES:
        return
    if re.fullmatch(r"\w+", database) and not os.path.exists(database):
        near = _nearest(database, list(JASPAR_RELEASES))
        yield InputError(
            f"'{database}' is neither a JASPAR release nor a file" + (f"; did you mean '{near[0]}'?" if near else "."),
            place=_place("motif_database"),
            fix=f"name a motif file or one of {', '.join(JASPAR_RELEASES)}.",
        )
    else:
        yield from _missing_file("motif_database", database)


def _contradictions(config: dict) -> Iterator[InputError]:
    """Keys that are right each by itself and wrong together."""
    simulated = is_simulated(config)
    for key in INPUT_FILES[1:]:
        if config[key] and (_simulated_data_set(config[key]) == config["dataset"]) != simulated:
            yield InputError(
                f"'{config[key]}' is {'not ' * simulated}simulated, while the genome is{' not' * (not simulated)}.",
                place=_place(key),
                fix="take all input files from the simulation or none; give your data set its own name in 'dataset'.",
            )
    samples = config["encode"]["samples"]
    for key in ENCODE_FILES:
        if config[key] == _encode_file(config, key) and not samples:
            yield InputError(
                f"'{config[key]}' is made from a sample sheet, and encode.samples is null.",
                place=_place(key),
                fix="name the sheet in encode.samples, or another file here.",
            )
    if samples and config["expression"] != _encode_file(config, "expression"):
        yield InputError(
            f"a matrix is made from '{samples}', and expression names another one.",
            place=_place("encode", "samples"),
            fix=f"set expression to {_encode_file(config, 'expression')}, or encode.samples to null.",
        )
    runs, n_folds = config["model"]["runs"], config["splits"]["n_folds"]
    if runs < n_folds:
        yield InputError(
            f"{runs} runs cannot cover {n_folds} folds, each of which is predicted by runs that never saw it.",
            place=_place("model", "runs"),
            fix="raise model.runs, best to a multiple of splits.n_folds, or lower splits.n_folds.",
        )
    yield from _network_contradictions(config)
    window = window_length(config)
    if window < config["model"]["width"]:
        yield InputError(
            f"the promoter window has {window} bases, a filter {config['model']['width']}.",
            place=_place("promoters", "upstream"),
            fix="widen the window with promoters.upstream and promoters.downstream, or lower model.width.",
        )
    smallest, largest = config["targets"]["min_set_size"], config["targets"]["max_set_size"]
    if smallest > largest:
        yield InputError(
            f"no gene set has at least {smallest} and at most {largest} genes.",
            place=_place("targets", "min_set_size"),
            fix="lower targets.min_set_size or raise targets.max_set_size.",
        )
    names = [reading["name"] for reading in config["hits"]["readings"]]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield InputError(
            f"a reading is called '{name}' twice.",
            place=_place("hits", "readings"),
            fix="give every reading a name of its own.",
        )
    panel, columns = config["expression_scale"]["panel_column"], config["expression_scale"]["columns"]
    if panel and not config["cell_types"]:
        yield InputError(
            f"column '{panel}' is looked up in the cell type sheet, and cell_types is null.",
            place=_place("expression_scale", "panel_column"),
            fix="name the sheet in cell_types, or set panel_column to null.",
        )
    if panel and columns:
        yield InputError(
            "both columns and panel_column choose cell types.",
            place=_place("expression_scale", "panel_column"),
            fix="set one of them to null.",
        )


def _network_contradictions(config: dict) -> Iterator[InputError]:
    compared, further = config["comparison_networks"], config["motifs"]["further_networks"]
    main = config["model"]["name"]
    if main in compared:
        yield InputError(
            f"'{main}' is the main network already, and both would go by that name.",
            place=_place("comparison_networks"),
            fix="take it out of comparison_networks, or choose another model.name.",
        )
    for name in further:
        if name not in compared:
            yield InputError(
                f"'{name}' is not trained: comparison_networks does not name it.",
                place=_place("motifs", "further_networks"),
                fix=f"add {name} to comparison_networks, or take it out here.",
            )
    if further and config["formula"]["feature_mode"] == "mean_activation":
        yield InputError(
            "mean activations are those of the main networks' filters, which further networks do not share.",
            place=_place("motifs", "further_networks"),
            fix="set formula.feature_mode to hits, or motifs.further_networks to [].",
        )
