// The question just sent, shown at once: on a slow line the server's drawing of it may take seconds.

import { composer, isBusy } from './composer.js';
import { byId, onChange, root } from './dom.js';

const MAX_WAIT_MS = 30000; // an answer that was refused before anything was drawn must not look like one that comes

let timer;
let before = ''; // the last exchange as it was when the question was sent

const lastExchange = () => document.querySelector('#live .exchange')?.innerHTML || '';

// Shows a question under the conversation until Python has drawn it.
export function showPending(question) {
  if (!question.trim()) return;
  const exchange = Object.assign(document.createElement('article'), { id: 'pending', className: 'exchange' });
  const heading = Object.assign(document.createElement('h2'), { textContent: question.trim() });
  const status = Object.assign(document.createElement('p'), { className: 'searching', textContent: 'Searching the archive' });
  status.setAttribute('role', 'status');
  exchange.append(heading, status);
  hidePending();
  before = lastExchange();
  byId('scroll').append(exchange);
  exchange.scrollIntoView({ block: 'start' });
  root.classList.add('sending');
  timer = setTimeout(hidePending, MAX_WAIT_MS);
}

export const pendingQuestion = () => byId('pending')?.querySelector('h2').textContent || '';

function hidePending() {
  clearTimeout(timer);
  byId('pending')?.remove();
  root.classList.remove('sending');
}

document.addEventListener('keydown', (event) => {
  const isSent = event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target === composer();
  if (isSent && !isBusy()) showPending(composer().value);
}, true);
document.addEventListener('click', ({ target }) => {
  if (target.closest('#composer .submit-button')) showPending(composer().value);
}, true);

export function start() {
  onChange('live', () => { if (lastExchange() !== before) hidePending(); }, ['id']);
}
