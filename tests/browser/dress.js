// What decides the colours on a page: every element that is seen, named by its classes and states and those it stands in.
() => {
  const states = ["disabled", "open", "aria-current", "aria-invalid", "aria-selected"];
  const one = (e) => [e.localName, ...e.classList, ...states.filter((s) => e.hasAttribute(s))].join(".");
  const whole = (e) => (e === document.body ? "" : `${whole(e.parentElement)} > ${one(e)}`);
  const seen = [...document.body.querySelectorAll("*")].filter((e) => e.checkVisibility({ visibilityProperty: true }));
  return [...new Set(seen.map(whole))];
}
