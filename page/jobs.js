// Long work: a file of questions, an evaluation. The server does it; this browser keeps only the secret ids of its own.
(() => {
  const MOST = 60; // files that the server keeps
  const GLANCE = 700; // milliseconds between two looks at work that is under way
  const PAGE = 50; // rows of a page, as the server has it
  const BUSY = ["waiting", "running"];

  const keyOf = (section) => "removals-qa." + section.dataset.kind;
  const wordsOf = (section, name) => JSON.parse(section.dataset.words)[name];
  const within = (section, selector) => section.querySelector(selector);

  // -- what this browser remembers: [{id, name}], the one that is shown first; "" instead where none is shown

  const unstored = {}; // what the browser's store has no room for, or is not allowed to hold
  const remembered = (section) => {
    if (unstored[keyOf(section)]) return unstored[keyOf(section)];
    try {
      return JSON.parse(localStorage.getItem(keyOf(section))) || { shown: "", files: [] };
    } catch {
      return { shown: "", files: [] };
    }
  };
  const remember = (section, kept) => {
    try {
      localStorage.setItem(keyOf(section), JSON.stringify(kept));
      delete unstored[keyOf(section)];
    } catch {
      unstored[keyOf(section)] = kept;
    }
  };
  const keep = (section, job) => {
    const { files } = remembered(section);
    const others = files.filter((each) => each.id !== job.id);
    remember(section, { shown: job.id, files: [{ id: job.id, name: job.name }, ...others] });
    if (others.length === files.length) prune(section);
  };
  // Of more files than the server keeps some are gone; an id that it still knows is never dropped.
  const prune = async (section) => {
    for (const { id } of remembered(section).files.slice(MOST)) if (isGone(await asked(id))) forget(section, id);
  };
  const forget = (section, id) => {
    const kept = remembered(section);
    const shown = kept.shown === id ? "" : kept.shown;
    remember(section, { shown, files: kept.files.filter((each) => each.id !== id) });
  };

  // -- what is shown of a job

  const asked = (id) => fetch("jobs/" + id).catch(() => null);
  const isGone = (answer) => answer?.status === 404; // anything else may be a server that is being started again

  const html = async (address) => {
    const answer = await fetch(address);
    return answer.ok ? answer.text() : "";
  };

  const blank = (section) => {
    clearTimeout(section.timer);
    section.job = section.asking = null;
    section.classList.remove("has-job");
    for (const part of [".job", ".job-rows", ".job-report"]) within(section, part)?.replaceChildren();
    within(section, ".job-news").textContent = "";
    unproven(section);
    earlier(section);
  };

  const earlier = (section) => {
    const nav = within(section, ".job-earlier");
    const { shown, files } = remembered(section);
    const others = files.filter((each) => each.id !== shown);
    nav.hidden = Boolean(shown) || !others.length;
    nav.querySelector("ul").replaceChildren(
      ...others.map((file) => {
        const row = document.createElement("li");
        const name = document.createElement("span");
        name.textContent = file.name;
        row.append(name, button(section, "open", file), button(section, "forget_file", file));
        return row;
      }),
    );
  };

  const button = (section, name, file) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "act";
    made.textContent = wordsOf(section, name);
    made.setAttribute("aria-label", made.textContent + ": " + file.name);
    made.addEventListener("click", async () => {
      if (name === "open") return look(section, file.id);
      const answer = await post(`jobs/${file.id}/remove`).catch(() => null);
      if (!answer?.ok && !isGone(answer)) return trouble(section, wordsOf(section, "no_answer"));
      trouble(section, "");
      forget(section, file.id);
      earlier(section);
    });
    return made;
  };

  const render = (section, job) => {
    const before = section.job;
    const changed = !before || before.id !== job.id || before.state !== job.state;
    section.job = job;
    section.asking = job.id;
    section.classList.add("has-job");
    trouble(section, "");
    if (changed) {
      const panel = within(section, ".job");
      const focused = panel.contains(document.activeElement);
      panel.innerHTML = job.html;
      within(section, ".job-news").textContent = job.state === "ready" ? "" : job.news;
      if (focused) panel.querySelector(".act:not([disabled])")?.focus();
      if (job.state === "done" && section.dataset.kind === "evaluation") measured(section, job);
    } else {
      const bar = within(section, "progress");
      if (bar) bar.value = job.done;
      const said = within(section, ".said");
      if (said) said.textContent = job.said;
    }
    keep(section, job);
    earlier(section);
    if (section.dataset.kind === "batch") fill(section, changed);
    clearTimeout(section.timer);
    if (BUSY.includes(job.state)) section.timer = setTimeout(() => look(section, job.id), GLANCE);
  };

  const look = async (section, id) => {
    if (!section.isConnected) return;
    section.asking = id;
    const answer = await asked(id);
    const told = (await answer?.json().catch(() => null)) || {};
    if (section.asking !== id) return; // another file was taken meanwhile
    if (answer?.ok && told.id) return render(section, told);
    if (!isGone(answer)) {
      trouble(section, wordsOf(section, "unreachable"));
      clearTimeout(section.timer);
      section.timer = setTimeout(() => look(section, id), 4 * GLANCE);
      return;
    }
    forget(section, id);
    blank(section);
    trouble(section, told.detail || "");
  };

  // What went wrong comes as text, or as the "detail" of an object.
  const saidIn = async (answer) => {
    const text = await answer.text();
    if (!answer.headers.get("content-type")?.includes("json")) return text;
    const told = JSON.parse(text);
    return told.said || told.detail;
  };

  const post = (address, body) => fetch(address, { method: "POST", body });

  const trouble = (section, text, columns = [], again = null) => {
    const told = within(section, ".job-error");
    told.replaceChildren();
    if (!text) return;
    const line = document.createElement("p");
    line.textContent = text;
    told.append(line);
    if (!columns.length) return;
    const label = document.createElement("label");
    const choice = document.createElement("select");
    label.append(wordsOf(section, "question_column") + " ", choice);
    choice.append(...columns.map((name) => new Option(name, name)));
    const use = document.createElement("button");
    use.type = "button";
    use.className = "act primary";
    use.textContent = wordsOf(section, "use_column");
    use.addEventListener("click", () => again(choice.value));
    told.append(label, " ", use);
  };

  // -- a file is given, a job is started, stopped, left

  const take = async (section, file, column = "") => {
    trouble(section, "");
    within(section, ".job-news").textContent = wordsOf(section, "reading_file").replace("{file}", file.name);
    const address = `jobs/${section.dataset.kind}?` + new URLSearchParams({ name: file.name, column });
    let answer;
    try {
      answer = await post(address, file);
    } catch {
      within(section, ".job-news").textContent = "";
      return trouble(section, wordsOf(section, "file_refused"));
    }
    within(section, ".job-news").textContent = "";
    if (answer.ok) {
      render(section, await answer.json());
      return within(section, ".job .act")?.focus();
    }
    const text = await answer.text();
    if (!answer.headers.get("content-type")?.includes("json"))
      return trouble(section, text || wordsOf(section, "file_refused"));
    const told = JSON.parse(text);
    const again = (name) => take(section, file, name);
    trouble(section, told.said || wordsOf(section, "file_refused"), told.columns || [], again);
  };

  const act = async (section, name) => {
    if (name === "another") {
      remember(section, { ...remembered(section), shown: "" });
      blank(section);
      return within(section, "input[type=file]").focus();
    }
    const address = name === "gold" ? "accuracy/gold" : `jobs/${section.job.id}/${name}`;
    const answer = await post(address);
    if (!answer.ok) return trouble(section, (await saidIn(answer)) || wordsOf(section, "file_refused"));
    render(section, await answer.json());
    if (name === "gold") {
      within(section, ".job").scrollIntoView({ block: "nearest" });
      within(section, ".job .act")?.focus();
    }
    if (name === "stop") setTimeout(() => section.job && look(section, section.job.id), 200);
  };

  // -- the rows of a file, and their proof

  const fill = async (section, changed, first = null, status = null) => {
    const rows = within(section, ".job-rows");
    const job = section.job;
    if (changed && rows.dataset.job !== job.id) {
      rows.replaceChildren();
      Object.assign(rows.dataset, { job: job.id, first: 0, status: "", done: -1 });
      unproven(section);
    }
    if (first !== null) Object.assign(rows.dataset, { first, status });
    else if (!changed && (Number(rows.dataset.done) >= PAGE || Number(rows.dataset.done) === job.done)) return;
    else if (rows.contains(document.activeElement) && !changed) return;
    rows.dataset.done = job.done;
    const query = new URLSearchParams({ first: rows.dataset.first, status: rows.dataset.status });
    const shown = job.done ? await html(`jobs/${job.id}/rows?${query}`) : "";
    if (section.job?.id !== job.id) return;
    const focused = rows.contains(document.activeElement) && document.activeElement.closest("tr")?.id;
    rows.innerHTML = shown;
    const panel = within(section, ".proof-panel");
    panel.hidden = !shown;
    const open = [...rows.querySelectorAll("tr")].find((row) => row.dataset.sources === panel.dataset.shown);
    open?.classList.add("open");
    if (first !== null) rows.querySelector(".row-status")?.focus();
    else if (focused) document.getElementById(focused)?.querySelector(".row-open")?.focus();
  };

  const unproven = (section) => {
    const panel = within(section, ".proof-panel");
    if (!panel) return;
    section.unproven ??= panel.innerHTML; // what stands there before a row is chosen
    panel.innerHTML = section.unproven;
    panel.hidden = true;
    delete panel.dataset.shown;
  };

  const showSources = async (row) => {
    const panel = row.closest(".with-proof").querySelector(".proof-panel");
    panel.innerHTML = await html(row.dataset.sources);
    panel.dataset.shown = row.dataset.sources;
    panel.hidden = false;
    panel.scrollTop = 0;
    document.querySelectorAll("tr.open").forEach((other) => other.classList.remove("open"));
    row.classList.add("open");
  };
  window.removals.showSources = showSources;

  const openRow = async (button) => {
    await showSources(button.closest("tr"));
    const panel = button.closest(".with-proof").querySelector(".proof-panel");
    panel.scrollIntoView({ block: "nearest" });
    panel.querySelector(".row-back")?.focus({ preventScroll: true });
  };

  const back = (button) => {
    const row = document.getElementById(button.dataset.row);
    row?.scrollIntoView({ block: "nearest" });
    row?.querySelector(".row-open")?.focus();
  };

  // -- evaluations: the report, and the runs there were

  const past = async (section) => {
    within(section, ".job-past").innerHTML = await html("accuracy/past");
  };

  const removeGold = async (button) => {
    const section = button.closest(".job-tab");
    const row = button.closest("li");
    const next = [...row.parentElement.children].indexOf(row);
    const answer = await post(`accuracy/gold/${encodeURIComponent(button.dataset.id)}/remove`);
    if (!answer.ok) return trouble(section, (await answer.text()) || wordsOf(section, "file_refused"));
    trouble(section, "");
    await past(section);
    const list = within(section, ".gold-list");
    if (list) list.open = true;
    const left = list ? [...list.querySelectorAll(".gold-remove")] : [];
    (left[Math.min(next, left.length - 1)] ?? within(section, "input[type=file]")).focus();
  };

  // Questions were added to those that are collected.
  window.removals.refreshPast = () => document.querySelectorAll('.job-tab[data-kind="evaluation"]').forEach(past);

  const report = async (section, run) => {
    const place = within(section, ".job-report");
    place.innerHTML = await html("accuracy/runs/" + run);
    return place;
  };

  const measured = async (section, job) => {
    await Promise.all([report(section, job.run), past(section)]);
  };

  const openRun = async (button) => {
    const place = await report(button.closest(".job-tab"), button.dataset.run);
    place.scrollIntoView({ block: "start" });
    place.querySelector("h2")?.focus({ preventScroll: true });
  };

  // -- events

  const clicks = {
    ".job-tab .act[data-act]": (found) => act(found.closest(".job-tab"), found.dataset.act),
    ".job-tab .turn": (found) => {
      const section = found.closest(".job-tab");
      fill(section, false, found.dataset.first, within(section, ".row-status").value);
    },
    ".job-tab .row-open": openRow,
    ".job-tab .row-back": back,
    ".job-tab .run-open": openRun,
    ".job-tab .gold-remove": removeGold,
  };
  document.addEventListener("click", (event) => {
    for (const [selector, does] of Object.entries(clicks)) {
      const found = event.target.closest(selector);
      if (found) return does(found);
    }
  });
  document.addEventListener("change", (event) => {
    const section = event.target.closest(".job-tab");
    if (!section) return;
    if (event.target.matches(".row-status")) return fill(section, false, 0, event.target.value);
    const file = event.target.files?.[0];
    if (file) take(section, file);
    if (file) event.target.value = "";
  });
  for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]])
    document.addEventListener(name, (event) =>
      event.target.closest?.(".drop")?.classList.toggle("over", over),
    );

  // A tab is on the page once it was opened; then the work that it was left with is looked for.
  const ready = () => {
    for (const section of document.querySelectorAll(".job-tab:not(.is-ready)")) {
      section.classList.add("is-ready");
      const { shown } = remembered(section);
      if (shown) look(section, shown);
      else earlier(section);
      if (section.dataset.kind === "evaluation") past(section);
    }
    place();
  };

  // The address says which tab is open, so that a page that is loaded again opens it again.
  const TABS = ["ask", "library", "batch", "accuracy"];
  let placed = false;
  const buttons = () => [...document.querySelectorAll("#tabs button[role=tab]")];
  const tabOf = (button) => TABS.find((name) => button.dataset.tabId === name);
  const place = () => {
    if (placed || !buttons().length) return;
    placed = true;
    const wanted = location.hash.slice(1);
    if (TABS.includes(wanted) && wanted !== "ask") buttons().find((each) => tabOf(each) === wanted)?.click();
  };
  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.("#tabs button[role=tab]");
    const name = tab && tabOf(tab);
    if (!name) return;
    const hash = name === "ask" ? "" : "#" + name;
    history.replaceState(history.state, "", location.pathname + location.search + hash);
  });

  ready();
  new MutationObserver(ready).observe(document.documentElement, { childList: true, subtree: true });
})();
