"use strict";
// Draws figures with data-chart from the option that stands beside them as data. The library comes only where there is
// a figure. Without it, and for everybody who does not see the picture, there is the table.
{
  const library = document.currentScript.dataset.library;
  const texts = () => document.getElementById("interface-texts")?.dataset ?? {};
  const COLOURS = ["#0b4ea2", "#d98500", "#3c8a5a", "#7a5aa6", "#5b6b7c", "#a8563a"];
  const drawn = new Map();
  let loading = null;

  function load() {
    loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = library;
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    });
    return loading;
  }

  // the library writes names of faces into attributes as they are, so they must not have double quotes
  const faces = () => getComputedStyle(document.body).fontFamily.replaceAll('"', "'");
  const listed = (part) => (part === undefined ? [] : Array.isArray(part) ? part : [part]);

  // The figure's own option on top of how all figures look here. Text grows with the size of type of the page.
  function dressed(option, description) {
    const size = Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8125);
    const text = { fontFamily: faces(), fontSize: size, color: "#1c2733" };
    const axis = (given) => ({
      ...given,
      nameTextStyle: { ...text, ...given.nameTextStyle },
      axisLabel: { ...text, hideOverlap: true, ...given.axisLabel },
      axisLine: { lineStyle: { color: "#74808e" }, ...given.axisLine },
      splitLine: { lineStyle: { color: "#dde3ea" }, ...given.splitLine },
    });
    const full = {
      color: COLOURS,
      animation: false,
      backgroundColor: "#fff",
      tooltip: { trigger: "axis" },
      ...option,
      textStyle: { ...text, ...option.textStyle },
      aria: { enabled: true, decal: { show: true }, label: { enabled: true, description } },
    };
    // marks of HTML would bring styles with them, which the policy of the page forbids
    full.tooltip = { ...full.tooltip, renderMode: "richText", confine: true };
    if (option.xAxis) full.xAxis = listed(option.xAxis).map(axis);
    if (option.yAxis) full.yAxis = listed(option.yAxis).map(axis);
    if (option.xAxis) {
      const named = [...listed(option.xAxis), ...listed(option.yAxis)].some((each) => each.name);
      const top = 8 + (option.legend === undefined ? 0 : size * 2.5) + (named ? size * 2 : 8);
      full.grid = { left: 8, right: 16, top, bottom: 8, containLabel: true, ...option.grid };
    }
    full.series = listed(option.series).map((each) => (each.type === "bar" ? { barMaxWidth: 40, ...each } : each));
    if (option.legend !== undefined) full.legend = { top: 4, left: 0, textStyle: text, ...option.legend };
    return full;
  }

  // With a view box the picture can be scaled by the style sheet for paper.
  function measure(chart) {
    chart.getZr().flush();
    chart.getDom().querySelector("svg").setAttribute("viewBox", `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
  }

  async function draw(figure) {
    if (drawn.has(figure)) return;
    drawn.set(figure, null);
    const place = figure.querySelector("[data-chart-picture]");
    const table = figure.querySelector("[data-chart-data]");
    try {
      await load();
      const option = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
      place.hidden = false;
      const chart = echarts.init(place, null, { renderer: "svg" });
      const redraw = () => {
        chart.setOption(dressed(option, figure.dataset.description || figure.dataset.title), true);
        measure(chart);
      };
      redraw();
      place.setAttribute("role", "img");
      drawn.set(figure, { chart, redraw });
      if (table) table.open = false;
      const ways = figure.querySelector("[data-chart-ways]");
      if (ways) {
        ways.hidden = false;
        const { title } = figure.dataset;
        ways.querySelector("[data-chart-save]").addEventListener("click", () => keepPicture(chart, title));
        ways.querySelector("[data-chart-vector]").addEventListener("click", () => keepVectors(chart, title));
      }
      if (typeof ResizeObserver !== "undefined") new ResizeObserver(() => {
        if (matchMedia("print").matches) return;
        chart.resize();
        measure(chart);
      }).observe(place);
    } catch {
      place.hidden = true;
      const words = figure.querySelector("[data-chart-failed]");
      if (words) {
        words.textContent = texts().chartFailed ?? "";
        words.hidden = false;
      }
    }
  }

  const HEAD = 40;
  const INK = "#1c2733";

  // The picture as it is drawn, without what the pointer brings.
  function atRest(chart) {
    chart.dispatchAction({ type: "hideTip" });
    chart.dispatchAction({ type: "updateAxisPointer", currTrigger: "leave" });
    chart.getZr().flush();
    return chart.getDataURL({ type: "svg" });
  }

  function keepFile(content, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // The same picture as vectors, which stay sharp in print. Put together as text: parts of a document would be styled
  // by attributes, which the policy of the page forbids.
  function keepVectors(chart, title) {
    const [width, height] = [chart.getWidth(), chart.getHeight()];
    const address = atRest(chart);
    const drawing = decodeURIComponent(address.slice(address.indexOf(",") + 1)).replace(/^<\?xml[^>]*>\s*/, "");
    const marks = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
    const words = title.replace(/[&<>"]/g, (each) => marks[each]);
    const whole = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + HEAD}" viewBox="0 0 ${width} ${height + HEAD}">`
      + `<title>${words}</title><rect width="100%" height="100%" fill="#fff"/>`
      + `<text x="${width / 2}" y="26" text-anchor="middle" font-size="16" font-weight="bold" fill="${INK}" font-family="${faces()}">${words}</text>`
      + `<g transform="translate(0 ${HEAD})">${drawing}</g></svg>`;
    keepFile(new Blob([whole], { type: "image/svg+xml" }), `${title}.svg`);
  }

  // A PNG of twice the size with the title above, to be put into a document.
  function keepPicture(chart, title) {
    const [width, height, scale] = [chart.getWidth(), chart.getHeight(), 2];
    const picture = new Image();
    picture.addEventListener("load", () => {
      const canvas = document.createElement("canvas");
      canvas.width = width * scale;
      canvas.height = (height + HEAD) * scale;
      const pen = canvas.getContext("2d");
      pen.scale(scale, scale);
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, width, height + HEAD);
      pen.fillStyle = INK;
      pen.font = `bold 16px ${faces()}`;
      pen.textAlign = "center";
      pen.fillText(title, width / 2, 26, width - 16);
      pen.drawImage(picture, 0, HEAD, width, height);
      canvas.toBlob((content) => keepFile(content, `${title}.png`));
    });
    picture.src = atRest(chart);
  }

  const drawAll = () => document.querySelectorAll("figure[data-chart]").forEach(draw);

  // On paper the tables are open.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("[data-chart-data]:not([open])")];
    for (const table of opened) table.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const table of opened) table.open = false;
  });
  window.addEventListener("resize", () => { for (const each of drawn.values()) each?.redraw(); });

  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:after:swap", drawAll);
}
