// The overview: R2 of every predictor under every split.
"use strict";

(() => {
  const charts = cisformula.charts;
  const { performance } = cisformula.own();
  const order = [...new Set(performance.map((row) => row.predictor))];
  const splits = [...new Set(performance.map((row) => row.split))];
  const leaks = (row) => row.split.startsWith("in-sample");
  const heldOut = splits.filter((split) => !split.startsWith("in-sample"));
  const colours = [charts.ACCENT, "#E69F00", "#009E73", "#CC79A7"].slice(0, heldOut.length);
  const floor = -0.1;

  charts.draw("plot-performance", (width) => {
    const narrow = width < 620;
    const tips = {
      channels: {
        R2: { value: (d) => `${charts.fixed(d.r2)} (${charts.fixed(d.low)} to ${charts.fixed(d.high)})`, label: "R²" },
      },
      tip: { format: { x: false, y: true, stroke: false, fill: false, R2: true, split: true } },
    };
    tips.channels.split = { value: "split", label: "" };
    const shift = (split) => (heldOut.indexOf(split) - (heldOut.length - 1) / 2) * 7;
    const ofSplit = heldOut.flatMap((split) => {
      const rows = performance.filter((row) => row.split === split);
      return [
        Plot.ruleY(rows, {
          y: "predictor", x1: (d) => Math.max(d.low, floor), x2: (d) => Math.max(d.high, floor),
          stroke: "split", strokeWidth: 1.6, dy: shift(split),
        }),
        Plot.dot(rows, { y: "predictor", x: (d) => Math.max(d.r2, floor), fill: "split", r: 4, dy: shift(split), ...tips }),
      ];
    });
    return charts.plot({
      width,
      height: order.length * (narrow ? 42 : 34) + 60,
      marginLeft: narrow ? 130 : 285,
      marginRight: narrow ? 16 : 60,
      marginTop: 6,
      marginBottom: 38,
      x: { label: "R² →", grid: true, ticks: narrow ? 4 : 8, nice: true },
      y: { domain: order, label: null, tickSize: 0 },
      color: { domain: heldOut, range: colours, legend: true },
      marks: [
        Plot.axisY({ tickSize: 0, lineWidth: narrow ? 10 : 24, label: null }),
        Plot.barX(performance.filter((d) => d.formula && d.main), {
          y: "predictor", x1: (d) => Math.min(0, ...performance.map((row) => Math.max(row.low, floor))),
          x2: Math.max(...performance.map((row) => row.high)), fill: "#e8f1f5", insetTop: -2, insetBottom: -2,
        }),
        Plot.ruleX([0]),
        ...ofSplit,
        Plot.dot(performance.filter(leaks), {
          y: "predictor", x: "r2", symbol: "times", stroke: charts.GREY, strokeWidth: 2, r: 5, ...tips,
        }),
        narrow ? null : Plot.text(performance.filter((d) => d.main), {
          y: "predictor", x: Math.max(...performance.map((row) => row.high)), text: (d) => charts.fixed(d.r2),
          textAnchor: "start", dx: 12, fill: charts.INK, fontVariant: "tabular-nums",
        }),
      ],
    });
  });
})();
