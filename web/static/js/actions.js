// Buttons: one with data-do="name" runs the action of that name with its data attributes.

import { onClick } from './dom.js';

const actions = {};

// Adds actions, each a function of (dataset, button).
export function addActions(more) {
  Object.assign(actions, more);
}

export function run(name, ...given) {
  actions[name]?.(...given);
}

onClick('[data-do]', (button) => run(button.dataset.do, button.dataset, button));

// Whether a button that takes something away was pressed twice; leaving it takes the first press back.
export function isConfirmed(button) {
  const [text, label] = [button.textContent, button.getAttribute('aria-label')];
  if (text.startsWith('Really')) return true;
  const say = (words, spoken) => {
    button.textContent = words;
    if (spoken) button.setAttribute('aria-label', spoken);
  };
  const really = (words) => words && `Really ${words[0].toLowerCase()}${words.slice(1)}?`;
  say(really(text), really(label));
  button.addEventListener('blur', () => say(text, label), { once: true });
  return false;
}
