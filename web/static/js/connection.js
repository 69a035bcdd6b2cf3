// Whether the server still answers, and whether it is the one that made this page.
//
// Where nobody answers, the page says so and waits. A server that was started since knows nothing of this page, which
// then is loaded again. The page asks now and then, whenever someone comes back to it or begins to type, and when one
// of its requests, Gradio's own included, was seen to fail.

import { noteNotSent } from './archive.js';
import { byId, createNote } from './dom.js';

const AWAY = 'The server does not answer. This page waits for it and goes on by itself; what you have typed is kept.';
const CHECK_MS = 5000;
const RETRY_MS = 1000;
const MIN_BETWEEN_CHECKS_MS = 1000;

const appIdAddress = () => new URL('gradio_api/app_id', window.gradio_config.root + '/');
let checkedAt = Date.now();
let isChecking = false;

async function check() {
  if (isChecking) return;
  isChecking = true;
  const appId = await askForAppId();
  if (appId !== window.gradio_config.app_id) return location.reload();
  byId('away')?.remove();
  checkedAt = Date.now();
  isChecking = false;
}

// The id of the application that answers, however long that takes; '' where it wants us to sign in.
async function askForAppId() {
  for (;;) {
    try {
      const response = await fetch(appIdAddress());
      if (response.ok) return (await response.json()).app_id;
      if (response.status === 401) return '';
    } catch { /* nobody answers */ }
    if (!byId('away')) document.querySelector('.top').after(createNote('away', 'alert', AWAY));
    await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
  }
}

const checkSoon = () => Date.now() - checkedAt > MIN_BETWEEN_CHECKS_MS && check();

// Requests as the browser tells of them when they are over; those that failed have the status 0.
function noteRequest({ name, responseStatus }) {
  const isUpload = new URL(name).pathname.endsWith('/upload');
  if (isUpload && responseStatus !== 200) noteNotSent(responseStatus ? '' : 'The server does not answer.');
  if (responseStatus === 401) signIn();
  if (responseStatus === 0) checkSoon();
}

function signIn() {
  location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
}

export function start() {
  new PerformanceObserver((list) => list.getEntries().forEach(noteRequest)).observe({ type: 'resource' });
  setInterval(() => document.hidden || check(), CHECK_MS);
  document.addEventListener('visibilitychange', () => document.hidden || check());
  document.addEventListener('input', checkSoon);
}
