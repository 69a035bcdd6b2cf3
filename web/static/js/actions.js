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
  const say = (words, spoken) => { button.textContent = words; button.setAttribute('aria-label', spoken); };
  say(`Really ${text.toLowerCase()}?`, `Really ${label[0].toLowerCase()}${label.slice(1)}?`);
  button.addEventListener('blur', () => say(text, label), { once: true });
  return false;
}
