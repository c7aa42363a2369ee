// What decides the colours on a page: every element that is seen, named by its classes and states and those it stands in,
// and by whether it has words of its own. The first of each name that is `fresh` is marked, for axe to measure.
(fresh) => {
  const states = ["disabled", "open", "aria-current", "aria-invalid", "aria-selected"];
  const own = (e) => [...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data.trim()).join("");
  const said = (e) => Math.min(2, (own(e) || e.value || e.placeholder || "").toString().length); // a sign alone is not measured
  const chosen = (e) => (e.matches(".choice:has(:checked)") ? ["chosen"] : []);
  const one = (e) => [e.localName, ...e.classList, ...states.filter((s) => e.hasAttribute(s)), ...chosen(e)].join(".");
  const whole = (e) => (e === document.body ? "" : `${whole(e.parentElement)} > ${one(e)}`);
  const seen = [...document.body.querySelectorAll("*")].filter((e) => e.checkVisibility({ visibilityProperty: true }));
  const first = new Map();
  for (const e of seen.reverse()) first.set(`${whole(e)} ${said(e)}`, e);
  for (const e of document.querySelectorAll("[data-fresh]")) e.removeAttribute("data-fresh");
  for (const name of fresh) first.get(name)?.setAttribute("data-fresh", "");
  return [...first.keys()];
}
