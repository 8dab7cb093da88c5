# What an ARGMINN has learned: the motifs of its filters, where it sees them, and how they stand together.

KNOWN_MOTIFS = of_task(
    "results/{dataset}/motifs/database.meme", "results/{dataset}/argminn/{task}/examples/motifs.meme"
)
# Where few motifs were planted, a match with one of them must stand out among those with all others.
OTHER_MOTIFS = of_task(None, "results/{dataset}/motifs/database.meme")


wildcard_constraints:
    read_set="reading|test",


rule read_argminn_filters:
    input:
        **chosen_network("argminn"),
        reading="results/{dataset}/argminn/{task}/examples/reading.npz",
        validation="results/{dataset}/argminn/{task}/examples/validation.npz",
    output:
        readings="results/{dataset}/argminn/{task}/readouts/filter_readings.tsv",
        motifs="results/{dataset}/argminn/{task}/readouts/motifs.meme",
    log:
        "results/{dataset}/logs/read_argminn_filters_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/read_argminn_filters_{task}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2500),
        runtime=30,
    script:
        "../scripts/read_argminn_filters.py"


# Planted motifs where they are known, else those of the database.
rule compare_argminn_motifs:
    input:
        learned="results/{dataset}/argminn/{task}/readouts/motifs.meme",
        known=KNOWN_MOTIFS,
        others=OTHER_MOTIFS,
    output:
        matches="results/{dataset}/argminn/{task}/readouts/matches.tsv",
    log:
        "results/{dataset}/logs/compare_argminn_motifs_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/compare_argminn_motifs_{task}.tsv"
    conda:
        "../../envs/similarity.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        distance=lookup(dpath="comparison/distance", within=config),
        min_overlap=lookup(dpath="comparison/min_overlap", within=config),
        threshold=lookup(dpath="comparison/threshold", within=config),
        complete=lookup(dpath="comparison/complete", within=config),
    script:
        "../scripts/compare_argminn_motifs.py"


rule describe_argminn_filters:
    input:
        readings="results/{dataset}/argminn/{task}/readouts/filter_readings.tsv",
        matches="results/{dataset}/argminn/{task}/readouts/matches.tsv",
        known=KNOWN_MOTIFS,
    output:
        filters="results/{dataset}/argminn/{task}/readouts/filters.tsv",
    log:
        "results/{dataset}/logs/describe_argminn_filters_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/describe_argminn_filters_{task}.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/describe_argminn_filters.py"


# Calls in all sequences of a set; a lower threshold is used where syntax is read. One reading serves both.
rule call_argminn_instances:
    input:
        **chosen_network("argminn"),
        examples="results/{dataset}/argminn/{task}/examples/{read_set}.npz",
        readings="results/{dataset}/argminn/{task}/readouts/filter_readings.tsv",
    output:
        instances="results/{dataset}/argminn/{task}/readouts/instances_{read_set}.tsv.gz",
        syntax_instances="results/{dataset}/argminn/{task}/readouts/syntax_instances_{read_set}.tsv.gz",
    log:
        "results/{dataset}/logs/call_argminn_instances_{task}_{read_set}.log",
    benchmark:
        "results/{dataset}/benchmarks/call_argminn_instances_{task}_{read_set}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2500),
        runtime=30,
    params:
        attention=lookup(dpath="argminn/instance_attention", within=config),
        syntax_attention=lookup(dpath="argminn/syntax_attention", within=config),
        odds=lookup(dpath="argminn/instance_odds", within=config),
    script:
        "../scripts/call_argminn_instances.py"


rule read_argminn_attention:
    input:
        **chosen_network("argminn"),
        examples="results/{dataset}/argminn/{task}/examples/test.npz",
        test="results/{dataset}/argminn/{task}/networks/argminn/test.tsv",
    output:
        maps="results/{dataset}/argminn/{task}/readouts/attention.npz",
    log:
        "results/{dataset}/logs/read_argminn_attention_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/read_argminn_attention_{task}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        sequences=lookup(dpath="argminn/map_sequences", within=config),
    script:
        "../scripts/read_argminn_attention.py"


rule write_argminn_bed:
    input:
        reading="results/{dataset}/argminn/{peak_task}/readouts/instances_reading.tsv.gz",
        test="results/{dataset}/argminn/{peak_task}/readouts/instances_test.tsv.gz",
        regions="results/{dataset}/argminn/{peak_task}/examples/regions.tsv.gz",
    output:
        bed="results/{dataset}/argminn/{peak_task}/readouts/instances.bed.gz",
    log:
        "results/{dataset}/logs/write_argminn_bed_{peak_task}.log",
    benchmark:
        "results/{dataset}/benchmarks/write_argminn_bed_{peak_task}.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/write_argminn_bed.py"


rule argminn_syntax:
    input:
        filters="results/{dataset}/argminn/{task}/readouts/filters.tsv",
        motifs="results/{dataset}/argminn/{task}/readouts/motifs.meme",
        matches="results/{dataset}/argminn/{task}/readouts/matches.tsv",
        known=KNOWN_MOTIFS,
        reading="results/{dataset}/argminn/{task}/examples/reading.npz",
        instances="results/{dataset}/argminn/{task}/readouts/syntax_instances_reading.tsv.gz",
    output:
        frames="results/{dataset}/argminn/{task}/readouts/frames.tsv",
        gaps="results/{dataset}/argminn/{task}/readouts/gaps.tsv",
        rules="results/{dataset}/argminn/{task}/readouts/syntax.tsv",
        configurations="results/{dataset}/argminn/{task}/readouts/configurations.tsv",
    log:
        "results/{dataset}/logs/argminn_syntax_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/argminn_syntax_{task}.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        fdr=lookup(dpath="argminn/fdr", within=config),
    script:
        "../scripts/argminn_syntax.py"
