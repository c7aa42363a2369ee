// What decides the colours on a page: every element that is seen, named by its classes and states and those it stands in.
// Those whose names are given are marked, so that axe measures them and not the whole page.
(marked) => {
  const states = ["disabled", "open", "aria-current", "aria-invalid", "aria-selected"];
  const one = (e) => [e.localName, ...e.classList, ...states.filter((s) => e.hasAttribute(s))].join(".");
  const whole = (e) => (e === document.body ? "" : `${whole(e.parentElement)} > ${one(e)}`);
  const seen = [...document.body.querySelectorAll("*")].filter((e) => e.checkVisibility({ visibilityProperty: true }));
  const names = seen.map(whole);
  if (marked) {
    const measured = new Set(marked);
    seen.forEach((e, i) => e.toggleAttribute("data-measured", measured.has(names[i])));
  }
  return [...new Set(names)];
}
