(function () {
  "use strict";
  var byId = document.getElementById.bind(document);
  var picker = byId("document"), indicator = byId("indicator"), place = byId("place"), find = byId("find");
  var box = byId("links");
  var sections = Array.from(document.querySelectorAll(".document"));
  var shown = null, rows = [], links = new Map(), from = null;

  function clear() {
    document.querySelectorAll("mark.head, mark.tail").forEach(function (m) { m.classList.remove("head", "tail"); });
    box.textContent = "";
  }
  function parts(id) { return Array.from(shown.querySelectorAll('mark[data-id="' + CSS.escape(id) + '"]')); }
  function words(id) { return parts(id).map(function (m) { return m.textContent.trim(); }).join(" "); }
  function relate(id) {
    clear();
    (links.get(id) || []).forEach(function (link) {
      parts(link[1]).forEach(function (m) { m.classList.add("head"); });
      parts(link[2]).forEach(function (m) { m.classList.add("tail"); });
      var line = document.createElement("div"), kind = document.createElement("b");
      kind.textContent = " " + link[0] + " ";
      line.append(words(link[1]), kind, words(link[2]));
      box.append(line);
    });
  }

  function options(select, values) {
    var counts = new Map();
    values.forEach(function (value) { if (value) { counts.set(value, (counts.get(value) || 0) + 1); } });
    var sorted = Array.from(counts).sort(function (a, b) { return b[1] - a[1] || a[0].localeCompare(b[0], "vi"); });
    select.length = 1;
    sorted.forEach(function (pair) { select.add(new Option(pair[0] + " (" + pair[1] + ")", pair[0])); });
  }
  function placesOf(row) { return row.dataset.places ? row.dataset.places.split("\n") : []; }

  function show(at) {
    sections.forEach(function (section) { section.hidden = section.dataset.at !== at; });
    shown = sections.find(function (section) { return section.dataset.at === at; });
    clear();
    links = new Map();
    if (!shown) { return; }
    rows = Array.from(shown.querySelectorAll(".facts tbody tr"));
    JSON.parse(shown.querySelector(".relations").textContent).forEach(function (link) {
      [link[1], link[2]].forEach(function (id) { links.set(id, (links.get(id) || []).concat([link])); });
    });
    options(indicator, rows.map(function (row) { return row.dataset.indicator; }));
    options(place, rows.flatMap(placesOf));
    labels();
    filter();
  }

  function labels() {
    document.querySelectorAll(".key input").forEach(function (key) {
      shown.querySelectorAll("mark." + key.value).forEach(function (m) { m.classList.toggle("off", !key.checked); });
    });
  }
  function filter() {
    var text = find.value.trim().toLowerCase(), count = 0, first = null;
    rows.forEach(function (row) {
      var fits = (!indicator.value || row.dataset.indicator === indicator.value) &&
        (!place.value || placesOf(row).indexOf(place.value) >= 0) &&
        (!text || row.textContent.toLowerCase().indexOf(text) >= 0);
      row.hidden = !fits;
      row.tabIndex = -1;
      count += fits ? 1 : 0;
      first = first || (fits ? row : null);
    });
    if (first) { first.tabIndex = 0; }
    shown.querySelector(".count").textContent = count + " of " + rows.length;
  }

  function range(start, end) {
    var walker = document.createTreeWalker(shown.querySelector(".report"), NodeFilter.SHOW_TEXT);
    var found = new Range(), at = 0, open = false, node;
    while ((node = walker.nextNode())) {
      var next = at + node.length;
      if (!open && start < next) { found.setStart(node, start - at); open = true; }
      if (open && end <= next) { found.setEnd(node, end - at); return found; }
      at = next;
    }
    return null;
  }
  function goto(source) {
    var mark = byId(source.dataset.goto);
    document.querySelectorAll("[aria-current], mark.here").forEach(function (old) {
      old.removeAttribute("aria-current");
      old.classList.remove("here");
    });
    source.setAttribute("aria-current", "true");
    if (window.Highlight && CSS.highlights) {
      var sentence = range(Number(source.dataset.from), Number(source.dataset.to));
      if (sentence) { CSS.highlights.set("evidence", new Highlight(sentence)); }
    }
    if (!mark) { return; }
    from = source;
    mark.classList.add("here");
    mark.scrollIntoView({ block: "center" });
    mark.focus({ preventScroll: true });
    relate(mark.dataset.id);
  }
  function step(row, by) {
    var visible = rows.filter(function (each) { return !each.hidden; });
    var next = visible[visible.indexOf(row) + by];
    if (next) { row.tabIndex = -1; next.tabIndex = 0; next.focus(); }
  }

  document.addEventListener("click", function (event) {
    var source = event.target.closest("[data-goto]"), mark = event.target.closest("mark");
    if (source) { goto(source); } else if (mark) { relate(mark.dataset.id); } else { clear(); }
  });
  document.addEventListener("mouseover", function (event) {
    var mark = event.target.closest && event.target.closest("mark");
    if (mark) { relate(mark.dataset.id); }
  });
  document.addEventListener("mouseout", function (event) {
    if (event.target.closest && event.target.closest("mark")) { clear(); }
  });
  document.addEventListener("keydown", function (event) {
    var row = event.target.closest(".facts tbody tr"), mark = event.target.closest("mark");
    if (row && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); goto(row); }
    if (row && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      step(row, event.key === "ArrowDown" ? 1 : -1);
    }
    if (mark && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      var marks = Array.from(shown.querySelectorAll("mark:not(.off)"));
      var next = marks[marks.indexOf(mark) + (event.key === "ArrowRight" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); relate(next.dataset.id); }
    }
    if (event.key === "Escape" && from) { clear(); from.focus(); }
  });
  document.querySelector(".keys").addEventListener("change", labels);
  picker.addEventListener("change", function () { show(picker.value); });
  [indicator, place].forEach(function (select) { select.addEventListener("change", filter); });
  find.addEventListener("input", filter);
  byId("clear").addEventListener("click", function () { indicator.value = place.value = find.value = ""; filter(); });
  if (sections.length) { show("0"); }
  if (location.hash) {
    var wanted = document.querySelector('[data-goto="' + CSS.escape(location.hash.slice(1)) + '"]');
    if (wanted) { show(wanted.closest(".document").dataset.at); goto(wanted); }
  }
})();
