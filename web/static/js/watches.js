// Watches: what is new for them is asked for when the page is opened, when somebody comes back to it, and every minute.

import { addActions, isConfirmed } from './actions.js';
import { byId, onChange, onSubmit } from './dom.js';
import { send } from './events.js';

const LOOK_MS = 60_000;

addActions({
  news: (data) => send('news', { id: data.id }),
  seen: (data) => send('seen', { id: data.id }),
  unwatch: (data, button) => isConfirmed(button) && send('unwatch', { id: data.id }),
});

onSubmit('#watch-form', (form) => { send('watch', { text: form.elements.text.value }); form.reset(); });

const look = () => document.hidden || send('watches');

// The number of new cables stands beside the name of the page that shows them.
function countNews() {
  const count = Number(byId('watches').querySelector('.news-count')?.dataset.count || 0);
  const link = document.querySelector('nav [data-page="dossiers"]');
  if (count) link.dataset.fresh = count;
  else delete link.dataset.fresh;
}

export function start() {
  onChange('watches', countNews);
  onChange('summary', look); // it is written when the archive has been opened
  onChange('run', look); // an index run of this page
  document.addEventListener('visibilitychange', look);
  setInterval(look, LOOK_MS);
}
