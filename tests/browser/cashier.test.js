// The cashier's desk by keyboard alone: home, what is owed, the payment, its receipt on paper (ux.md: four keystrokes).

import assert from "node:assert/strict";

import { SIZES } from "./lib/browser.js";
import { story } from "./lib/story.js";

story("a cashier takes a payment with Enter, Enter, Enter", { as: "cashier", sizes: SIZES.slice(1) }, async ({ page, visit, check }) => {
  await page.addInitScript(() => {
    window.printed = 0;
    window.print = () => (window.printed += 1);
  });
  await visit("/arrears");
  const home = await page.locator("main tbody th a").first().innerText();
  await visit("/cashier");
  await page.keyboard.type(home);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/pay$/);
  await check();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/receipts\//);
  await check();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => window.printed), 1);
});
