# What ARGMINN is compared with: motifs of other networks' filters, TF-MoDISco, and scanning with matrices.


wildcard_constraints:
    motif_source="argminn|modisco",


rule read_peer_filters:
    input:
        **chosen_network(),
        reading="results/{dataset}/argminn/{task}/examples/reading.npz",
    output:
        filters="results/{dataset}/argminn/{task}/peers/{classifier}/filters.tsv",
        motifs="results/{dataset}/argminn/{task}/peers/{classifier}/motifs.meme",
    log:
        "results/{dataset}/logs/argminn_peer_filters_{task}_{classifier}.log",
    benchmark:
        "results/{dataset}/benchmarks/argminn_peer_filters_{task}_{classifier}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    script:
        "../scripts/read_peer_filters.py"


rule attribute_bases:
    input:
        **chosen_network(),
        reading="results/{dataset}/argminn/{task}/examples/reading.npz",
    output:
        contributions="results/{dataset}/argminn/{task}/networks/{classifier}/contributions.npz",
    log:
        "results/{dataset}/logs/argminn_attribute_{task}_{classifier}.log",
    benchmark:
        "results/{dataset}/benchmarks/argminn_attribute_{task}_{classifier}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2500),
        runtime=120,
    params:
        sequences=lookup(dpath="argminn/attribution/sequences", within=config),
        references=lookup(dpath="argminn/attribution/references", within=config),
        steps=lookup(dpath="argminn/attribution/steps", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/attribute_bases.py"


rule discover_modisco:
    input:
        contributions="results/{dataset}/argminn/{task}/networks/cnn/contributions.npz",
    output:
        table="results/{dataset}/argminn/{task}/peers/modisco/motifs.tsv",
        motifs="results/{dataset}/argminn/{task}/peers/modisco/motifs.meme",
    log:
        "results/{dataset}/logs/argminn_modisco_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/argminn_modisco_{task}.tsv"
    conda:
        "../../envs/modisco.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=120,
    script:
        "../scripts/discover_modisco.py"


rule scan_task:
    input:
        unpack(scanned_motifs),
        test="results/{dataset}/argminn/{task}/examples/test.npz",
    output:
        instances="results/{dataset}/argminn/{task}/peers/fimo_{motif_source}/instances_test.tsv.gz",
    log:
        "results/{dataset}/logs/argminn_scan_{task}_{motif_source}.log",
    benchmark:
        "results/{dataset}/benchmarks/argminn_scan_{task}_{motif_source}.tsv"
    conda:
        "../../envs/hits.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        p_value=lookup(dpath="argminn/scan_p_value", within=config),
    script:
        "../scripts/scan_task.py"
