// The tools of the stories, tested: codes, and that each kind of wrong page is found.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { launch, SIZES } from "./lib/browser.js";
import { totp } from "./lib/totp.js";
import { assertAccessible, assertNoSidewaysScroll, watch } from "./lib/watch.js";

const page = (body) => `<!doctype html><html lang="zh"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>邻里</title><main><h1>邻里</h1>${body}</main>`;

const PAGES = {
  "/good": page("<p>物业管理费</p>"),
  "/wide": page('<div style="width: 500px">too wide for a phone</div>'),
  "/unnamed": page('<input type="text">'),
  "/loud": page("<script>console.error('ouch')</script>"),
  "/thrown": page("<script>throw new Error('oops')</script>"),
  "/foreign": page('<img src="http://example.org/pixel.png" alt="">'),
};

let server, base, browser;

before(async () => {
  server = createServer((request, response) => response.setHeader("content-type", "text/html; charset=utf-8").end(PAGES[request.url]));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser.close();
  server.close();
});

async function look(path, judge) {
  const context = await browser.newContext({ baseURL: base, viewport: SIZES[0] });
  const { assertQuiet } = watch(context, base);
  const page = await context.newPage();
  await page.goto(path);
  await page.waitForLoadState("networkidle");
  await judge(page, assertQuiet).finally(() => context.close());
}

test("codes are those of RFC 6238", () => {
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  for (const [seconds, code] of [[59, "287082"], [1111111109, "081804"], [2000000000, "279037"]]) {
    assert.equal(totp(secret, seconds * 1000), code);
  }
});

test("a good page passes", () =>
  look("/good", async (page, assertQuiet) => {
    await assertNoSidewaysScroll(page);
    await assertAccessible(page);
    assertQuiet();
  }));

test("sideways scrolling is found", () => look("/wide", (page) => assert.rejects(assertNoSidewaysScroll(page), /too wide/)));

test("a field without a name is found", () => look("/unnamed", (page) => assert.rejects(assertAccessible(page), /label/)));

for (const [path, word] of [["/loud", /ouch/], ["/thrown", /oops/], ["/foreign", /example\.org/]]) {
  test(`${path.slice(1)} pages are found`, () => look(path, async (_, assertQuiet) => assert.throws(assertQuiet, word)));
}
