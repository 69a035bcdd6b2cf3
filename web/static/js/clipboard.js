// Copying: answers with their sources, footnotes and links.

import { addActions } from './actions.js';

addActions({
  copy: (data, button) => copy(answerText(data.place), button),
  footnote: (data, button) => copy(data.copy, button),
  link: (data, button) => copy(new URL(data.copy, location.href.split('#')[0]).href, button),
});

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // only pages over https and on this machine have a clipboard
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
  const paragraphs = [...exchange.querySelectorAll('.prose-text :is(h3, p:not(.notice, details p), li)')].map((paragraph) => {
    const clone = paragraph.cloneNode(true);
    clone.querySelectorAll('.marker').forEach((marker) => { marker.textContent = ` [${marker.textContent}]`; });
    return clone.textContent.replace(/\u2060/g, '');
  });
  const sources = [...exchange.querySelectorAll('.sources > li')].map((source) =>
    `[${source.querySelector('.n').textContent}] ${source.dataset.note}`);
  const records = exchange.querySelector('.sources')?.dataset.records || '';
  return [exchange.querySelector('h2').textContent, ...paragraphs, sources.join('\n'), records].filter(Boolean).join('\n\n');
}
