// The page of one element: follows the room, keeps what is being typed, scores by key.

import { listen } from "../interview/keys.js";
import { AgreedForm } from "./form.js";
import { announce, follow } from "./live.js";
import { page, say } from "./page.js";
import { replaceParts } from "./parts.js";

const root = document.querySelector("[data-agreed]");
const form = root ? new AgreedForm(root, page) : null;
const notice = document.querySelector("[data-agreed-notice]");

let agreedVersion = form?.version ?? null;

if (form) {
  const save = root.querySelector(".form-actions button[value=stay]");
  listen(form, page.keys, { next: () => root.requestSubmit(save), previous: () => {}, help: () => {} });
}

follow((now) => {
  const replaced = replaceParts(now.parts);
  const news = agreedVersion !== null && now.agreed.version !== agreedVersion;
  agreedVersion = now.agreed.version;
  if (form) {
    form.wanted = now.wanted;
    form.show();
  }
  if (news) announce(told(now.agreed, "set", "takenBack"));
  else if (replaced.includes("strip")) announce(say("changed"));
  if (!form || now.agreed.version === form.version) return;
  if (form.isTouched) offer(now.agreed);
  else form.take(now.agreed.said, now.agreed.version);
});

function told(agreed, set, takenBack) {
  const who = agreed.by ?? say("someone");
  return agreed.said.state === "open" ? say(takenBack, { who }) : say(set, { who, what: agreed.words });
}

/** Somebody else decided while this user was filling in: show it, let the user choose, lose nothing. */
function offer(agreed) {
  const box = document.createElement("div");
  box.className = "agree-notice";
  const sentence = document.createElement("p");
  sentence.textContent = told(agreed, "meanwhile", "meanwhileBack");
  box.append(sentence, button(say("takeOver"), () => form.take(agreed.said, agreed.version)));
  // what the other one stored has been seen: the next save replaces it knowingly, and the history keeps both
  box.append(button(say("keepMine"), () => (form.version = agreed.version)));
  notice.replaceChildren(box);
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "secondary";
  made.textContent = words;
  made.addEventListener("click", () => {
    act();
    notice.replaceChildren();
    form.focusScore();
  });
  return made;
}
