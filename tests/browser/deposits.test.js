// A deposit from the desk to its return: its receipt, what is to be kept of it, the resident's objection on a telephone, the manager's answer.

import assert from "node:assert/strict";

import { SIZES } from "./lib/browser.js";
import { story } from "./lib/story.js";

const [PHONE, DESK] = SIZES;

story("a deposit is taken, contested and given back", { as: "cashier", sizes: [DESK], scripts: [true, false], patience: 240_000, expects: [/status of 422/] }, async ({ page, visit, press, enter }) => {
  const [resident, manager] = [await enter("resident", { size: PHONE }), await enter("manager")];
  await resident.visit("/bills");
  const home = new URL(resident.page.url()).pathname.split("/")[2];

  await visit("/deposits");
  await press("main a[href='/deposits/new']");
  await page.fill("[name=home]", home);
  await page.fill("[name=amount]", "0");
  await page.check("[name=purpose][value=renovation]");
  await page.fill("[name=basis]", "装饰装修管理服务协议第五条");
  await page.check("[name=method][value=cash]");
  await press("form[action='/deposits'] button");
  assert.ok(await page.locator("#errors").isVisible());
  assert.equal(await page.inputValue("[name=basis]"), "装饰装修管理服务协议第五条", "what was typed stays");
  await page.fill("[name=amount]", "2000");
  await press("form[action='/deposits'] button");
  assert.match(new URL(page.url()).pathname, /^\/receipts\//);
  const receipt = await page.innerText("main");
  assert.ok(receipt.includes("贰仟元整") && receipt.includes("装修押金"), receipt);

  await visit("/deposits");
  const row = page.locator("main tbody tr", { hasText: home }).first();
  const deposit = await row.locator("a[href^='/deposits/']").first().getAttribute("href");
  await press(`a[href='${deposit}']`);
  await page.fill("form[action$='/deductions'] [name=amount]", "300");
  await page.fill("form[action$='/deductions'] [name=reason]", "电梯轿厢划伤");
  await press("form[action$='/deductions'] button");
  const deduction = await page.locator("a[href^='/deductions/']").getAttribute("href");

  // The resident reads of it on a telephone and does not agree.
  await resident.visit("/bills");
  await resident.press(`a[href='${deposit}']`);
  await resident.press(`a[href='${deduction}']`);
  await resident.page.fill("[name=objection]", "搬运前就有这道划痕");
  await resident.press("form[action$='/contest'] button");
  assert.match(await resident.page.innerText("main"), /有异议/);

  await visit(deposit);
  await press("form[action$='/return'] button");
  assert.equal(await page.locator("form[action$='/give-back']").count(), 0, "who took it does not give it back");

  // The manager looks at both, decides, and gives back what is left.
  await manager.visit(deposit);
  await manager.page.check("form[action$='/give-back'] [name=method][value=transfer]");
  await manager.press("form[action$='/give-back'] button");
  assert.match(await manager.page.innerText("#errors"), /有异议还没有答复/);
  await manager.press(`a[href='${deduction}']`);
  await manager.page.check("[name=decision][value=uphold]");
  await manager.page.fill("[name=answer]", "监控可见为当日搬运所致");
  await manager.press("form[action$='/decide'] button");
  await manager.visit(deposit);
  await manager.page.check("form[action$='/give-back'] [name=method][value=transfer]");
  await manager.press("form[action$='/give-back'] button");
  assert.match(await manager.page.innerText("main"), /已退还\s*¥1,700\.00/);

  await resident.visit(deposit);
  const told = await resident.page.innerText("main");
  assert.ok(told.includes("已退还") && told.includes("监控可见为当日搬运所致") && told.includes("¥300.00"), told);
  await resident.visit("/notifications");
  assert.match(await resident.page.innerText("main"), /押金已退还 ¥1700\.00|押金已退还 ¥1,700\.00/);
});
