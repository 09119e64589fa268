// What somebody does who has no mouse: Tab to a thing, see where one is, press.

import assert from "node:assert/strict";

/** Presses Tab until what is wanted has the focus, which stands in sight there with a ring around it. */
export async function tabTo(page, wanted, most = 120) {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(focused, wanted);
    if (!at.wanted) continue;
    assert.deepEqual([at.ring, at.covered], [true, false], `${page.url()}: the focus on ${wanted} is not to be seen`);
    return;
  }
  assert.fail(`${page.url()}: Tab does not lead to ${wanted}`);
}

/** Tabs to what leads to another page, and presses Enter there. */
export async function enterAt(page, wanted) {
  await tabTo(page, wanted);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

/** Tabs to a field and writes into it. */
export async function typeInto(page, wanted, text) {
  await tabTo(page, wanted);
  await page.keyboard.type(text);
}

/** Tabs to a list of choices and goes down it to one. */
export async function chooseIn(page, wanted, value) {
  await tabTo(page, wanted);
  for (let presses = 0; (await page.inputValue(wanted)) !== value; presses++) {
    assert.ok(presses < 40, `${wanted} has no ${value}`);
    await page.keyboard.press("ArrowDown");
  }
}

/** In the page: whether what has the focus is wanted, has its ring, and lies below something else. */
function focused(wanted) {
  const one = document.activeElement;
  if (!one?.matches(wanted)) return { wanted: false };
  const box = one.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, Math.min(box.y + box.height / 2, innerHeight - 1));
  const style = getComputedStyle(one);
  const inside = box.top >= 0 && box.top < innerHeight;
  return { wanted: true, ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, covered: !inside || !(one.contains(top) || top?.contains(one)) };
}
