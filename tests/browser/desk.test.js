// The desk at its keyboard: a call becomes a repair in under a minute without a mouse; the queue moves by itself and
// takes nothing away from who works in it; the board, complaints, what is known and the roster as they are used.

import assert from "node:assert/strict";

import { SIZES } from "./lib/browser.js";
import { chooseIn, enterAt, tabTo, typeInto } from "./lib/keyboard.js";
import { story } from "./lib/story.js";

const AT_A_DESK = SIZES.slice(1);
/** A practised hand: some five keys a second. */
const HAND = { delay: 200 };

story("a call becomes a repair by keyboard alone in under a minute", { as: "desk", sizes: AT_A_DESK }, async ({ page, visit, check, demo }) => {
  const phone = demo.logins.resident.login;
  await visit("/cases");
  const begun = Date.now();
  await tabTo(page, ".find input[name=q]");
  await page.keyboard.type(phone, HAND);
  await Promise.all([page.waitForURL(/\/desk\/callers\/\d+$/), page.keyboard.press("Enter")]);
  // Who calls is on the screen, and Enter registers what they say.
  await Promise.all([page.waitForURL(/\/repairs\/register/), page.keyboard.press("Enter")]);
  assert.ok(await page.inputValue("input[name=home]"), "the home is known");
  await chooseIn(page, "select[name=category]", "door.lock");
  await tabTo(page, "textarea[name=text]");
  await page.keyboard.type("入户门锁不上，钥匙拔不出来", HAND);
  await tabTo(page, "form[action='/repairs/register'] .actions button");
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  if (new URL(page.url()).pathname === "/repairs/register") {
    // The building has a similar one: it is another all the same.
    await tabTo(page, "form[action='/repairs/register'] .actions button");
    await Promise.all([page.waitForURL(/\/cases\/WX/), page.keyboard.press("Enter")]);
  }
  const took = Date.now() - begun;
  assert.match(new URL(page.url()).pathname, /^\/cases\/WX20261122-\d{4}$/);
  assert.ok(took < 60_000, `it took ${took} ms`);
  await check();
  assert.match(await page.innerText("main"), /钥匙拔不出来/);
});

story("the queue moves by itself and takes nothing away", { as: "desk", sizes: AT_A_DESK }, async ({ page, visit, check, enter }) => {
  await visit("/cases?sort=newest");
  await page.locator("#queue details summary").click();
  await page.fill("#queue input[name=name]", "半句没打完");
  const first = page.locator("#cases tbody a").first();
  const number = await first.innerText();
  await first.focus();

  const resident = await enter("resident");
  await resident.visit("/enquiries/new");
  const home = resident.page.locator("input[name=home]:not([type=hidden]), select[name=home]");
  if (await home.count()) await resident.page.locator("input[name=home]").first().check();
  await resident.page.locator("[name=category]").first().selectOption("enquiry.other");
  await resident.page.fill("[name=question]", "小区几点关门");
  await Promise.all([resident.page.waitForURL(/\/enquiries\/ZN/), resident.page.locator("main form button.primary").click()]);
  const asked = resident.page.url().match(/ZN\d{8}-\d{4}/)[0];

  await page.waitForSelector(`#c-${asked}`, { timeout: 30_000 });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), number, "the focus stays where it was");
  assert.equal(await page.inputValue("#queue input[name=name]"), "半句没打完", "what is typed stays");
  assert.ok(await page.locator("#queue details").first().evaluate((one) => one.open), "what was opened stays open");
  await check();
});

story("who was signed out meanwhile is told so by the queue", { as: "desk", sizes: AT_A_DESK, expects: [/status of 401/] }, async ({ page, visit, context }) => {
  await visit("/cases");
  const before = await page.locator("#cases tbody tr").count();
  assert.ok(before > 0);
  await context.clearCookies();
  await page.waitForFunction(() => document.querySelector("#cases").innerText.includes("登录"), null, { timeout: 30_000 });
  assert.equal(await page.locator("#cases tbody tr").count(), 0, "what only staff see is gone");
});

story("the queue is narrowed and the filter kept", { as: "desk", scripts: [true, false] }, async ({ page, visit, check, size }) => {
  const name = `超时 ${size.width} ${Date.now() % 100_000}`;
  await visit("/cases?late=yes&kind=repair");
  await page.locator("#queue details summary").first().click();
  await page.fill("#queue input[name=name]", name);
  await Promise.all([page.waitForEvent("load"), page.locator("form[action='/cases/filters'] button").click()]);
  await check();
  assert.equal(await page.locator("#queue nav a[aria-current]").innerText(), name);
  await Promise.all([page.waitForEvent("load"), page.locator("#cases .hint a").click()]);
  await page.locator("#queue details summary").first().click();
  const remove = page.locator("form[action$='/remove'] button").filter({ hasText: name });
  await Promise.all([page.waitForEvent("load"), remove.click()]);
  assert.equal(await page.locator("#queue nav a", { hasText: name }).count(), 0);
  await check();
});

story("the board gives an order, and says whom and why", { as: "desk", scripts: [true, false], languages: ["zh-CN", "en-US"] }, async ({ page, visit, check }) => {
  await visit("/repairs/register?channel=phone");
  await page.fill("input[name=place]", `东门岗亭 ${Date.now()}`);
  await page.locator("select[name=category]").selectOption("public.light");
  await page.fill("textarea[name=text]", "岗亭的灯不亮");
  const send = () => Promise.all([page.waitForEvent("load"), page.locator("form[action='/repairs/register'] .actions button").click()]);
  await send();
  if (new URL(page.url()).pathname === "/repairs/register") await send(); // Another light is out already.
  const number = page.url().match(/WX\d{8}-\d{4}/)[0];
  await visit("/dispatch");
  const order = page.locator(`form[action='/dispatch'] input[name=order][value^='${number}']`);
  await order.check();
  await Promise.all([page.waitForEvent("load"), page.locator("form[action='/dispatch'] .actions button").last().click()]);
  await check();
  assert.equal(await order.count(), 0, "it waits no longer");
  assert.ok(await page.locator(`main a[href='/cases/${number}']`).count(), "a technician has it");
});

story("a complaint is registered, and its page leads on", { as: "desk", scripts: [true, false] }, async ({ page, visit, check, enter }) => {
  await visit("/complaints/register?channel=phone");
  await page.fill("input[name=home]", "1-1-0101");
  await page.locator("select[name=category]").selectOption("complaint.noise");
  await page.fill("textarea[name=text]", "楼上半夜拖家具");
  await Promise.all([page.waitForURL(/\/complaints\/TS/), page.locator("form[action='/complaints/register'] .actions button").click()]);
  await check();
  const number = page.url().match(/TS\d{8}-\d{4}/)[0];
  const supervisor = await enter("supervisor");
  await supervisor.visit(`/complaints/${number}`);
  assert.ok(await supervisor.page.locator("form[action$='/founded']").count(), "the supervisor judges it");
  await supervisor.visit("/complaints/figures");
  assert.match(await supervisor.page.innerText("main"), new RegExp(number));
});

story("what is known is found while one asks", { as: "resident" }, async ({ page, visit, check }) => {
  await visit("/enquiries/new");
  await page.locator("[name=question]").pressSequentially("装修前要准备什么", { delay: 60 });
  const offered = page.locator("main details.fold", { hasText: "装修前要准备什么" });
  await offered.waitFor();
  assert.equal(await page.inputValue("[name=question]"), "装修前要准备什么", "what is typed stays");
  await offered.locator("summary").click();
  await check();
  await Promise.all([page.waitForURL(/\/knowledge\/\d+$/), offered.locator("a").click()]);
  await check();
});

story("leave is asked for and the roster shows the week", { as: "technician", scripts: [true, false], expects: [/status of 422/] }, async ({ page, visit, check, size }) => {
  await visit("/leave/new");
  const day = size.width === 360 ? "2026-12-14" : "2026-12-16";
  await page.fill("input[name=starts_on]", day);
  await page.fill("input[name=ends_on]", "2026-12-01");
  await page.fill("[name=reason]", "回老家");
  const kind = page.locator("select[name=kind]");
  if (await kind.count()) await kind.selectOption("annual");
  else await page.locator("input[name=kind][value=annual]").check();
  await Promise.all([page.waitForEvent("load"), page.locator("form[action='/leave/new'] .actions button").click()]);
  assert.equal(await page.inputValue("[name=reason]"), "回老家", "what was typed stays");
  await check();
  await visit("/roster");
});
