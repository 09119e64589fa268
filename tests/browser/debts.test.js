// Somebody who owes: a dispute and its answer, instalments that are agreed on, a letter of demand with its PDF and the proof that it arrived.

import assert from "node:assert/strict";

import { SIZES } from "./lib/browser.js";
import { story } from "./lib/story.js";

const AT_A_DESK = { as: "cashier", sizes: SIZES.slice(1), scripts: [true, false], expects: [/status of 422/] };

story("a dispute is noted and answered, and instalments are agreed on", AT_A_DESK, async ({ page, visit, press, scripts }) => {
  await visit("/arrears");
  const free = page.locator("#debtors tbody tr").filter({ hasNotText: /分期中|有争议/ });
  const debtor = await free.nth(scripts ? 0 : 1).locator("th a").getAttribute("href");
  await press(`a[href='${debtor}']`);

  await press("a[href$='/dispute']");
  await page.locator("input[name=charge]").first().check();
  await page.fill("textarea[name=reason]", "楼道灯坏了半个月");
  await press("form[action$='/dispute'] button");
  assert.match(await page.innerText("body"), /已记下，答复前不再催缴这一笔/);
  assert.ok(await page.locator("main tr", { hasText: "有争议" }).count(), "the charge is marked");
  await press("a[href^='/disputes/']");
  await page.check("input[name=outcome][value=rejected]");
  await page.fill("textarea[name=answer]", "灯已修好，停用当月不分摊");
  await press("form[action$='/end'] button");
  assert.ok((await page.innerText("main")).includes("答复：灯已修好，停用当月不分摊"));

  await press("a[href$='/plan']");
  for (const n of [1, 2]) await page.locator("input[name=charges]").nth(n).check();
  await page.fill("input[name=count]", "2");
  await page.fill("input[name=first]", "2026-12-10");
  await press("form[action$='/plan'] button");
  const [first, second] = [await page.inputValue("[name='amount.0']"), await page.inputValue("[name='amount.1']")];
  const total = cents(first) + cents(second);
  await page.fill("[name='amount.0']", "1");
  await page.fill("[name=agreed_by]", "本人");
  await press("form[action$='/plan'] button");
  assert.match(await page.innerText("#errors"), /各期合计/, "what is wrong stands on top");
  assert.match(await page.innerText("#f-parts"), /应正好是/, "and beside its fields");
  assert.deepEqual([await page.inputValue("[name='amount.0']"), await page.inputValue("[name='amount.1']")], ["1", second], "what was typed stays");
  await page.fill("[name='amount.1']", ((total - 100) / 100).toFixed(2));
  await press("form[action$='/plan'] button");
  assert.equal(new URL(page.url()).pathname, debtor);
  const plan = await page.locator("section.card", { hasText: "分 2 期" }).innerText();
  assert.ok(plan.includes("¥1.00") && plan.includes("2026-12-10") && plan.includes("2027-01-10") && plan.includes("本人"), plan);
});

story("a letter of demand is made, printed and proved", AT_A_DESK, async ({ page, visit, press, scripts }) => {
  const scan = { name: "签收.jpg", mimeType: "image/jpeg", buffer: await page.screenshot({ type: "jpeg" }) };
  await visit("/demands");
  const chosen = await page.locator("input[name=accounts]").nth(scripts ? 0 : 3).getAttribute("value");
  for (const other of await page.locator(`input[name=accounts]:not([value='${chosen}'])`).all()) await other.uncheck();
  await press("form[action='/demands'] .actions button");
  assert.match(new URL(page.url()).pathname, /^\/demands\/batches\/\d+$/);
  assert.equal(await page.locator("main tbody tr").count(), 1, "one letter for whom was chosen");
  await isPaper(page, "a[href$='/letters.pdf']");
  await press("main tbody a[href^='/demands/']");
  const letter = page.url();
  assert.match(await page.innerText("h1"), /CG20261122-\d{4}/);
  await isPaper(page, "a[href$='/letter.pdf']");

  await page.check("input[name=kind][value=registered]");
  await page.fill("input[name=day]", "2026-11-22");
  await page.setInputFiles("input[name=photos]", scan);
  await press("form[action$='/proof'] .actions button");
  assert.ok(await page.locator("#errors").isVisible());
  assert.ok(await page.locator(".field.wrong:has([name=reference]) .error").isVisible(), "a letter by post has a number");
  assert.ok(await page.isChecked("input[name=kind][value=registered]"), "what was chosen stays");
  await page.fill("input[name=reference]", "EMS1122334455");
  await press("form[action$='/proof'] .actions button");
  assert.equal(page.url().split("?")[0], letter.split("?")[0]);
  const proved = await page.innerText("main");
  assert.ok(proved.includes("邮寄签收") && proved.includes("EMS1122334455") && proved.includes("签收.jpg"), proved);
  await press("main a[href^='/debtors/']");
  assert.ok((await page.locator("main li", { hasText: "CG20261122" }).innerText()).includes("邮寄签收"));
  await isPaper(page, "a[href$='/file.pdf']");
});

/** What a link leads to is a PDF. */
async function isPaper(page, link) {
  const answer = await page.request.get(await page.locator(link).first().getAttribute("href"));
  assert.equal(answer.status(), 200);
  assert.equal((await answer.body()).subarray(0, 5).toString(), "%PDF-");
}

const cents = (yuan) => Math.round(Number(yuan) * 100);
