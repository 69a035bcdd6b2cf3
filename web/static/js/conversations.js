// The list of past conversations: shown and hidden, searched, renamed.

import { addActions, isConfirmed } from './actions.js';
import { editInPlace, isNarrow, on, root } from './dom.js';
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

function rename(id, title) {
  editInPlace(title, 'New title', (name) => {
    title.textContent = name;
    send('rename', { id, title: name, words: searchWords() });
  });
}

export function start() {
  const kept = localStorage.getItem(KEY);
  showList(kept ? kept === 'open' && !isNarrow() : innerWidth >= 1200);
}
