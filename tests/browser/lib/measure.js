// What is measured on every page: how large what one presses is, and how large what one reads is (ux.md, quality.md §3).

import assert from "node:assert/strict";

/** Pixels of a control and of text, in normal and in large mode. */
const LEAST = { normal: { target: 48, text: 16 }, large: { target: 60, text: 24 } };

/** What is pressed by itself; a link within a sentence or a table's cell is text. */
const CONTROLS = [
  "button", ".button", "select", "textarea", "summary", "label.choice", ".tile", "nav a", ".list > li:has(> a:first-child)",
  "input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=file])",
].join(",");

/** Every control is large enough for a thumb. */
export async function assertTargets(page, mode) {
  const found = await page.locator(CONTROLS).evaluateAll((all, least) => all
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > 0)
    .map((one) => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.height < least - 0.5 || box.width < least - 0.5))
    .map(({ one, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${one.outerHTML.slice(0, 140)}`)
    .slice(0, 8), LEAST[mode].target);
  assert.deepEqual(found, [], `${page.url()}: controls smaller than ${LEAST[mode].target} px`);
}

/** No text is smaller than it may be; drawings have their own scale. */
export async function assertLegible(page, mode) {
  const found = await page.evaluate((least) => {
    const small = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && small.length < 8) {
      const parent = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || parent.closest("svg, script, style") || !parent.checkVisibility()) continue;
      const size = parseFloat(getComputedStyle(parent).fontSize);
      if (size < least) small.push(`${size} px: ${walker.currentNode.data.trim().slice(0, 60)}`);
    }
    return small;
  }, LEAST[mode].text);
  assert.deepEqual(found, [], `${page.url()}: text smaller than ${LEAST[mode].text} px`);
}
