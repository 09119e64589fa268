// A story is a test in a browser: somebody in a role, on a phone and at a desk, who does something.

import { mkdir } from "node:fs/promises";
import { after, test } from "node:test";

import { launch, SIZES } from "./browser.js";
import { startDemo } from "./demo.js";
import { signIn } from "./sign_in.js";
import { assertAccessible, assertNoSidewaysScroll, watch } from "./watch.js";

const FAILURES = new URL("../failures/", import.meta.url).pathname;

let portal; // One demo and one browser serve all stories of a process.

async function open() {
  // One after the other: beside a demo that does not start, a browser would keep the process alive.
  portal ??= startDemo().then(async (demo) => ({ demo, browser: await launch(), sessions: new Map() }));
  return portal;
}

after(async () => {
  if (!portal) return;
  const { demo, browser } = await portal;
  await browser.close();
  await demo.stop();
});

/**
 * Tells a story once for each size and language, and with scripts, without, or both.
 *
 * `as`: a role of the demo, or nothing for somebody who is not signed in. `scripts`: `[false]` for a browser without.
 * `expects`: patterns of console lines that belong to it. `patience`: milliseconds.
 * The story gets `page`, `visit(path)` (goes there and checks the page), `press(what)` (presses what leads to another
 * page, and checks that), `check()` (checks where it is), `size`, `language`, `scripts`, `demo`, and `enter(role, how)`,
 * which gives the same for somebody else, at another `size` where `how` names one.
 */
export function story(name, { patience = 120_000, sizes = SIZES, languages = ["zh-CN"], scripts = [true], ...how }, tell) {
  for (const size of sizes) {
    for (const language of languages) {
      for (const scripted of scripts) {
        const told = `${name} (${size.width} px, ${language}${scripted ? "" : ", no scripts"})`;
        test(told, { timeout: patience }, () => tellOnce({ name: told, size, language, scripts: scripted, ...how }, tell));
      }
    }
  }
}

async function tellOnce({ name, as, ...how }, tell) {
  const portal = await open();
  const rooms = [];
  const enter = async (role, other = {}) => {
    const room = await roomOf(portal, { role, ...how, ...other });
    rooms.push(room);
    return room;
  };
  try {
    const own = await enter(as);
    await tell({ ...own, enter, demo: portal.demo, size: how.size, language: how.language, scripts: how.scripts });
    for (const { check, assertQuiet } of rooms) {
      await check();
      assertQuiet();
    }
  } catch (failure) {
    for (const { page, role } of rooms) await photograph(page, `${name} ${role ?? ""}`);
    throw failure;
  } finally {
    for (const { context } of rooms) await context.close();
  }
}

/** A browser of somebody's own, with what they do in it. */
async function roomOf({ demo, browser, sessions }, { role, size, language, scripts, expects = [] }) {
  if (role && !sessions.has(role)) sessions.set(role, await signIn(browser, demo, role));
  const context = await browser.newContext({
    baseURL: demo.url,
    viewport: size,
    locale: language,
    timezoneId: "Asia/Shanghai",
    javaScriptEnabled: scripts,
    storageState: role ? sessions.get(role) : undefined,
  });
  context.setDefaultTimeout(15_000);
  const { assertQuiet } = watch(context, demo.url, expects);
  const page = await context.newPage();
  const check = async () => {
    await assertNoSidewaysScroll(page);
    // axe-core runs in the page.
    if (scripts) await assertAccessible(page);
  };
  const visit = async (path) => {
    const answer = await page.goto(path);
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()}`);
    await check();
  };
  const press = async (what) => {
    await Promise.all([page.waitForEvent("load"), page.locator(what).filter({ visible: true }).first().click()]);
    await check();
  };
  return { role, context, page, check, visit, press, assertQuiet };
}

async function photograph(page, name) {
  await mkdir(FAILURES, { recursive: true });
  const file = `${FAILURES}${name.replace(/[^\p{L}\p{N}]+/gu, "-")}.png`;
  await page.screenshot({ path: file, fullPage: true }).then(() => console.log(`see ${file}`), console.error);
}
