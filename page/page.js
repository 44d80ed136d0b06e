// The proof beside the chat: [n] shows its source, hovering it shows its quote; links that ask; filters; the table.
(() => {
  const choose = (card) => {
    document.querySelectorAll(".source.chosen").forEach((other) => other.classList.remove("chosen"));
    card.classList.add("chosen");
    card.scrollIntoView({ block: "nearest", behavior: "smooth" });
    card.focus({ preventScroll: true });
  };

  // The proof of an answer stands beside the chat, that of a row of a file beside the table.
  const panelFor = (element) =>
    element.closest(".with-proof")?.querySelector(".proof-panel") ||
    document.querySelector("#sources .prose") ||
    document.querySelector("#sources");
  const cardsOf = (panel) => [...panel.querySelectorAll(".source")];
  const cardFor = (chip) => {
    const panel = panelFor(chip);
    const row = chip.closest("[data-sources]");
    if (row && panel.dataset.shown !== row.dataset.sources) return undefined;
    return cardsOf(panel).find((card) => card.dataset.place === chip.getAttribute("href"));
  };

  const show = async (chip) => {
    const present = cardFor(chip);
    if (present) return choose(present);
    const place = chip.getAttribute("href");
    const row = chip.closest("[data-sources]");
    if (row) {
      await window.removals.showSources(row);
      const found = cardFor(chip);
      return found && choose(found);
    }
    // The chip belongs to an earlier answer: its source is asked for by itself.
    const marker = chip.textContent.replace(/\D/g, "");
    const address = place.replace(/^document\?/, "source?").replace(/#.*$/, "") + "&marker=" + marker;
    const answer = await fetch(address);
    if (!answer.ok) return window.open(place, "_blank", "noopener");
    panelFor(chip).innerHTML = await answer.text();
    const card = cardFor(chip);
    if (card) choose(card);
  };

  const step = (button) => {
    const cards = cardsOf(button.closest(".proof-panel, #sources"));
    const next = cards[cards.indexOf(button.closest(".source")) + Number(button.dataset.step)];
    if (next) choose(next);
  };

  const around = async (button) => {
    const answer = await fetch(button.dataset.around);
    if (!answer.ok) return;
    const quote = button.closest(".source").querySelector("blockquote");
    quote.innerHTML = await answer.text();
    quote.classList.add("around");
    quote.querySelector("mark").scrollIntoView({ block: "nearest" });
    button.remove();
  };

  const copy = async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.textContent;
    button.textContent = window.removals.words("copied");
    setTimeout(() => (button.textContent = label), 1500);
  };

  // The server hears of what is done on the page through hidden boxes (page/hidden.py). It hears of changes only, hence
  // the number in the last line.
  const type = (box, value) => {
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const sent = () => type(document.querySelector("#question textarea"), "");
  let told = 0;
  const tell = (name, value) => {
    const box = document.querySelector(`#from-page-${name} textarea, #from-page-${name} input`);
    type(box, value + "\n" + ++told);
  };

  // -- the card that a marker shows

  let card;
  const hide = () => card && card.remove();
  const hover = (chip) => {
    hide();
    // The title becomes the card's last line: the browser's own tip would cover it.
    if (chip.title) {
      chip.where = chip.title;
      chip.setAttribute("aria-label", chip.title);
      chip.removeAttribute("title");
    }
    const quote = document.createElement("p");
    const marked = cardFor(chip)?.querySelector("mark");
    const marks = marked?.closest("[lang]")?.lang === "fr" ? ["«\u00a0", "\u00a0»"] : ["“", "”"];
    quote.textContent = marked ? marks[0] + marked.textContent.replace(/\s+/g, " ") + marks[1] : "";
    const where = document.createElement("p");
    where.className = "quiet";
    where.textContent = chip.where;
    card = document.createElement("div");
    card.className = "chip-card";
    card.setAttribute("role", "tooltip");
    card.append(quote, where);
    document.body.append(card);
    const box = chip.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - card.offsetWidth - 8));
    const below = box.bottom + 6 + card.offsetHeight < innerHeight;
    card.style.left = left + "px";
    card.style.top = (below ? box.bottom + 6 : Math.max(8, box.top - card.offsetHeight - 6)) + "px";
  };

  // -- the table of documents

  const search = (box) => {
    const table = box.closest(".library");
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of table.querySelectorAll("tbody tr")) {
      const text = (row.textContent + " " + row.title).toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    const count = table.querySelector(".library-count");
    const all = table.querySelectorAll("tbody tr").length;
    count.textContent = count.dataset.pattern.replace("{shown}", shown).replace("{all}", all);
  };

  const sort = (button) => {
    const head = button.closest("th");
    const column = [...head.parentElement.children].indexOf(head);
    const up = head.getAttribute("aria-sort") !== "ascending";
    head.parentElement.querySelectorAll("th[aria-sort]").forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = head.closest("table").tBodies[0];
    const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    const text = (row) => row.cells[column].textContent.replace(/(\d)[,\u202f\u00a0](?=\d{3})/g, "$1"); // 1,234: 1234
    const rows = [...body.rows].sort((a, b) => (up ? 1 : -1) * compare(text(a), text(b)));
    body.append(...rows);
  };

  const speak = (link) => {
    document.cookie = `language=${link.dataset.language}; path=/; max-age=31536000; samesite=lax`;
    location.href = new URL(link.getAttribute("href"), location.origin).pathname + location.search;
  };

  const clicks = {
    "a.chip": (chip) => (hide(), show(chip)),
    "a.ask": (link) => tell("follow", link.getAttribute("href").slice(1)),
    "a.language": speak,
    "button.copy": copy,
    "button.step": step,
    "button.around": around,
    "button.limit": (button) => tell("unset", button.dataset.name + "\n" + button.dataset.value),
    "button.edit": (button) => tell("chosen", button.dataset.id),
    "button.sort": sort,
  };

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    for (const [selector, act] of Object.entries(clicks)) {
      const found = event.target.closest(selector);
      if (!found) continue;
      event.preventDefault();
      act(found);
      return;
    }
  }, true);
  document.addEventListener("input", (event) => event.target.matches(".library-search") && search(event.target));
  for (const enter of ["mouseover", "focusin"])
    document.addEventListener(enter, (event) => {
      const chip = event.target.closest?.("a.chip");
      if (chip) hover(chip);
    });
  for (const leave of ["mouseout", "focusout"])
    document.addEventListener(leave, (event) => event.target.closest?.("a.chip") && hide());
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

  // Gradio calls the example questions a list, but puts buttons into it that are no items.
  // It also names its own language, not the page's.
  const mend = () => {
    document.querySelector('.examples[role="list"]')?.setAttribute("role", "group");
    if (document.documentElement.lang !== window.pageLanguage) document.documentElement.lang = window.pageLanguage;
  };
  mend();
  new MutationObserver(mend).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["lang"] });

  window.removals = { tell, sent };
})();
