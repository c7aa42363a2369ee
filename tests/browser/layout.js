// What is wrong with a page as it stands, by its boxes. Evaluated in the page; gives a list of sentences.
() => {
  const THUMB = 44; // CSS pixels: WCAG 2.5.5
  const faults = [];
  const box = (e) => e.getBoundingClientRect();
  const seen = (e) => box(e).width > 1 && box(e).height > 1 && e.checkVisibility({ visibilityProperty: true });
  const named = (e) => e.textContent.trim() || e.outerHTML.slice(0, 80);

  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) {
    const beyond = [...document.body.querySelectorAll("*")].filter((e) => seen(e) && box(e).right > window.innerWidth + 0.5);
    faults.push(`scrolls sideways by ${wide}px: ${beyond.slice(0, 3).map((e) => e.outerHTML.slice(0, 80)).join(" | ")}`);
  }

  // The bottoms of a control's text, one a line; a picture above the word is no second line.
  const lines = (e) => {
    const range = document.createRange();
    range.selectNodeContents(e);
    const found = [];
    for (const r of range.getClientRects()) {
      if (r.width > 2 && r.height > 2 && !found.some((b) => Math.abs(b - r.bottom) < 12)) found.push(r.bottom);
    }
    return found.length;
  };
  for (const e of document.querySelectorAll("button, .button, nav a, .chip")) {
    if (seen(e) && !e.closest(".toc") && !e.querySelector("svg, .unseen") && lines(e) > 1) faults.push(`broken over lines: ${named(e)}`);
  }

  const controls = "button, .button, select, textarea, input:not([type=hidden], [type=checkbox], [type=radio]), .choice, summary, nav a";
  for (const e of document.querySelectorAll(controls)) {
    if (seen(e) && !e.closest(".toc:not(.flat)") && box(e).height < THUMB - 0.5) faults.push(`only ${box(e).height}px high: ${named(e)}`);
  }

  const inline = "[style]:not([style='']), style, script:not([src], [type='application/json'])";
  for (const e of document.querySelectorAll(inline)) faults.push(`inline style or script: ${e.outerHTML.slice(0, 80)}`);
  if (document.querySelectorAll("h1").length !== 1) faults.push("not exactly one h1");
  if (!document.title.trim()) faults.push("no title");
  return faults;
}
