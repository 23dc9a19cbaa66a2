/** Contrast as WCAG 2 computes it, of every text that a page shows against what is painted behind it. */
import type { Page } from 'playwright-core';

/** Texts below the ratio, each with what it is; empty when all are legible. Faded and disabled ones count, too. */
export async function lowContrast(page: Page, least: number): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
    const light = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const paintOf = (element) => {
      const style = getComputedStyle(element);
      if (!(element instanceof SVGGraphicsElement) || element.tagName === 'svg') return rgba(style.backgroundColor);
      return ['rect', 'circle'].includes(element.tagName) && style.fill !== 'none' ? rgba(style.fill) : [0, 0, 0, 0];
    };
    // What is behind a point: from the bottom up, whatever is painted there and is not the text itself.
    const behind = (element, x, y) => {
      const stack = document.elementsFromPoint(x, y).filter((one) => one !== element && !element.contains(one));
      const chain = [];
      for (let one = element; one; one = one.parentElement) chain.push(one);
      const painted = stack.length > 0 && !element.closest('svg') ? chain.filter((one) => one !== element).concat() : stack;
      const own = element.closest('svg') ? [] : [element];
      return [...own, ...painted].reverse().reduce((below, one) => over(paintOf(one), below), rgba(getComputedStyle(document.body).backgroundColor));
    };
    const low = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.textContent.trim() || !element.checkVisibility({ visibilityProperty: true }) || ['SCRIPT', 'STYLE', 'title'].includes(element.tagName)) continue;
      element.scrollIntoView({ block: 'center', inline: 'center' });
      const box = element.getBoundingClientRect();
      if (box.width === 0) continue;
      const style = getComputedStyle(element);
      const background = behind(element, box.x + box.width / 2, box.y + box.height / 2);
      let opacity = 1;
      for (let one = element; one; one = one.parentElement) opacity *= Number(getComputedStyle(one).opacity);
      const [r, g, b, a] = rgba(element.closest('svg') ? style.fill : style.color);
      const [one, two] = [light(over([r, g, b, a * opacity], background)), light(background)];
      const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
      if (ratio < ${least}) low.push(ratio.toFixed(2) + ' ' + (element.getAttribute('class') ?? element.tagName) + ': ' + node.textContent.trim().slice(0, 40));
    }
    return low;
  })()`);
}
