// What must hold on every page: no errors in the console, no request to anybody else, no sideways scrolling,
// nothing that axe-core finds.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Collects what goes wrong in a context; `expected` are patterns of console lines that the story is about. */
export function watch(context, base, expected = []) {
  const wrong = [];
  const complain = (text) => {
    if (!expected.some((pattern) => pattern.test(text))) wrong.push(text);
  };
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== new URL(base).origin) complain(`request to ${url.href}`);
  });
  context.on("console", (message) => {
    if (message.type() === "error") complain(`console: ${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => complain(`script: ${error.error().message}`));
  return { assertQuiet: () => assert.deepEqual(wrong, []) };
}

/** The page is no wider than its window. */
export async function assertNoSidewaysScroll(page) {
  const found = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
    widest: [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .slice(0, 5)
      .map((element) => element.outerHTML.slice(0, 120)),
  }));
  assert.ok(found.page <= found.window, `${page.url()} scrolls sideways: ${JSON.stringify(found, null, 1)}`);
}

/** No violation of WCAG 2.2 A and AA that a machine can see. */
export async function assertAccessible(page) {
  await page.evaluate(AXE);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await page.evaluate((values) => axe.run(document, { runOnly: { type: "tag", values } }), tags);
  const found = violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) => node.html).slice(0, 3).join("\n  ")}`);
  assert.deepEqual(found, [], page.url());
}
