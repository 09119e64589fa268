// Charging by quantity, with and without scripts: a manager sets the rate, the desk looks at the amount in words and
// charges it once, the list and the home's bills say how it came about.

import assert from "node:assert/strict";

import { story } from "./lib/story.js";

story("hours are looked at in words and charged", { as: "manager", scripts: [true, false] }, async ({ page, visit, check, enter, size }) => {
  // Each telling has an item of its own.
  const code = `night_${size.width}_${Date.now() % 100_000}`;
  await visit("/settings/fees/new");
  const fields = { name: "夜间用电加时费", code, rate: "35", unit: "元/小时", starts_on: "2026-11-01", due_day: "25" };
  for (const [name, value] of Object.entries(fields)) await page.fill(`main [name=${name}]`, value);
  await page.selectOption("main [name=by]", "hour");
  await page.selectOption("main [name=applies_to]", "shop");
  await Promise.all([page.waitForURL(new RegExp(`/settings/fees/${code}`)), page.locator("main form button.primary").click()]);
  await check();

  const desk = await enter("desk");
  await desk.visit("/charges/counted");
  const form = desk.page.locator("form[action='/charges/counted']");
  await form.locator("[name=home]").fill("S-01");
  await form.locator("[name=item]").selectOption(code);
  await form.locator("[name=day]").fill("2026-11-20");
  await form.locator("[name=quantity]").fill("3.5");
  await form.locator("[name=note]").fill("夜间盘点");
  await Promise.all([desk.page.waitForEvent("load"), form.locator("button[value=look]").click()]);
  await desk.check();
  assert.match(await desk.page.innerText("main"), /将向 S-01 收夜间用电加时费 ¥122\.50/);
  assert.match(await desk.page.innerText("main [role=status]"), /3\.5 小时 × ¥35\.00 = ¥122\.50（夜间盘点）/);
  await Promise.all([desk.page.waitForURL(/done=counted/), form.locator("button[value=charge]").click()]);
  await desk.check();
  assert.match(await desk.page.locator("main tbody tr").first().innerText(), /S-01[\s\S]*3\.5 小时[\s\S]*122\.50/);
});
