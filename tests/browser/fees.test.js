// What is charged, as a manager keeps it: a new tariff that is tried on real homes first, an item that ends, an exception with its reason.

import assert from "node:assert/strict";

import { SIZES } from "./lib/browser.js";
import { story } from "./lib/story.js";

const AT_A_DESK = { as: "manager", sizes: SIZES.slice(1), scripts: [true, false], expects: [/status of 422/] };

story("a tariff is tried on real homes before it is set", AT_A_DESK, async ({ page, visit, press, scripts }) => {
  const [day, rate] = scripts ? ["2027-01-01", "2.95"] : ["2027-02-01", "3.10"];
  await visit("/settings");
  await press("a[href='/settings/fees']");
  await press("a[href='/settings/fees/property_residential']");
  const tariff = "form[action$='/tariffs']";
  const tariffs = page.locator("section.card", { has: page.locator(tariff) }).locator("ul.list");
  await page.fill(`${tariff} [name=rate]`, "-1");
  await page.fill(`${tariff} [name=starts_on]`, day);
  await press(`${tariff} button[value=try]`);
  assert.ok(await page.locator("#errors").isVisible());
  assert.ok(await page.locator(`${tariff} .field.wrong .error`).isVisible(), "beside the field too");
  assert.equal(await page.inputValue(`${tariff} [name=rate]`), "-1", "what was typed stays");

  await page.fill(`${tariff} [name=rate]`, rate);
  await press(`${tariff} button[value=try]`);
  const examples = await page.locator(`${tariff} .notice li`).allInnerTexts();
  assert.ok(examples.length >= 3, examples.join("\n"));
  for (const one of examples) assert.match(one, /^\S+：[\d.]+ ㎡ × ¥\d\.\d+ × 1 个月 = ¥.* 原来 ¥[\d,]+\.\d\d$/);
  assert.ok(!(await tariffs.innerText()).includes(rate), "trying sets nothing");
  await press(`${tariff} button[value=set]`);
  assert.ok((await tariffs.innerText()).includes(`¥${rate} 元/平方米·月`), await tariffs.innerText());
  await visit("/settings/fees");
  assert.match(await page.locator("main tr", { hasText: "property_residential" }).innerText(), /¥2\.80/);
});

story("the example follows what is typed", { as: "manager", sizes: SIZES.slice(1), expects: [/status of 422/] }, async ({ page, visit }) => {
  await visit("/settings/fees/property_residential");
  const shown = page.locator("#tariff-example li");
  assert.equal(await shown.count(), 0);
  await page.fill("form[action$='/tariffs'] [name=starts_on]", "2027-03-01");
  await page.fill("form[action$='/tariffs'] [name=rate]", "3.33");
  await page.waitForFunction(() => document.querySelector("#tariff-example")?.innerText.includes("¥3.33"));
  assert.ok((await shown.count()) >= 3);
  assert.equal(new URL(page.url()).pathname, "/settings/fees/property_residential", "the page stays");
  await page.fill("form[action$='/tariffs'] [name=rate]", "3.66");
  await page.waitForFunction(() => document.querySelector("#tariff-example")?.innerText.includes("¥3.66"));
  await page.fill("form[action$='/tariffs'] [name=rate]", "x");
  await page.waitForFunction(() => document.querySelector("#tariff-example")?.innerText.trim() === "");
  // An item whose tariff nobody changed meanwhile.
  await visit("/settings/fees/garbage");
  await page.selectOption("form[action$='/interval'] [name=months]", "3");
  await page.waitForFunction(() => document.querySelector("#interval-example")?.innerText.includes("3 个月"));
});

story("a home has its own price, with the reason, and an item ends", AT_A_DESK, async ({ page, visit, press, scripts }) => {
  const [item, home] = scripts ? ["parking_leased", "1-1-0102"] : ["parking_owned", "1-1-0103"];
  await visit("/settings/fees/garbage");
  const agree = "form[action$='/exceptions']";
  await page.fill(`${agree} [name=home]`, home);
  await page.selectOption(`${agree} [name=kind]`, "part");
  await page.fill(`${agree} [name=value]`, "150");
  await page.fill(`${agree} [name=reason]`, "业主委员会用房");
  await page.fill(`${agree} [name=from_month]`, "2026-12");
  await press(`${agree} button`);
  assert.ok(await page.locator(`${agree} .field.wrong:has([name=value]) .error`).isVisible());
  assert.equal(await page.inputValue(`${agree} [name=reason]`), "业主委员会用房", "what was typed stays");
  await page.fill(`${agree} [name=value]`, "50");
  await press(`${agree} button`);
  const row = page.locator("main tbody tr", { hasText: home });
  const agreed = await row.innerText();
  assert.ok(agreed.includes("50%") && agreed.includes("业主委员会用房"), agreed);
  await row.locator("[name=last]").fill("2027-06");
  await Promise.all([page.waitForEvent("load"), row.locator("button").click()]);
  assert.match(await row.innerText(), /2027年6月/);

  await visit(`/settings/fees/${item}`);
  const change = `form[action='/settings/fees/${item}']`;
  await page.fill(`${change} [name=ends_on]`, "2026-10-10");
  await press(`${change} button`);
  assert.match(await page.innerText("#errors"), /已经出账/, "what is over and billed is billed");
  await page.fill(`${change} [name=ends_on]`, "2026-12-31");
  await press(`${change} button`);
  assert.equal(new URL(page.url()).pathname, `/settings/fees/${item}`, "its page says what is given back");
  await visit("/settings/fees");
  assert.match(await page.locator("h2:has-text('已停用') ~ table tr", { hasText: item }).innerText(), /收到 2026-12-31 为止/);
});
