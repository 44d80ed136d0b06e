// The address follows what is chosen to narrow the next question, so that a page loaded again still has it.
(() => {
  const LIMITS = ["as_of", "kind", "language", "collection", "document", "refuse"];
  const limitsOf = (query) => [...query].filter(([name]) => LIMITS.includes(name));
  const same = (one, other) => one.map(String).sort().join("\n") === other.map(String).sort().join("\n");

  const follow = () => {
    const chosen = document.querySelector("#chips [data-query]")?.dataset.query;
    if (chosen === undefined) return; // nothing has been chosen yet
    const wanted = [...new URLSearchParams(chosen)];
    const held = new URLSearchParams(location.search);
    const before = held.toString();
    held.delete("next");
    if (!same(limitsOf(held), wanted)) {
      // An address that asks a question keeps the limits it was asked with: it gives the answer that is shown.
      if (held.has("q")) held.set("next", chosen);
      else {
        LIMITS.forEach((name) => held.delete(name));
        wanted.forEach(([name, value]) => held.append(name, value));
      }
    }
    const query = held.toString();
    if (query !== before) history.replaceState(history.state, "", location.pathname + (query && "?" + query) + location.hash);
  };

  let waiting;
  new MutationObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(follow, 200);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
