// The list of past conversations: shown and hidden, searched, renamed.

import { addActions, isConfirmed } from './actions.js';
import { isNarrow, on, root } from './dom.js';
import { send } from './events.js';
import { close as closeReader } from './reader.js';

const KEY = 'reftel-past';
const SEARCH_DELAY_MS = 200;

addActions({
  past: () => showList(!root.classList.contains('past-open'), true),
  restore: (data) => { send('restore', { id: data.id }); closeReader(); if (isNarrow()) showList(false); },
  rename: (data, button) => rename(data.id, button.closest('li').querySelector('.past-title')),
  forget: (data, button) => isConfirmed(button) && send('forget', { id: data.id, words: searchWords() }),
});

const searchWords = () => document.querySelector('.past-search')?.value || '';
on('input', '.past-search', () => send('search', { words: searchWords() }), SEARCH_DELAY_MS);
window.matchMedia('(max-width: 900px)').addEventListener('change', (event) => { if (event.matches) showList(false); });

function showList(open, keep = false) {
  root.classList.toggle('past-open', open);
  document.querySelector('.past-toggle').setAttribute('aria-expanded', String(open));
  if (keep) localStorage.setItem(KEY, open ? 'open' : 'closed');
}

// Closes the list where it covers the conversation; whether it was open.
export function hideDrawer() {
  const isOpen = isNarrow() && root.classList.contains('past-open');
  if (isOpen) showList(false);
  return isOpen;
}

document.addEventListener('pointerdown', ({ target }) => target.closest('#past-pane, .past-toggle') || hideDrawer());

// Turns a title into a field; Enter and leaving it save, Escape does not.
function rename(id, title) {
  const field = Object.assign(document.createElement('input'), { className: 'past-rename', value: title.textContent });
  field.setAttribute('aria-label', 'New title');
  title.replaceWith(field);
  field.select();
  let isDone = false; // taking the field away blurs it, which would end it again
  const end = (save) => {
    if (isDone) return;
    isDone = true;
    const name = save && field.value.trim();
    if (name) title.textContent = name;
    field.replaceWith(title);
    if (name) send('rename', { id, title: name, words: searchWords() });
  };
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') end(true);
    if (event.key === 'Escape') { event.stopPropagation(); end(false); }
  });
  field.addEventListener('blur', () => end(true));
}

export function start() {
  const kept = localStorage.getItem(KEY);
  showList(kept ? kept === 'open' && !isNarrow() : innerWidth >= 1200);
}
