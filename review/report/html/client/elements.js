/** Elements are made from text only, never from markup: no name in a plan can become any. */

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {...(Node | string)} children
 */
export function element(tag, className = '', ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/**
 * @param {string} label
 * @param {() => void} act
 */
export function button(label, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.append(label);
  made.addEventListener('click', act);
  return made;
}

/** @param {string} verdict */
export function verdictIcon(verdict) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', `icon ${verdict}`);
  svg.setAttribute('viewBox', '-10 -10 20 20');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', `#icon-${verdict}`);
  for (const [name, value] of [['x', '-10'], ['y', '-10'], ['width', '20'], ['height', '20']]) use.setAttribute(String(name), String(value));
  svg.append(use);
  return svg;
}

/**
 * The text with every occurrence of what is searched for marked.
 * @param {string} text
 * @param {string} query in lower case; empty marks nothing
 */
export function marked(text, query) {
  const parts = document.createDocumentFragment();
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = query ? lower.indexOf(query) : -1; at >= 0; at = lower.indexOf(query, from)) {
    parts.append(text.slice(from, at), element('mark', '', text.slice(at, at + query.length)));
    from = at + query.length;
  }
  parts.append(text.slice(from));
  return parts;
}
