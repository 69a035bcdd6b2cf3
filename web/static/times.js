// Times are written in the reader's own form and zone, and how long ago something was stays true all day.

const asMoment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const asDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const asHour = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const asAge = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

function age(then, now) {
  const minutes = Math.floor((now - then) / 60000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return asAge.format(-minutes, 'minute');
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return asHour.format(then);
  return days === 1 ? 'yesterday' : asDay.format(then);
}
function tellTimes() {
  const now = new Date();
  for (const time of document.querySelectorAll('time.moment, time.ago')) {
    const then = new Date(time.dateTime);
    const words = time.classList.contains('ago') ? age(then, now) : asMoment.format(then);
    if (time.textContent !== words) time.textContent = words;
    time.title = asMoment.format(then);
  }
}
setInterval(tellTimes, 30000);
