// The two pages, Ask and Archive: one is shown, the address names it.

import { onChange, onClick, root } from './dom.js';
import { send } from './events.js';

onClick('a[data-page]', (link) => show(link.dataset.page));

export const isArchive = () => root.dataset.page === 'archive';

function show(name) {
  root.dataset.page = name;
  for (const link of document.querySelectorAll('a[data-page]')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (location.hash.slice(1) !== name) history.replaceState(null, '', `${location.pathname}${location.search}#${name}`);
  if (!isArchive()) return;
  drawArchive();
  send('follow'); // a run that is under way
}

function drawArchive() {
  if (isArchive()) send('archive');
}

export function start() {
  show(location.hash === '#archive' ? 'archive' : 'chat');
  onChange('summary', drawArchive); // it is written when the archive has been opened
}
