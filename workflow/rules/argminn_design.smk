# Sequences made from what ARGMINN has learned, with controls, against sequences that follow a network's prediction.

DESIGN_JUDGE = "cnn"
DESIGN_NETWORKS = ["argminn", DESIGN_JUDGE]


rule design_sequences:
    input:
        motifs="results/{dataset}/argminn/{task}/readouts/motifs.meme",
        filters="results/{dataset}/argminn/{task}/readouts/filters.tsv",
        frames="results/{dataset}/argminn/{task}/readouts/frames.tsv",
        gaps="results/{dataset}/argminn/{task}/readouts/gaps.tsv",
        rules="results/{dataset}/argminn/{task}/readouts/syntax.tsv",
        configurations="results/{dataset}/argminn/{task}/readouts/configurations.tsv",
        validation="results/{dataset}/argminn/{task}/examples/validation.npz",
    output:
        codes="results/{dataset}/argminn/{task}/design/designed.npz",
        table="results/{dataset}/argminn/{task}/design/designed.tsv.gz",
        sites="results/{dataset}/argminn/{task}/design/sites.tsv.gz",
    log:
        "results/{dataset}/logs/design_sequences_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/design_sequences_{task}.tsv"
    conda:
        "../../envs/hits.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        sequences=lookup(dpath="argminn/design/sequences", within=config),
        sites=lookup(dpath="argminn/design/sites", within=config),
        p_value=lookup(dpath="argminn/scan_p_value", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/design_sequences.py"


rule optimise_sequences:
    input:
        **chosen_network(),
        codes="results/{dataset}/argminn/{task}/design/designed.npz",
        table="results/{dataset}/argminn/{task}/design/designed.tsv.gz",
    output:
        codes="results/{dataset}/argminn/{task}/design/greedy_{classifier}.npz",
    log:
        "results/{dataset}/logs/optimise_sequences_{task}_{classifier}.log",
    benchmark:
        "results/{dataset}/benchmarks/optimise_sequences_{task}_{classifier}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=120,
    params:
        sequences=lookup(dpath="argminn/design/optimised", within=config),
        edits=lookup(dpath="argminn/design/edits", within=config),
    script:
        "../scripts/optimise_sequences.py"


rule predict_designs:
    input:
        **chosen_network("argminn"),
        judge=chosen_network(DESIGN_JUDGE)["chosen"],
        judge_models=chosen_network(DESIGN_JUDGE)["models"],
        codes="results/{dataset}/argminn/{task}/design/designed.npz",
        table="results/{dataset}/argminn/{task}/design/designed.tsv.gz",
        sites="results/{dataset}/argminn/{task}/design/sites.tsv.gz",
        optimised=expand(
            "results/{{dataset}}/argminn/{{task}}/design/greedy_{classifier}.npz", classifier=DESIGN_NETWORKS
        ),
        readings="results/{dataset}/argminn/{task}/readouts/filter_readings.tsv",
        test="results/{dataset}/argminn/{task}/examples/test.npz",
        motifs=of_task(None, "results/{dataset}/argminn/{task}/examples/motifs.meme"),
    output:
        fasta="results/{dataset}/argminn/{task}/design/sequences.fa.gz",
        table="results/{dataset}/argminn/{task}/design/sequences.tsv.gz",
        instances="results/{dataset}/argminn/{task}/design/instances.tsv.gz",
    log:
        "results/{dataset}/logs/predict_designs_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/predict_designs_{task}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2500),
        runtime=30,
    params:
        networks=DESIGN_NETWORKS,
        attention=lookup(dpath="argminn/syntax_attention", within=config),
    script:
        "../scripts/predict_designs.py"


rule evaluate_designs:
    input:
        table="results/{dataset}/argminn/{task}/design/sequences.tsv.gz",
    output:
        methods="results/{dataset}/argminn/{task}/evaluation/design.tsv",
        arrangements="results/{dataset}/argminn/{task}/evaluation/design_arrangements.tsv",
    log:
        "results/{dataset}/logs/evaluate_designs_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/evaluate_designs_{task}.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/evaluate_designs.py"


rule figure_designs:
    input:
        table="results/{dataset}/argminn/{task}/design/sequences.tsv.gz",
        scores="results/{dataset}/argminn/{task}/evaluation/design.tsv",
    output:
        pdf="results/{dataset}/argminn/{task}/figures/designs.pdf",
        png=report(
            "results/{dataset}/argminn/{task}/figures/designs.png",
            caption="../report/designs.rst",
            category="ARGMINN",
            labels={"figure": "Designed sequences", "task": "{task}"},
        ),
    log:
        "results/{dataset}/logs/figure_designs_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_designs_{task}.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        judge=DESIGN_JUDGE,
    script:
        "../scripts/figure_designs.py"
