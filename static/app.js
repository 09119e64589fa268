// What makes the pages quicker; everything works without it.
"use strict";

// A form is sent once: a second press while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  setTimeout(() => delete form.dataset.sending, 8000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});

// A list that the reader chooses from is shown at once.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form) form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// What is wrong is read out and in sight.
document.getElementById("errors")?.focus();

// Photos shrink before they travel: a phone's picture has ten times the dots that anybody needs to see a leak.
const LONGEST = 1600;

document.addEventListener("change", async (event) => {
  const input = event.target.closest("input[type=file][data-shrink]");
  if (!input) return;
  const shown = [];
  const chosen = new DataTransfer();
  for (const file of input.files) {
    const small = await shrunk(file);
    chosen.items.add(small.file);
    shown.push(small);
  }
  input.files = chosen.files;
  preview(input, shown);
});

/** The file as it will be sent, with a small picture of it where it is one that this browser can read. */
async function shrunk(file) {
  if (!file.type.startsWith("image/")) return { file };
  const picture = await createImageBitmap(file).catch(() => null);
  // What the browser cannot read goes as it is: the portal says what is wrong with it.
  if (!picture) return { file };
  const thumb = drawn(picture, Math.max(192 / picture.width, 192 / picture.height));
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size < 1_000_000) return { file, thumb };
  const blob = await new Promise((done) => drawn(picture, scale).toBlob(done, "image/jpeg", 0.85));
  if (!blob || blob.size >= file.size) return { file, thumb };
  const name = file.name.replace(/\.\w+$/, "") + ".jpg";
  return { file: new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified }), thumb };
}

function drawn(picture, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Shows below the field what was chosen. */
function preview(input, shown) {
  input.parentElement.querySelector("ul")?.remove();
  if (!shown.length) return;
  const list = document.createElement("ul");
  list.className = "thumbs";
  for (const { file, thumb } of shown) {
    const item = list.appendChild(document.createElement("li"));
    if (thumb) {
      thumb.setAttribute("role", "img");
      thumb.setAttribute("aria-label", file.name);
      item.append(thumb);
    } else item.append(file.name);
  }
  input.after(list);
}

// The rest of the menu closes when one goes on elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.more[open]")) menu.open = false;
});
