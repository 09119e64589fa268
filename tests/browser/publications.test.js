// Income and expenditure: entered by the cashier, worked out, approved and published by the manager; read on a telephone and printed.

import assert from "node:assert/strict";

import { SIZES } from "./lib/browser.js";
import { story } from "./lib/story.js";

const [PHONE, DESK] = SIZES;

story("a month's income and expenditure is published, and a resident reads it", { as: "cashier", sizes: [DESK], patience: 240_000, expects: [/status of 422/] }, async ({ page, visit, press, enter }) => {
  const [manager, resident] = [await enter("manager"), await enter("resident", { size: PHONE })];
  // From now on each month instead of each quarter: October is over.
  await manager.visit("/settings");
  await manager.page.locator("#t-money > summary").click();
  await manager.page.fill("[name=publication_months]", "1");
  await manager.press("form[action='/settings'] button");

  await visit("/publications");
  await press("main a[href='/books']");
  await page.selectOption("[name=about]", { label: "社区活动" });
  await page.fill("[name=day]", "2026-10-28");
  await page.fill("[name=amount]", "0");
  await page.fill("[name=party]", "重阳节茶话会");
  await page.fill("[name=document]", "FP-20261028-7");
  await press("form[action='/books']:has([name=about]) button");
  assert.ok(await page.locator(".field.wrong:has([name=amount]) .error").isVisible());
  assert.equal(await page.inputValue("[name=party]"), "重阳节茶话会", "what was typed stays");
  await page.fill("[name=amount]", "1234.56");
  await press("form[action='/books']:has([name=about]) button");
  const entry = await page.locator("#entries tbody tr", { hasText: "重阳节茶话会" }).innerText();
  assert.ok(entry.includes("¥1,234.56") && entry.includes("社区活动"), entry);

  await visit("/publications");
  await page.fill("[name=note]", "本月起每月公示。");
  await press("form[action='/publications'] button");
  const publication = new URL(page.url()).pathname;
  assert.equal(await page.locator("form[action$='/approve']").count(), 0, "who drafts it does not approve it");
  await manager.visit(publication);
  await manager.press("form[action$='/approve'] button");
  await manager.press("form[action$='/publish'] button");
  assert.equal(await manager.page.locator("form[action$='/approve'], form[action$='/publish']").count(), 0);

  await resident.visit("/");
  await resident.press("a[href='/publications']");
  await resident.press(`a[href='${publication}']`);
  const told = await resident.page.innerText("main");
  for (const words of ["2026-10-01", "物业服务收入", "物业服务支出", "社区活动", "¥1,234.56", "本月起每月公示"]) assert.ok(told.includes(words), `${words}: ${told}`);
  assert.equal(await resident.page.locator("main form").count(), 0, "there is nothing to decide for a resident");
});

story("a publication is read on a telephone and printed", { as: "resident", sizes: [PHONE], scripts: [true, false], languages: ["zh-CN", "en-US"] }, async ({ page, visit, press, check }) => {
  await visit("/publications");
  await press("main .list a[href^='/publications/']");
  const sums = await page.locator("main tr.total td").allInnerTexts();
  assert.ok(sums.length >= 3, sums.join(" "));
  await press("a[href$='/paper']");
  const paper = await page.innerText("main");
  for (const sum of sums) assert.ok(paper.includes(sum), `${sum} is on paper too: ${paper}`);
  await page.emulateMedia({ media: "print" });
  await check();
  assert.equal(await page.locator(".tools").first().isVisible(), false, "buttons are not printed");
  const pages = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages <= 2, `${pages} pages`);
  assert.ok((await page.screenshot({ fullPage: true })).length > 10_000);
});
