// The line through the whole house, as the people of it press their way along: a repair from its photo to the answered
// call, a payment to its receipt, a visit to the quota.

import assert from "node:assert/strict";

import { story } from "./lib/story.js";

story("a repair goes from the photo to the answered call, a payment to its receipt", { as: "resident", scripts: [true, false], patience: 300_000 },
  async ({ page, visit, press, enter }) => {
    const photo = { name: "photo.jpg", mimeType: "image/jpeg", buffer: await page.screenshot({ type: "jpeg" }) };

    // The resident reports it, one thing a page.
    await visit("/");
    await press("a[href^='/repairs/new']");
    const home = await page.inputValue("input[name=home]:checked");
    await page.selectOption("select[name=category]", "water.leak");
    await press("button[value=next]");
    await page.fill("textarea[name=text]", "厨房水槽下面漏水");
    await page.setInputFiles("input[name=files]", photo);
    await press("button[value=next]");
    await page.fill("input[name=available]", "今天下午");
    await press("button[value=next]");
    assert.equal(await page.locator(".thumbs img").count(), 1, "the photo is among the answers");
    await press("button[value=send]");
    const number = (await page.locator("h1").innerText()).split(/\s/)[0];
    assert.match(number, /^WX20261122-\d{4}$/);

    // The desk answers for it and sends the technician.
    const [desk, technician] = [await enter("desk"), await enter("technician")];
    await technician.visit("/");
    const name = await technician.page.locator(".me a[href='/account']").textContent();
    await desk.visit("/");
    await desk.press(`a[href='/cases/${number}']`);
    await desk.press(step(number, "accept"));
    await unfold(desk, number, "dispatch");
    await desk.page.locator("label.choice", { hasText: name.trim() }).first().click();
    await desk.press(step(number, "dispatch"));

    // The technician takes it, is there, is done.
    await technician.visit("/cases");
    await technician.press(`a[href='/cases/${number}']`);
    await technician.press(step(number, "take"));
    await technician.press(step(number, "arrive"));
    await unfold(technician, number, "finish");
    const finish = technician.page.locator(`form[action='/cases/${number}/finish']`);
    await finish.locator("[name=work]").fill("换了角阀");
    await finish.locator("[name=cause]").fill("老化");
    await finish.locator("[name=minutes]").fill("30");
    await finish.locator("[name=attachments]").setInputFiles(photo);
    await technician.press(step(number, "finish"));

    // The worker plans the call; the desk makes it and writes down what is heard.
    const call = desk.page.locator("section.card", { hasText: number });
    await until(async () => {
      await desk.visit("/return-visits");
      return (await call.count()) > 0;
    });
    await call.locator("summary").click();
    await call.locator("label.choice", { has: desk.page.locator("[value=satisfied]") }).click();
    await call.locator("[name=note]").fill("很快，没有再漏");
    await Promise.all([desk.page.waitForEvent("load"), call.locator("form button").click()]);
    await desk.check();
    assert.equal(await call.count(), 0, "what was answered is no longer owed");
    await visit(`/cases/${number}`);
    const told = await page.locator("main").innerText();
    assert.ok(told.includes("已关闭") && told.includes("很快，没有再漏"), told);
    assert.equal(await page.locator(".thumbs img").count(), 2, "the photo before and the one after");

    // The cashier takes a payment; its receipt prints.
    const cashier = await enter("cashier");
    await cashier.visit("/cashier");
    await cashier.page.fill("input[name=home]", home);
    await cashier.press("form[action='/cashier'] button");
    await cashier.page.fill("input[name=amount]", "12.34");
    await cashier.press(`form[action='/homes/${home}/pay'] button`);
    const receipt = new URL(cashier.page.url()).pathname;
    assert.match(receipt, /^\/receipts\//);
    await cashier.page.emulateMedia({ media: "print" });
    await cashier.check();
    assert.equal(await cashier.page.locator(".tools").first().isVisible(), false, "buttons are not printed");
    assert.ok((await cashier.page.locator("main").innerText()).includes("12.34"));
    const paper = await cashier.page.pdf({ format: "A4" });
    assert.equal(paper.toString("latin1").match(/\/Type\s*\/Page\b/g).length, 1, "a receipt is one page");
    await cashier.page.emulateMedia({ media: "screen" });

    // The resident sees it.
    await visit("/");
    await press("a[href$='/bills']");
    await press(`a[href='${receipt}']`);
    assert.ok((await page.locator("main").innerText()).includes("12.34"));
  });

story("a visit is logged at the door and the quota goes up", { as: "steward", scripts: [true, false] }, async ({ page, visit, press }) => {
  await visit("/");
  const counted = async () => Number(await page.locator(".ring text").first().textContent());
  const before = await counted();
  await press("main a[href='/visits/new']");
  await press(".walk a");
  await page.fill("[name=spoken_to]", "业主本人");
  await page.check("[name=topics][value=lift]");
  await page.fill("[name=said]", "电梯好多了");
  await page.check("[name=satisfaction][value='4']");
  await press("form[action^='/visits/new/'] button");
  assert.equal(new URL(page.url()).pathname, "/today");
  assert.equal(await counted(), before + 1);
});

story("what is found on a site is written down with its photo", { as: "officer" }, async ({ page, visit, press, size }) => {
  const photo = { name: "site.jpg", mimeType: "image/jpeg", buffer: await page.screenshot({ type: "jpeg" }) };
  await visit("/renovations");
  const sites = page.locator("main tbody a[href^='/renovations/']");
  const site = await sites.nth(size.width < 640 ? 0 : 1).getAttribute("href");
  await press(`a[href='${site}']`);
  await press(`a[href='${site}/inspect']`);
  const finding = page.locator("[name=note_waterproofing]");
  assert.equal(await finding.isVisible(), false, "what is in order needs no words");
  await page.locator("#f-item_waterproofing [value=bad]").check();
  await finding.fill("卫生间未做闭水试验");
  await page.setInputFiles("input[name=attachments]", photo);
  await page.fill("[name=progress]", "防水");
  await page.fill("[name=workers]", "3");
  await press(`form[action='${site}/inspect'] button`);
  await press("main a[href^='/inspections/']");
  assert.equal(await page.locator(".pictures img").count(), 1);
  await page.emulateMedia({ media: "print" });
});

/** The button of a case's step. */
const step = (number, action) => `form[action='/cases/${number}/${action}'] button`;

/** Opens the form of a step. */
const unfold = ({ page }, number, action) =>
  page.locator("details", { has: page.locator(`form[action='/cases/${number}/${action}']`) }).locator(":scope > summary").click();

/** Looks until something is so, for the worker works beside. */
async function until(isSo, most = 20) {
  for (let tries = 1; !(await isSo()); tries++) {
    assert.ok(tries < most, "it did not come about");
    await new Promise((done) => setTimeout(done, 500));
  }
}
