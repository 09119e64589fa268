// The portal's pages in a browser. `story` checks each page for errors, strangers, sideways scrolling and what
// axe-core finds.

import assert from "node:assert/strict";

import { SIZES } from "./lib/browser.js";
import { story } from "./lib/story.js";
import { walk } from "./lib/walk.js";

const BOTH = ["zh-CN", "en-US"];
const ROLES = ["resident", "steward", "desk", "technician", "officer", "cashier", "supervisor", "manager", "admin"];

story("the door stands open to who is not signed in", { languages: BOTH }, async ({ page, visit }) => {
  await visit("/login");
  assert.ok(await page.locator("input[name=password]").isVisible());
});

story("the door opens without scripts too", { languages: ["zh-CN"], scripts: false }, async ({ page }) => {
  await page.goto("/login");
  await page.fill("input[name=login]", "nobody");
});

for (const role of ROLES) {
  story(`what the ${role} can reach is in order`, { as: role, languages: ["zh-CN"], sizes: SIZES.slice(0, 1), patience: 300_000 },
    async ({ page, visit }) => {
      const kinds = await walk(page, "/", visit);
      assert.ok(kinds.length > 1, "the first page leads somewhere");
    });
  story(`the ${role}'s first page`, { as: role, languages: ["en-US"] }, ({ visit }) => visit("/"));
}
