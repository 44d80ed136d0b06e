// A click on [n] shows its source beside the chat; a click on Copy puts the text on the clipboard.
(() => {
  const choose = (card) => {
    document.querySelectorAll(".source.chosen").forEach((other) => other.classList.remove("chosen"));
    card.classList.add("chosen");
    card.scrollIntoView({ block: "nearest", behavior: "smooth" });
    card.focus({ preventScroll: true });
  };

  const cardFor = (place) =>
    [...document.querySelectorAll("#sources .source")].find((card) => card.dataset.place === place);

  const show = async (chip) => {
    const place = chip.getAttribute("href");
    const present = cardFor(place);
    if (present) return choose(present);
    // The chip belongs to an earlier answer: its source is asked for by itself.
    const marker = chip.textContent.replace(/\D/g, "");
    const address = place.replace(/^document\?/, "source?").replace(/#.*$/, "") + "&marker=" + marker;
    const answer = await fetch(address);
    if (!answer.ok) return window.open(place, "_blank", "noopener");
    const panel = document.querySelector("#sources .prose") || document.querySelector("#sources");
    panel.innerHTML = await answer.text();
    const card = cardFor(place);
    if (card) choose(card);
  };

  const copy = async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 1500);
  };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("a.chip");
    const button = event.target.closest("button.copy");
    if (chip && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      show(chip);
    } else if (button) {
      copy(button);
    }
  }, true);
})();
