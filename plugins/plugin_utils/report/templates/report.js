/* Search, filter, sort and fold the table. Without this script the page shows everything; with it, as much as fits a screen. */
(() => {
  "use strict";
  const PAGE = 100;
  const root = document.documentElement;
  root.classList.add("js");
  // A browser that this does not work in shows the page as it does without a script.
  addEventListener("error", () => root.classList.remove("js"));

  const start = () => {
    const get = (id) => document.getElementById(id);
    const table = document.querySelector("table.stores");
    const body = table.tBodies[0];
    const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
    const search = get("search");
    const allDetails = get("all-details");
    const filters = new Set();
    const chips = [...document.querySelectorAll(".chips button")];
    const heads = [...table.tHead.querySelectorAll("th[data-sort]")];
    const column = new Map(heads.map((head) => [head.dataset.sort, head.cellIndex]));
    let order = { by: "status", descending: false };
    let limit = PAGE;
    let matching = [];

    // The page is in the order of the gravest first: a row's place in it is its rank by verdict.
    const stores = [...body.querySelectorAll(":scope > tr[id]")].map((row, rank) => ({
      row,
      evidence: row.nextElementSibling,
      rank,
      kinds: row.classList.value.split(" "),
      words: row.textContent.toLowerCase(),
      open: false,
      button: null,
    }));
    const byId = new Map(stores.map((store) => [store.row.id, store]));
    const text = (store, by) => {
      const cell = store.row.cells[column.get(by)];
      return by === "name" ? cell.firstChild.textContent : cell.textContent;
    };

    // Of rows that are shown only: a fleet has many more than that.
    const prepare = (store) => {
      if (store.button) return;
      const name = store.row.cells[0].firstElementChild;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name.textContent;
      button.addEventListener("click", () => {
        store.open = !store.open;
        if (store.open) history.replaceState(null, "", "#" + store.row.id);
        show();
        button.focus();
      });
      name.replaceWith(button);
      store.button = button;
      const list = store.evidence.querySelector("dl");
      list.id = store.row.id + "-evidence";
      button.setAttribute("aria-controls", list.id);
    };

    const show = () => {
      const shown = [];
      for (const store of matching.slice(0, limit)) {
        prepare(store);
        store.button.setAttribute("aria-expanded", String(store.open));
        shown.push(store.row);
        if (store.open) shown.push(store.evidence);
      }
      body.replaceChildren(...shown);
      const left = matching.length - limit;
      get("further").hidden = left <= 0;
      get("more").hidden = left <= PAGE;
      get("more").textContent = `Show ${PAGE} more`;
      get("rest").textContent = `Show all ${matching.length.toLocaleString("en")}`;
      get("none").hidden = matching.length > 0;
      const of = stores.length.toLocaleString("en");
      get("count").textContent = matching.length === stores.length ? `${of} in all` : `${matching.length.toLocaleString("en")} of ${of}`;
    };

    const compare = (one, other) => {
      const by = order.by === "status" ? one.rank - other.rank : names.compare(text(one, order.by), text(other, order.by));
      return (order.descending ? -by : by) || one.rank - other.rank;
    };

    const match = () => {
      const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      matching = stores.filter(
        (store) =>
          (filters.size === 0 || store.kinds.some((kind) => filters.has(kind))) && wanted.every((word) => store.words.includes(word)),
      );
      matching.sort(compare);
      limit = PAGE;
      show();
    };

    const filter = (...kinds) => {
      filters.clear();
      kinds.forEach((kind) => filters.add(kind));
      chips.forEach((chip) => chip.setAttribute("aria-pressed", String(filters.has(chip.dataset.filter))));
      match();
    };

    const reset = () => {
      search.value = "";
      filter();
    };

    // A link to a host leads there whatever is filtered.
    const follow = () => {
      const store = byId.get(location.hash.slice(1));
      if (!store) return;
      if (!matching.includes(store)) reset();
      limit = Math.max(limit, matching.indexOf(store) + 1);
      store.open = true;
      show();
      store.row.scrollIntoView({ block: "start" });
      store.button.focus({ preventScroll: true });
    };

    for (const head of heads) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => {
        order = { by: head.dataset.sort, descending: order.by === head.dataset.sort && !order.descending };
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
        matching.sort(compare);
        show();
      });
      head.replaceChildren(button);
    }
    for (const chip of chips) {
      chip.addEventListener("click", () => {
        const kinds = new Set(filters);
        if (!kinds.delete(chip.dataset.filter)) kinds.add(chip.dataset.filter);
        filter(...kinds);
      });
    }
    for (const link of document.querySelectorAll("a[data-filter]")) {
      link.addEventListener("click", () => {
        search.value = "";
        filter(link.dataset.filter);
      });
    }
    search.addEventListener("input", match);
    get("reset").addEventListener("click", reset);
    get("more").addEventListener("click", () => {
      limit += PAGE;
      show();
    });
    get("rest").addEventListener("click", () => {
      limit = matching.length;
      show();
    });
    allDetails.addEventListener("click", () => {
      const open = allDetails.getAttribute("aria-pressed") !== "true";
      allDetails.setAttribute("aria-pressed", String(open));
      stores.forEach((store) => { store.open = open; });
      show();
    });
    // Paper has no buttons: all that matches is printed, and which details are open is the reader's choice.
    let before = limit;
    addEventListener("beforeprint", () => {
      before = limit;
      limit = matching.length;
      show();
    });
    addEventListener("afterprint", () => {
      limit = before;
      show();
    });
    addEventListener("hashchange", follow);

    match();
    get("controls").hidden = false;
    root.classList.add("ready");
    // After the browser has gone to the link's row itself, which takes the focus away.
    addEventListener("load", () => setTimeout(follow));
  };
  document.addEventListener("DOMContentLoaded", start);
})();
