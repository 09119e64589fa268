// Signing in as somebody of the demo.

import { totp } from "./totp.js";

/** Signs a role in through the form and gives its cookies; a second factor is answered where it is asked for. */
export async function signIn(browser, demo, role) {
  const { login, password, totp_secret: secret } = demo.logins[role];
  const context = await browser.newContext({ baseURL: demo.url });
  const page = await context.newPage();
  await page.goto("/login");
  await page.fill("input[name=login]", login);
  await page.fill("input[name=password]", password);
  await send(page, "input[name=password]");
  if (secret && (await page.locator("input[name=code]").count())) {
    await page.fill("input[name=code]", totp(secret));
    await send(page, "input[name=code]");
  }
  if (new URL(page.url()).pathname.startsWith("/login")) {
    throw new Error(`${role} could not sign in: ${await page.locator("main").innerText()}`);
  }
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Presses the button of the form that a field belongs to. */
async function send(page, field) {
  const form = page.locator("form", { has: page.locator(field) });
  await Promise.all([page.waitForEvent("load"), form.locator("[type=submit], button:not([type])").first().click()]);
}

