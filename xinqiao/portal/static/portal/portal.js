// A little help for pages that work without it: printing, saving, no second submission, progress of an upload.
"use strict";

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    document.querySelectorAll("details").forEach((part) => part.setAttribute("open", ""));
    window.print();
  }
  const saving = event.target.closest("[data-save]");
  if (saving) save(document.getElementById(saving.dataset.save).textContent, saving.dataset.name);
});

// The answer to a form has the form's address: coming back to it would send the form again, or fail. Give it the address
// of the page where one can ask again, so that "back" and "reload" ask nothing by themselves.
const answer = document.querySelector("[data-address]");
if (answer) history.replaceState(null, "", answer.dataset.address);

// The evidence is in the page and nowhere else: what was told is not kept on the server.
function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.matches("[hx-post], [data-download]")) form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector("progress");
  const { loaded, total, lengthComputable } = event.detail;
  if (!bar || !lengthComputable) return;
  bar.hidden = false;
  bar.max = total;
  bar.value = loaded;
});
