"""Draw the motifs and configurations of the simulated tasks."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import pwm
from cisformula.argminn.tasks import find_task
from cisformula.figures import style, task_truth
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure task truth"):
    tasks = [find_task(name) for name in snakemake.params.tasks]
    motifs = [pwm.read_meme(path) for path in snakemake.input.motifs]
    style.save(task_truth.draw(tasks, motifs), snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d tasks", len(tasks))
