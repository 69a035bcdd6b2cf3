// What the page hears of the server beside its events: that a session has ended, that files were refused, that
// nobody answers any more.

const plainFetch = window.fetch;
window.fetch = async (...request) => {
  const { pathname } = new URL(request[0].url || request[0], location.href);
  const upload = pathname.endsWith('/upload');
  let response;
  try {
    response = await plainFetch(...request);
  } catch (error) {
    if (upload) notSent('The server does not answer. Your files were not added.');
    if (error.name !== 'AbortError') lookAgain();
    throw error;
  }
  if (response.status === 401) location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
  if (upload && !response.ok) notSent(await response.clone().text());
  return response;
};

// Where nobody answers, the page waits. A server that was started anew knows nothing of the page, which then is
// loaded anew. The page looks now and then, and whenever someone comes back to it or begins to type.

const AWAY = 'The server does not answer. This page waits for it and goes on by itself; what you have typed is kept.';
const appId = () => new URL('gradio_api/app_id', window.gradio_config.root + '/');
let looked = Date.now();
let looking = false;
async function lookAgain() {
  if (looking) return;
  looking = true;
  const server = await whoAnswers();
  if (server !== window.gradio_config.app_id) return location.reload();
  by('away')?.remove();
  looked = Date.now();
  looking = false;
}
async function whoAnswers() {
  for (;;) {
    try {
      const response = await plainFetch(appId());
      if (response.ok) return (await response.json()).app_id;
      if (response.status === 401) return '';
    } catch { /* nobody */ }
    if (!by('away')) document.querySelector('.top').after(note('away', 'alert', AWAY));
    await new Promise((done) => { setTimeout(done, 1000); });
  }
}
setInterval(() => document.hidden || lookAgain(), 5000);
document.addEventListener('visibilitychange', () => document.hidden || lookAgain());
document.addEventListener('input', () => Date.now() - looked > 1000 && lookAgain());

function note(id, role, words) {
  by(id)?.remove();
  const told = Object.assign(document.createElement('p'), { id, className: 'note', textContent: words });
  told.setAttribute('role', role);
  return told;
}

// What a page that is loaded anew must not lose: words in the composer, the conversation that was open, a question
// whose answer was being written. It is kept for this tab, and shown to the same reader only.

const KEPT = 'reftel-kept';
const composer = () => document.querySelector('#composer textarea');
const readerName = () => document.querySelector('.visitor span')?.textContent || '';
window.addEventListener('pagehide', () => {
  const last = document.querySelector('#live .exchange');
  const kept = {
    reader: readerName(),
    draft: composer()?.value || '',
    open: last ? last.id.slice(1).replace(/-\d+$/, '') : '',
    asked: last && busy() ? last.querySelector('h2').textContent : '',
  };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
});
function takeUp() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || '{}');
  sessionStorage.removeItem(KEPT);
  if (kept.reader !== readerName()) return;
  if (kept.open || kept.draft) trigger('restore', { id: kept.open, draft: kept.draft });
  if (kept.asked) showUnanswered(kept.asked);
}
function showUnanswered(question) {
  const told = note('unanswered', 'status', `Not answered to its end: “${question}” `);
  const again = { type: 'button', className: 'tool', textContent: 'Ask it again' };
  told.append(Object.assign(document.createElement('button'), again));
  Object.assign(told.lastChild.dataset, { do: 'ask', text: question });
  by('above').append(told);
}
function forgetUnanswered() {
  const asked = by('unanswered')?.querySelector('button').dataset.text;
  if (asked && asked === document.querySelector('#live h2')?.textContent) by('unanswered').remove();
}
