// What a reader says of an answer: whether it is any good, why not, and what would be right.
(() => {
  const { words, post, say, newId, shownAt } = window.removals;

  // -- votes, and their reasons

  // One note for each answer on the page: a later vote, or its reason, takes the place of what was sent before.
  const notes = new WeakMap();
  const note = (answer, verdict, why) => {
    const kept = notes.get(answer) ?? { id: newId(), last: Promise.resolve() };
    notes.set(answer, kept);
    kept.last = kept.last.then(async () => {
      const noted = await post("feedback", { id: kept.id, address: shownAt(answer), vote: verdict, why });
      if (noted) say(words("thanks"));
      return Boolean(noted);
    });
    return kept.last;
  };

  const press = (answer, verdict) => {
    for (const each of answer.querySelectorAll(".vote"))
      each.setAttribute("aria-pressed", String(each.classList.contains(verdict)));
  };

  const vote = async (button) => {
    const answer = button.closest(".answer");
    const verdict = button.classList.contains("good") ? "good" : "bad";
    const pressed = button.getAttribute("aria-pressed") === "true";
    answer.querySelectorAll(verdict === "bad" ? ".about-good" : ".about-bad").forEach((each) => each.remove());
    if (verdict === "bad" && !answer.querySelector("form.why")) askWhy(answer);
    if (!answer.querySelector(".judge")) judge(answer, verdict);
    answer.querySelector("form.why input")?.focus();
    if (pressed) return;
    press(answer, verdict);
    const noted = await note(answer, verdict, "");
    if (!noted && button.getAttribute("aria-pressed") === "true") press(answer, "");
  };

  const askWhy = (answer) => {
    const form = document.createElement("form");
    form.className = "why about-bad";
    const label = document.createElement("label");
    label.textContent = words("why") + " ";
    const box = document.createElement("input");
    const submit = document.createElement("button");
    submit.textContent = words("send");
    label.append(box);
    form.append(label, submit);
    let sending = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (sending) return;
      sending = true;
      const noted = await note(answer, "bad", box.value);
      sending = false;
      if (!noted) return; // what was typed stays
      press(answer, "bad");
      const focused = form.contains(document.activeElement);
      form.remove();
      if (focused) answer.querySelector(".vote.bad").focus();
    });
    answer.append(form);
  };

  // -- a judged answer becomes a question whose answer is known, where questions may be collected

  const judge = (answer, verdict) => {
    if (!document.querySelector(".keeping[data-gold]")) return;
    const group = document.createElement("div");
    group.className = "judge about-" + verdict;
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words("gold_ask"));
    const asked = document.createElement("span");
    asked.className = "quiet";
    asked.textContent = words("gold_ask");
    group.append(asked);
    const refused = answer.classList.contains("refusal");
    const markers = [...new Set([...answer.querySelectorAll("a.chip")].map((chip) => chip.textContent.replace(/\D/g, "")))];
    for (const marker of markers) group.append(mark(group, words("gold_right").replace("{marker}", marker), Number(marker)));
    if (refused === (verdict === "good")) group.append(mark(group, words("gold_none"), null));
    if (verdict === "bad") group.append(copied(group));
    answer.append(group);
  };

  const mark = (group, text, right) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", () => collect(group, right));
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

  const collect = async (group, right) => {
    let said = group.querySelector(".told");
    if (!said) {
      said = document.createElement("p");
      said.className = "told";
      said.setAttribute("role", "status");
      group.append(said);
    }
    const tell = (text) => (said.textContent = text);
    const added = await post("gold", { address: shownAt(group.closest(".answer")), right }, tell);
    if (!added) return;
    tell((await added.json()).said);
    group.replaceChildren(said);
    const past = document.querySelector(".job-past");
    if (past) window.removals.refreshPast();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.vote");
    if (button) vote(button);
  }, true);
})();
