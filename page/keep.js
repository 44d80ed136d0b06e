// What is kept: links, exports, notes on answers, and earlier conversations, which stay in this browser.
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

  const say = (text) => {
    const told = document.querySelector(".keeping .told");
    told.textContent = text;
    setTimeout(() => (told.textContent = ""), 4000);
  };

  const answers = () => [...document.querySelectorAll("#chat .answer a.link")].map((link) => link.closest(".answer"));
  const addressOf = (answer) => answer.querySelector("a.link").getAttribute("href").slice(1);

  // -- exports and links

  const save = (content, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const exportAs = async (form) => {
    const addresses = answers().map(addressOf);
    if (!addresses.length) return say(words("export_nothing"));
    const made = await fetch("export/" + form, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(addresses),
    });
    if (made.ok) save(await made.blob(), "answers." + form);
    else say(await made.text());
  };

  const copy = async (text) => {
    await navigator.clipboard.writeText(text);
    say(words("copied"));
  };

  const copyAnswer = async (button) => {
    const text = await fetch("copy?" + addressOf(button.closest(".answer")));
    if (text.ok) copy(await text.text());
  };

  // -- notes on answers

  const vote = (button) => {
    const answer = button.closest(".answer");
    const verdict = button.classList.contains("good") ? "good" : "bad";
    const send = async (why) => {
      const body = JSON.stringify({ address: addressOf(answer), vote: verdict, why });
      const sent = await fetch("feedback", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      say(sent.ok ? words("thanks") : await sent.text());
    };
    answer.querySelectorAll("form.why, .judge").forEach((each) => each.remove());
    answer.querySelectorAll(".vote").forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
    if (verdict === "good") {
      judge(answer, verdict);
      return send("");
    }
    const form = document.createElement("form");
    form.className = "why";
    const label = document.createElement("label");
    label.textContent = words("why") + " ";
    const box = document.createElement("input");
    const submit = document.createElement("button");
    submit.textContent = words("send");
    label.append(box);
    form.append(label, submit);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(box.value);
      form.remove();
    });
    answer.append(form);
    judge(answer, verdict);
    box.focus();
  };

  // -- a judged answer becomes a question whose answer is known, where questions may be collected

  const judge = (answer, verdict) => {
    if (!document.querySelector(".keeping[data-gold]")) return;
    const group = document.createElement("div");
    group.className = "judge";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words("gold_ask"));
    const asked = document.createElement("span");
    asked.className = "quiet";
    asked.textContent = words("gold_ask");
    group.append(asked);
    const refused = answer.classList.contains("refusal");
    const chips = [...answer.querySelectorAll("a.chip")];
    const places = new Map(chips.map((chip) => [chip.textContent.replace(/\D/g, ""), placeOf(chip)]));
    for (const [marker, place] of places)
      group.append(mark(group, words("gold_right").replace("{marker}", marker), Number(marker), place));
    if (refused === (verdict === "good")) group.append(mark(group, words("gold_none"), null));
    if (verdict === "bad") group.append(copied(group));
    answer.append(group);
  };

  // Where the quote stands that the reader sees: [document, start, end]. Another answer may be given by now.
  const placeOf = (chip) => {
    const place = new URL(chip.getAttribute("href"), location.href).searchParams;
    return [place.get("id"), Number(place.get("start")), Number(place.get("end"))];
  };

  const mark = (group, text, right, place) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", () => collect(group, right, place));
    return made;
  };

  const copied = (group) => {
    const form = document.createElement("form");
    const label = document.createElement("label");
    label.textContent = words("gold_other") + " ";
    const box = document.createElement("textarea");
    box.rows = 1;
    const add = document.createElement("button");
    add.textContent = words("gold_add");
    label.append(box);
    form.append(label, add);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (box.value.trim()) collect(group, box.value);
    });
    return form;
  };

  const collect = async (group, right, place) => {
    const body = JSON.stringify({ address: addressOf(group.closest(".answer")), right, place });
    const sent = await fetch("gold", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    let told = group.querySelector(".told");
    if (!told) {
      told = document.createElement("p");
      told.className = "told";
      told.setAttribute("role", "status");
      group.append(told);
    }
    told.textContent = sent.ok ? (await sent.json()).said : await sent.text();
    if (!sent.ok) return;
    group.replaceChildren(told);
    const past = document.querySelector(".job-past");
    if (past) window.removals.refreshPast();
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

  // The conversation that this page showed before it was loaded again; "" where there is none.
  window.removals.resumed = () => {
    const one = kept().find((each) => each.id === history.state?.conversation);
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
      current = crypto.randomUUID ? crypto.randomUUID() : String(Date.now());
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
    "button.export": (found) => exportAs(found.dataset.form),
    "button.copy-answer": copyAnswer,
    "a.link": (found) => copy(found.href),
    "button.vote": vote,
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
    history.replaceState({ ...history.state, conversation: current }, "", location.pathname + "?" + addressOf(last));
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
    history.replaceState(null, "", location.pathname + (query && "?" + query));
  };
  let followed = "";
  let waiting;
  new MutationObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(follow, 150);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
