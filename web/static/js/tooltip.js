// The card behind a marker (its cable, its quote among the sentences around it) and the meaning of an acronym, on hover, focus and tap.

const tooltip = Object.assign(document.createElement('div'), { className: 'tip', id: 'tip', hidden: true });
tooltip.setAttribute('role', 'tooltip');
document.body.append(tooltip);

for (const event of ['pointerover', 'focusin']) {
  document.addEventListener(event, ({ target }) => {
    const marker = target.closest?.('[data-tip], abbr');
    if (marker) showTooltip(marker);
    else hideTooltip();
  });
}

export function hideTooltip() {
  tooltip.hidden = true;
}

function showTooltip(marker) {
  const content = contentOf(marker);
  if (!content.length) return;
  tooltip.replaceChildren(...content);
  tooltip.hidden = false;
  marker.setAttribute('aria-describedby', 'tip');
  const box = marker.getBoundingClientRect();
  tooltip.style.left = Math.max(12, Math.min(box.left - 40, innerWidth - tooltip.offsetWidth - 12)) + 'px';
  const fitsAbove = box.top > tooltip.offsetHeight + 16;
  tooltip.style.top = (fitsAbove ? box.top - tooltip.offsetHeight - 8 : box.bottom + 8) + 'px';
}

function contentOf(marker) {
  if (marker.dataset.tip) {
    const card = document.getElementById(marker.dataset.tip);
    return card ? [...card.cloneNode(true).childNodes] : [];
  }
  marker.dataset.words ||= marker.title;
  marker.removeAttribute('title'); // or the browser would show it too
  return marker.dataset.words ? [marker.dataset.words] : [];
}
