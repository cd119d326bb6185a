"use strict";
// Search, filter and sort the rows that are in the page. Without this script the page shows them all.
(() => {
  const form = document.getElementById("filter");
  const more = document.getElementById("more");
  const table = document.getElementById("rows");
  if (!form || !more || !table) return;
  const PAGE = 100;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row, rank) => ({
    row,
    rank,
    line: Number(row.dataset.line),
    score: row.dataset.score === "" ? null : Number(row.dataset.score),
    failed: row.hasAttribute("data-failed"),
    model: row.cells[2].textContent,
    category: row.cells[3].textContent,
    text: row.textContent.toLowerCase(),
  }));
  const orders = {
    rank: (a, b) => a.rank - b.rank,
    best: (a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity) || a.rank - b.rank,
    line: (a, b) => a.line - b.line || a.rank - b.rank,
  };
  const fields = form.elements;
  let shown = PAGE;
  const show = () => {
    const words = fields.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const model = fields.model.value;
    const category = fields.category.value;
    const failed = fields.failed.checked;
    const found = rows.filter((entry) =>
      (!failed || entry.failed) && (!model || entry.model === model) && (!category || entry.category === category) &&
      words.every((word) => entry.text.includes(word)));
    found.sort(orders[fields.sort.value] || orders.rank);
    body.replaceChildren(...found.slice(0, shown).map((entry) => entry.row));
    fields.count.value = `${found.length} of ${rows.length} match`;
    more.hidden = found.length <= shown;
  };
  const anew = () => {
    shown = PAGE;
    show();
  };
  form.addEventListener("input", anew);
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => {
    shown += PAGE;
    show();
  });
  // A link to a failure opens it.
  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", open);
  open();
  form.hidden = false;
  show();
})();
