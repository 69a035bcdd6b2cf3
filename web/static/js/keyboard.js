// Keys that work all over the page.

import { focusComposer, isBusy, isEditing, keepQuestion } from './chat.js';
import { areFiltersOpen, showFilters } from './filters.js';
import { close as closeReader, isReading } from './reader.js';
import { hideTooltip } from './tooltip.js';

document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest('input, textarea, select');
  if (event.key === 'Escape') leave();
  else if (event.key === 'Enter' && !event.shiftKey && event.target.closest('#composer textarea') && isBusy()) stop(event);
  else if (event.key === '/' && !isTyping) { event.preventDefault(); focusComposer(); }
}, true);

// Closes what was opened last.
function leave() {
  hideTooltip();
  if (areFiltersOpen()) showFilters(false);
  else if (isEditing()) keepQuestion();
  else if (isReading()) closeReader();
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
