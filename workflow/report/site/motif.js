// A motif's page: where its sites lie, where it acts, which factor follows it, and its target genes.
"use strict";

(() => {
  const charts = cisformula.charts;
  const data = cisformula.own();
  const cellTypes = cisformula.given("cell_types");
  const effects = cisformula.given("effects");
  const genes = cisformula.given("gene_names");
  const significant = -Math.log10(effects.fdr);

  // Values of this motif over the cell types.
  const ofMotif = (packed) => cisformula.row(cisformula.unpack(packed), packed.shape, data.motif);
  const measures = { activity: { value: ofMotif(effects.activity.activity), error: ofMotif(effects.activity.standard_error) } };
  const z = ofMotif(effects.activity.z);
  for (const [target, packed] of Object.entries(effects.targets)) {
    measures[target] = {
      value: ofMotif(packed.coefficient),
      error: ofMotif(packed.standard_error),
      log_q: ofMotif(packed.log_q),
      ridge: ofMotif(packed.ridge_coefficient),
    };
  }
  const names = {
    activity: "Activity (log10 units)",
    deviation: "Effect on deviation (SD)",
    expression: "Effect on expression (SD)",
  };
  const choice = document.getElementById("measure");

  // Sites and effects along the promoter, on one scale.
  function bins(edges, values) {
    return values.map((value, i) => ({ from: edges[i], to: edges[i + 1], value }));
  }
  const { position } = data;
  const along = { domain: [position.bins[0], position.bins.at(-1)] };
  charts.draw("plot-sites", (width) => {
    const strands = ["the gene’s strand", "the other strand"];
    const rows = position.sites.flatMap((values, i) => bins(position.edges, values).map((row) => ({ ...row, strand: strands[i] })));
    return charts.plot({
      width, height: 190, marginBottom: 20, marginLeft: 56,
      x: { ...along, label: null, tickFormat: () => "" },
      y: { label: "↑ Sites per 1,000 promoters", grid: true, ticks: 4 },
      color: { domain: strands, range: ["#4a5a66", "#b9c4cc"], legend: true },
      marks: [
        Plot.rectY(rows, {
          x1: "from", x2: (d) => Math.min(d.to, along.domain[1]), y: "value", fill: "strand", inset: 0.5,
          tip: { format: { x1: true, x2: true, y: true, fill: true } },
        }),
        Plot.ruleX([0], { stroke: charts.INK, strokeDasharray: "3 3" }),
        Plot.ruleY([0]),
      ],
    });
  });
  charts.draw("plot-position", (width) =>
    charts.plot({
      width, height: 170, marginBottom: 38, marginLeft: 56,
      x: { ...along, label: "Position relative to the transcription start site (bp) →", tickFormat: (d) => charts.signed(d, 0) },
      y: { label: "↑ Effect of a hit (SD)", grid: true, ticks: 4 },
      marks: [
        Plot.rectY(bins(position.bins, position.effects), {
          x1: "from", x2: "to", y: "value", fill: (d) => charts.sign(d.value), inset: 0.5,
          channels: { effect: { value: (d) => charts.signed(d.value, 4), label: "effect" } },
          tip: { format: { x1: true, x2: true, y: false, fill: false, effect: true } },
        }),
        Plot.ruleX([0], { stroke: charts.INK, strokeDasharray: "3 3" }),
        Plot.ruleY([0]),
      ],
    }),
  );

  // Cell types, ranked and by group.
  function rowsOf(measure) {
    const { value, error, log_q: logQ } = measures[measure];
    return cellTypes.name
      .map((name, i) => ({
        name,
        number: i + 1,
        group: cellTypes.group[i],
        value: value[i],
        low: value[i] - 1.96 * error[i],
        high: value[i] + 1.96 * error[i],
        q: logQ ? logQ[i] : NaN,
        called: logQ ? logQ[i] > significant : Math.abs(value[i]) > 1.96 * error[i],
      }))
      .filter((row) => Number.isFinite(row.value))
      .sort((a, b) => b.value - a.value)
      .map((row, rank) => ({ ...row, rank: rank + 1 }));
  }
  const tips = {
    href: (d) => cisformula.address(`cell/${d.number}.html`),
    channels: {
      name: { value: "name", label: "" },
      effect: { value: (d) => `${charts.signed(d.value)} (${charts.signed(d.low)} to ${charts.signed(d.high)})`, label: "value" },
      q: { value: (d) => charts.probability(d.q), label: "q" },
    },
    tip: { format: { x: false, y: false, fill: false, stroke: false, href: false, name: true, effect: true, q: true } },
  };
  function ranked(rows, width) {
    const low = d3.min(rows, (d) => d.low);
    const high = d3.max(rows, (d) => d.high);
    const room = 0.05 * (high - low) || 1;
    return charts.plot({
      width, height: 400, marginLeft: 54, marginBottom: 34, marginTop: 26,
      x: { label: `${rows.length} cell types, highest first →`, ticks: [], domain: [0, rows.length + 1] },
      y: { label: `↑ ${names[choice.value]}`, grid: true, domain: [low - room, high + room] },
      color: charts.groupScale(),
      marks: [
        Plot.ruleY([0]),
        Plot.ruleX(rows, { x: "rank", y1: "low", y2: "high", stroke: "group", strokeOpacity: 0.45 }),
        Plot.dot(rows.filter((d) => !d.called), { x: "rank", y: "value", stroke: "group", fill: "white", r: 3, strokeWidth: 1.3, ...tips }),
        Plot.dot(rows.filter((d) => d.called), { x: "rank", y: "value", stroke: "group", fill: "group", r: 3.5, ...tips }),
      ],
    });
  }
  // The highest and the lowest, by name.
  function highestAndLowest(rows, width) {
    const n = 10;
    const shown = rows.length > 2 * n ? [...rows.slice(0, n), null, ...rows.slice(-n)] : rows;
    const label = (row) => (row === null ? "⋮" : charts.shortened(row.name, 24));
    const placed = shown.map((row, place) => ({ ...row, place })).filter((row) => row.name !== undefined);
    return charts.plot({
      width, height: 400, marginLeft: 176, marginBottom: 34, marginTop: 26, marginRight: 12,
      x: { label: `${names[choice.value]} →`, grid: true, ticks: 4 },
      y: { domain: d3.range(shown.length), label: null, tickSize: 0, tickFormat: (place) => label(shown[place]) },
      color: charts.groupScale(),
      marks: [
        Plot.ruleX([0]),
        Plot.ruleY(placed, { y: "place", x1: "low", x2: "high", stroke: "group", strokeOpacity: 0.45 }),
        Plot.dot(placed.filter((d) => !d.called), { x: "value", y: "place", stroke: "group", fill: "white", r: 3, strokeWidth: 1.3, ...tips }),
        Plot.dot(placed.filter((d) => d.called), { x: "value", y: "place", stroke: "group", fill: "group", r: 3.5, ...tips }),
      ],
    });
  }
  const drawRanked = charts.draw("plot-ranked", (width) => {
    const rows = rowsOf(choice.value);
    if (!rows.length) return charts.nothing("It could not be estimated: other motifs say the same, or a single gene carries it.");
    const beside = width > 760;
    const left = beside ? Math.round(0.56 * width) - 12 : width;
    const panels = charts.together(ranked(rows, left), highestAndLowest(rows, beside ? width - left - 24 : width));
    panels.className = "beside";
    return charts.together(charts.groupLegend(), panels);
  });
  const drawGroups = charts.draw("plot-groups", (width) => {
    const rows = rowsOf(choice.value);
    if (!rows.length) return charts.nothing("–");
    const byGroup = d3.rollups(rows, (of) => d3.median(of, (d) => d.value), (d) => d.group).sort((a, b) => b[1] - a[1]);
    const longest = width < 620 ? 14 : 26;
    return charts.plot({
      width, height: byGroup.length * 28 + 50, marginLeft: width < 620 ? 100 : 170, marginBottom: 36,
      x: { label: `${names[choice.value]} →`, grid: true },
      y: { domain: byGroup.map(([group]) => group), label: null, tickSize: 0, tickFormat: (name) => charts.shortened(name, longest) },
      color: charts.groupScale(),
      marks: [
        Plot.ruleX([0]),
        Plot.dot(rows, { x: "value", y: "group", fill: "group", fillOpacity: 0.65, r: 4, ...tips }),
        Plot.tickX(byGroup, { x: (d) => d[1], y: (d) => d[0], stroke: charts.INK, strokeWidth: 2, insetTop: 3, insetBottom: 3 }),
      ],
    });
  });
  function noteFilled() {
    document.getElementById("filled-note").textContent = choice.value === "activity" ? " (for activity: interval without zero)" : "";
  }
  choice.addEventListener("change", () => {
    drawRanked();
    drawGroups();
    noteFilled();
  });
  noteFilled();

  // The same in numbers.
  const body = document.querySelector("#cell-type-table tbody");
  const number = (value, digits) => ({ value, text: charts.signed(value, digits) });
  const { expression, deviation } = measures;
  cellTypes.name.forEach((name, i) => {
    const q = (of) => (of ? { value: -of.log_q[i], text: charts.probability(of.log_q[i]) } : "");
    cisformula.table.addRow(body, [
      cisformula.table.link(`cell/${i + 1}.html`, name),
      cellTypes.group[i],
      number(measures.activity.value[i]),
      number(z[i], 1),
      deviation ? number(deviation.value[i]) : "",
      q(deviation),
      expression ? number(expression.value[i]) : "",
      q(expression),
      expression ? number(expression.ridge[i]) : "",
    ]);
  });

  // Factors: their own expression against the motif's activity.
  charts.draw("plot-factors", (width) => {
    const each = Math.max(240, Math.min(360, Math.floor(width / Math.max(1, Math.floor(width / 270))) - 12));
    return charts.together(
      ...data.factors.map((factor) => {
        const values = cisformula.unpack(factor.expression);
        const rows = rowsOf("activity").map((row) => ({ ...row, expression: values[row.number - 1] }));
        return charts.plot({
          width: each, height: 240, marginLeft: 54, marginBottom: 36, marginTop: 34, inset: 6,
          x: { label: `${charts.shortened(factor.factor, 18)}, log10 against mean gene →`, ticks: 4 },
          y: { label: `↑ Activity; r = ${factor.r === null ? "–" : charts.signed(factor.r, 2)}`, ticks: 4, grid: true },
          color: charts.groupScale(),
          marks: [
            Plot.ruleY([0]),
            Plot.dot(rows, { x: "expression", y: "value", fill: "group", fillOpacity: 0.7, r: 3, ...tips }),
          ],
        });
      }),
    );
  });

  // Target genes of the formula, or of a cell type.
  const targets = Object.fromEntries(
    ["gene", "contribution", "hits"].map((key) => [key, cisformula.unpack(data.targets[key])]),
  );
  const ends = d3.cumsum(data.targets.count);
  const chosen = document.getElementById("target-cell-type");
  cellTypes.name
    .map((name, i) => ({ name, number: i + 1 }))
    .filter((cellType) => data.targets.count[cellType.number])
    .sort((a, b) => a.name.localeCompare(b.name, "en"))
    .forEach((cellType) => chosen.append(new Option(cellType.name, cellType.number)));
  const targetBody = document.querySelector("#target-table tbody");
  chosen.addEventListener("change", () => {
    targetBody.replaceChildren();
    const end = ends[chosen.value];
    const first = end - data.targets.count[chosen.value];
    for (let i = first; i < end; i++) {
      const id = genes.id[targets.gene[i]];
      const name = genes.name[targets.gene[i]] || id;
      cisformula.table.addRow(targetBody, [
        cisformula.table.link(`genes.html#${encodeURIComponent(id)}`, name),
        id,
        { value: targets.contribution[i], text: charts.signed(targets.contribution[i]) },
        { value: targets.hits[i], text: charts.fixed(targets.hits[i], 0) },
      ]);
    }
  });
})();
