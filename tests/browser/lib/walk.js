// Walks from a page along its links, one page of each kind (`/cases/7` and `/cases/8` are of a kind).

/**
 * Calls `look(path)` for the page at `start` and for each kind of page that can be reached from it, `most` at most.
 * Goes on after a page that is wrong, and says at the end which ones were.
 */
export async function walk(page, start, look, most = 40) {
  const waiting = [start];
  const kinds = new Set([kind(start)]);
  const wrong = [];
  for (let path = waiting.shift(); path; path = waiting.shift()) {
    await look(path).catch((failure) => wrong.push(`${path}: ${failure.message}`));
    for (const next of await links(page)) {
      if (kinds.size < most && !kinds.has(kind(next))) {
        kinds.add(kind(next));
        waiting.push(next);
      }
    }
  }
  if (wrong.length) throw new Error(wrong.join("\n\n"));
  return [...kinds];
}

/** Where the page's links lead, files and other hosts left out. */
async function links(page) {
  const found = await page.locator("a[href]:not([download])").evaluateAll((all) => all.map((link) => link.href));
  const here = new URL(page.url());
  const urls = found.map((href) => new URL(href)).filter((url) => url.origin === here.origin);
  return urls.filter((url) => !/^\/(static|attachments|api)\/|\.(csv|xlsx|pdf)$/.test(url.pathname)).map((url) => url.pathname + url.search);
}

/** A path without what tells one thing from another of its kind, and with what a list is asked by, not for. */
function kind(path) {
  return path.replace(/=[^&]*/g, "").replace(/[^/?&]*\d[^/?&]*/g, "#");
}
