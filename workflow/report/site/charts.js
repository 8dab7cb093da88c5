// What all plots share: colours, numbers in words, and drawing to the width that there is.
"use strict";

cisformula.charts = (() => {
  // The ends of the figures' scale from blue to red.
  const RAISES = "#b2182b";
  const LOWERS = "#2166ac";
  const INK = "#1c2329";
  const GREY = "#8a949c";
  const FAINT = "#d7dce0";
  const ACCENT = "#0b5d7a";
  const STYLE = { fontSize: "12px", fontFamily: "inherit", background: "transparent", overflow: "visible" };

  const sign = (value) => (value < 0 ? LOWERS : RAISES);
  const withMinus = (text) => text.replace(/-/g, "−");

  function fixed(value, digits = 3) {
    return Number.isFinite(value) ? withMinus(value.toFixed(digits)) : "–";
  }

  function signed(value, digits = 3) {
    const text = fixed(value, digits);
    return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
  }

  // A p- or q-value from its -log10.
  function probability(minusLog) {
    if (!Number.isFinite(minusLog)) return "–";
    if (minusLog < 3) return String(Number((10 ** -minusLog).toPrecision(2)));
    const exponent = -Math.ceil(minusLog - 1e-9);
    const mantissa = 10 ** (-minusLog - exponent);
    const digits = String(exponent).replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
    return `${mantissa.toFixed(1)} × 10${digits}`;
  }

  // Draw now, and again when the width changes. ``make`` takes the width and returns an element.
  function draw(id, make) {
    const place = document.getElementById(id);
    if (!place) return () => {};
    let width = 0;
    const render = () => {
      width = place.clientWidth;
      if (width > 0) place.replaceChildren(make(width));
    };
    render();
    new ResizeObserver(() => {
      if (Math.abs(place.clientWidth - width) > 1) requestAnimationFrame(render);
    }).observe(place);
    return render;
  }

  const plot = (options) => Plot.plot({ style: STYLE, ...options });

  // Colours of the groups of cell types, and a legend if there is more than one.
  function groupScale() {
    const { groups } = cisformula.given("cell_types");
    return { type: "categorical", domain: groups.map((d) => d.name), range: groups.map((d) => d.colour), legend: false };
  }

  function groupLegend() {
    const { groups } = cisformula.given("cell_types");
    const list = document.createElement("ul");
    list.className = "legend";
    if (groups.length < 2) return list;
    for (const { name, colour } of groups) {
      const item = document.createElement("li");
      const swatch = document.createElement("span");
      swatch.style.background = colour;
      item.append(swatch, name);
      list.append(item);
    }
    return list;
  }

  // Instead of a plot that would be empty.
  function nothing(text) {
    const note = document.createElement("p");
    note.className = "faint";
    note.textContent = text;
    return note;
  }

  function together(...nodes) {
    const box = document.createElement("div");
    box.append(...nodes);
    return box;
  }

  function shortened(text, longest) {
    if (text.length <= longest) return text;
    const end = Math.floor(longest / 3);
    return `${text.slice(0, longest - 1 - end)}…${text.slice(-end)}`;
  }

  return {
    RAISES, LOWERS, INK, GREY, FAINT, ACCENT,
    sign, fixed, signed, probability, draw, plot, groupScale, groupLegend, nothing, together, shortened,
  };
})();
