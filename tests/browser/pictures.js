// Takes the manuals' pictures of a demo, in both languages: `node pictures.js FOLDER`. Not a test; `cargo xtask pictures` runs it.

import { mkdir } from "node:fs/promises";

import { launch } from "./lib/browser.js";
import { startDemo } from "./lib/demo.js";
import { signIn } from "./lib/sign_in.js";

const PHONE = { width: 360, height: 800 };
const DESK = { width: 1280, height: 800 };

/** The pictures: a name, who looks, where, and on what. `large` is the large mode; `open` opens the first part that folds,
 * `follow` presses the first link of a kind. */
const PICTURES = [
  ["login", null, "/login", PHONE],
  ["resident-home", "resident", "/", PHONE],
  ["resident-bills", "resident", "/bills", PHONE, { open: "details summary" }],
  ["resident-pay", "resident", "/bills", PHONE, { follow: "a[href$='/pay-online']" }],
  ["resident-report", "resident", "/repairs/new", PHONE],
  ["resident-large", "resident", "/", PHONE, { large: true }],
  ["steward-today", "steward", "/today", PHONE],
  ["steward-visits", "steward", "/visits", PHONE],
  ["desk-queue", "desk", "/cases", DESK],
  ["desk-register", "desk", "/repairs/register", DESK],
  ["cashier-home", "cashier", "/cashier", DESK],
  ["cashier-billing", "cashier", "/billing", DESK],
  ["cashier-bank", "cashier", "/bank", DESK],
  ["cashier-demands", "cashier", "/demands", DESK],
  ["cashier-arrears", "cashier", "/arrears", DESK, { follow: "#debtors th a" }],
  ["supervisor", "supervisor", "/supervisor", DESK],
  ["manager", "manager", "/manager", DESK],
  ["manager-collection", "manager", "/collection", DESK],
  ["admin", "admin", "/admin", DESK],
  ["admin-jobs", "admin", "/admin/jobs", DESK],
];

const folder = process.argv[2];
if (!folder) throw new Error("name the folder for the pictures");
await mkdir(folder, { recursive: true });
const demo = await startDemo();
const browser = await launch();
const sessions = new Map();
try {
  for (const [name, role, path, viewport, how = {}] of PICTURES) {
    if (role && !sessions.has(role)) sessions.set(role, await signIn(browser, demo, role));
    for (const language of ["zh", "en"]) await take({ name, role, path, viewport, language, ...how });
  }
} finally {
  await browser.close();
  await demo.stop();
}

async function take({ name, role, path, viewport, language, large = false, open, follow }) {
  const context = await browser.newContext({
    baseURL: demo.url, viewport, locale: language === "zh" ? "zh-CN" : "en-US", timezoneId: "Asia/Shanghai",
    storageState: role ? sessions.get(role) : undefined,
  });
  const page = await context.newPage();
  await page.goto(role ? "/" : path);
  await press(page, `.switches button[name=language][value=${language}]`);
  if (large) await press(page, ".switches form[action='/large'] button");
  await page.goto(path);
  if (open) await page.locator(open).first().click();
  if (follow) await press(page, follow);
  await page.screenshot({ path: `${folder}/${name}.${language}.png` });
  if (large) await press(page, ".switches form[action='/large'] button");
  await context.close();
}

/** Presses a button that leads to a page, where it is there. */
async function press(page, button) {
  const found = page.locator(button);
  if (await found.count()) await Promise.all([page.waitForEvent("load"), found.first().click()]);
}
