// Progressive enhancement: every page works without this file, and is quicker with it.
// Loaded in the head without defer, so that theme and rail are set before the first paint.
(function () {
  "use strict";
  const root = document.documentElement;
  const $ = (selector, from) => (from || document).querySelector(selector);
  const $$ = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* private windows: not remembered */ } },
  };

  root.classList.add("js");
  const setTheme = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    $$("[data-theme-set]").forEach((it) => it.setAttribute("aria-pressed", String(it.dataset.themeSet === (theme || "system"))));
  };
  const setRail = (small) => {
    root.classList.toggle("rail-small", small);
    $$("[data-rail-toggle]").forEach((it) => it.setAttribute("aria-expanded", String(!small)));
  };
  setTheme(store.get("theme") || "");
  setRail(store.get("rail") === "small");

  // What is said here is read out by screen readers.
  const say = (text) => { const it = $("#say"); if (it) it.textContent = text; };

  // ── Progress: shown when an answer takes longer than 300 ms ──
  let waiting = 0;
  const progressEnd = () => { clearTimeout(waiting); const it = $(".progress"); if (it) it.hidden = true; };
  const progressStart = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const it = $(".progress");
      if (it) it.hidden = false;
      say("正在处理，请稍候。");
      waiting = setTimeout(progressEnd, 30000);
    }, 300);
  };

  // ── Fragments: the part of a page marked data-fragment, else its content ──
  async function fetchFragment(url, signal, body) {
    const method = body ? "POST" : "GET";
    const response = await fetch(url, { method, body, headers: { "X-Fragment": "1" }, credentials: "same-origin", signal });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const part = $("[data-fragment]", page) || $(".content", page) || page.body;
    const heading = $("h1", page);
    return { title: part.dataset.title || (heading ? heading.textContent.trim() : page.title), html: part.innerHTML };
  }

  // ── Side sheet: links with data-sheet open in the dialog, or as a page where that fails ──
  async function openSheet(link) {
    const sheet = $("#sheet");
    progressStart();
    try {
      const { title, html } = await fetchFragment(link.href);
      $("[data-sheet-title]", sheet).textContent = title;
      $("[data-sheet-body]", sheet).innerHTML = html;
      const open = $("[data-sheet-open]", sheet);
      if (open) open.href = link.href;
      if (!sheet.open) sheet.showModal();
      $("[data-sheet-body]", sheet).scrollTop = 0;
      ready(sheet);
    } catch { location.href = link.href; }
    progressEnd();
  }

  // ── Live part beside a form: the serialised form is sent when typing rests; by GET, or, with data-live-post,
  // where it is a long text, by POST ──
  function live(form) {
    const target = $(form.dataset.liveTarget || "#live");
    let timer = 0, running = null, last = "";
    const update = async () => {
      const data = new FormData(form);
      // Neither the token, nor files, nor what identifies a person belongs in an address.
      const skip = ["csrf"].concat((form.dataset.liveSkip || "").split(" "));
      const fields = Array.from(data).filter(([name, value]) => typeof value === "string" && !skip.includes(name));
      const query = new URLSearchParams(fields).toString();
      if (query === last) return;
      last = query;
      if (running) running.abort();
      running = new AbortController();
      target.setAttribute("aria-busy", "true");
      try {
        const posted = form.hasAttribute("data-live-post") ? new URLSearchParams(Array.from(data).filter(([, it]) => typeof it === "string")) : null;
        const { html } = await fetchFragment(posted ? form.dataset.live : form.dataset.live + "?" + query, running.signal, posted);
        if (last === query) { target.innerHTML = html; target.removeAttribute("aria-busy"); }
      } catch (error) {
        if (error.name !== "AbortError") { last = ""; target.removeAttribute("aria-busy"); }
      }
    };
    const later = (delay) => () => { clearTimeout(timer); timer = setTimeout(update, delay); };
    form.addEventListener("input", later(300));
    form.addEventListener("change", later(0));
  }

  // ── Table selection ──
  function selection(form) {
    const all = $("[data-pick-all]", form);
    const show = () => {
      const boxes = $$("[data-pick]", form);
      const on = boxes.filter((it) => it.checked);
      boxes.forEach((it) => it.closest("tr").classList.toggle("selected", it.checked));
      form.classList.toggle("has-selection", on.length > 0);
      $$("[data-pick-n]", form).forEach((it) => { it.textContent = String(on.length); });
      if (all) { all.checked = on.length > 0 && on.length === boxes.length; all.indeterminate = on.length > 0 && !all.checked; }
    };
    let before = null;
    form.addEventListener("click", (event) => {
      const box = event.target.closest("[data-pick]");
      if (!box) return;
      const boxes = $$("[data-pick]", form);
      // Shift extends the selection from the box clicked before.
      if (event.shiftKey && before && before !== box) {
        const [from, to] = [boxes.indexOf(before), boxes.indexOf(box)].sort((a, b) => a - b);
        boxes.slice(from, to + 1).forEach((it) => { it.checked = box.checked; });
      }
      before = box;
      show();
    });
    form.addEventListener("change", (event) => {
      if (event.target === all) $$("[data-pick]", form).forEach((it) => { it.checked = all.checked; });
      show();
    });
    form.addEventListener("click", (event) => {
      if (!event.target.closest("[data-pick-none]")) return;
      $$("[data-pick]", form).forEach((it) => { it.checked = false; });
      show();
    });
    show();
  }

  // ── Files: chosen or dropped, sent one by one with a bar each; without this a plain form ──
  const inMb = (n) => n < 1024 * 1024 ? Math.ceil(n / 1024) + " KB" : (Math.ceil(n * 10 / 1048576) / 10).toFixed(1) + " MB";
  function uploads(form) {
    const input = $("input[type=file]", form), kind = $("select", form), list = $("[data-upload-list]", form);
    const sum = $("[data-upload-sum]", form), clear = $("[data-upload-clear]", form), button = $("button[type=submit]", form);
    const items = [];
    let running = false;
    form.noValidate = true;
    input.required = false;
    const tell = (text) => { sum.hidden = !text; sum.textContent = text; };
    const show = (item, state, text) => {
      item.state = state;
      item.line.className = "upload-" + state;
      item.text.textContent = text;
      item.bar.hidden = state !== "sending";
      item.drop.hidden = state === "sending" || state === "stored" || state === "known";
    };
    const drop = (item) => { items.splice(items.indexOf(item), 1); item.line.remove(); count(); };
    function count() {
      const n = (state) => items.filter((it) => it.state === state).length;
      const size = items.filter((it) => it.state === "waiting").reduce((all, it) => all + it.file.size, 0);
      list.hidden = items.length === 0;
      clear.hidden = items.length === 0 || running;
      const parts = [];
      if (n("waiting")) parts.push("待上传 " + n("waiting") + " 个，共 " + inMb(size));
      if (n("stored")) parts.push("已保存 " + n("stored") + " 个");
      if (n("known")) parts.push("已有 " + n("known") + " 个");
      if (n("refused")) parts.push("没有保存 " + n("refused") + " 个");
      tell(parts.join("；"));
    }
    function add(files) {
      Array.from(files).forEach((file) => {
        const line = document.createElement("li");
        const name = document.createElement("span"), size = document.createElement("span"), text = document.createElement("span");
        const bar = document.createElement("progress"), away = document.createElement("button");
        name.className = "upload-name"; size.className = "upload-size num"; text.className = "upload-text";
        name.textContent = file.name; size.textContent = inMb(file.size);
        bar.max = 1; bar.value = 0; bar.setAttribute("aria-label", file.name);
        away.type = "button"; away.className = "btn btn-quiet btn-s"; away.textContent = "去掉"; away.setAttribute("aria-label", "去掉 " + file.name);
        line.append(name, size, away, bar, text);
        const item = { file, line, text, bar, drop: away, state: "", tries: 0 };
        away.addEventListener("click", () => drop(item));
        items.push(item);
        list.append(line);
        if (file.size > Number(form.dataset.max)) show(item, "refused", "超过 " + form.dataset.maxWords + "，不会上传。请压缩或者拆分");
        else if (file.size === 0) show(item, "refused", "是空文件或者文件夹，不会上传");
        else show(item, "waiting", "");
      });
      count();
    }
    const send = (item) => new Promise((done) => {
      const request = new XMLHttpRequest(), body = new FormData();
      body.append("csrf", form.elements.csrf.value);
      body.append("kind", kind.value);
      body.append("file", item.file);
      request.open("POST", form.action);
      request.setRequestHeader("X-Upload", "1");
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        item.bar.value = event.loaded / event.total;
        item.text.textContent = event.loaded < event.total ? Math.floor(event.loaded / event.total * 100) + "%" : "正在核对";
      });
      const end = (state, text) => { show(item, state, text); count(); done(); };
      request.addEventListener("load", () => {
        // Too many at a time, or a moment of much work: the file waits and is sent again.
        if (request.status === 429 || (request.status === 503 && item.tries++ < 5)) {
          item.text.textContent = "稍候继续";
          setTimeout(() => send(item).then(done), 1000 * Math.max(1, Number(request.getResponseHeader("Retry-After")) || 1));
          return;
        }
        let outcome = null;
        try { outcome = JSON.parse(request.responseText)[0]; } catch { /* a page that says what went wrong */ }
        if (outcome) end(outcome.state, outcome.message);
        else if (request.status === 401 || request.status === 403) end("waiting", "登录已经失效。请在另一个窗口登录，刷新本页后再上传");
        else end("waiting", "没有保存（" + request.status + "），可以再次上传");
      });
      request.addEventListener("error", () => end("waiting", "网络中断，没有保存；可以再次上传"));
      show(item, "sending", "0%");
      request.send(body);
    });
    async function refresh() {
      try {
        const response = await fetch(location.href, { credentials: "same-origin" });
        if (!response.ok) return;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const now = $("[data-files-list]"), then = $("[data-files-list]", page);
        if (now && then) now.innerHTML = then.innerHTML;
      } catch { /* the list is shown on the next visit */ }
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (running) return;
      if (!kind.value) { tell("请先选择材料类别。"); kind.focus(); return; }
      const waiting = items.filter((it) => it.state === "waiting");
      if (!waiting.length) { tell("请选择要上传的文件，或者把文件拖到这里。"); input.focus(); return; }
      running = true;
      button.disabled = true;
      // Two at a time: one is sent while the other is looked at.
      const next = async () => { for (let item; (item = waiting.shift());) await send(item); };
      await Promise.all([next(), next()]);
      running = false;
      button.disabled = false;
      count();
      say(sum.textContent);
      await refresh();
    });
    input.addEventListener("change", () => { add(input.files); input.value = ""; });
    clear.addEventListener("click", () => { items.slice().forEach(drop); });
    const hasFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
    document.addEventListener("dragover", (event) => { if (hasFiles(event)) { event.preventDefault(); root.classList.add("dropping"); } });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) root.classList.remove("dropping"); });
    document.addEventListener("drop", (event) => {
      root.classList.remove("dropping");
      if (!hasFiles(event)) return;
      event.preventDefault();
      const fold = form.closest("details");
      if (fold) fold.open = true;
      add(event.dataTransfer.files);
      form.scrollIntoView({ block: "nearest" });
    });
    window.addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
  }

  // ── Submitting once ──
  const release = () => $$("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    $$("[data-held]", form).forEach((it) => { it.disabled = false; it.removeAttribute("data-held"); });
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    if (event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (!form.hasAttribute("data-download")) progressStart();
    if (form.method !== "post" || form.hasAttribute("data-download")) return;
    form.dataset.sent = "1";
    // Later, so that the pressed button is still sent with the form.
    setTimeout(() => $$("button:not([type=button]), input[type=submit]", form).filter((it) => !it.disabled).forEach((it) => {
      it.disabled = true;
      it.setAttribute("data-held", "");
    }), 0);
  });
  window.addEventListener("pageshow", () => { release(); progressEnd(); });

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    let it;
    if ((it = at("[data-theme-set]"))) { store.set("theme", it.dataset.themeSet); setTheme(it.dataset.themeSet === "system" ? "" : it.dataset.themeSet); }
    if (at("[data-rail-toggle]")) { const small = !root.classList.contains("rail-small"); store.set("rail", small ? "small" : "full"); setRail(small); }
    if (at("[data-print]")) window.print();
    if ((it = at("[data-insert]"))) {
      const area = $("textarea", it.form);
      area.setRangeText(it.dataset.insert, area.selectionStart, area.selectionEnd, "end");
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if ((it = at("[data-close]"))) it.closest("dialog").close();
    if (event.target.id === "sheet") event.target.close();
    $$("details.menu[open], details.pop[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    it = at("a[href]");
    if (!it || !plain || event.defaultPrevented || it.origin !== location.origin || it.hasAttribute("download") || it.target) return;
    if (it.hasAttribute("data-sheet") && $("#sheet") && $("#sheet").showModal) { event.preventDefault(); openSheet(it); return; }
    if (it.pathname !== location.pathname || it.search !== location.search) progressStart();
  });

  // ── A choice on which the rest of the form depends asks for the form anew ──
  document.addEventListener("change", (event) => {
    const { form, name } = event.target;
    const button = form && $$("[data-refresh-for]", form).find((it) => it.dataset.refreshFor === name);
    if (button && form.requestSubmit) form.requestSubmit(button);
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const field = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key === "/" && !field && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const find = $("[data-find]");
      if (find) { event.preventDefault(); find.focus(); find.select(); }
    }
    if (event.key === "Escape") $$("details.menu[open], details.pop[open]").forEach((it) => { it.open = false; $("summary", it).focus(); });
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) {
      const form = (field && field.form && field.form.matches("[data-submit-hotkey]") && field.form) || $("form[data-submit-hotkey]");
      if (form) { event.preventDefault(); if (form.requestSubmit) form.requestSubmit(); else form.submit(); }
    } else if (field && field.form && field.form.hasAttribute("data-enter-next") && field.matches("input, select")) {
      // Enter moves to the next field; a group of radio buttons is one stop.
      event.preventDefault();
      const stops = Array.from(field.form.elements).filter((it) => !it.disabled && it.type !== "hidden" && it.type !== "fieldset" && it.getClientRects().length && !it.readOnly
        && !(it.type === "radio" && (it.name === field.name || ($$("input[type=radio]:checked", field.form).some((on) => on.name === it.name && on !== it)))));
      const next = stops.find((it) => field.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_FOLLOWING);
      if (next) next.focus();
    }
  });

  // Called for the page, and for each fragment put into the sheet.
  function ready(part) {
    $$("form[data-live]", part).forEach(live);
    $$("[data-selection]", part).forEach(selection);
    $$("form[data-upload]", part).forEach(uploads);
    $$("[data-count]", part).forEach((area) => {
      const out = document.getElementById(area.dataset.count);
      const count = () => { out.textContent = area.value.length + " 字"; };
      if (out) { area.addEventListener("input", count); count(); }
    });
  }
  document.addEventListener("DOMContentLoaded", () => {
    setTheme(store.get("theme") || "");
    setRail(root.classList.contains("rail-small"));
    ready(document);
    const errors = $(".errors");
    if (errors && !errors.closest(".sample")) errors.focus();
  });
})();
