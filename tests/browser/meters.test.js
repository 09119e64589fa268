// A resident reads the meter of their home: the figure, a photo of the dial, what it comes to; the office looks at what
// is odd by the photo and puts it right.

import assert from "node:assert/strict";

import { enterAt, typeInto } from "./lib/keyboard.js";
import { story } from "./lib/story.js";

const GO_ON = "button[value=next]";

story("a resident sends a reading with a photo and takes it back, the office puts the next one right", { as: "resident", scripts: [true, false], patience: 300_000 },
  async ({ page, visit, press, enter, size, scripts }) => {
    const photo = { name: "dial.jpg", mimeType: "image/jpeg", buffer: await page.screenshot({ type: "jpeg" }) };
    await visit("/");
    const home = (await page.locator("main a[href$='/bills']").first().getAttribute("href")).split("/")[2];

    // The cashier registers the meter; each telling has one of its own.
    const cashier = await enter("cashier");
    const number = `Q${size.width}${scripts ? "S" : "N"}`;
    await cashier.visit(`/meters/new?home=${home}&kind=gas`);
    await cashier.page.fill("[name=number]", number);
    await cashier.page.fill("[name=installed_on]", "2026-11-01");
    await cashier.page.fill("[name=first_reading]", "100");
    await cashier.press("form[action='/meters/new'] button");
    assert.ok((await cashier.page.locator("main").innerText()).includes(number));

    // The figure, the photo, what it comes to.
    await visit("/");
    await press(`a[href='/homes/${home}/meters']`);
    const card = page.locator("section.card", { hasText: number });
    const begin = async () => {
      await Promise.all([page.waitForEvent("load"), card.locator(".actions a").click()]);
    };
    await begin();
    await page.fill("[name=value]", "108.5");
    await press(GO_ON);
    await page.setInputFiles("input[name=files]", photo);
    await press(GO_ON);
    assert.equal(await page.locator(".thumbs img").count(), 1, "the photo is among the answers");
    assert.ok((await page.locator("main").innerText()).includes("8.5"), "what it comes to");
    await press("button[value=send]");
    assert.ok((await card.innerText()).includes("108.5"));
    await Promise.all([page.waitForEvent("load"), card.locator("form[action$='/take-back'] button").click()]);

    // The next is below the last, and waits for the office.
    await begin();
    await page.fill("[name=value]", "99");
    await press(GO_ON);
    await page.setInputFiles("input[name=files]", photo);
    await press(GO_ON);
    await press("button[value=send]");
    await cashier.visit("/meters");
    const held = cashier.page.locator("li", { hasText: number });
    await Promise.all([cashier.page.waitForEvent("load"), held.locator("a").first().click()]);
    await cashier.check();
    assert.equal(await cashier.page.locator(".thumbs img").count(), 1, "the office sees the photo");
    await cashier.page.fill("[name=value]", "109");
    await cashier.press("form[action$='/put_right'] button");
    await visit(`/homes/${home}/meters`);
    assert.ok((await card.innerText()).includes("109"));
    await visit("/notifications");
    assert.ok((await page.locator("main").innerText()).includes("109"), "and hears of it");
  });

story("a reading is begun by keyboard", { as: "resident", sizes: [{ width: 360, height: 800 }] }, async ({ page, visit, enter }) => {
  await visit("/");
  const home = (await page.locator("main a[href$='/bills']").first().getAttribute("href")).split("/")[2];
  const cashier = await enter("cashier");
  await cashier.visit(`/meters/new?home=${home}&kind=heat`);
  await cashier.page.fill("[name=number]", "K1");
  await cashier.page.fill("[name=first_reading]", "7");
  await cashier.press("form[action='/meters/new'] button");
  await visit(`/homes/${home}/meters`);
  await enterAt(page, "main .actions a");
  await typeInto(page, "[name=value]", "12");
  await enterAt(page, GO_ON);
  assert.equal(await page.locator("input[type=file]").count(), 1, "the photo comes next");
});
