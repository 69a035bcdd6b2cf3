// The pages Ask, Archive, Dossiers and Check: one is shown, the address names it.

import { byId, onChange, onClick, root } from './dom.js';
import { send } from './events.js';

onClick('a[data-page]', (link) => show(link.dataset.page));

const FORMS = { archive: 'browse', dossiers: 'compose-form' }; // what a page has when it has been drawn

export const isArchive = () => root.dataset.page === 'archive';

// Unless `isDrawn` is false, as where something else has it drawn, Python draws the page.
export function show(name, isDrawn = true) {
  root.dataset.page = name;
  for (const link of document.querySelectorAll('a[data-page]')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (location.hash.slice(1) !== name) history.replaceState(null, '', `${location.pathname}${location.search}#${name}`);
  if (!isDrawn) return;
  draw();
  if (isArchive()) send('follow'); // a run that is under way
}

// Python draws these pages when they are shown.
function draw() {
  if (isArchive()) send('archive');
  if (root.dataset.page === 'dossiers') send('dossiers');
}

export function start() {
  show(['archive', 'dossiers', 'check'].find((name) => location.hash === `#${name}`) || 'chat');
  onChange('summary', () => byId(FORMS[root.dataset.page]) || draw()); // it is written when the archive has been opened
}
