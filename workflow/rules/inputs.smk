# Input files that the configuration names by their address: fetched once, into a folder that all data sets share.


# Only those that are not there: what is there is like any file of the user's, never deleted and never fetched again.
MISSING_INPUTS = [str(Path(path).relative_to(config["downloads"])) for path in INPUT_URLS if not Path(path).exists()]


wildcard_constraints:
    remote_file=any_of(MISSING_INPUTS),


# Compute nodes often have no way to the network, and a download needs no computing.
localrules:
    fetch_input,


rule fetch_input:
    output:
        f"{config['downloads']}/{{remote_file}}",
    log:
        f"results/{config['dataset']}/logs/fetch_input/{{remote_file}}.log",
    benchmark:
        f"results/{config['dataset']}/benchmarks/fetch_input/{{remote_file}}.tsv"
    conda:
        "../../envs/download.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=600,
    params:
        url=lambda wildcards, output: INPUT_URLS[output[0]],
        folder=lambda wildcards, output: output[0].removesuffix(wildcards.remote_file),
        mirror=lookup(dpath="mirror", within=config),
    script:
        "../scripts/fetch_input.py"
