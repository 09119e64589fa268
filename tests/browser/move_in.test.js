// A move-in in a browser: the resident's form page by page, and the steward's checklist in the doorway.

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

import { SIZES } from "./lib/browser.js";
import { story } from "./lib/story.js";

story("a resident applies page by page and takes it back", { as: "resident", scripts: [true, false], expects: [/status of 422/] }, async ({ page, visit, check }) => {
  const next = async () => {
    await Promise.all([page.waitForEvent("load"), page.locator("button[name=go][value=next]").click()]);
    await check();
  };
  await visit("/");
  await Promise.all([page.waitForURL(/\/move-ins\/new/), page.locator(".tiles a[href^='/move-ins/new']").click()]);
  await check();
  await page.locator("input[name=home]").first().check();
  await page.locator("input[name=kind][value=owner]").check();
  await Promise.all([page.waitForURL(/\/who$/), page.locator("form[action='/move-ins/new'] button.primary").click()]);
  await check();
  await page.fill("input[name=id_last4]", "1");
  await next();
  assert.ok(await page.locator("#errors").isVisible(), "what is wrong stands on top");
  assert.equal(await page.inputValue("input[name=id_last4]"), "1", "what was typed stays");
  await page.fill("input[name=id_last4]", "201X");
  await next();
  await page.fill("input[name=phone]", "13900001234");
  await next();
  await next(); // The wished day may be left open.
  await page.setInputFiles("input[name=file_purchase]", { name: "contract.png", mimeType: "image/png", buffer: PIXEL });
  await next();
  assert.match(page.url(), /\/check$/);
  assert.match(await page.innerText("main"), /contract\.png/);
  await Promise.all([page.waitForURL(/\/contact\?from=check$/), page.locator("#f-phone a").click()]);
  await page.fill("input[name=phone]", "13900005678");
  await next();
  assert.match(await page.innerText("#f-phone"), /13900005678/);
  await Promise.all([page.waitForURL(/\/move-ins\/RZ/), page.locator("form[action$='/check'] button.primary").click()]);
  await check();
  assert.match(await page.innerText("h1"), /RZ\d{8}-\d{4}/);
  await page.locator("details:has(form[action$='/withdraw']) summary").click();
  await check();
  await Promise.all([page.waitForEvent("load"), page.locator("form[action$='/withdraw'] button").click()]);
});

story("a steward hands a new home over", { as: "steward", expects: [/status of 422/] }, async ({ page, visit, check, size, demo }) => {
  const number = await approved(demo, SIZES.findIndex((one) => one.width === size.width));
  await visit("/move-ins");
  await Promise.all([page.waitForURL(/\/move-ins\/RZ/), page.locator(`a[href='/move-ins/${number}']`).click()]);
  await check();
  await Promise.all([page.waitForURL(/\/handover$/), page.locator("a[href$='/handover']").click()]);
  await check();
  await page.locator("input[name=identity_seen]").check();
  await page.fill("input[name='readings.water']", "12,4");
  await page.fill("input[name='readings.electricity']", "108.6");
  await page.fill("textarea[name=keys]", "入户门钥匙 3 把");
  await page.locator("input[name=agreements][value=community_rules]").check();
  await page.fill("textarea[name=defect_1]", "窗锁松动");
  await page.setInputFiles("input[name=files]", { name: "door.png", mimeType: "image/png", buffer: PIXEL });
  const send = page.locator("form[action$='/handover'] .actions button.primary");
  await Promise.all([page.waitForEvent("load"), send.click()]);
  await check();
  assert.ok(await page.locator("#errors").isVisible());
  assert.equal(await page.inputValue("textarea[name=defect_1]"), "窗锁松动");
  assert.equal(await page.locator(".thumbs img").count(), 1, "the photo is kept");
  assert.ok(await page.locator("input[name=agreements][value=community_rules]").isChecked(), "what was signed stays ticked");
  await page.fill("input[name='readings.water']", "12.4");
  await Promise.all([page.waitForURL(new RegExp(`${number}\\?done=`)), send.click()]);
  await check();
  assert.match(await page.innerText("main"), /窗锁松动/);
  assert.ok(await page.locator("main a[href^='/cases/WX']").count(), "the defect is a repair");
  await page.locator("details:has(form[action$='/agreements']) > summary").click();
  await page.locator("input[name=agreements][value=fire_safety]").check();
  await Promise.all([page.waitForURL(/done=move_in_sign/), page.locator("form[action$='/agreements'] button.primary").click()]);
  await check();
  await Promise.all([page.waitForURL(/\/handover\/record$/), page.locator("a[href$='/handover/record']").click()]);
  await check();
  assert.match(await page.innerText("main"), /消防安全责任书/);
});

/** The number of a move-in into a home of the steward's that is theirs to hand over; another home for each `n`. */
async function approved(demo, n) {
  const [steward, desk] = await Promise.all([program(demo, "steward"), program(demo, "desk")]);
  const { items } = await steward("GET", "/homes?status=vacant&limit=100");
  const who = { category: "owner", name: `赵新${n}`, phone: `1371111000${n}` };
  const opened = await desk("POST", "/cases", { kind: "move_in", home: items.at(-1 - n).code, channel: "walk_in", ...who });
  let { number, version } = opened;
  for (const action of ["start_review", "approve"]) {
    ({ version } = await desk("POST", `/cases/${number}/actions/${action}`, { version }));
  }
  return number;
}

/** The API for who holds a role. */
async function program(demo, role) {
  const ask = async (method, path, body, headers = {}) => {
    let answer = await send(method, path, body, headers);
    // Who has just signed in at the page waits a moment before they do it again.
    for (; answer.status === 429; answer = await send(method, path, body, headers)) await setTimeout(1_500);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const send = (method, path, body, headers) =>
    fetch(`${demo.url}/api/v1${path}`, {
      method, headers: { "content-type": "application/json", ...headers }, body: body && JSON.stringify(body),
    });
  const { login, password } = demo.logins[role];
  const { token } = await ask("POST", "/sessions", { login, password });
  return (method, path, body) => ask(method, path, body, { authorization: `Bearer ${token}` });
}

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
