// Uses the page as a reader would and writes what came of it into the body's data-said.
(function () {
  var said = {}, byId = document.getElementById.bind(document);
  function fire(at, type, init) {
    var Kind = init && init.key ? KeyboardEvent : Event;
    at.dispatchEvent(new Kind(type, Object.assign({bubbles: true}, init)));
  }
  function rows() {
    return Array.from(document.querySelectorAll(".document:not([hidden]) .facts tbody tr")).filter(function (r) { return !r.hidden; });
  }
  function here() { var m = document.querySelector("mark.here"); return m && m.textContent; }
  said.all = rows().length;
  said.stops = document.querySelectorAll("tbody tr[tabindex='0']").length;
  byId("place").value = "xã Tân Lập"; fire(byId("place"), "change");
  said.place = rows().map(function (r) { return r.cells[0].textContent; });
  said.count = document.querySelector(".document:not([hidden]) .count").textContent;
  byId("clear").click();
  byId("indicator").value = "đạt chuẩn"; fire(byId("indicator"), "change");
  said.indicator = rows().length;
  byId("clear").click();
  byId("find").value = "57.210"; fire(byId("find"), "input");
  said.find = rows().length;
  byId("clear").click();
  rows()[0].click();
  said.click = here();
  said.focus = document.activeElement.tagName;
  said.sentence = CSS.highlights.get("evidence") ? Array.from(CSS.highlights.get("evidence"))[0].toString() : null;
  said.links = byId("links").textContent;
  fire(document.activeElement, "keydown", {key: "Escape"});
  said.back = document.activeElement === rows()[0];
  fire(document.activeElement, "keydown", {key: "ArrowDown"});
  said.second = document.activeElement === rows()[1];
  fire(document.activeElement, "keydown", {key: "Enter"});
  said.enter = here();
  var box = document.querySelector(".key.QUANTITY input"); box.checked = false; fire(box, "change");
  said.off = document.querySelectorAll(".document:not([hidden]) mark.QUANTITY:not(.off)").length;
  document.querySelector(".findings button").click();
  said.finding = here();
  byId("document").value = "1"; fire(byId("document"), "change");
  said.other = document.querySelector(".document:not([hidden]) h2").textContent;
  said.names = Array.from(document.querySelectorAll("select, input, button")).every(function (e) { return e.labels && e.labels.length || e.textContent; });
  document.body.setAttribute("data-said", JSON.stringify(said));
})();
