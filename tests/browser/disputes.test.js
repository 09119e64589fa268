// A resident does not accept a charge on their bill: why, a photo, checked and sent; taken back, sent anew, answered.

import assert from "node:assert/strict";

import { enterAt, typeInto } from "./lib/keyboard.js";
import { story } from "./lib/story.js";

const GO_ON = "button[value=next]";

/** The first charge of the bill that can still be disputed. */
async function charge({ page, visit }) {
  await visit("/bills");
  const hrefs = await page.locator("a[href$='/dispute']").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert.ok(hrefs.length > 0, "something can be disputed");
  return hrefs[0];
}

story("a resident disputes a charge from the bill and reads the office's answer", { as: "resident", scripts: [true, false], patience: 300_000 },
  async ({ page, visit, press, enter }) => {
    const photo = { name: "paper.jpg", mimeType: "image/jpeg", buffer: await page.screenshot({ type: "jpeg" }) };
    const address = await charge({ page, visit });
    const line = page.locator("details", { has: page.locator(`a[href='${address}']`) }).last();
    for (const fold of await page.locator("details", { has: page.locator(`a[href='${address}']`) }).all()) {
      await fold.locator(":scope > summary").click();
    }
    await line.locator(`a[href='${address}']`).scrollIntoViewIfNeeded();
    await press(`a[href='${address}']`);
    const raise = async (reason) => {
      await page.fill("textarea[name=reason]", reason);
      await press(GO_ON);
      await page.setInputFiles("input[name=files]", photo);
      await press(GO_ON);
      assert.ok((await page.locator("main").innerText()).includes(reason), "checked before it is sent");
      assert.equal(await page.locator(".thumbs img").count(), 1, "the photo is among the answers");
      await press("button[value=send]");
    };
    await raise("车位上个月已经退租");
    await press("form[action$='/take-back'] button");
    assert.equal(await page.locator("form[action$='/take-back']").count(), 0);
    await visit(address);
    await raise("车位上个月已经退租，合同在照片里");
    const dispute = new URL(page.url()).pathname;

    const cashier = await enter("cashier");
    await cashier.visit("/debts");
    const row = cashier.page.locator("section.card", { has: cashier.page.locator(`a[href='${dispute}/end']`) });
    assert.equal(await row.locator(".thumbs img").count(), 1, "the office sees the photo");
    await cashier.press(`a[href='${dispute}/end']`);
    await cashier.page.check("[name=outcome][value=rejected]");
    await cashier.page.fill("[name=answer]", "合同到本月底止，下月起不再收");
    await cashier.press("form[action$='/end'] button");
    await visit("/notifications");
    assert.ok((await page.locator("main").innerText()).includes("合同到本月底止"));
    await visit(dispute);
    assert.ok((await page.locator("main").innerText()).includes("合同到本月底止"));
  });

story("a dispute is written by keyboard", { as: "resident", sizes: [{ width: 360, height: 800 }] }, async ({ page, visit }) => {
  await visit(await charge({ page, visit }));
  await typeInto(page, "textarea[name=reason]", "面积多算了");
  await enterAt(page, GO_ON);
  assert.equal(await page.locator("input[type=file]").count(), 1, "photos come next");
});
