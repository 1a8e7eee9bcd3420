// The chart of every run and the replay of a download, drawn from the JSON in the page.
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const SPACE = "http://www.w3.org/2000/svg";
  const find = (id) => document.getElementById(id);

  // ---- What both need ----------------------------------------------------------------------

  function make(name, attributes, parent, text) {
    const element = document.createElementNS(SPACE, name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    if (parent) parent.appendChild(element);
    return element;
  }

  function html(name, parent, text) {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    parent.appendChild(element);
    return element;
  }

  // Three significant digits and no exponent: 0.0123, 4.56, 1234.
  function number(value) {
    if (value === null || value === undefined) return "–";
    return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  }

  function time(ms) {
    return ms < 1000 ? number(ms) + " ms" : (ms / 1000).toFixed(2) + " s";
  }

  // Round steps of an axis from 0 to at least `high`, about `count` of them.
  function steps(high, count) {
    const rough = high / count, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough) * power;
    const found = [];
    for (let at = 0; at <= high * 1.0001; at += step) found.push(Number(at.toPrecision(12)));
    return found;
  }

  function fill(select, values, chosen) {
    select.replaceChildren();
    for (const value of values) html("option", select, value).value = value;
    if (values.includes(chosen)) select.value = chosen;
  }

  function table(place, caption, headings, rows) {
    place.replaceChildren();
    const whole = html("table", place);
    html("caption", whole, caption);
    const head = html("tr", html("thead", whole)), body = html("tbody", whole);
    for (const word of headings) html("th", head, word).scope = "col";
    for (const row of rows) {
      const line = html("tr", body);
      row.forEach((word, at) => {
        const cell = html(at ? "td" : "th", line, word);
        if (!at) cell.scope = "row";
      });
    }
  }

  // An empty drawing with axes. x and y turn values into places; labels stand at the ticks.
  function sheet(place, title, size, axes) {
    const width = Math.max(260, place.clientWidth || 640), height = size;
    const left = 52, right = width - 12, top = 22, bottom = height - 42;
    place.replaceChildren();
    const svg = make("svg", {width, height, viewBox: `0 0 ${width} ${height}`,
                             "aria-label": title, role: "group"}, place);
    const x = (value) => left + (right - left) * value / axes.xHigh;
    const y = (value) => bottom - (bottom - top) * value / axes.yHigh;
    let last = -100;
    for (const tick of axes.xTicks) {
      make("line", {x1: x(tick), x2: x(tick), y1: bottom, y2: bottom + 5, stroke: "#595959"}, svg);
      if (x(tick) - last < 24) continue;
      last = x(tick);
      make("text", {x: last, y: bottom + 19, "text-anchor": "middle"}, svg, number(tick));
    }
    for (const tick of axes.yTicks) {
      make("line", {x1: left, x2: right, y1: y(tick), y2: y(tick), stroke: "#e2e2e2"}, svg);
      make("text", {x: left - 7, y: y(tick) + 4, "text-anchor": "end"}, svg, number(tick));
    }
    make("line", {x1: left, x2: right, y1: bottom, y2: bottom, stroke: "#595959"}, svg);
    make("text", {x: (left + right) / 2, y: height - 6, "text-anchor": "middle"}, svg, axes.xLabel);
    make("text", {x: 4, y: 12}, svg, axes.yLabel);
    return {svg, x, y, left, right, top, bottom};
  }

  function colour(at) {
    return data.palette[at % data.palette.length];
  }

  // ---- The chart ---------------------------------------------------------------------------

  const SHAPES = [
    (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`,
    (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
    (x, y, r) => `M${x} ${y - r * 1.2}l${r * 1.2} ${r * 2.1}h${-2.4 * r}z`,
    (x, y, r) => `M${x} ${y - r * 1.4}l${r * 1.4} ${r * 1.4}l${-r * 1.4} ${r * 1.4}` +
      `l${-r * 1.4} ${-r * 1.4}z`,
    (x, y, r) => `M${x} ${y + r * 1.2}l${-r * 1.2} ${-r * 2.1}h${2.4 * r}z`,
  ];
  const chart = {subject: null, points: [], current: 0};

  function shape(at, x, y, size) {
    return SHAPES[at % SHAPES.length](x, y, size);
  }

  function words(subject, curve, point) {
    const [id, connections, goodput, cause, block] = point;
    return `Run ${id}: ${curve.label}, N = ${connections}, ${number(goodput)} ${subject.unit}, ` +
      `limited by: ${cause || "not recorded"}, block ${block}`;
  }

  function choose(at, focus) {
    chart.points.forEach((one, index) => {
      one.classList.toggle("chosen", index === at);
      one.setAttribute("tabindex", index === at ? "0" : "-1");
    });
    chart.current = at;
    if (focus) chart.points[at].focus();
    find("chart-run").textContent = chart.points[at].getAttribute("aria-label") + ".";
  }

  function walk(event) {
    const end = chart.points.length - 1;
    const to = {ArrowRight: chart.current + 1, ArrowUp: chart.current + 1, Home: 0, End: end,
                ArrowLeft: chart.current - 1, ArrowDown: chart.current - 1}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.min(Math.max(to, 0), end), true);
  }

  function drawTheory(on, subject) {
    if (subject.model.length) {
      const points = subject.model.map(([n, value]) => `${on.x(n)},${on.y(value)}`).join(" ");
      make("polyline", {points, fill: "none", stroke: "#666", "stroke-opacity": ".45",
                        "stroke-width": 4}, on.svg);
    }
    if (subject.capacity === null) return;
    const y = on.y(subject.capacity);
    make("line", {x1: on.left, x2: on.right, y1: y, y2: y, stroke: "#000",
                  "stroke-dasharray": "2 4"}, on.svg);
  }

  function drawMeans(on, curve, at, shift) {
    const place = ([n, mean]) => `${on.x(n) + shift},${on.y(mean)}`;
    make("polyline", {points: curve.means.map(place).join(" "), fill: "none", stroke: colour(at),
                      "stroke-width": 1.6, "stroke-dasharray": at ? `${3 + 2 * at} 3` : "none"},
         on.svg);
    for (const [n, mean, low, high] of curve.means) {
      const x = on.x(n) + shift;
      if (low !== null) {
        make("path", {d: `M${x - 4} ${on.y(low)}h8m-4 0V${on.y(high)}m-4 0h8`, fill: "none",
                      stroke: colour(at), "stroke-width": 1.6}, on.svg);
      }
      make("path", {d: shape(at, x, on.y(mean), 5), fill: colour(at), stroke: "#fff"}, on.svg);
    }
  }

  function drawPoints(on, subject) {
    chart.points = [];
    const count = subject.curves.length;
    subject.curves.forEach((curve, at) => {
      const shift = 9 * (at - (count - 1) / 2);
      drawMeans(on, curve, at, shift);
      for (const point of curve.points) {
        const x = on.x(point[1]) + shift + 6, y = on.y(point[2]);
        const mark = make("path", {
          d: shape(at, x, y, 4), fill: colour(at), "fill-opacity": ".45", class: "point",
          role: "img", tabindex: "-1", "data-run": point[0],
          "aria-label": words(subject, curve, point)}, on.svg);
        chart.points.push(mark);
      }
    });
    chart.points.forEach((mark, at) => {
      mark.addEventListener("mouseenter", () => choose(at, false));
      mark.addEventListener("focus", () => { if (chart.current !== at || !chosen()) choose(at); });
      mark.addEventListener("keydown", walk);
    });
    chart.current = 0;
    if (chart.points.length) chart.points[0].setAttribute("tabindex", "0");
  }

  function chosen() {
    return chart.points.some((one) => one.classList.contains("chosen"));
  }

  function drawLegend(subject) {
    const list = find("chart-legend");
    list.replaceChildren();
    const entry = (text, attributes) => {
      const item = html("li", list);
      const svg = make("svg", {width: 26, height: 14, "aria-hidden": "true"}, item);
      make("path", attributes, svg);
      item.append(" " + text);
    };
    subject.curves.forEach((curve, at) => entry(curve.label, {d: shape(at, 13, 7, 5),
                                                              fill: colour(at)}));
    if (subject.model.length) {
      entry("theory, steady state: " + subject.formula,
            {d: "M0 7h26", stroke: "#666", "stroke-opacity": ".45", "stroke-width": 4});
    }
    if (subject.capacity !== null) {
      entry(`the link's capacity for payload, ${number(subject.capacity)} ${subject.unit}`,
            {d: "M0 7h26", stroke: "#000", "stroke-dasharray": "2 4"});
    }
  }

  // Draws the chart anew; the run of the id `kept` stays chosen.
  function drawChart(kept) {
    const subject = chart.subject;
    const all = subject.curves.flatMap((curve) => curve.points);
    const values = all.map((point) => point[2]).concat(
      subject.capacity === null ? [] : [subject.capacity],
      subject.curves.flatMap((curve) => curve.means.map((mean) => mean[3] || 0)));
    const numbers = [...new Set(all.map((point) => point[1]))].sort((a, b) => a - b);
    const yHigh = Math.max(...values) * 1.06, xHigh = Math.max(...numbers) * 1.06;
    const title = `Goodput against connections, ${subject.link}, ${subject.algorithm}`;
    const on = sheet(find("chart"), title, 340, {
      xHigh, yHigh, xTicks: numbers, yTicks: steps(yHigh, 6),
      xLabel: "connections at once, N", yLabel: `goodput, ${subject.unit}`});
    drawTheory(on, subject);
    drawPoints(on, subject);
    drawLegend(subject);
    const refused = subject.certificate && subject.certificate !== "certified";
    find("chart-about").textContent = subject.about +
      (subject.certificate ? `; ${subject.certificate}.` : ".") +
      (refused ? " No conclusions are drawn from it." : "") +
      " Pale: runs. Joined: bytes over mean time, with the 95 % interval from 5 runs on.";
    find("chart-run").textContent = "No run chosen.";
    const again = chart.points.findIndex((one) => one.getAttribute("data-run") === kept);
    if (again >= 0) choose(again, false);
    table(find("chart-table"), title, ["run", "curve", "N", `goodput, ${subject.unit}`,
                                       "limited by", "block"],
          subject.curves.flatMap((curve) => curve.points.map(([id, n, goodput, cause, block]) =>
            [id, curve.label, n, number(goodput), cause || "not recorded", block])));
  }

  function startChart() {
    const names = ["experiment", "link", "algorithm"];
    const selects = names.map((name) => find("chart-" + name));
    const update = () => {
      let rest = data.subjects;
      names.forEach((name, at) => {
        const values = [...new Set(rest.map((one) => one[name]))];
        fill(selects[at], values, selects[at].value);
        rest = rest.filter((one) => one[name] === selects[at].value);
      });
      chart.subject = rest[0];
      drawChart();
    };
    const first = data.subjects.find((one) => one.judged &&
      one.link !== "loopback") || data.subjects[0];
    let rest = data.subjects;
    names.forEach((name, at) => {
      fill(selects[at], [...new Set(rest.map((one) => one[name]))], first[name]);
      rest = rest.filter((one) => one[name] === first[name]);
    });
    for (const select of selects) select.addEventListener("change", update);
    update();
  }

  // ---- The replay --------------------------------------------------------------------------

  const PLAY_MS = 8000;  // a replay takes so long, whatever the download took
  const replay = {run: null, ms: 0, rects: [], cover: null, cursor: null, frame: 0, from: 0};

  // How many bytes a connection has at `ms`, in a straight line between the recorded moments.
  function bytesAt(lane, ms) {
    const {t, b} = lane;
    let low = 0, high = t.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (t[middle] <= ms) low = middle + 1; else high = middle;
    }
    if (low === 0) return 0;
    if (low === t.length) return b[low - 1];
    const share = (ms - t[low - 1]) / (t[low] - t[low - 1]);
    return b[low - 1] + share * (b[low] - b[low - 1]);
  }

  function drawBar() {
    const place = find("replay-bar"), run = replay.run;
    const width = Math.max(260, place.clientWidth || 640);
    place.replaceChildren();
    const svg = make("svg", {width, height: 64, viewBox: `0 0 ${width} 64`, role: "img",
                             "aria-label": "The file"}, place);
    const scale = (width - 2) / run.bytes;
    make("rect", {x: .5, y: .5, width: width - 1, height: 43, fill: "#f2f2f2", stroke: "#595959"},
         svg);
    replay.rects = run.lanes.map((lane, at) => lane.chunks.map(([offset, bytes]) => {
      const rect = make("rect", {x: 1 + offset * scale, y: 1, width: 0, height: 42,
                                 fill: colour(at)}, svg);
      make("title", {}, rect, `connection ${lane.connection}`);
      return {rect, bytes, scale};
    }));
    make("text", {x: 0, y: 60}, svg, "first byte");
    make("text", {x: width, y: 60, "text-anchor": "end"}, svg, size(run.bytes));
  }

  function size(bytes) {
    return bytes >= 1e6 ? number(bytes / 1e6) + " MB" : number(bytes / 1e3) + " kB";
  }

  function drawWindows() {
    const run = replay.run, place = find("replay-windows");
    const high = Math.max(0, ...run.lanes.map((lane) => Math.max(0, ...lane.cw)));
    if (!high) {
      replay.cover = replay.cursor = null;
      place.textContent = "No congestion windows were sampled in this run.";
      return;
    }
    const [unit, factor] = run.ms < 1000 ? ["ms", 1] : ["s", 1000];
    const on = sheet(place, "Congestion windows", 260, {
      xHigh: run.ms / factor, yHigh: high * 1.06, xTicks: steps(run.ms / factor, 6),
      yTicks: steps(high * 1.06, 4), xLabel: `time since the first connect, ${unit}`,
      yLabel: "congestion window, segments"});
    const cover = make("clipPath", {id: "replay-past"}, make("defs", {}, on.svg));
    replay.cover = make("rect", {x: on.left, y: 0, width: 0, height: 260}, cover);
    for (const past of [false, true]) {
      const group = make("g", past ? {"clip-path": "url(#replay-past)"} : {"stroke-opacity": ".18"},
                         on.svg);
      run.lanes.forEach((lane, at) => {
        const points = lane.ct.map((t, k) => `${on.x(t / factor)},${on.y(lane.cw[k])}`).join(" ");
        make("polyline", {points, fill: "none", stroke: colour(at), "stroke-width": 1.4}, group);
      });
    }
    replay.cursor = make("line", {y1: on.top, y2: on.bottom, stroke: "#000"}, on.svg);
    replay.x = (ms) => on.x(ms / factor);
  }

  function drawTable() {
    const run = replay.run;
    table(find("replay-table"), run.label, ["connection", "chunks", "bytes", "last byte at"],
          run.lanes.map((lane) => [lane.connection, lane.chunks.length,
                                   size(lane.b[lane.b.length - 1]),
                                   time(lane.t[lane.t.length - 1])]));
  }

  function show(ms) {
    const run = replay.run;
    let total = 0, busy = 0;
    run.lanes.forEach((lane, at) => {
      let left = bytesAt(lane, ms);
      total += left;
      busy += left > 0 && left < lane.b[lane.b.length - 1];
      for (const {rect, bytes, scale} of replay.rects[at]) {
        const here = Math.min(Math.max(left, 0), bytes);
        rect.setAttribute("width", here * scale);
        left -= here;
      }
    });
    total = Math.min(total, run.bytes);
    replay.ms = ms;
    const text = `${time(ms)}: ${(100 * total / run.bytes).toFixed(0)} % of ${size(run.bytes)}, ` +
      `${busy} of ${run.lanes.length} connections receiving, ` +
      `${number(ms > 0 ? total * 8e-3 / ms * run.factor : 0)} ${run.unit} so far`;
    find("replay-now").textContent = text;
    const slider = find("replay-time");
    slider.value = Math.round(1000 * ms / run.ms);
    slider.setAttribute("aria-valuetext", text);
    if (!replay.cursor) return;
    const x = replay.x(ms);
    replay.cover.setAttribute("width", Math.max(0, x - replay.x(0)));
    replay.cursor.setAttribute("x1", x);
    replay.cursor.setAttribute("x2", x);
  }

  function pause() {
    cancelAnimationFrame(replay.frame);
    replay.frame = 0;
    find("replay-play").textContent = "Play";
  }

  function step(now) {
    const ms = Math.min(replay.run.ms, (now - replay.from) / PLAY_MS * replay.run.ms);
    show(Math.max(0, ms));
    if (ms < replay.run.ms) replay.frame = requestAnimationFrame(step); else pause();
  }

  function play() {
    if (replay.frame) return pause();
    if (replay.ms >= replay.run.ms) replay.ms = 0;
    replay.from = performance.now() - replay.ms / replay.run.ms * PLAY_MS;
    find("replay-play").textContent = "Pause";
    replay.frame = requestAnimationFrame(step);
  }

  function drawReplay(ms) {
    drawBar();
    drawWindows();
    drawTable();
    show(ms);
  }

  function startReplay() {
    const select = find("replay-run");
    data.replays.forEach((run, at) => { html("option", select, run.label).value = at; });
    const best = data.replays.findIndex((run) => run.lanes.length > 1);
    select.value = Math.max(0, best);
    const update = () => {
      pause();
      replay.run = data.replays[select.value];
      drawReplay(replay.run.ms / 2);
    };
    select.addEventListener("change", update);
    find("replay-play").addEventListener("click", play);
    find("replay-time").addEventListener("input", (event) => {
      pause();
      show(replay.run.ms * event.target.value / 1000);
    });
    update();
  }

  // ---- The page ----------------------------------------------------------------------------

  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    const one = chart.points.find((point) => point.classList.contains("chosen"));
    if (data.subjects.length) drawChart(one && one.getAttribute("data-run"));
    if (data.replays.length) drawReplay(replay.ms);
  });
  window.addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  if (data.subjects.length) startChart();
  if (data.replays.length) startReplay();
})();
