// The gene look-up: where a gene lies among all, its prediction taken apart, and its course over the cell types.
"use strict";

(() => {
  const charts = cisformula.charts;
  const names = cisformula.given("gene_names");
  const genes = cisformula.given("genes");
  const motifs = cisformula.given("motifs");
  const cellTypes = cisformula.given("cell_types");
  const numbers = Object.fromEntries(
    ["observed", "predicted", "in_sample", "tss"].map((key) => [key, cisformula.unpack(genes[key])]),
  );
  const N_OFFERED = 30;

  const input = document.getElementById("gene");
  const list = document.getElementById("gene-list");
  const message = document.getElementById("gene-message");
  const place = (id) => document.getElementById(id);

  // Lower-case names and ids to the genes that have them.
  const byName = new Map();
  const add = (text, gene) => {
    const key = text.toLowerCase();
    if (key) byName.set(key, [...(byName.get(key) || []), gene]);
  };
  names.id.forEach((id, gene) => {
    add(id, gene);
    if (names.name[gene] !== id) add(names.name[gene], gene);
  });
  const keys = [...byName.keys()].sort();

  function startingWith(text) {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[middle] < text) low = middle + 1;
      else high = middle;
    }
    const found = [];
    while (low < keys.length && keys[low].startsWith(text) && found.length < N_OFFERED) found.push(keys[low++]);
    return found;
  }

  function offer() {
    const text = input.value.trim().toLowerCase();
    const found = text ? startingWith(text) : [];
    list.replaceChildren(
      ...found.map((key) => {
        const gene = byName.get(key)[0];
        const byId = names.id[gene].toLowerCase() === key;
        const option = document.createElement("option");
        option.value = byId ? names.id[gene] : names.name[gene];
        option.label = byId ? names.name[gene] : names.id[gene];
        return option;
      }),
    );
    return found;
  }

  function choiceOf(found) {
    message.replaceChildren("Several genes have this name: ");
    for (const gene of found) {
      const anchor = document.createElement("a");
      anchor.href = `#${encodeURIComponent(names.id[gene])}`;
      anchor.textContent = names.id[gene];
      message.append(anchor, " ");
    }
  }

  function lookUp(text) {
    const key = text.trim().toLowerCase();
    if (!key) return;
    const near = startingWith(key);
    const found = byName.get(key) || (near.length === 1 ? byName.get(near[0]) : undefined);
    if (!found) {
      message.textContent = near.length
        ? `${near.length === N_OFFERED ? "Many" : near.length} genes begin with “${text.trim()}”: go on typing.`
        : `No gene of this run is called “${text.trim()}”. Genes without a promoter or without expression are left out.`;
      return;
    }
    if (found.length > 1) {
      choiceOf(found);
      return;
    }
    show(found[0]);
  }

  // All genes in the plane of predicted and observed, with one marked.
  let current = null;
  const lowest = Math.max(d3.min(numbers.predicted), d3.min(numbers.observed));
  const highest = Math.min(d3.max(numbers.predicted), d3.max(numbers.observed));
  const drawAgreement = charts.draw("plot-agreement", (width) => {
    const size = Math.min(width, 560);
    const marked = current === null ? [] : [current];
    return charts.plot({
      width: size, height: size * 0.86, marginLeft: 46, marginBottom: 38,
      x: { label: "Predicted, held-out (SD) →", grid: true, inset: 12 },
      y: { label: "↑ Observed (SD)", grid: true, inset: 12 },
      color: { type: "sqrt", scheme: "Greys", range: [0.12, 0.85], label: "genes", legend: false },
      marks: [
        Plot.dot({ length: numbers.predicted.length }, Plot.hexbin({ fill: "count" }, {
          x: numbers.predicted, y: numbers.observed, symbol: "hexagon", r: 5.6, binWidth: 10, stroke: "none",
          tip: { format: { x: false, y: false, fill: true } },
        })),
        Plot.line([lowest, highest], { x: (d) => d, y: (d) => d, stroke: charts.ACCENT, strokeDasharray: "4 3" }),
        Plot.dot(marked, {
          x: (i) => numbers.predicted[i], y: (i) => numbers.observed[i], r: 7, fill: charts.RAISES, stroke: "white", strokeWidth: 2,
        }),
        Plot.text(marked, {
          x: (i) => numbers.predicted[i], y: (i) => numbers.observed[i], text: (i) => names.name[i] || names.id[i],
          dy: -16, fontSize: 13, fontWeight: 600, fill: charts.INK, stroke: "white", strokeWidth: 4,
        }),
      ],
    });
  });

  function facts(gene) {
    const log10 = (z) => charts.fixed(genes.mean + genes.scale * z, 2);
    const rows = [
      ["Observed", numbers.observed[gene], "median over cell types"],
      ["Predicted, held-out", numbers.predicted[gene], `by the formula of the other folds; its own is fold ${genes.fold[gene]}`],
      ["Fitted, in-sample", numbers.in_sample[gene], "by the formula of all genes, this one among them"],
    ];
    place("gene-facts").replaceChildren(
      ...rows.map(([term, value, note]) => {
        const row = document.createElement("div");
        const title = document.createElement("dt");
        const detail = document.createElement("dd");
        const faint = document.createElement("span");
        title.textContent = term;
        faint.className = "faint";
        faint.textContent = ` SD (log10 ${log10(value)}), ${note}`;
        detail.append(charts.signed(value, 2), faint);
        row.append(title, detail);
        return row;
      }),
    );
  }

  function terms(part, i) {
    const motif = cisformula.row(cisformula.unpack(part.motif), part.motif.shape, i);
    const value = cisformula.row(cisformula.unpack(part.value), part.value.shape, i);
    const others = cisformula.unpack(part.others)[i];
    const rows = [...motif].map((number, k) => ({
      number,
      label: number ? motifs.label[number - 1] : "base composition",
      value: value[k],
    }));
    const shown = rows.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    const nOthers = motifs.id.length - (shown.length - 1);
    if (nOthers > 0) shown.push({ number: 0, label: nOthers === 1 ? "1 other motif" : `${nOthers} other motifs`, value: others });
    // Bars follow on each other, as the sum grows.
    let sum = 0;
    for (const row of shown) {
      row.from = sum;
      sum += row.value;
      row.to = sum;
    }
    shown.push({ number: 0, label: "prediction", value: sum, from: 0, to: sum, total: true });
    return shown;
  }

  let details = null;
  const drawTerms = charts.draw("plot-contributions", (width) => {
    if (details === null) return document.createElement("p");
    const narrow = width < 620;
    const rows = details.terms;
    return charts.plot({
      width, height: rows.length * 25 + 46, marginLeft: narrow ? 126 : 220, marginRight: 60, marginBottom: 38, marginTop: 6,
      x: { label: "Standard deviations of expression →", grid: true, inset: 24 },
      y: { domain: rows.map((_, i) => i), label: null, tickSize: 0, tickFormat: (i) => charts.shortened(rows[i].label, narrow ? 18 : 32) },
      marks: [
        Plot.barX(rows, {
          y: (_, i) => i, x1: "from", x2: "to", fill: (d) => (d.total ? "#4a5a66" : charts.sign(d.value)), insetTop: 3, insetBottom: 3,
          href: (d) => (d.number ? cisformula.address(`motif/${d.number}.html`) : null),
        }),
        Plot.ruleX([0]),
        Plot.text(rows, {
          y: (_, i) => i, x: (d) => Math.max(d.from, d.to), text: (d) => charts.signed(d.value), textAnchor: "start", dx: 5,
          fill: charts.INK, fontVariant: "tabular-nums",
        }),
      ],
    });
  });

  const drawCellTypes = charts.draw("plot-gene-cell-types", (width) => {
    if (details === null) return document.createElement("p");
    const rows = cellTypes.name
      .map((name, i) => ({ name, number: i + 1, group: cellTypes.group[i], observed: details.observed[i], predicted: details.predicted[i] }))
      .sort((a, b) => b.observed - a.observed)
      .map((row, rank) => ({ ...row, rank: rank + 1 }));
    return charts.together(
      charts.groupLegend(),
      charts.plot({
        width, height: 340, marginLeft: 48, marginBottom: 34,
        x: { label: `${rows.length} cell types, highest first →`, ticks: [], domain: [0, rows.length + 1] },
        y: { label: "↑ Expression (SD over genes)", grid: true, nice: true },
        color: charts.groupScale(),
        marks: [
          Plot.ruleY([0]),
          Plot.line(rows, { x: "rank", y: "predicted", stroke: charts.GREY, strokeWidth: 1.6 }),
          Plot.dot(rows, {
            x: "rank", y: "observed", fill: "group", r: 3.6,
            href: (d) => cisformula.address(`cell/${d.number}.html`),
            channels: {
              name: { value: "name", label: "" },
              seen: { value: (d) => charts.signed(d.observed, 1), label: "observed" },
              made: { value: (d) => charts.signed(d.predicted, 1), label: "predicted" },
            },
            tip: { format: { x: false, y: false, fill: true, href: false, name: true, seen: true, made: true } },
          }),
        ],
      }),
    );
  });

  async function show(gene) {
    const part = await cisformula.load(`genes/${Math.floor(gene / genes.part)}`);
    const i = gene % genes.part;
    current = gene;
    const values = (packed) => cisformula.row(cisformula.unpack(packed), packed.shape, i);
    details = { terms: terms(part, i), observed: values(part.observed), predicted: values(part.predicted) };
    place("gene-title").textContent = names.name[gene] || names.id[gene];
    place("gene-place").textContent =
      `${names.id[gene]}, transcription start at ${genes.chrom[gene]}:${numbers.tss[gene].toLocaleString("en")} (${genes.strand[gene]})`;
    facts(gene);
    message.textContent = "";
    for (const id of ["gene-result", "gene-details"]) place(id).hidden = false;
    drawAgreement();
    drawTerms();
    drawCellTypes();
    history.replaceState(null, "", `#${encodeURIComponent(names.id[gene])}`);
  }

  function fromAddress() {
    let text = "";
    try {
      text = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    if (!text) return;
    const found = byName.get(text.toLowerCase());
    if (found) {
      input.value = text;
      lookUp(text);
    }
  }

  input.addEventListener("input", () => {
    offer();
    if (byName.has(input.value.trim().toLowerCase())) lookUp(input.value);
  });
  place("gene-form").addEventListener("submit", (event) => {
    event.preventDefault();
    lookUp(input.value);
  });
  window.addEventListener("hashchange", fromAddress);
  fromAddress();
})();
