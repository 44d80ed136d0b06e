// What is kept: links, exports, and earlier conversations, which stay in this browser.
(() => {
  const KEY = "removals-qa.conversations";
  const MOST = 200; // conversations
  let current = null; // id of the conversation that is shown
  let gone = null; // the conversation deleted last

  const words = (name) => {
    const keeping = document.querySelector(".keeping");
    return keeping ? JSON.parse(keeping.dataset.words)[name] : name;
  };
  window.removals.words = words;

  // What went well is told for a while, what did not until something else is.
  let fading;
  const told = (text) => {
    clearTimeout(fading);
    document.querySelector(".keeping .told").textContent = text;
  };
  const say = (text) => {
    told(text);
    fading = setTimeout(() => told(""), 4000);
  };

  const { answers, addressOf, shownAt, copyText } = window.removals;

  // -- what is asked of the server: the response, or null once it is told what went wrong

  const reason = async (response) => {
    if (response.status >= 500) return words("job_fault");
    const text = await response.text();
    try {
      return String(JSON.parse(text).detail);
    } catch {
      return text;
    }
  };

  const asked = async (address, options, tell = told) => {
    try {
      const response = await fetch(address, options);
      if (response.ok) return response;
      tell(await reason(response));
    } catch {
      tell(words("no_reply"));
    }
    return null;
  };

  const post = (address, held, tell = told) => {
    const headers = { "Content-Type": "application/json" };
    return asked(address, { method: "POST", headers, body: JSON.stringify(held) }, tell);
  };

  const newId = () => (crypto.randomUUID ? crypto.randomUUID() : Date.now() + "-" + Math.random()); // not over plain http

  Object.assign(window.removals, { post, say, newId });

  // -- exports and links

  const save = (content, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  let exporting = false;
  const exportAs = async (button, form, chosen, name) => {
    if (exporting) return;
    if (!chosen.length) return say(words("export_nothing"));
    exporting = true;
    button.setAttribute("aria-busy", "true");
    told(words("exporting"));
    const made = await post("export/" + form, chosen.map(shownAt));
    const content = made && (await made.blob().catch(() => told(words("no_reply"))));
    if (content) {
      save(content, name + "." + form);
      say(words("exported"));
    }
    button.removeAttribute("aria-busy");
    exporting = false;
  };

  const copy = async (text, done = words("copied")) => {
    if (await copyText(text)) say(done);
    else told(words("not_copied"));
  };

  const copyAnswer = async (button) => {
    const found = await asked("copy?" + shownAt(button.closest(".answer")));
    if (!found) return;
    copy(await found.text(), words(found.headers.has("Documents-Changed") ? "copied_changed" : "copied"));
  };

  // -- earlier conversations

  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || [];
    } catch {
      return [];
    }
  };

  const store = (conversations) => {
    // The oldest make room where the browser's store is full.
    for (let held = conversations.slice(0, MOST); held.length; held.pop()) {
      try {
        return localStorage.setItem(KEY, JSON.stringify(held));
      } catch {
        continue;
      }
    }
    localStorage.removeItem(KEY);
  };

  // A conversation as the server shows it again: its turns, and the address of its last answer.
  const asKept = (one) => {
    const last = new DOMParser().parseFromString(one.turns.at(-1)[1], "text/html");
    return JSON.stringify({ turns: one.turns, address: last.querySelector("a.link")?.getAttribute("href").slice(1) });
  };

  // The conversation that this page showed before it was loaded again, in the other language perhaps; "" where there
  // is none.
  window.removals.resumed = () => {
    const carried = sessionStorage.getItem("removals-qa.carried");
    sessionStorage.removeItem("removals-qa.carried");
    const wanted = history.state?.conversation ?? carried;
    const one = kept().find((each) => each.id === wanted);
    if (!one) return "";
    current = one.id;
    return asKept(one);
  };

  const turns = () =>
    answers().map((answer) => [new URLSearchParams(addressOf(answer)).get("q"), answer.outerHTML]);

  const keep = () => {
    const now = turns();
    const conversations = kept();
    // A page that is loaded again asks again: that is the same conversation.
    const same = (each) => current === null && JSON.stringify(each.turns) === JSON.stringify(now);
    let one = conversations.find((each) => each.id === current || same(each));
    if (one) current = one.id;
    if (!one) {
      current = newId();
      one = { id: current, title: now[0][0] };
    }
    if (one.turns && one.turns.length === now.length) return;
    one.turns = now;
    one.when = new Date().toISOString();
    store([one, ...conversations.filter((each) => each.id !== current)]);
    list();
  };

  const button = (name, title, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words(name);
    made.setAttribute("aria-label", words(name) + ": " + title);
    made.addEventListener("click", act);
    return made;
  };

  const rename = (one, row) => {
    const box = document.createElement("input");
    box.value = one.title;
    box.setAttribute("aria-label", words("rename"));
    const done = () => {
      store(kept().map((each) => (each.id === one.id ? { ...each, title: box.value.trim() || each.title } : each)));
      list();
    };
    box.addEventListener("keydown", (event) => event.key === "Enter" && done());
    box.addEventListener("blur", done, { once: true });
    row.querySelector(".name").replaceChildren(box);
    box.focus();
  };

  const rowOf = (one) => {
    const row = document.createElement("li");
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = one.title;
    const when = document.createElement("time");
    when.dateTime = one.when;
    when.className = "quiet";
    when.textContent = new Date(one.when).toLocaleString(document.documentElement.lang);
    const open = () => {
      current = one.id;
      hideHistory();
      window.removals.tell("restore", asKept(one));
    };
    const remove = () => {
      gone = one;
      if (current === one.id) current = null;
      store(kept().filter((each) => each.id !== one.id));
      list();
    };
    row.append(
      name,
      when,
      button("open", one.title, open),
      button("rename", one.title, () => rename(one, row)),
      button("delete", one.title, remove),
    );
    return row;
  };

  const undo = () => {
    store([gone, ...kept()]);
    gone = null;
    list();
  };

  // What a reader sees of a conversation, less the buttons of its answers.
  const textOf = (one) => {
    const seen = ([question, answer]) => {
      const page = new DOMParser().parseFromString(answer, "text/html");
      page.querySelectorAll("button, a.link, .keep").forEach((each) => each.remove());
      return question + "\n" + page.body.textContent;
    };
    return [one.title, ...one.turns.map(seen)].join("\n");
  };

  const list = () => {
    const panel = document.getElementById("history");
    if (!panel || panel.hidden) return;
    if (!panel.children.length) {
      // Made once: a search box that was made anew would lose what is typed.
      const search = document.createElement("input");
      search.type = "search";
      search.placeholder = words("history_search");
      search.setAttribute("aria-label", words("history_search"));
      search.addEventListener("input", list);
      const note = document.createElement("p");
      note.className = "quiet";
      panel.append(note, search, document.createElement("ul"), document.createElement("div"));
    }
    const [note, search, rows, undoing] = panel.children;
    const conversations = kept();
    const sought = search.value.toLowerCase();
    note.textContent = words(conversations.length ? "history_note" : "history_none");
    rows.replaceChildren(...conversations.filter((one) => textOf(one).toLowerCase().includes(sought)).map(rowOf));
    undoing.replaceChildren(...(gone ? [button("undo", gone.title, undo)] : []));
  };

  const hideHistory = () => {
    document.getElementById("history").hidden = true;
    document.querySelector("button.history").setAttribute("aria-expanded", "false");
  };

  const clicks = {
    "button.export": (found) => exportAs(found, found.dataset.form, answers(), "answers"),
    "button.export-answer": (found) => exportAs(found, found.name, [found.closest(".answer")], "answer"),
    "button.copy-answer": copyAnswer,
    "a.link": (found) => copy(found.href),
    "button.history": (found) => {
      const panel = document.getElementById("history");
      panel.hidden = !panel.hidden;
      found.setAttribute("aria-expanded", String(!panel.hidden));
      list();
    },
  };

  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(clicks)) {
      const found = event.target.closest(selector);
      if (!found) continue;
      event.preventDefault();
      return act(found);
    }
  }, true);

  // The address follows the newest answer, so that the page can be loaded again, bookmarked and sent.
  const follow = () => {
    const shown = answers();
    const last = shown.at(-1);
    const now = last ? shown.length + addressOf(last) : "";
    if (now === followed) return;
    if (!last && document.querySelector("#chat .message")) return;
    followed = now;
    if (!last) return leave();
    keep();
    const address = location.pathname + "?" + addressOf(last) + location.hash;
    history.replaceState({ ...history.state, conversation: current }, "", address);
    // The reader begins at the question, not at the answer's end.
    const log = document.querySelector('#chat [role="log"]');
    const row = [...log.querySelectorAll(".user-row")].at(-1);
    if (row) log.scrollTop += row.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
  };

  // A conversation was cleared: the next question begins another, and the address keeps the limits alone.
  const leave = () => {
    current = null;
    const left = new URLSearchParams(location.search);
    for (const name of ["q", "after"]) left.delete(name);
    const query = left.toString();
    history.replaceState(null, "", location.pathname + (query && "?" + query) + location.hash);
  };
  let followed = "";
  let waiting;
  new MutationObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(follow, 150);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
