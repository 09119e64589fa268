// The portal's pages in a browser. `story` checks each page for errors, strangers, sideways scrolling and what
// axe-core finds.

import assert from "node:assert/strict";

import { story } from "./lib/story.js";

const BOTH = ["zh-CN", "en-US"];

story("the door stands open to who is not signed in", { languages: BOTH }, async ({ page, visit }) => {
  await visit("/login");
  assert.ok(await page.locator("input[name=password]").isVisible());
});

story("the door opens without scripts too", { scripts: [false] }, async ({ page }) => {
  await page.goto("/login");
  await page.fill("input[name=login]", "nobody");
});
