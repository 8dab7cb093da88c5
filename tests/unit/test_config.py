"""The configuration: defaults, and a message with place and fix for every kind of mistake."""

import functools
import hashlib
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from cisformula import config as configuration
from cisformula import hits
from cisformula.argminn.goals import SPACING_ALONE
from cisformula.argminn.tasks import PUBLISHED_TASKS
from cisformula.errors import InputError

ROOT = Path(__file__).parents[2]
ENCODE_MATRIX, ENCODE_SHEET = "results/mine/encode/expression.tsv.gz", "results/mine/encode/cell_types.tsv"
READING = {"name": "strict", "p_value": 1e-4, "grades": 1}
VERSION_2 = hashlib.sha256(b"version=2").hexdigest()[:8]
ARGMINN = {"comparison_networks": ["argminn", "xpresso_cnn"], "motifs": {"further_networks": ["argminn"]}}


@pytest.fixture
def real_input(tmp_path, monkeypatch):
    """A configuration of a data set with files of its own, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("genome.fa.gz", "genes.gtf", "expression.tsv", "sheet.tsv", "motifs.meme"):
        Path(name).write_text("not empty")
    Path("empty.fa").touch()
    Path("folder").mkdir()
    return {
        "dataset": "mine",
        "genome": "genome.fa.gz",
        "annotation": "genes.gtf",
        "expression": "expression.tsv",
        "cell_types": "sheet.tsv",
    }


def message(config):
    with pytest.raises(InputError) as caught:
        configuration.validate(config)
    return str(caught.value)


def keys(section, prefix=""):
    for key, schema in section["properties"].items():
        yield prefix + key, schema
        if "properties" in schema:
            yield from keys(schema, f"{prefix}{key}.")


def test_empty_configuration_is_the_demo():
    config = {}
    configuration.validate(config)
    assert config["dataset"] == "demo"
    assert config["promoters"]["upstream"] == 249
    assert config["splits"] == {"scheme": "chromosome", "compare": ["paralogue", "random"], "n_folds": 5}
    assert configuration.is_simulated(config)


def test_own_files_need_no_simulation(real_input):
    configuration.validate(real_input)
    assert real_input["gene_id_map"] is None
    assert not configuration.is_simulated(real_input)


@pytest.mark.parametrize(
    ("upstream", "asked", "width"),
    [
        (248, {}, 50),
        (549, {}, 50),
        (550, {}, 51),
        (1948, {}, 167),
        (1948, {"max_bins": 40}, 50),
        (1948, {"bin_width": 500}, 500),
        (1948, {"bin_width": None}, None),
    ],
)
def test_bins_are_wider_where_a_promoter_would_have_more_than_asked_for(upstream, asked, width):
    config = {"promoters": {"upstream": upstream, "downstream": 50}, "hits": asked}
    configuration.fill_defaults(config)
    length, max_bins = configuration.window_length(config), config["hits"]["max_bins"]
    assert configuration.bin_width(length, config["hits"]["bin_width"], max_bins) == width
    assert len(hits.bin_edges(length, width)) - 1 <= max_bins


def test_defaults_are_not_shared_between_configurations():
    first, second = {}, {}
    configuration.fill_defaults(first)
    configuration.fill_defaults(second)
    first["promoters"]["upstream"] = 1
    assert second["promoters"]["upstream"] == 249


def test_whole_floats_become_integers():
    config = {"model": {"runs": 10.0}, "hits": {"bin_width": 50.0, "readings": [READING | {"grades": 3.0}]}}
    configuration.validate(config)
    read = config["hits"]
    for value in (config["model"]["runs"], read["bin_width"], read["readings"][0]["grades"]):
        assert isinstance(value, int)


@pytest.mark.parametrize(
    ("change", "place", "expected"),
    [
        ({"expresion": "x.tsv"}, "expresion", ["unknown key", "did you mean 'expression'?", "Fix:"]),
        ({"Seed": 3}, "Seed", ["did you mean 'seed'?"]),
        ({"n_folds": 5}, "n_folds", ["did you mean 'splits.n_folds'?"]),
        ({"promoters": {"upstrem": 3}}, "promoters.upstrem", ["did you mean 'promoters.upstream'?", "max_n_fraction"]),
        ({"zzz": 1}, "zzz", ["unknown key 'zzz'.", "Keys of the top level: dataset, seed"]),
        ({"model": {"name": "contextual_regresion"}}, "model.name", ["did you mean 'contextual_regression'?"]),
        ({"model": {"name": "resnet"}}, "model.name", ["not one of contextual_regression"]),
        ({"formula": {"selection": "Lasso"}}, "formula.selection", ["did you mean 'lasso'?", "lasso, rfe"]),
        ({"promoters": {"bed_gene_column": 6}}, "promoters.bed_gene_column", ["not one of 4, 5"]),
        ({"seed": "one"}, "seed", ["expected a whole number, found text 'one'"]),
        ({"seed": True}, "seed", ["expected a whole number, found the truth value True"]),
        ({"seed": 1.5}, "seed", ["expected a whole number, found the number 1.5"]),
        ({"seed": None}, "seed", ["found nothing (null)"]),
        ({"seed": -1}, "seed", ["must be at least 0"]),
        ({"hits": {"p_value": 1e-4}}, "hits.p_value", ["unknown key", "Keys of section hits: readings"]),
        ({"hits": {"readings": [READING | {"p_value": "5e-4"}]}}, "hits.readings.0.p_value", ["write 0.0005, without"]),
        ({"hits": {"readings": [READING, READING | {"p_value": 0}]}}, "hits.readings.1.p_value", ["more than 0"]),
        ({"hits": {"readings": [READING | {"grade": 2}]}}, "hits.readings.0.grade", ["did you mean", "grades'?"]),
        ({"hits": {"readings": [{"name": "a", "p_value": 0.1}]}}, "hits.readings.0", ["'grades' is a required"]),
        ({"hits": {"readings": [READING | {"name": "My/1"}]}}, "hits.readings.0.name", ["'My/1' does not match"]),
        ({"hits": {"readings": [READING, READING | {"grades": 2}]}}, "hits.readings", ["called 'strict' twice"]),
        ({"hits": {"readings": []}}, "hits.readings", ["is empty"]),
        ({"hits": {"bin_width": 5}}, "hits.bin_width", ["must be at least 10"]),
        ({"cell_type_effects": {"fdr": 1}}, "cell_type_effects.fdr", ["must be less than 1"]),
        ({"motifs": {"cluster_similarity": 2}}, "motifs.cluster_similarity", ["must be at most 1"]),
        ({"promoters": None}, "promoters", ["expected keys below it"]),
        ({"dataset": {"name": "x"}}, "dataset", ["expected text", "indented too far"]),
        ({"expression_scale": {"columns": "liver"}}, "expression_scale.columns", ["expected a list or null"]),
        ({"expression_scale": {"columns": []}}, "expression_scale.columns", ["is empty"]),
        (
            {"expression_scale": {"columns": ["a", 3]}},
            "expression_scale.columns.1",
            ["expected text", "write it in quotes, as the files spell it: YAML takes it for the number 3"],
        ),
        ({"expression_scale": {"columns": ["a", "a"]}}, "expression_scale.columns", ["non-unique"]),
        ({"dataset": "a/b"}, "dataset", ["letters, digits, point"]),
        ({"dataset": ".."}, "dataset", ["cannot be the name of a results folder"]),
        ({"targets": {"gene_sets": "no.gmt"}}, "targets.gene_sets", ["'no.gmt' does not exist", "Fix:"]),
        ({"targets": {"min_set_size": 9, "max_set_size": 8}}, "targets.min_set_size", ["at least 9 and at most 8"]),
        ({"apply": {"variants": "no.vcf"}}, "apply.variants", ["'no.vcf' does not exist", "Fix:"]),
        ({"genome": "genome.fa"}, "genome", ["'genome.fa' does not exist", "did you mean 'genome.fa.gz'?"]),
        ({"genome": "folder"}, "genome", ["is a folder"]),
        ({"genome": "empty.fa"}, "genome", ["is empty"]),
        ({"genome": ""}, "genome", ["is empty"]),
        ({"cell_types": "none.tsv"}, "cell_types", ["does not exist"]),
        ({"gene_id_map": "none.tsv"}, "gene_id_map", ["does not exist"]),
        ({"cell_types": "results/demo/simulated/cell_types.tsv"}, "cell_types", ["data set demo", "or null"]),
        ({"cell_types": "results/mine/simulated/cell_types.tsv"}, "cell_types", ["the genome is not"]),
        ({"motif_database": "JASPAR2021"}, "motif_database", ["neither a JASPAR release nor a file", "JASPAR2022"]),
        ({"motif_database": "no/motifs.meme"}, "motif_database", ["does not exist"]),
        (
            {"encode": {"samples": "none.tsv"}, "expression": ENCODE_MATRIX},
            "encode.samples",
            ["'none.tsv' does not exist"],
        ),
        (
            {"encode": {"samples": "sheet.tsv"}},
            "encode.samples",
            ["expression names another", f"set expression to {ENCODE_MATRIX}"],
        ),
        ({"encode": {"base_url": "www.example.org"}}, "encode.base_url", ["does not match '^https?"]),
        ({"encode": {"connections": 50}}, "encode.connections", ["at most 10"]),
        ({"expression": ENCODE_MATRIX}, "expression", ["made from a sample sheet", "encode.samples is null"]),
        ({"cell_types": ENCODE_SHEET}, "cell_types", ["made from a sample sheet", "encode.samples is null"]),
        ({"expression": ENCODE_MATRIX.replace("mine", "yours")}, "expression", ["does not exist"]),
        ({"model": {"runs": 3}}, "model.runs", ["3 runs cannot cover 5 folds"]),
        ({"motifs": {"further_networks": ["argminn"]}}, "motifs.further_networks", ["add argminn to comparison"]),
        (
            ARGMINN | {"motifs": {"further_networks": ["xpresso_cnn"]}},
            "motifs.further_networks.0",
            ["not one of argminn"],
        ),
        (ARGMINN | {"formula": {"feature_mode": "mean_activation"}}, "motifs.further_networks", ["mode to hits"]),
        (ARGMINN | {"model": {"name": "argminn"}}, "comparison_networks", ["'argminn' is the main network already"]),
        ({"argminn": {"peaks": {"CTCF": "no.bed"}}}, "argminn.peaks.CTCF", ["'no.bed' does not exist"]),
        ({"sites": {"background": "ftp://a.org/b"}}, "sites.background", ["ftp, which is not supported", "https"]),
        ({"cell_types": "s3://bucket/sheet.tsv"}, "cell_types", ["'s3://bucket/sheet.tsv' is of the kind s3"]),
        ({"genome": "https://a.org/%2e%2e/b.fa"}, "genome", ["holds the step"]),
        ({"argminn": {"peaks": {"CTCF": "https://a.org"}}}, "argminn.peaks.CTCF", ["'https://a.org' names a folder"]),
        ({"genome": "file:///no/genome.fa"}, "genome", ["file '/no/genome.fa' does not exist"]),
        ({"genome": "file://a.org/genome.fa"}, "genome", ["of the kind file, which is not supported"]),
        ({"mirror": {"https://a.org": "folder"}}, "mirror", ["'https://a.org' is no host"]),
        ({"mirror": {"a.org": None}, "genome": "https://a.org/x"}, "mirror.a.org", ["expected text"]),
        ({"downloads": None, "genome": "https://a.org/x"}, "downloads", ["expected text"]),
        (
            {"genome": "https://a.org/x/genome.fa", "mirror": {"A.org": "folder"}},
            "genome",
            ["no file 'folder/x/genome.fa'", "take the host out of mirror"],
        ),
        (
            {"genome": "https://a.org/x", "annotation": "http://a.org/x"},
            "annotation",
            ["http://a.org/x and https://a.org/x of genome would be one file"],
        ),
        ({"promoters": {"upstream": 3, "downstream": 2}}, "promoters.upstream", ["window has 6 bases"]),
        ({"expression_scale": {"panel_column": "p"}, "cell_types": None}, "expression_scale.panel_column", ["null"]),
        ({"expression_scale": {"panel_column": "p", "columns": ["a"]}}, "expression_scale.panel_column", ["both"]),
    ],
)
def test_mistakes_are_told_with_place_and_fix(real_input, change, place, expected):
    text = message(real_input | change)
    assert text.startswith(f"configuration key {place}: ")
    for part in [*expected, "Fix: "]:
        assert part in text


def test_input_of_the_demo_does_not_slip_into_another_data_set(real_input):
    del real_input["expression"]
    assert "configuration key expression: 'results/demo/simulated/expression.tsv.gz' is made by" in message(real_input)


def test_all_problems_are_told_at_once(real_input):
    text = message(real_input | {"sead": 1, "genome": "nowhere.fa", "splits": {"n_folds": 1}})
    assert text.startswith("configuration: 3 problems:")
    for place in ("sead", "genome", "splits.n_folds"):
        assert f"configuration key {place}: " in text


@pytest.mark.parametrize("database", ["JASPAR2024", "motifs.meme"])
def test_motif_database_is_a_release_or_a_file(real_input, database):
    configuration.validate(real_input | {"motif_database": database})


def test_jaspar_releases_are_those_of_pyjaspar():
    pyjaspar = pytest.importorskip("pyjaspar")
    assert sorted(configuration.JASPAR_RELEASES) == sorted(pyjaspar.jaspar_releases)


def test_schema_is_valid_and_every_key_is_described():
    schema = configuration.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for name, key in keys(schema):
        assert {"title", "description", "default", "type"} <= set(key), name
        if key["type"] == "object":
            assert key["additionalProperties"] is False, name
        else:
            errors = list(jsonschema.Draft202012Validator(key).iter_errors(key["default"]))
            assert not errors, f"{name}: the default is not allowed"


def test_embedded_configuration_names_every_key_with_its_default():
    written = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    defaults = {}
    configuration.fill_defaults(defaults)
    assert written == defaults


def test_readme_explains_every_key():
    text = (ROOT / "config/README.md").read_text()
    explained = set(re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE))
    expected = {name for name, schema in keys(configuration.schema()) if schema["type"] != "object"}
    assert explained == expected


@pytest.mark.parametrize("path", sorted((ROOT / "tests/real").glob("*.yaml")), ids=lambda path: path.stem)
def test_configurations_of_real_data_are_sound(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    config = yaml.safe_load(path.read_text())
    for path in (config["genome"], *(config.get("argminn", {}).get("peaks") or {}).values()):
        if not Path(path).exists():
            pytest.skip(f"{path} is not here")
    configuration.validate(config)


def test_configuration_for_human_data_only_misses_the_matrix(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = yaml.safe_load((ROOT / "config/human.yaml").read_text())
    assert message(config).startswith(
        "configuration key expression: file 'data/human/expression.tsv.gz' does not exist"
    )
    Path("data/human").mkdir(parents=True)
    Path("data/human/expression.tsv.gz").write_text("made")
    configuration.validate(config)
    names = ["hgdownload.soe.ucsc.edu/goldenPath/hg38/bigZips/hg38.fa.gz", "gencode.v47.annotation.gtf.gz"]
    for path, name in zip(configuration.replace_urls(config), names, strict=True):
        assert path.endswith(f"/{name}")


def test_configuration_for_peaks_needs_a_genome_and_peaks_alone():
    config = yaml.safe_load((ROOT / "config/peaks.yaml").read_text())
    configuration.validate(config)
    fetched = list(configuration.replace_urls(config))
    assert fetched == [config["genome"], *config["argminn"]["peaks"].values()]
    assert [config[key] for key in configuration.INPUT_FILES[1:]] == [None] * 4
    assert (config["argminn"]["width"], config["argminn"]["overlap_weight"][1]) == (15, 10_000)


def test_configuration_for_simulated_tasks_has_all_of_the_paper_and_that_of_spacing_alone():
    config = yaml.safe_load((ROOT / "config/simulated_tasks.yaml").read_text())
    configuration.validate(config)
    assert config["argminn"]["tasks"] == [*PUBLISHED_TASKS, SPACING_ALONE]


def test_configuration_for_human_data_holds_another_for_encode(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "config/human.yaml").read_text()
    block = text[text.index("# encode:") : text.index("\n\n", text.index("# encode:"))]
    config = yaml.safe_load(text) | yaml.safe_load(block.replace("# ", ""))
    Path("data/human").mkdir(parents=True)
    Path(config["encode"]["samples"]).write_text("downloaded")
    configuration.validate(config)
    assert config["expression"] == "results/human/encode/expression.tsv.gz"
    assert config["cell_types"] == "results/human/encode/cell_types.tsv"


def test_matrix_made_from_encode_need_not_be_there(real_input):
    made = {"expression": ENCODE_MATRIX, "encode": {"samples": "sheet.tsv"}}
    configuration.validate(real_input | made)
    configuration.validate(real_input | made | {"cell_types": ENCODE_SHEET})
    configuration.validate(real_input | made | {"cell_types": None})


URL_KEYS = [
    *configuration.INPUT_FILES,
    "motif_database",
    "encode.samples",
    "sites.background",
    "targets.gene_sets",
    "grammar.core_elements",
    "argminn.peaks.CTCF",
    "apply.sequences",
    "apply.variants",
]


@pytest.mark.parametrize("name", URL_KEYS)
@pytest.mark.parametrize("downloads", ["downloads", "./down/loads/"])
def test_every_input_file_may_be_an_address(real_input, name, downloads):
    *sections, key = name.split(".")
    change = {"encode": {"samples": "sheet.tsv"}, "expression": ENCODE_MATRIX} if name == "encode.samples" else {}
    config = real_input | change | {"downloads": downloads}
    section = config
    for part in sections:
        section = section.setdefault(part, {})
    section[key] = "https://A.org/x/file.gz?version=2"
    configuration.validate(config)
    urls = configuration.replace_urls(config)
    path = f"{downloads.removeprefix('./').rstrip('/')}/a.org/x/query-{VERSION_2}/file.gz"
    assert urls == {path: "https://A.org/x/file.gz?version=2"}
    assert functools.reduce(dict.get, name.split("."), config) == path


def test_keys_of_files_in_the_schema_may_be_addresses():
    """A key that is about a file and missing above would have slipped through."""
    about_files = re.compile("file|FASTA|TSV|VCF")
    named = {name for name, key in keys(configuration.schema()) if about_files.search(key["description"])}
    others = {"seed", "downloads", "mirror", "encode.file_column", "encode.connections", "motif_database_taxon"}
    assert named - others <= {*URL_KEYS, "argminn.peaks"}


def test_address_of_a_file_here_is_its_path(real_input, tmp_path):
    config = real_input | {"genome": f"file://{tmp_path}/genome%2Efa.gz"}
    configuration.validate(config)
    assert configuration.replace_urls(config) == {}
    assert config["genome"] == f"{tmp_path}/genome.fa.gz"


def test_what_was_fetched_before_needs_no_mirror(real_input):
    config = real_input | {"genome": "https://a.org/genome.fa", "mirror": {"a.org": "folder"}}
    Path("downloads/a.org").mkdir(parents=True)
    Path("downloads/a.org/genome.fa").write_text("fetched")
    configuration.validate(config)


def rules_text():
    return "".join(path.read_text() for path in [ROOT / "Snakefile", *sorted((ROOT / "workflow/rules").glob("*.smk"))])


def test_rules_look_up_only_keys_of_the_schema():
    known = {name.replace(".", "/") for name, _ in keys(configuration.schema())}
    assert set(re.findall(r'dpath="([^"]+)"', rules_text())) <= known


def test_every_key_is_read_by_a_rule():
    text = rules_text()
    missing = [name for name in re.findall(r'include: "([^"]+)"', text) if not (ROOT / name).exists()]
    if missing:
        pytest.skip(f"stages not written yet: {', '.join(missing)}")
    looked_up = set(re.findall(r'dpath="([^"]+)"', text))
    for name, schema in keys(configuration.schema()):
        section = name.split(".")[0]
        read = {name.replace(".", "/"), section} & looked_up or ("." not in name and f'"{name}"' in text)
        assert schema["type"] == "object" or read, f"no rule reads {name}"
