// A bank's statement as a cashier meets it: uploaded, looked at, taken in; what it booked and why; what waits, and is booked by hand.

import assert from "node:assert/strict";

import { SIZES } from "./lib/browser.js";
import { story } from "./lib/story.js";

story("a cashier takes a bank's statement in, and it books what is certain", { as: "cashier", sizes: SIZES.slice(1), scripts: [true, false] }, async ({ page, visit, press, scripts }) => {
  await visit("/arrears?sort=register");
  const owing = page.locator("#debtors tbody tr").filter({ hasNotText: "分期中" });
  const [known, other] = [await debtor(owing.nth(scripts ? 0 : 2)), await debtor(owing.nth(scripts ? 1 : 3))];
  const file = statement(scripts ? "A" : "B", [
    [known.payer, "12.34", `${known.home} 物业费`],
    ["李不识", "23.45", `${other.home} 物业费`],
    ["", "-15.00", "手续费"],
  ]);
  const upload = async () => {
    await visit("/bank");
    await page.setInputFiles("input[name=file]", file);
    await press("form[action='/bank'] button");
  };

  await upload();
  const preview = await page.innerText("main");
  assert.match(new URL(page.url()).pathname, /^\/bank\/drafts\//);
  assert.ok(preview.includes("按“中国银行”的格式读取"), preview);
  assert.deepEqual(await page.locator(".figure b").allInnerTexts(), ["1", "1", "1", "0"]);
  assert.ok(preview.includes("写明了房屋，付款人是这一户的") && preview.includes("写明了房屋，但付款人不是这一户的"), preview);
  await press("form[action^='/bank/drafts/']:not([action$='/discard']) button");
  const line = page.locator("main tbody tr", { hasText: known.home });
  const told = await line.innerText();
  assert.ok(told.includes("写明了房屋，付款人是这一户的") && told.includes("¥12.34"), told);
  const receipt = await line.locator("a[href^='/receipts/']").getAttribute("href");

  // What waits is booked by hand, to the home that suggests itself.
  await visit("/bank/queue");
  const waiting = "section.card:has-text('李不识')";
  await press(`${waiting} a[href^='/bank/lines/']`);
  assert.ok((await page.innerText("main")).includes("¥23.45"));
  await press(`form[action$='/book']:has(input[value='${other.home}']) button`);
  assert.match(await page.innerText("body"), /已入账并开具收据/);
  await visit("/bank/queue");
  assert.equal(await page.locator(waiting).count(), 0, "it waits no longer");
  await visit(`/homes/${other.home}/bills`);
  assert.equal(await page.locator("main .list li", { hasText: "¥23.45" }).count(), 1);

  // The same file once more.
  await upload();
  assert.ok((await page.innerText("main")).includes("没有新的明细"));
  assert.deepEqual(await page.locator(".figure b").allInnerTexts(), ["0", "0", "0", "3"]);
  await press("form[action$='/discard'] button");
  await visit(`/homes/${known.home}/bills`);
  assert.equal(await page.locator("main .list li", { hasText: "¥12.34" }).count(), 1, "it was booked once");
  await press(`a[href='${receipt}']`);
  assert.ok((await page.innerText("main")).includes("¥12.34"));
});

story("what is no statement is said beside the field", { as: "cashier", sizes: SIZES.slice(1), expects: [/status of 422/] }, async ({ page, visit, press }) => {
  await visit("/bank");
  await page.setInputFiles("input[name=file]", { name: "homes.csv", mimeType: "text/csv", buffer: Buffer.from("楼栋,单元,房号\n1,1,0101\n") });
  await press("form[action='/bank'] button");
  assert.equal(new URL(page.url()).pathname, "/bank");
  assert.match(await page.innerText("#errors"), /认不出这份对账单的表头/);
});

/** Home and payer of a line of the list of arrears. */
async function debtor(row) {
  const [home, payer] = await Promise.all([row.locator("th a").innerText(), row.locator("td").first().innerText()]);
  return { home: home.trim(), payer: payer.trim().split(/\s/)[0] };
}

/** A table as 中国银行 gives it: one column of sums, what goes out below zero. */
function statement(stamp, lines) {
  const rows = lines.map(([payer, sum, text], n) => `2026-11-22,09:0${n}:00,${payer},6222****100${n},${sum},${text},BOC${stamp}${n}`);
  const head = "交易日期,交易时间,付款人名称,付款人账号,交易金额,用途,交易流水号";
  return { name: `boc-${stamp}.csv`, mimeType: "text/csv", buffer: Buffer.from(`${[head, ...rows].join("\n")}\n`) };
}
