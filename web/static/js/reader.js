// The reader pane: opens cables, writes the address, brings the cited paragraph into sight.

import { addActions } from './actions.js';
import { byId, isNarrow, onChange, onClick, root } from './dom.js';
import { send } from './events.js';

const MAX_CLICK_PIXELS = 8; // a pointer that moves further between press and release is dragged

let opened = null; // what was opened last, as `open` was given it
let opener = null; // what had the focus when the reader was opened
let revealed = ''; // what has been brought into sight: other changes in the pane must not move it again
let target = null; // what is to stay in sight until the reader scrolls

addActions({
  close: () => close(),
  original: (data) => open({ ...data, original: '1' }),
  text: (data) => open(data),
  version: (data) => open(data),
});

export const isReading = () => root.classList.contains('reading');

export const openedCable = () => (isReading() ? opened : null);

// `read` or `cable` is a cable's id, `key` a paragraph's key; `place` and `n` name the marker of an answer.
export function open({ read, cable = read, key = '', place, n, original = '', version = '' }) {
  opened = { cable, key, place, n, original, version };
  const para = key.split('.').slice(1).join('.');
  root.classList.add('reading');
  revealed = '';
  send('read', { cable, para, place, n, original, version });
  const query = '?' + new URLSearchParams({ cable, ...(para && { para }) });
  if (location.search !== query) history.pushState(null, '', query + location.hash);
  if (byId('cable') && describe(byId('cable')) === `${cable} ${key} ${version} ${Boolean(original)}`) reveal(); // nothing will be drawn
}

function describe(cable) {
  return `${cable.dataset.cable} ${cable.dataset.key} ${cable.dataset.version} ${Boolean(cable.querySelector('.original'))}`;
}

export function close() {
  root.classList.remove('reading');
  send('close');
  if (location.search) history.pushState(null, '', location.pathname + location.hash);
  if (opener?.isConnected) opener.focus();
}

function openFromAddress() {
  const query = new URLSearchParams(location.search);
  root.classList.toggle('reading', query.has('cable'));
  if (query.has('cable')) send('read', { cable: query.get('cable'), para: query.get('para') || '' });
}

// To the next (1) or previous (-1) citation of the answer that is being read, or the first of the last answer.
export function step(direction) {
  const label = direction > 0 ? 'Next citation' : 'Previous citation';
  const button = document.querySelector(`.walk [aria-label="${label}"]`);
  if (isReading() && button) return button.click();
  const markers = document.querySelectorAll('#live .marker');
  markers[direction > 0 ? 0 : markers.length - 1]?.click();
}

// A marker may be drawn again between press and release while an answer streams, so that the browser sends no
// click: what was pressed is remembered, and the release opens it.
let pressed = null;
document.addEventListener('pointerdown', (event) => {
  const link = event.button === 0 && !event.metaKey && !event.ctrlKey && event.target.closest('#live [data-read]');
  pressed = link ? { data: { ...link.dataset }, x: event.clientX, y: event.clientY } : null;
});
document.addEventListener('pointerup', (event) => {
  const moved = pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
  if (pressed && moved < MAX_CLICK_PIXELS && !event.target.closest('[data-read]')) open(pressed.data);
  pressed = null;
});
onClick('[data-read]', (link) => {
  if (!link.closest('#reader')) opener = link;
  open(link.dataset);
});
window.addEventListener('popstate', openFromAddress);

// Brings the cited paragraph into sight when a cable has been drawn, and focuses it for who uses the keyboard.
function reveal() {
  const cable = byId('cable');
  const what = cable ? describe(cable) : '';
  if (what === revealed) return;
  revealed = what;
  if (!cable) return;
  const current = cable.querySelector('.para.current');
  target = current?.querySelector('mark') || current || cable;
  scrollToTarget();
  (current || cable).setAttribute('tabindex', '-1');
  if (isNarrow() || opener?.matches(':focus-visible')) (current || cable).focus({ preventScroll: true });
}

function scrollToTarget() {
  if (!target?.isConnected) return;
  const pane = byId('reader');
  const below = target.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
  pane.scrollTop = target.id === 'cable' ? 0 : pane.scrollTop + below;
}

// The pane may still get its width when a cable is already in it; a reader who scrolls is not brought back.
function keepInSight() {
  const pane = byId('reader');
  new ResizeObserver(scrollToTarget).observe(pane);
  for (const event of ['wheel', 'pointerdown', 'keydown']) {
    pane.addEventListener(event, () => { target = null; }, { passive: true });
  }
}

// The bar names the cable once its header is out of sight.
function nameInBar() {
  const pane = byId('reader');
  pane.addEventListener('scroll', () => {
    const header = pane.querySelector('.cable h2');
    const bar = pane.querySelector('.reader-bar');
    const isPast = header && header.getBoundingClientRect().bottom < bar.getBoundingClientRect().bottom;
    pane.classList.toggle('past-header', Boolean(isPast));
  }, { passive: true });
}

export function start() {
  root.classList.toggle('reading', new URLSearchParams(location.search).has('cable')); // Python reads the address
  keepInSight();
  nameInBar();
  onChange('reader', reveal, ['data-cable', 'data-key', 'data-version']);
}
