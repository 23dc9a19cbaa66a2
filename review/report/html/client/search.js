/** Finding segments by name, host or address, and findings by any of their words. */
import { page, search, textsOfRow } from './data.js';
import { choose } from './diagram.js';

const field = /** @type {HTMLInputElement} */ (document.getElementById('search'));
const matches = /** @type {HTMLElement} */ (document.getElementById('matches'));
const rowTargets = /** @type {SVGElement[]} */ ([...document.querySelectorAll('.row')]);
const onWays = /** @type {SVGElement[]} */ ([...document.querySelectorAll('.way[data-rows], .hop, .chip')]);
const searchables = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.searchable')]);
const severityBoxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll('input[name="severity"]')]);
const ageBoxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll('input[name="age"]')]);
/** @type {Map<string, Set<number>>} */
const textsOf = new Map();
/** @type {Map<Element, string>} */
const wordsOf = new Map();

/** @param {string} id */
function rowMatches(id, /** @type {Set<number>} */ found) {
  const row = page.rows[id];
  if (!row) return false;
  const numbers = textsOf.get(id) ?? textsOfRow(row);
  textsOf.set(id, numbers);
  for (const number of numbers) if (found.has(number)) return true;
  return false;
}

/** @param {HTMLElement} searchable */
function wordsMatch(searchable) {
  const words = wordsOf.get(searchable) ?? (searchable.textContent ?? '').toLowerCase();
  wordsOf.set(searchable, words);
  return words.includes(search.query);
}

function update() {
  search.query = field.value.trim().toLowerCase();
  const found = new Set(search.query ? page.texts.flatMap((text, index) => (text.toLowerCase().includes(search.query) ? [index] : [])) : []);
  /** @type {Set<string>} */
  const rows = new Set();
  for (const target of rowTargets) {
    const id = target.dataset.row ?? '';
    const match = !search.query || rowMatches(id, found);
    target.classList.toggle('unmatched', !match);
    if (match) rows.add(id);
  }
  // What a found segment's ways lead through stays in sight with it.
  for (const part of onWays) part.classList.toggle('unmatched', search.query !== '' && !(part.dataset.rows ?? '').split(' ').some((row) => rows.has(row)));
  for (const [id, hop] of Object.entries(page.hops)) {
    if (found.has(hop.name) || hop.addresses.some((address) => found.has(address))) document.getElementById(`hop-${id}`)?.classList.remove('unmatched');
  }
  const shown = new Set(severityBoxes.filter(({ checked }) => checked).map(({ value }) => value));
  const hiddenAges = new Set(ageBoxes.filter(({ checked }) => !checked).map(({ value }) => value));
  let findings = 0;
  for (const searchable of searchables) {
    const { severity, age } = searchable.dataset;
    searchable.hidden = (severity !== undefined && !shown.has(severity)) || (age !== undefined && hiddenAges.has(age)) || (search.query !== '' && !wordsMatch(searchable));
    if (severity !== undefined && !searchable.hidden) findings++;
  }
  const none = /** @type {HTMLElement | null} */ (document.querySelector('.none-shown'));
  if (none) none.hidden = findings > 0;
  matches.textContent = search.query ? `${rows.size} ${rows.size === 1 ? 'segment' : 'segments'}, ${findings} ${findings === 1 ? 'finding' : 'findings'}` : '';
}

field.addEventListener('input', update);
[...severityBoxes, ...ageBoxes].forEach((box) => box.addEventListener('change', update));
field.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') {
    const first = rowTargets.find((target) => !target.classList.contains('unmatched'));
    if (first && search.query) choose(first);
  }
  if (event.key === 'Escape') {
    field.value = '';
    update();
  }
});
document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLInputElement;
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
});
// A browser may have kept what was typed before the page was loaded again.
update();
