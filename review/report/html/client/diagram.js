/** Choosing and following in the pictures, with mouse and keyboard alike. */
import { closePanel, openHop, openRow } from './panel.js';

const targets = /** @type {SVGElement[]} */ ([...document.querySelectorAll('.row, .hop, .chip')]);

/** @param {SVGElement} target */
export function choose(target) {
  document.querySelectorAll('.chosen').forEach((chosen) => chosen.classList.remove('chosen'));
  target.focus();
  target.classList.add('chosen');
  const { row, hop } = target.dataset;
  if (row) openRow(row);
  if (hop) openHop(hop);
}

/**
 * Dims every way but those of the segment, or of the segments that pass the box. An endpoint dims the
 * segments that do not reach it, and a segment the endpoints that it does not reach.
 * @param {SVGElement | null} target null shows all again
 */
function follow(target) {
  document.querySelectorAll('.tracing, .asking').forEach((picture) => picture.classList.remove('tracing', 'asking'));
  document.querySelectorAll('.traced').forEach((traced) => traced.classList.remove('traced'));
  const picture = target?.closest('.picture');
  if (!target || !picture) return;
  const rows = target.dataset.row ? [target.dataset.row] : (target.dataset.rows ?? '').split(' ');
  const isEndpoint = target.classList.contains('chip');
  picture.classList.add(isEndpoint ? 'asking' : 'tracing');
  target.classList.add('traced');
  for (const part of /** @type {NodeListOf<SVGElement>} */ (picture.querySelectorAll(isEndpoint ? '.row' : target.dataset.row ? '.way, .hop, .chip' : '.way, .hop'))) {
    if ((part.dataset.row ?? part.dataset.rows ?? '').split(' ').some((row) => rows.includes(row))) part.classList.add('traced');
  }
  if (!isEndpoint && !target.dataset.row) picture.querySelectorAll('.chip').forEach((chip) => chip.classList.add('traced'));
}

for (const target of targets) {
  target.addEventListener('click', () => choose(target));
  target.addEventListener('pointerenter', () => follow(target));
  target.addEventListener('pointerleave', () => follow(null));
  target.addEventListener('focus', () => follow(target));
  target.addEventListener('blur', () => follow(null));
  target.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose(target);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const alike = targets.filter((other) => other.dataset.row !== undefined === (target.dataset.row !== undefined));
    alike[alike.indexOf(target) + step]?.focus();
  });
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closePanel();
});
