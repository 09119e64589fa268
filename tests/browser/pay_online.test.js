// A resident pays by telephone: the order with its code, the practice wallet of the demo, the receipt; and what a second press does.

import assert from "node:assert/strict";

import { SIZES } from "./lib/browser.js";
import { story } from "./lib/story.js";

const ON_A_PHONE = SIZES.slice(0, 1);

story("a resident pays by telephone, and the order's page says so by itself", { as: "resident", sizes: ON_A_PHONE, scripts: [true, false], expects: [/status of 422/] },
  async ({ page, context, visit, press, check, scripts }) => {
    await visit("/");
    await press("main a[href$='/bills']");
    const bills = new URL(page.url()).pathname;
    const before = await receipts(page);
    await press("a[href$='/pay-online']");
    assert.ok(Number(await page.inputValue("input[name=amount]")) > 100, "what is owed stands there already");
    await page.fill("input[name=amount]", "0");
    await press("form[action$='/pay-online'] button");
    assert.ok(await page.locator("#errors").isVisible(), "what is wrong stands on top");
    assert.ok(await page.locator(".field.wrong:has(input[name=amount]) .error").isVisible(), "and beside its field");
    assert.equal(await page.inputValue("input[name=amount]"), "0", "what was typed stays");
    await page.fill("input[name=amount]", "100");
    await press("form[action$='/pay-online'] button");
    const order = new URL(page.url()).pathname;
    assert.match(order, /^\/pay-orders\/ZF\d{8}-\d+/);

    // The worker brings the code; without scripts one looks again.
    for (let tries = 0; !scripts && tries < 20 && !(await page.locator(".qr svg").count()); tries++) await press(`#order a[href='${order}']`);
    const code = page.locator(".qr svg");
    await code.waitFor();
    await check();
    const drawn = await code.boundingBox();
    assert.ok(drawn.width >= 180 && Math.abs(drawn.width - drawn.height) < 2, `a code that a telephone reads: ${JSON.stringify(drawn)}`);
    assert.match(await page.innerText("#order"), /¥100\.00/);

    // The wallet is another page, as it would be another app; it is open twice.
    const link = await page.locator("#order a[href*='/practice/']").getAttribute("href");
    const [wallet, other] = [await context.newPage(), await context.newPage()];
    await Promise.all([wallet.goto(link), other.goto(link)]);
    const pay = (where) => Promise.all([where.waitForURL(`**${order}*`), where.locator("form[action^='/practice/'] button").click()]);
    await pay(wallet);
    if (!scripts) await press(`#order a[href='${order}']`);
    await page.waitForSelector("#order a[href^='/receipts/']", { timeout: 10_000 });
    assert.match(await page.innerText("#order"), /已收到/);
    assert.equal(await page.locator(".qr").count(), 0, "there is nothing more to scan");
    await check();

    // Who presses in the other one too is told the same, and no more is booked.
    await pay(other);
    assert.match(await other.innerText("#order"), /已收到/);
    await Promise.all([wallet.close(), other.close()]);

    await press("#order a[href^='/receipts/']");
    const paper = await page.innerText("main");
    assert.ok(paper.includes("¥100.00") && paper.includes("演练"), paper);
    await visit(bills);
    assert.equal(await receipts(page), before + 1, "it was booked once");
  });

story("an order that somebody gives up takes no money", { as: "resident", sizes: ON_A_PHONE, languages: ["zh-CN", "en-US"] }, async ({ page, visit, press }) => {
  await visit("/bills");
  await press("a[href$='/pay-online']");
  await page.fill("input[name=amount]", "1");
  await press("form[action$='/pay-online'] button");
  const wallet = await page.locator("#order a[href*='/practice/']").getAttribute("href", { timeout: 20_000 });
  await page.locator("details:has(form[action$='/close']) summary").click();
  await press("form[action$='/close'] button");
  assert.equal(await page.locator(".qr").count(), 0);
  await visit(new URL(wallet).pathname);
  assert.equal(await page.locator("form[action^='/practice/']").count(), 0, "nobody can pay it any more");
});

/** How many receipts the page of bills lists. */
const receipts = (page) => page.locator("main .list a[href^='/receipts/']").count();
