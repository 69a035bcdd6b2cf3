// Times in the reader's own form and zone; how long ago something was stays true all day.

import { onChange } from './dom.js';

const REFRESH_MS = 30000;
const MINUTE_MS = 60000;
const DAY_MS = 86400000;

const asMoment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const asDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const asHour = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const asAge = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

function age(then, now) {
  const minutes = Math.floor((now - then) / MINUTE_MS);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return asAge.format(-minutes, 'minute');
  const midnights = [now, then].map((moment) => new Date(moment).setHours(0, 0, 0, 0));
  const days = Math.round((midnights[0] - midnights[1]) / DAY_MS);
  if (days === 0) return asHour.format(then);
  return days === 1 ? 'yesterday' : asDay.format(then);
}

function writeTimes() {
  const now = new Date();
  for (const time of document.querySelectorAll('time.moment, time.ago')) {
    const then = new Date(time.dateTime);
    const text = time.classList.contains('ago') ? age(then, now) : asMoment.format(then);
    if (time.textContent !== text) time.textContent = text;
    time.title = asMoment.format(then);
  }
}

export function start() {
  for (const id of ['past', 'welcome', 'run', 'runs', 'dossiers', 'dossier']) onChange(id, writeTimes);
  setInterval(writeTimes, REFRESH_MS);
}
