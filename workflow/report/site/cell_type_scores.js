// R2 of every cell type, sorted, with its interval and what base composition alone explains.
"use strict";

(() => {
  const charts = cisformula.charts;
  const rows = cisformula.own().cell_types;
  const { group } = cisformula.given("cell_types");
  const choice = document.getElementById("score-target");
  const floor = -0.15;

  const redraw = charts.draw("plot-cell-types", (width) => {
    const shown = rows
      .filter((row) => row.target === choice.value)
      .map((row) => ({ ...row, group: group[row.number - 1] }))
      .sort((a, b) => b.r2 - a.r2)
      .map((row, rank) => ({ ...row, rank: rank + 1 }));
    const clipped = (value) => Math.max(value, floor);
    const labelled = shown.length <= 40 && width > 560;
    return charts.together(
      charts.groupLegend(),
      charts.plot({
        width,
        height: labelled ? 400 : 320,
        marginBottom: labelled ? 130 : 36,
        x: { label: labelled ? null : `${shown.length} cell types, best first →`, ticks: [], domain: [0, shown.length + 1] },
        y: { label: "↑ Held-out R²", grid: true, nice: true },
        color: charts.groupScale(),
        marks: [
          Plot.ruleY([0]),
          Plot.ruleX(shown, { x: "rank", y1: (d) => clipped(d.low), y2: (d) => clipped(d.high), stroke: "group", strokeWidth: 1.4 }),
          Plot.ruleY(shown, {
            x1: (d) => d.rank - 0.35, x2: (d) => d.rank + 0.35, y: (d) => clipped(d.composition), stroke: charts.GREY, strokeWidth: 1.6,
          }),
          Plot.dot(shown, {
            x: "rank", y: (d) => clipped(d.r2), fill: "group", r: 3.5,
            href: (d) => cisformula.address(`cell/${d.number}.html`),
            channels: {
              name: { value: "name", label: "" },
              score: { value: (d) => `${charts.fixed(d.r2)} (${charts.fixed(d.low)} to ${charts.fixed(d.high)})`, label: "R²" },
              alone: { value: (d) => charts.fixed(d.composition), label: "composition alone" },
            },
            tip: { format: { x: false, y: false, fill: true, name: true, score: true, alone: true, href: false } },
          }),
          labelled
            ? Plot.text(shown, { x: "rank", frameAnchor: "bottom", text: (d) => charts.shortened(d.name, 24), rotate: -60, textAnchor: "end", dy: 8 })
            : null,
        ],
      }),
    );
  });
  choice.addEventListener("change", redraw);
})();
