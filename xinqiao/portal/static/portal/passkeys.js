// 通行密钥: the one thing a page cannot do by itself is to ask the device. A form says what for; the answer is sent by it.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

async function options(form) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(form.dataset.options, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

async function created(said) {
  const publicKey = {
    ...said,
    challenge: bytes(said.challenge),
    user: { ...said.user, id: bytes(said.user.id) },
    excludeCredentials: listed(said.excludeCredentials),
  };
  const { id, rawId, type, response } = await navigator.credentials.create({ publicKey });
  const told = { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) };
  return { id, rawId: text(rawId), type, response: told };
}

async function shown(said) {
  const publicKey = { ...said, challenge: bytes(said.challenge), allowCredentials: listed(said.allowCredentials) };
  const { id, rawId, type, response } = await navigator.credentials.get({ publicKey });
  const told = {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle && text(response.userHandle),
  };
  return { id, rawId: text(rawId), type, response: told };
}

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  // Browsers keep passkeys for names, not for addresses made of numbers.
  if (!window.PublicKeyCredential || /^[\d.]+$|:/.test(location.hostname)) return;
  form.hidden = false;
  form.querySelector("[data-ask]").addEventListener("click", async () => {
    const fault = form.querySelector("[data-fault]");
    fault.hidden = true;
    try {
      const said = await options(form);
      const answer = form.dataset.passkey === "create" ? await created(said) : await shown(said);
      form.querySelector("[name=credential]").value = JSON.stringify(answer);
      form.requestSubmit();
    } catch {
      fault.hidden = false;
    }
  });
});
