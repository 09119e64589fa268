// A month that is closed for good, and a charge that is split because the home has a new owner.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { SIZES } from "./lib/browser.js";
import { story } from "./lib/story.js";

const AT_A_DESK = { as: "cashier", sizes: SIZES.slice(1), expects: [/status of 422/] };

story("a cashier closes a month", AT_A_DESK, async ({ page, visit, press }) => {
  await visit("/closings");
  const before = await page.locator("main table.cards tbody tr").count();
  const fees = page.locator("section.card", { hasText: "费用" });
  const sums = (await fees.locator("tbody td.number:last-child").allInnerTexts()).map(cents);
  assert.equal(sums.reduce((sum, one) => sum + one), cents(await fees.locator("tfoot td").innerText()), "what moved adds up to what is left");
  await press("form[action='/closings'] button");
  assert.ok((await page.innerText("main")).includes("2026年10月"));
  await visit("/closings");
  assert.equal(await page.locator("form[action='/closings']").count(), 0, "November is not over");
  assert.equal(await page.locator("main table.cards tbody tr").count(), before + 1);
  await press("main table.cards a[href='/closings/2026-10']");
  assert.deepEqual((await fees.locator("tbody td.number:last-child").allInnerTexts()).map(cents), sums, "it is kept as it was seen");
});

story("a charge is split between who sold a home and who bought it", { ...AT_A_DESK, scripts: [true, false] }, async ({ page, visit, press, enter, scripts }) => {
  const [home, buyer] = scripts ? ["1-1-0102", "关新主"] : ["1-1-0402", "容新主"];
  const manager = await enter("manager");
  await manager.visit("/imports");
  await manager.page.selectOption("select[name=kind]", "homes");
  await manager.page.setInputFiles("input[name=file]", sold(home, buyer, scripts ? "13911110001" : "13911110002"));
  await manager.page.check("input[name=mode][value=all]");
  await manager.press("form[action='/imports'] button");
  assert.match(await manager.page.innerText("main"), /变更 1/);

  await visit(`/homes/${home}/bills`);
  const charge = page.locator("details", { hasText: "物业管理费（住宅）" }).first();
  await charge.locator("summary").click();
  const whole = cents(await charge.locator("summary .money").innerText());
  const seller = await charge.locator("dt:has-text('缴费人') + dd").innerText();
  const split = await charge.locator("a[href$='/split']").getAttribute("href");
  await press(`a[href='${split}']`);
  const halves = await page.locator("section.card .list li").allInnerTexts();
  assert.equal(halves.length, 2, halves.join("\n"));
  assert.ok(halves[0].includes(seller) && halves[1].includes(buyer), halves.join("\n"));
  const [first, rest] = halves.map((half) => cents(half.match(/¥[\d,]+\.\d\d/)[0]));
  assert.equal(first + rest, whole, "not a cent is lost");

  // A day that is not within the charge's, as who writes the address could name; then the known one again.
  await visit(`${split}?on=2026-12-24`);
  assert.equal(await page.locator("form[action$='/split'] [name=reason]").count(), 0, "there is nothing to split on that day");
  await visit(split);
  await page.fill("[name=reason]", " ");
  await press("form[action$='/split'] .actions button");
  assert.ok(await page.locator(".field.wrong:has([name=reason]) .error").isVisible());
  await page.fill("[name=reason]", "过户结算");
  await press("form[action$='/split'] .actions button");
  assert.equal(new URL(page.url()).pathname, `/homes/${home}/bills`);
  const november = page.locator("section.card", { hasText: "2026年11月" }).locator("details", { hasText: "物业管理费（住宅）" });
  const parts = await november.evaluateAll((all) => all.map((one) => one.textContent));
  assert.equal(parts.length, 3, parts.join("\n"));
  assert.match(parts[0], /已冲红/);
  assert.ok(parts[1].includes(seller) && parts[2].includes(buyer), parts.join("\n"));
  assert.match(parts[2], /物业管理费（住宅） 自 2026-11-22/, "it says from which day");
});

/** The register's line of a home, with another owner. */
function sold(code, buyer, phone) {
  const [head, ...homes] = readFileSync(new URL("../../demo/data/homes.csv", import.meta.url), "utf8").split("\n");
  const names = head.split(",");
  const cells = homes.find((line) => line.split(",")[names.indexOf("房屋编码")] === code).split(",");
  const now = { 业主姓名: buyer, 手机号: phone, 邮箱: "", 证件后四位: "" };
  const line = cells.map((cell, n) => now[names[n]] ?? cell).join(",");
  return { name: "sold.csv", mimeType: "text/csv", buffer: Buffer.from(`${head}\n${line}\n`) };
}

/** Cents of a sum as it is written, below zero too. */
const cents = (text) => Math.round(Number(text.replace(/[¥,\s]/g, "").replace("−", "-")) * 100);
