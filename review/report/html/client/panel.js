/** The details of a segment or of a box: every way with every step. */
import { page, search, textOf } from './data.js';
import { button, element, marked, verdictIcon } from './elements.js';

/** @typedef {import('./data.js').Way} Way */
/** @typedef {import('./data.js').Standing} Standing */

/** Places listed before the rest is counted; a search finds the others. */
const MOST_PLACES = 60;

const panel = /** @type {HTMLElement} */ (document.getElementById('panel'));
/** @type {Element | null} */
let openedFrom = null;

/** @param {string} id */
export function openRow(id) {
  const row = page.rows[id];
  if (!row) return;
  fill(textOf(row.name), textOf(row.facts), [...row.standings.map(standingPart), ...privatePart(row.privately)]);
}

/** @param {string} id */
export function openHop(id) {
  const hop = page.hops[id];
  if (!hop) return;
  const title = textOf(hop.title);
  const isOnWay = hop.name < 0;
  const facts = isOnWay ? `on the way of ${hop.rows.length} of the segments` : `${textOf(hop.name)} · reached by ${hop.rows.length} of the segments, without the internet`;
  fill(title.charAt(0).toUpperCase() + title.slice(1), facts, [
    element('div', 'standing', element('h4', '', 'Addresses'), element('ul', '', ...hop.addresses.map((address) => element('li', '', element('code', '', marked(textOf(address), search.query)))))),
    element('div', 'standing places', element('h4', '', 'Segments'), ...hop.rows.map((row) => button(textOf(page.rows[row]?.name ?? -1), () => openRow(row)))),
  ]);
}

/**
 * What a segment reaches without the internet.
 * @param {string[]} hops
 */
function privatePart(hops) {
  if (hops.length === 0) return [];
  return [element('section', 'standing places', element('h4', '', `Reached privately: ${hops.length}`), ...hops.map((id) => button(textOf(page.hops[id]?.name ?? -1), () => openHop(id))))];
}

/**
 * @param {string} title
 * @param {string} facts
 * @param {Node[]} parts
 */
function fill(title, facts, parts) {
  if (panel.hidden) openedFrom = document.activeElement;
  const heading = element('h2', '', marked(title, search.query));
  heading.id = 'panel-title';
  panel.replaceChildren(element('div', 'head', heading, button('Close', closePanel)), element('p', 'quiet', marked(facts, search.query)), ...parts);
  panel.hidden = false;
  panel.scrollTop = 0;
  panel.focus();
}

export function closePanel() {
  if (panel.hidden) return;
  panel.hidden = true;
  document.querySelectorAll('.chosen').forEach((chosen) => chosen.classList.remove('chosen'));
  // Whoever uses the keyboard goes on from where they were.
  if (openedFrom instanceof SVGElement || openedFrom instanceof HTMLElement) openedFrom.focus();
}

/** @param {Standing} standing */
function standingPart(standing) {
  const where = textOf(standing.where);
  const part = element('section', `standing ${standing.verdict}`);
  part.append(element('h3', '', verdictIcon(standing.verdict), standing.word, element('span', 'quiet', where)), element('p', 'quiet', standing.meaning));
  if (standing.traffic.length > 0) part.append(element('h4', '', 'What gets out'), ...standing.traffic.map((text) => element('p', '', element('code', '', textOf(text)))));
  if (standing.hosts.length > 0) part.append(element('h4', '', `Hosts: ${standing.hosts.length}`), hostTable(standing.hosts));
  for (const way of standing.ways) part.append(...wayParts(way));
  return part;
}

/** @param {Standing['hosts']} hosts */
function hostTable(hosts) {
  const rows = hosts.map(([host, protocol, ports, rule]) => {
    const name = element('code', '', marked(textOf(host), search.query));
    name.title = textOf(rule);
    return element('tr', '', element('td', '', name), element('td', '', textOf(protocol)), element('td', '', textOf(ports)));
  });
  const head = element('tr', '', ...['Host', 'Protocol', 'Ports'].map((text) => element('th', '', text)));
  return element('table', '', element('thead', '', head), element('tbody', '', ...rows));
}

/** @param {Way} way */
function wayParts(way) {
  const steps = element('ol', 'steps');
  const show = (/** @type {number[]} */ numbers) => steps.replaceChildren(...numbers.map(stepItem), endItem(way));
  show(way.places[0]?.[2] ?? []);
  return [element('h4', '', way.places.length > 1 ? `${textOf(way.words)} (${way.places.length} places)` : textOf(way.words)), steps, placeList(way, show)];
}

/** @param {number} number */
function stepItem(number) {
  const [kind, address, label] = page.steps[number] ?? [-1, -1, -1];
  const item = element('li', '', element('span', 'kind', textOf(kind)), ' ', element('code', '', marked(textOf(address), search.query)));
  if (label >= 0) item.append(' ', element('span', 'quiet', textOf(label)));
  return item;
}

/** @param {Way} way */
function endItem({ end, reason }) {
  const words = { internet: 'the internet', stop: 'stopped here', unknown: 'not told by the plan' }[end];
  const item = element('li', end, element('span', 'end', words));
  if (textOf(reason)) item.append(': ', textOf(reason));
  return item;
}

/**
 * @param {Way} way
 * @param {(steps: number[]) => void} show
 */
function placeList({ places }, show) {
  const matching = places.filter(([place]) => search.query && textOf(place).toLowerCase().includes(search.query));
  const listed = (matching.length > 0 ? matching : places).slice(0, MOST_PLACES);
  const details = element('details', 'places', element('summary', '', places.length === 1 ? 'Place' : `Places: ${places.length}`));
  /** @type {HTMLButtonElement[]} */
  const buttons = listed.map(([place, , steps], index) => {
    const made = button(textOf(place), () => {
      buttons.forEach((other) => other.setAttribute('aria-pressed', String(other === made)));
      show(steps);
    });
    made.setAttribute('aria-pressed', String(index === 0));
    return made;
  });
  if (listed[0]) show(listed[0][2]);
  details.append(...buttons);
  const left = places.length - listed.length;
  if (left > 0) details.append(element('p', 'quiet', `and ${left} more: search for an address to list it here`));
  return details;
}
