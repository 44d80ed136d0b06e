"use strict";
// Sorts within each kind of failure, and hides what the filters leave out. Without JavaScript every row is shown.
const table = document.getElementById("questions");
if (table) {
  const bodies = [...table.tBodies];
  const rowsOf = (body) => [...body.rows].slice(1);
  const key = (row, column) => row.cells[column].dataset.key ?? row.cells[column].textContent.trim().toLowerCase();
  for (const button of table.querySelectorAll("button.sort")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const numeric = head.dataset.numeric === "yes";
      const compare = (one, other) => {
        const [a, b] = [key(one, head.cellIndex), key(other, head.cellIndex)];
        return (numeric ? a - b : a.localeCompare(b)) * (down ? -1 : 1);
      };
      for (const body of bodies) body.append(...rowsOf(body).sort(compare));
    });
  }
  const filters = [...document.querySelectorAll(".tools [data-filter]")];
  const filter = () => {
    let shown = 0;
    for (const body of bodies) {
      let inBody = 0;
      for (const row of rowsOf(body)) {
        const keep = filters.every((each) => {
          const wanted = each.value.trim().toLowerCase();
          if (!wanted) return true;
          if (each.dataset.filter === "text") return row.textContent.toLowerCase().includes(wanted);
          return (row.dataset[each.dataset.filter] ?? "").toLowerCase() === wanted;
        });
        row.hidden = !keep;
        inBody += keep;
      }
      body.hidden = inBody === 0;
      shown += inBody;
    }
    const told = document.getElementById("shown");
    told.textContent = told.dataset.words.replace("{count}", shown);
  };
  for (const each of filters) each.addEventListener("input", filter);
  filter();
}
