// What a page that is loaded again must not lose: the draft in the composer, the conversation that was open, a question
// whose answer was being written, the cable that was read. It is kept for this tab, and given back to the same reader.

import { composer, isBusy } from './composer.js';
import { byId, createNote, onChange } from './dom.js';
import { send } from './events.js';
import { pendingQuestion } from './pending.js';
import { open, openedCable } from './reader.js';

const KEY = 'reftel-kept';
const readerName = () => document.querySelector('.visitor span')?.textContent || '';
const lastExchange = () => document.querySelector('#live .exchange');

window.addEventListener('pagehide', () => {
  const last = lastExchange();
  const asked = pendingQuestion() || (last && isBusy() ? last.querySelector('h2').textContent : '');
  const draft = composer()?.value || '';
  sessionStorage.setItem(KEY, JSON.stringify({
    reader: readerName(),
    draft: draft === asked ? '' : draft,
    open: last ? last.id.slice(1).replace(/-\d+$/, '') : '',
    asked,
    cable: openedCable(),
  }));
});

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) || '{}');
  sessionStorage.removeItem(KEY);
  if (kept.reader !== readerName()) return;
  if (kept.open || kept.draft) send('restore', { id: kept.open, draft: kept.draft });
  if (kept.asked) showUnanswered(kept.asked);
  if (kept.open && kept.cable?.place) openWhenDrawn(kept.open, kept.cable);
}

// Opens a cable with the quotes of an answer marked, which Python knows once it has the conversation back.
function openWhenDrawn(conversation, cable) {
  const watcher = new MutationObserver(() => {
    if (!lastExchange()?.id.startsWith(`x${conversation}-`)) return;
    watcher.disconnect();
    open(cable);
  });
  watcher.observe(byId('live'), { childList: true, subtree: true });
}

function showUnanswered(question) {
  const note = createNote('unanswered', 'status', `Not answered to its end: “${question}” `);
  const again = { type: 'button', className: 'tool', textContent: 'Ask it again' };
  note.append(Object.assign(document.createElement('button'), again));
  Object.assign(note.lastChild.dataset, { do: 'ask', text: question });
  byId('above').append(note);
}

function forgetAnswered() {
  const asked = byId('unanswered')?.querySelector('button').dataset.text;
  if (asked && asked === lastExchange()?.querySelector('h2').textContent) byId('unanswered').remove();
}

export function start() {
  onChange('live', forgetAnswered);
  restore();
}
