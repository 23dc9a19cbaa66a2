/** What the page was given, unpacked on demand. The same names stand in ../data.ts. */

/**
 * @typedef {{ words: number, end: 'internet' | 'stop' | 'unknown', reason: number, places: [number, number, number[]][] }} Way
 * @typedef {{ verdict: string, word: string, meaning: string, where: number, traffic: number[], hosts: [number, number, number, number][], ways: Way[] }} Standing
 * @typedef {{ name: number, facts: number, standings: Standing[], privately: string[] }} Row
 * @typedef {{ title: number, name: number, addresses: number[], rows: string[] }} Hop
 * @typedef {{ texts: string[], steps: [number, number, number][], rows: Record<string, Row>, hops: Record<string, Hop> }} PageData
 */

/** @type {PageData} */
export const page = JSON.parse(document.getElementById('review-data')?.textContent ?? '');

/** What is searched for, in lower case. */
export const search = { query: '' };

/** @param {number} index a text's number, or -1 for none */
export function textOf(index) {
  return page.texts[index] ?? '';
}

/**
 * The numbers of every text that a row shows somewhere.
 * @param {Row} row
 */
export function textsOfRow(row) {
  const numbers = new Set([row.name, row.facts]);
  for (const hop of row.privately) numbers.add(page.hops[hop]?.name ?? -1);
  for (const { hosts, ways, traffic } of row.standings) {
    traffic.forEach((text) => numbers.add(text));
    hosts.forEach((host) => host.forEach((text) => numbers.add(text)));
    for (const way of ways) {
      numbers.add(way.reason);
      for (const [place, zone, steps] of way.places) {
        numbers.add(place).add(zone);
        steps.forEach((step) => page.steps[step]?.forEach((text) => numbers.add(text)));
      }
    }
  }
  return numbers;
}
