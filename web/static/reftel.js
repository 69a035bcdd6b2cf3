// Runs once, when the bridge is on the page. It turns clicks on rendered HTML into Gradio events of the bridge:
// 'ask' 'retry' 'edit' 'keep' 'home' 'read' 'close' 'restore' 'search' 'rename' 'forget'
// 'facets' 'filter' 'unfilter' 'archive' 'follow' 'sort' 'turn' 'find' 'withdraw'. `trigger` and `element` come from gr.HTML.

const root = document.documentElement;
const by = (id) => document.getElementById(id);
const busy = () => Boolean(document.querySelector('#composer .stop-button')); // an answer is being written
const narrow = () => window.matchMedia('(max-width: 900px)').matches;
let opener = null; // what had the focus when the reader was opened

// Events to Python

const actions = {
  ask: (d) => busy() || trigger('ask', { text: d.text }),
  retry: (d) => busy() || trigger('retry', { place: d.place, alone: d.alone || '' }),
  edit: (d) => { if (busy()) return; trigger('edit', { place: d.place }); supersede(+d.place); focusComposer(); },
  keep: () => { trigger('keep', {}); supersede(Infinity); focusComposer(); },
  home: () => { trigger('home', {}); closeReader(); focusComposer(); },
  close: () => closeReader(),
  original: (d) => read({ ...d, original: '1' }),
  text: (d) => read({ ...d }),
  theme: () => setTheme(document.body.classList.contains('dark') ? 'light' : 'dark'),
  footnote: (d, button) => copy(d.copy, button),
  link: (d, button) => copy(new URL(d.copy, location.href.split('#')[0]).href, button),
  past: () => showPast(!root.classList.contains('past-open'), true),
  restore: (d) => { trigger('restore', { id: d.id }); closeReader(); if (narrow()) showPast(false); },
  rename: (d, button) => rename(d.id, button.closest('li').querySelector('.past-title')),
  forget: (d, button) => sure(button) && trigger('forget', { id: d.id, words: pastWords() }),
  filters: () => showFilters(!root.classList.contains('filters-open')),
  unfilter: (d) => trigger('unfilter', { what: d.what, value: d.value || '' }),
  copy: (d, button) => copy(answerText(d.place), button),
};

// Whether a button that takes something away was pressed twice; leaving it takes the first press back
function sure(button) {
  const [words, label] = [button.textContent, button.getAttribute('aria-label')];
  if (words.startsWith('Really')) return true;
  const say = (text, spoken) => { button.textContent = text; button.setAttribute('aria-label', spoken); };
  say(`Really ${words.toLowerCase()}?`, `Really ${label[0].toLowerCase()}${label.slice(1)}?`);
  button.addEventListener('blur', () => say(words, label), { once: true });
  return false;
}

function read(d) {
  const para = (d.key || '').split('.').slice(1).join('.');
  root.classList.add('reading');
  revealed = '';
  trigger('read', { cable: d.cable || d.read, para, place: d.place, n: d.n, original: d.original || '' });
  const query = new URLSearchParams({ cable: d.cable || d.read, ...(para && { para }) });
  if (location.search !== '?' + query) history.pushState(null, '', '?' + query + location.hash);
}

function closeReader() {
  root.classList.remove('reading');
  trigger('close', {});
  if (location.search) history.pushState(null, '', location.pathname + location.hash);
  opener?.isConnected && opener.focus();
}

function openFromAddress() {
  const query = new URLSearchParams(location.search);
  root.classList.toggle('reading', query.has('cable'));
  if (query.has('cable')) trigger('read', { cable: query.get('cable'), para: query.get('para') || '' });
}

// Clicks. A marker may be redrawn between press and release while an answer streams, so that the browser
// sends no click: what was pressed is remembered, and the release opens it.

let pressed = null;
document.addEventListener('pointerdown', (e) => {
  const link = e.button === 0 && !e.metaKey && !e.ctrlKey && e.target.closest('#live [data-read]');
  pressed = link ? { data: { ...link.dataset }, x: e.clientX, y: e.clientY } : null;
});
document.addEventListener('pointerup', (e) => {
  if (pressed && Math.hypot(e.clientX - pressed.x, e.clientY - pressed.y) < 8 && !e.target.closest('[data-read]')) {
    read(pressed.data);
  }
  pressed = null;
});
document.addEventListener('click', (e) => {
  if (e.metaKey || e.ctrlKey || e.shiftKey) return; // a new tab, as for every link
  const target = e.target.closest('[data-read], [data-do], a[data-page]');
  if (!target) return;
  e.preventDefault();
  if (target.dataset.read) {
    if (!target.closest('#reader')) opener = target;
    read(target.dataset);
  } else if (target.dataset.page) {
    showPage(target.dataset.page);
  } else {
    actions[target.dataset.do]?.(target.dataset, target);
  }
});
document.addEventListener('keydown', (e) => {
  if (e.key === 'Escape') tip.hidden = true;
  if (e.key === 'Escape' && root.classList.contains('filters-open')) return showFilters(false);
  if (e.key === 'Escape' && document.querySelector('.editing')) return actions.keep();
  if (e.key === 'Escape' && root.classList.contains('reading')) closeReader();
  if (e.key === 'Enter' && !e.shiftKey && e.target.closest('#composer textarea') && busy()) {
    e.preventDefault();
    e.stopPropagation();
  }
  const typing = e.target.closest('input, textarea, select');
  if (e.key === '/' && !typing) { e.preventDefault(); focusComposer(); }
}, true);
window.addEventListener('popstate', openFromAddress);

// The reader: bring the cited paragraph into sight when a cable has been drawn

let revealed = ''; // what has been brought into sight: other changes in the pane must not move it again
function reveal() {
  const cable = by('cable');
  const what = cable ? `${cable.dataset.cable} ${cable.dataset.key}` : '';
  if (what === revealed) return;
  revealed = what;
  if (!cable) return;
  const current = cable.querySelector('.para.current');
  const pane = by('reader');
  const target = current?.querySelector('mark') || current;
  const top = target ? target.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3 : 0;
  pane.scrollTop = target ? pane.scrollTop + top : 0;
  (current || cable).setAttribute('tabindex', '-1');
  if (narrow() || opener?.matches(':focus-visible')) (current || cable).focus({ preventScroll: true });
}

// The conversation: a new question moves to the top and stays there while its answer is written below

function bringUp() {
  const last = by('live').querySelector('.exchange');
  if (last && last.id !== root.dataset.last) last.scrollIntoView({ block: 'start' });
  root.dataset.last = last?.id || '';
}

// The quote behind a marker and the words behind an acronym, on hover, focus and tap

const tip = document.createElement('div');
tip.className = 'tip';
tip.setAttribute('role', 'tooltip');
tip.id = 'tip';
tip.hidden = true;
document.body.append(tip);
function wordsBehind(marker) {
  if (marker.dataset.tip) return by(marker.dataset.tip)?.textContent;
  marker.dataset.words ||= marker.title;
  marker.removeAttribute('title'); // or the browser would show it too
  return marker.dataset.words;
}
function showTip(marker) {
  const words = wordsBehind(marker);
  if (!words) return;
  tip.textContent = words;
  tip.hidden = false;
  marker.setAttribute('aria-describedby', 'tip');
  const at = marker.getBoundingClientRect();
  tip.style.left = Math.max(12, Math.min(at.left - 40, innerWidth - tip.offsetWidth - 12)) + 'px';
  tip.style.top = (at.top > tip.offsetHeight + 16 ? at.top - tip.offsetHeight - 8 : at.bottom + 8) + 'px';
}
for (const [event, act] of [['pointerover', showTip], ['focusin', showTip]]) {
  document.addEventListener(event, (e) => {
    const marker = e.target.closest?.('[data-tip], abbr');
    if (marker) act(marker); else tip.hidden = true;
  });
}

// While a question is being changed, what it would replace is pale

function supersede(place) {
  for (const exchange of document.querySelectorAll('.exchange')) {
    exchange.classList.toggle('superseded', +exchange.dataset.place >= place);
  }
}

// Small things

function focusComposer() { by('composer')?.querySelector('textarea')?.focus(); }

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement('textarea'), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const before = button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = before; }, 1500);
}

function answerText(place) {
  const exchange = document.querySelector(`.exchange[data-place="${place}"]`);
  const lines = [...exchange.querySelectorAll('.prose-text > p')].map((p) => {
    const clone = p.cloneNode(true);
    clone.querySelectorAll('.marker').forEach((m) => { m.textContent = ` [${m.textContent}]`; });
    return clone.textContent.replace(/\u2060/g, '');
  });
  const sources = [...exchange.querySelectorAll('.sources .source')].map((s) =>
    `[${s.querySelector('.n').textContent}] ${s.querySelector('.what').textContent}`);
  return [exchange.querySelector('h2').textContent, ...lines, sources.join('\n')].join('\n\n');
}

function setTheme(name) {
  document.body.classList.toggle('dark', name === 'dark');
  localStorage.setItem('reftel-theme', name);
  nameTheme();
}
function nameTheme() {
  const button = document.querySelector('[data-do="theme"]');
  if (button) button.textContent = document.body.classList.contains('dark') ? 'Light' : 'Dark';
}
const theme = localStorage.getItem('reftel-theme');
if (theme) document.body.classList.toggle('dark', theme === 'dark');
