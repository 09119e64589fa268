// Every kind of page that each role can reach, in both languages, in normal and in large mode, on a phone and at a desk: nothing that axe-core
// finds, nothing too small to press or to read, no sideways scrolling down to 320 px, no error, no stranger.

import assert from "node:assert/strict";

import { story } from "./lib/story.js";
import { assertLegible, assertTargets } from "./lib/measure.js";
import { walk } from "./lib/walk.js";
import { assertAccessible, assertNoSidewaysScroll } from "./lib/watch.js";

const ROLES = ["resident", "steward", "desk", "technician", "officer", "guard", "engineer", "cashier", "supervisor", "manager", "admin"];
const PHONE = { width: 360, height: 800 };
const DESK = { width: 1280, height: 800 };
const NARROWEST = { width: 320, height: 800 };
const LANGUAGES = ["zh", "en"];
const MODES = ["normal", "large"];

/** Switches the language with the button on top, where it is another one. */
async function speak(page, language) {
  await page.goto("/");
  const button = page.locator(`.switches button[name=language][value=${language}]`);
  if (await button.count()) await Promise.all([page.waitForEvent("load"), button.click()]);
  assert.match(await page.locator("html").getAttribute("lang"), new RegExp(`^${language}`));
}

/** Switches between normal and large with the button on top. */
async function enlarge(page, mode) {
  await page.goto("/");
  const now = (await page.locator("html.large").count()) ? "large" : "normal";
  if (now === mode) return;
  await Promise.all([page.waitForEvent("load"), page.locator(".switches form[action='/large'] button").click()]);
  assert.equal(await page.locator("html.large").count(), mode === "large" ? 1 : 0);
}

async function resize(page, size) {
  await page.setViewportSize(size);
  await page.waitForFunction((width) => document.documentElement.clientWidth === width, size.width);
}

async function look(page, path, mode) {
  await page.setViewportSize(PHONE);
  const answer = await page.goto(path);
  assert.ok(answer.ok(), `${path}: ${answer.status()}`);
  for (const size of [PHONE, DESK]) {
    await resize(page, size);
    await assertNoSidewaysScroll(page);
    await assertTargets(page, mode);
    await assertLegible(page, mode);
    await assertAccessible(page);
  }
  await resize(page, NARROWEST);
  await assertNoSidewaysScroll(page);
}

for (const role of ROLES) {
  story(`every page of the ${role}`, { as: role, sizes: [PHONE], patience: 1_500_000 }, async ({ page, visit }) => {
    await speak(page, "zh");
    const paths = [];
    const kinds = await walk(page, "/", async (path) => {
      paths.push(path);
      await visit(path);
    });
    assert.ok(kinds.length > 1, "the first page leads somewhere");
    const wrong = [];
    for (const language of LANGUAGES) {
      await speak(page, language);
      for (const mode of MODES) {
        await enlarge(page, mode);
        for (const path of paths) {
          await look(page, path, mode).catch((failure) => wrong.push(`${language}, ${mode}: ${failure.message}`));
        }
      }
    }
    await enlarge(page, "normal");
    await speak(page, "zh");
    assert.equal(wrong.length, 0, wrong.join("\n\n"));
  });
}
