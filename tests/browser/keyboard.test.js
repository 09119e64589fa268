// The main forms by keyboard alone; the cashier's four keystrokes are in `cashier.test.js`.

import assert from "node:assert/strict";

import { chooseIn, enterAt, tabTo, typeInto } from "./lib/keyboard.js";
import { story } from "./lib/story.js";

story("a repair is reported by keyboard", { as: "resident" }, async ({ page, visit, check }) => {
  await visit("/");
  await enterAt(page, "main a[href^='/repairs/new']");
  await chooseIn(page, "select[name=category]", "water.leak");
  await enterAt(page, "button[value=next]");
  await typeInto(page, "textarea[name=text]", "阳台地漏堵了");
  await enterAt(page, "button[value=next]");
  await typeInto(page, "input[name=available]", "明天上午");
  await enterAt(page, "button[value=next]");
  await check();
  await enterAt(page, "button[value=send]");
  assert.match(await page.locator("h1").innerText(), /^WX20261122-\d{4}/);
  assert.match(await page.locator("main").innerText(), /阳台地漏堵了/);
});

story("a payment of a chosen sum is taken by keyboard", { as: "cashier" }, async ({ page, visit, check }) => {
  await visit("/arrears");
  const home = await page.locator("main tbody th a").nth(1).innerText();
  await visit(`/homes/${home}/bills`);
  await enterAt(page, "main a[href$='/pay']");
  // The sum has the focus already, with what is owed written in it.
  assert.ok(await page.locator("input[name=amount]").evaluate((field) => field === document.activeElement));
  await page.keyboard.press("Control+a");
  await page.keyboard.type("10.50");
  await tabTo(page, "input[name=method]");
  await page.keyboard.press("ArrowDown");
  const method = await page.locator("label.choice:has(input[name=method]:checked)").innerText();
  await check();
  await enterAt(page, "form[action$='/pay'] .actions button");
  assert.match(new URL(page.url()).pathname, /^\/receipts\//);
  const receipt = await page.locator("main").innerText();
  assert.ok(receipt.includes("10.50") && receipt.includes(method.trim()), receipt);
});

story("a visit is logged by keyboard", { as: "steward" }, async ({ page, visit, check }) => {
  await visit("/today");
  await enterAt(page, "main a[href='/visits/new']");
  await enterAt(page, ".walk a");
  await typeInto(page, "[name=spoken_to]", "业主本人");
  await tabTo(page, "[name=topics][value=lift]");
  await page.keyboard.press("Space");
  await typeInto(page, "[name=said]", "电梯很平稳");
  await tabTo(page, "[name=satisfaction]");
  await page.keyboard.press("Space");
  await check();
  await enterAt(page, "form[action^='/visits/new/'] .actions button");
  assert.equal(new URL(page.url()).pathname, "/today");
  assert.ok(await page.locator(".notice.good").isVisible(), "it says that the visit is kept");
});
