// A cell type's page: the motifs that raise and lower it, and all of them as a volcano.
"use strict";

(() => {
  const charts = cisformula.charts;
  const { cell_type: cellType } = cisformula.own();
  const motifs = cisformula.given("motifs");
  const effects = cisformula.given("effects");
  const choice = document.getElementById("target");
  const significant = -Math.log10(effects.fdr);
  const N_STRONGEST = 12;

  const ofCellType = (packed) => cisformula.column(cisformula.unpack(packed), packed.shape, cellType);
  const activity = { value: ofCellType(effects.activity.activity), z: ofCellType(effects.activity.z) };
  for (const option of [...choice.options]) if (!effects.targets[option.value]) option.remove();

  const cache = new Map();
  function rowsOf(target) {
    if (!cache.has(target)) {
      const packed = effects.targets[target];
      const values = Object.fromEntries(Object.entries(packed).map(([key, value]) => [key, ofCellType(value)]));
      const all = { p: cisformula.unpack(packed.log_p), q: cisformula.unpack(packed.log_q) };
      // One p-value divides all tests of a target: q is Benjamini-Hochberg over all of them.
      let threshold = Infinity;
      all.q.forEach((q, i) => {
        if (q > significant) threshold = Math.min(threshold, all.p[i]);
      });
      const rows = motifs.id.map((id, i) => ({
        id,
        number: i + 1,
        label: motifs.label[i],
        effect: values.coefficient[i],
        error: values.standard_error[i],
        ridge: values.ridge_coefficient[i],
        p: values.log_p[i],
        q: values.log_q[i],
        called: values.log_q[i] > significant,
      }));
      cache.set(target, { rows: rows.filter((row) => Number.isFinite(row.effect)), threshold });
    }
    return cache.get(target);
  }

  function logo(row) {
    const image = new Image();
    image.className = "thumb";
    image.alt = "";
    image.height = 28;
    image.loading = "lazy";
    image.src = cisformula.address(`logo/${row.number}.svg`);
    return image;
  }

  function fill(id, rows) {
    const body = document.querySelector(`#${id} tbody`);
    body.replaceChildren();
    for (const row of rows) {
      const added = cisformula.table.addRow(body, [
        cisformula.table.link(`motif/${row.number}.html`, row.label),
        logo(row),
        { value: row.effect, text: charts.signed(row.effect) },
        { value: -row.q, text: charts.probability(row.q) },
      ]);
      added.classList.toggle("weak", !row.called);
    }
  }

  const drawVolcano = charts.draw("plot-volcano", (width) => {
    const { rows, threshold } = rowsOf(choice.value);
    if (!rows.length) return charts.nothing("No effect could be estimated.");
    const strongest = [...rows].filter((row) => row.called).sort((a, b) => b.p - a.p).slice(0, width < 620 ? 5 : 12);
    const colour = (row) => (row.called ? charts.sign(row.effect) : charts.FAINT);
    const widest = Math.max(...rows.map((row) => Math.abs(row.effect))) * 1.15 || 1;
    return charts.plot({
      width, height: 420, marginLeft: 48, marginBottom: 38,
      x: { label: "Effect (SD) →", domain: [-widest, widest], tickFormat: (d) => charts.signed(d, 2), grid: true, ticks: width < 620 ? 5 : 9 },
      y: { label: "↑ −log₁₀ p", grid: true, insetTop: 18 },
      marks: [
        Plot.ruleX([0]),
        Number.isFinite(threshold) ? Plot.ruleY([threshold], { stroke: charts.GREY, strokeDasharray: "4 3" }) : null,
        Plot.dot(rows, {
          x: "effect", y: "p", fill: colour, stroke: (d) => (d.called ? "white" : charts.GREY), strokeWidth: 0.6, r: 4,
          href: (d) => cisformula.address(`motif/${d.number}.html`),
          channels: {
            label: { value: "label", label: "" },
            value: { value: (d) => `${charts.signed(d.effect)} ± ${charts.fixed(1.96 * d.error)}`, label: "effect" },
            q: { value: (d) => charts.probability(d.q), label: "q" },
          },
          tip: { format: { x: false, y: false, fill: false, stroke: false, href: false, label: true, value: true, q: true } },
        }),
        Plot.text(strongest, {
          x: "effect", y: "p", text: (d) => charts.shortened(d.label, 22), dy: -9, fontSize: 11,
          fill: charts.INK, stroke: "white", strokeWidth: 3,
        }),
      ],
    });
  });

  function show() {
    const { rows } = rowsOf(choice.value);
    const byP = [...rows].sort((a, b) => b.p - a.p);
    fill("activating", byP.filter((row) => row.effect > 0).slice(0, N_STRONGEST));
    fill("repressing", byP.filter((row) => row.effect < 0).slice(0, N_STRONGEST));
    const body = document.querySelector("#effect-table tbody");
    body.replaceChildren();
    for (const row of byP) {
      const i = row.number - 1;
      cisformula.table.addRow(body, [
        cisformula.table.link(`motif/${row.number}.html`, row.label),
        { value: row.effect, text: charts.signed(row.effect) },
        { value: row.error, text: charts.fixed(row.error) },
        { value: -row.p, text: charts.probability(row.p) },
        { value: -row.q, text: charts.probability(row.q) },
        { value: row.ridge, text: charts.signed(row.ridge) },
        { value: activity.value[i], text: charts.signed(activity.value[i]) },
        { value: activity.z[i], text: charts.signed(activity.z[i], 1) },
      ]);
    }
  }
  choice.addEventListener("change", () => {
    show();
    drawVolcano();
  });
  show();
})();
