rule count_hits:
    input:
        sequences="results/{dataset}/expression/sequences.npy",
        motifs="results/{dataset}/motifs/{motif_set}.meme",
    output:
        "results/{dataset}/hits/{reading}/{motif_set}.npz",
    log:
        "results/{dataset}/logs/count_hits_{reading}_{motif_set}.log",
    benchmark:
        "results/{dataset}/benchmarks/count_hits_{reading}_{motif_set}.tsv"
    conda:
        "../../envs/hits.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=60,
    params:
        p_value=of_reading("p_value"),
        grades=of_reading("grades"),
        bin_width=BIN_WIDTH,
        both_strands=lookup(dpath="hits/both_strands", within=config),
    script:
        "../scripts/count_hits.py"
