// The proof beside the chat: [n] shows its source, hovering it shows its quote; links that ask; filters; the table.
(() => {
  const words = (name) => window.removals.words(name);

  // -- the answers of the conversation

  const answers = () => [...document.querySelectorAll("#chat .answer a.link")].map((link) => link.closest(".answer"));
  const addressOf = (answer) => answer.querySelector("a.link").getAttribute("href").slice(1);
  const digestOf = (answer) => answer.querySelector("button.export-answer")?.value;
  // The address with what the answer shows, so that the server can tell whether it would answer the same.
  const shownAt = (answer) => addressOf(answer) + (digestOf(answer) ? "&shown=" + digestOf(answer) : "");

  // -- the panel of sources

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
  const cardIn = (panel, chip) => cardsOf(panel).find((card) => card.dataset.place === chip.getAttribute("href"));
  const rowOf = (chip) => chip.closest("[data-sources]");
  const ofAnswer = (panel) => panel.querySelector(".of-answer")?.dataset.of;
  const cardFor = (chip) => {
    const panel = panelFor(chip);
    const row = rowOf(chip);
    const shown = row
      ? panel.dataset.shown === row.dataset.sources
      : ofAnswer(panel) === addressOf(chip.closest(".answer"));
    return shown ? cardIn(panel, chip) : undefined;
  };

  // The sources of a row or of an answer that is not the last, as they are asked for once; "" where there are none.
  const fetched = new Map();
  const sourcesOf = (chip) => {
    const address = rowOf(chip)?.dataset.sources ?? "sources?" + addressOf(chip.closest(".answer"));
    const ask = async () => {
      try {
        const found = await fetch(address);
        if (found.ok) return await found.text();
      } catch {
        // It is asked for anew the next time.
      }
      fetched.delete(address);
      return "";
    };
    if (!fetched.has(address)) fetched.set(address, ask());
    return fetched.get(address);
  };

  // Says in the panel whose sources these are where they are not the last answer's, and where the documents that the
  // answer was given from have changed since.
  const explain = () => {
    const shown = document.querySelector("#sources .of-answer");
    if (!shown) return;
    const all = answers();
    const here = all.filter((answer) => addressOf(answer) === shown.dataset.of).at(-1);
    shown.querySelector(".earlier").hidden = !here || here === all.at(-1);
    const digest = here && digestOf(here);
    if (digest) shown.querySelector(".changed").hidden = digest === shown.dataset.digest;
  };

  let wanted; // the marker that was clicked last
  const show = async (chip) => {
    wanted = chip;
    const present = cardFor(chip);
    if (present) return choose(present);
    if (rowOf(chip)) {
      await window.removals.showSources(rowOf(chip));
      const found = cardFor(chip);
      return found && choose(found);
    }
    const html = await sourcesOf(chip);
    if (wanted !== chip) return;
    if (!html) return window.open(chip.getAttribute("href"), "_blank", "noopener");
    const panel = panelFor(chip);
    panel.innerHTML = html;
    explain();
    const found = cardIn(panel, chip);
    if (found) return choose(found);
    panel.querySelector(".changed").hidden = false;
    panel.querySelector("h2").focus();
  };

  const showLatest = async () => {
    const last = answers().at(-1);
    const html = last && (await sourcesOf(last.querySelector("a.link")));
    if (!html) return;
    const panel = panelFor(last);
    panel.innerHTML = html;
    explain();
    panel.querySelector("h2").focus();
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

  // Returns whether the text is on the clipboard. The browser offers that to secure pages only: over plain http from
  // another machine the text is copied out of a box.
  const copyText = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const box = document.createElement("textarea");
      const focused = document.activeElement;
      box.value = text;
      box.readOnly = true;
      box.style.cssText = "position: fixed; top: 0; opacity: 0";
      document.body.append(box);
      box.select();
      const done = document.execCommand("copy");
      box.remove();
      focused?.focus({ preventScroll: true });
      return done;
    }
  };

  const copy = async (button) => {
    const done = await copyText(button.dataset.copy);
    button.parentElement.querySelector(".told")?.remove();
    if (!done) {
      const told = document.createElement("span");
      told.className = "told quiet";
      told.setAttribute("role", "alert");
      told.textContent = words("not_copied");
      return button.after(told);
    }
    button.said ??= button.textContent;
    button.textContent = words("copied");
    setTimeout(() => (button.textContent = button.said), 1500);
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
    const present = cardFor(chip);
    if (present) quote.textContent = quoteIn(present);
    else fillIn(quote, chip);
    const where = document.createElement("p");
    where.className = "quiet";
    where.textContent = chip.where;
    card = document.createElement("div");
    card.className = "chip-card";
    card.setAttribute("role", "tooltip");
    card.append(quote, where);
    document.body.append(card);
    place(chip);
  };

  const quoteIn = (source) => {
    const marked = source?.querySelector("mark");
    if (!marked) return "";
    const marks = marked.closest("[lang]")?.lang === "fr" ? ["«\u00a0", "\u00a0»"] : ["“", "”"];
    return marks[0] + marked.textContent.replace(/\s+/g, " ") + marks[1];
  };

  const fillIn = async (quote, chip) => {
    const held = new DOMParser().parseFromString(await sourcesOf(chip), "text/html");
    quote.textContent = quoteIn(cardIn(held, chip));
    if (quote.isConnected) place(chip);
  };

  const place = (chip) => {
    const box = chip.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - card.offsetWidth - 8));
    const below = box.bottom + 6 + card.offsetHeight < innerHeight;
    card.style.left = left + "px";
    card.style.top = (below ? box.bottom + 6 : Math.max(8, box.top - card.offsetHeight - 6)) + "px";
  };

  // -- the table of documents

  const rowTexts = new WeakMap(); // what the search looks through: made once for each row
  const textOf = (row) => {
    if (!rowTexts.has(row)) rowTexts.set(row, (row.textContent + " " + row.title).toLowerCase());
    return rowTexts.get(row);
  };

  let sought = []; // what is chosen, in the order of the tools: the table is made anew when a document changes
  const narrow = (table) => {
    const [box, ...filters] = table.querySelectorAll(".library-tools :is(input, select)");
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = filters.filter((each) => each.value).map((each) => [each.dataset.filter, each.value]);
    const fits = ([name, value]) => (row) => row.dataset[name].split("\n").includes(value);
    const tests = [...chosen.map(fits), (row) => words.every((word) => textOf(row).includes(word))];
    const rows = [...table.querySelectorAll("tbody tr")];
    let shown = 0;
    for (const row of rows) {
      const hidden = !tests.every((test) => test(row));
      if (row.hidden !== hidden) row.hidden = hidden;
      shown += !hidden;
    }
    const count = table.querySelector(".library-count");
    const written = (number) => number.toLocaleString(window.pageLanguage);
    count.textContent = count.dataset.pattern.replace("{shown}", written(shown)).replace("{all}", written(rows.length));
    sought = [box, ...filters].map((each) => each.value);
  };

  const narrowAgain = () => {
    const table = document.querySelector(".library:not([data-narrowed])");
    if (!table) return;
    table.dataset.narrowed = "yes";
    table.querySelectorAll(".library-tools :is(input, select)").forEach((each, place) => {
      if (sought[place]) each.value = sought[place];
      if (each.selectedIndex === -1) each.selectedIndex = 0; // no document is left of what was chosen
    });
    if (sought.some(Boolean)) narrow(table);
  };

  const sort = (button) => {
    const head = button.closest("th");
    const column = [...head.parentElement.children].indexOf(head);
    const up = head.getAttribute("aria-sort") !== "ascending";
    head.parentElement.querySelectorAll("th[aria-sort]").forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = head.closest("table").tBodies[0];
    const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    const key = (row) =>
      row.cells[column].dataset.key ?? row.cells[column].textContent.replace(/(\d)[,\u202f\u00a0](?=\d{3})/g, "$1"); // 1,234
    const rows = [...body.rows].sort((a, b) => (up ? 1 : -1) * compare(key(a), key(b)));
    body.append(...rows);
  };

  const speak = (link) => {
    document.cookie = `language=${link.dataset.language}; path=/; max-age=31536000; samesite=lax`;
    sessionStorage.setItem("removals-qa.carried", history.state?.conversation ?? "");
    const page = new URL(link.getAttribute("href"), location.origin).pathname;
    location.href = page + location.search + location.hash;
  };

  const clicks = {
    "a.chip": (chip) => (hide(), show(chip)),
    "a.ask": (link) => tell("follow", link.getAttribute("href").slice(1)),
    "a.language": speak,
    "button.copy": copy,
    "button.step": step,
    "button.latest": showLatest,
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
  for (const chosen of ["input", "change"]) // a list that is not set by hand may tell its change alone
    document.addEventListener(chosen, (event) => {
      const tools = event.target.closest?.(".library-tools");
      if (tools) narrow(tools.closest(".library"));
    });
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
    narrowAgain();
    document.querySelector('.examples[role="list"]')?.setAttribute("role", "group");
    if (document.documentElement.lang !== window.pageLanguage) document.documentElement.lang = window.pageLanguage;
    explain();
  };
  mend();
  new MutationObserver(mend).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["lang"] });

  // Until the models are loaded, the head says so.
  const loading = async () => {
    const asked = await fetch("ready").catch(() => undefined);
    const ready = asked?.ok && (await asked.json()).ready;
    document.documentElement.classList.toggle("models-loading", !ready);
    if (!ready) setTimeout(loading, 700);
  };
  loading();

  window.removals = { tell, answers, addressOf, shownAt, copyText, sent };
})();
