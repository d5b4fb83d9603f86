"use strict";
// All that it does is more comfort: pages, lists and downloads work without it.

const copy = document.getElementById("copy");
if (copy && (navigator.clipboard || document.execCommand)) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const body = document.getElementById("body");
    const selection = getSelection();
    selection.selectAllChildren(body);
    // Keeps bold and links for who pastes into a word processor.
    let done = document.execCommand("copy");
    selection.removeAllRanges();
    if (!done) {
      try {
        await navigator.clipboard.writeText(body.innerText);
        done = true;
      } catch {
        selection.selectAllChildren(body);
      }
    }
    document.getElementById("copied").textContent = done ? copy.dataset.copied : "";
  });
}

const form = document.getElementById("search");
if (form) {
  const field = document.getElementById("q");
  const found = document.getElementById("found");
  const list = document.getElementById("results");
  const items = [...list.children];
  // The oldest is number 0, so that a new publication leaves the numbers of the others alone.
  const numbered = new Map(items.map((item, place) => [items.length - 1 - place, item]));
  const shards = new Map();

  const fold = (text) =>
    text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/ß/g, "ss")
      .normalize("NFD").replace(/\p{Mn}/gu, "");
  const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]{2,}/gu) || [];
  const fileOf = (word) => [...word].slice(0, 2).map((c) => (/[a-z0-9]/.test(c) ? c : `u${c.codePointAt(0).toString(16)}`)).join("");

  const load = (name) => {
    if (!shards.has(name)) {
      shards.set(name, fetch(`index/${name}.json`).then((answer) => {
        if (answer.ok) return answer.json();
        if (answer.status === 404) return {};
        throw new Error(answer.statusText);
      }));
    }
    return shards.get(name);
  };

  const holding = async (word) => {
    const shard = await load(fileOf(word));
    const numbers = new Set();
    for (const [whole, places] of Object.entries(shard)) {
      if (whole.startsWith(word)) places.forEach((place) => numbers.add(place));
    }
    return numbers;
  };

  let turn = 0;
  const search = async () => {
    const words = [...new Set(wordsOf(field.value))];
    const mine = ++turn;
    if (!words.length) {
      list.replaceChildren(...items);
      found.textContent = form.dataset.none;
      return;
    }
    try {
      const sets = await Promise.all(words.map(holding));
      if (mine !== turn) return;
      const both = [...sets[0]].filter((number) => sets.every((set) => set.has(number))).sort((a, b) => b - a);
      const inTitle = (number) => {
        const title = wordsOf(numbered.get(number).querySelector("a").textContent);
        return words.every((word) => title.some((whole) => whole.startsWith(word)));
      };
      const shown = both.filter((number) => numbered.has(number));
      const first = shown.filter(inTitle);
      const ordered = [...first, ...shown.filter((number) => !first.includes(number))];
      list.replaceChildren(...ordered.map((number) => numbered.get(number)));
      const { foundNone, foundOne, foundMany } = form.dataset;
      found.textContent = !ordered.length ? foundNone : ordered.length === 1 ? foundOne : foundMany.replace("{count}", ordered.length);
    } catch {
      shards.clear();
      list.replaceChildren(...items);
      found.textContent = form.dataset.failed;
    }
  };

  const remember = () => {
    const address = new URL(location.href);
    address.search = field.value ? `?q=${encodeURIComponent(field.value)}` : "";
    history.replaceState(null, "", address);
  };
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { remember(); search(); }, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    remember();
    search();
  });
  field.value = new URLSearchParams(location.search).get("q") || "";
  // Nothing is shown that is taken away at once.
  list.hidden = Boolean(field.value);
  search().finally(() => { list.hidden = false; });
}
