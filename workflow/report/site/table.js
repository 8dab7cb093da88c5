// Tables that are sorted by their column titles, and filtered by a search box and lists beside them.
"use strict";

cisformula.table = (() => {
  const compareText = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;

  function keyOf(row, column, numeric) {
    const cell = row.cells[column];
    const text = cell.dataset.sort === undefined ? cell.textContent.trim() : cell.dataset.sort;
    if (!numeric) return text;
    return text === "" ? NaN : Number(text);
  }

  // Rows without a value come last in either direction; equal ones keep their order.
  function sort(table, column, descending) {
    const numeric = table.tHead.rows[0].cells[column].classList.contains("number");
    const body = table.tBodies[0];
    const missing = (key) => (numeric ? Number.isNaN(key) : key === "");
    const compare = numeric ? (a, b) => a - b : compareText;
    const keyed = [...body.rows].map((row) => ({ row, key: keyOf(row, column, numeric) }));
    keyed.sort((a, b) => {
      if (missing(a.key) || missing(b.key)) return missing(a.key) - missing(b.key);
      return descending ? compare(b.key, a.key) : compare(a.key, b.key);
    });
    body.append(...keyed.map(({ row }) => row));
    for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
    table.tHead.rows[0].cells[column].setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  // Numbers go from large to small first, text from A to Z.
  function makeSortable(table) {
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      const button = cell.querySelector("button");
      if (!button) return;
      button.addEventListener("click", () => {
        const now = cell.getAttribute("aria-sort");
        sort(table, column, now === null ? cell.classList.contains("number") : now === "ascending");
      });
    });
  }

  function filter(table, controls, count) {
    let shown = 0;
    const rows = [...table.tBodies[0].rows];
    for (const row of rows) {
      const words = `${row.textContent} ${row.dataset.words || ""}`.toLowerCase();
      const fits = controls.every((control) => {
        const value = control.value.trim();
        if (value === "") return true;
        if (control.dataset.key) return row.dataset[control.dataset.key] === value;
        return value.toLowerCase().split(/\s+/).every((word) => words.includes(word));
      });
      row.hidden = !fits;
      shown += fits;
    }
    if (count) {
      const noun = count.dataset.noun + (rows.length === 1 ? "" : "s");
      count.textContent = shown === rows.length ? `${shown} ${noun}` : `${shown} of ${rows.length} ${noun}`;
    }
  }

  function makeFiltered(table) {
    const controls = [...document.querySelectorAll(`[data-filter="${table.id}"]`)];
    if (!controls.length) return;
    const count = document.querySelector(`[data-count="${table.id}"]`);
    const apply = () => filter(table, controls, count);
    for (const control of controls) control.addEventListener("input", apply);
    apply();
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    makeSortable(table);
    makeFiltered(table);
  }

  // A row of cells: text, a number with its printed form, or an element. The first one names the row.
  function addRow(body, cells) {
    const row = body.insertRow();
    cells.forEach((content, i) => {
      const cell = document.createElement(i ? "td" : "th");
      if (!i) cell.scope = "row";
      if (content instanceof Node) {
        cell.append(content);
      } else if (typeof content === "string") {
        cell.textContent = content;
      } else {
        cell.className = "number";
        cell.dataset.sort = Number.isFinite(content.value) ? content.value : "";
        cell.textContent = content.text;
      }
      row.append(cell);
    });
    return row;
  }

  function link(path, text) {
    const anchor = document.createElement("a");
    anchor.href = cisformula.address(path);
    anchor.textContent = text;
    return anchor;
  }

  return { addRow, link };
})();
