// Draws the figures that stand in the page as JSON, with the plotly.js loaded before this module.
// Without this script the page shows a still picture of each, and the table beside it.

const draw = (script) => {
  const host = document.getElementById(script.dataset.host);
  const { data, layout, config } = JSON.parse(script.textContent);
  host.classList.add("chart-drawn");
  host.style.minHeight = `${layout.height}px`;
  return window.Plotly.newPlot(host, data, layout, config);
};

// A figure below the fold is drawn when it comes near, so that a long page answers at once.
const drawWhenNear = (scripts) => {
  const waiting = new Map(scripts.map((script) => [document.getElementById(script.dataset.host), script]));
  const drawOnce = (host) => {
    const script = waiting.get(host);
    if (!script) return;
    waiting.delete(host);
    watcher.unobserve(host);
    draw(script);
  };
  const watcher = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => drawOnce(entry.target)),
    { rootMargin: "600px" },
  );
  for (const host of waiting.keys()) watcher.observe(host);
  window.addEventListener("beforeprint", () => [...waiting.keys()].forEach(drawOnce));
};

drawWhenNear([...document.querySelectorAll("script[data-host]")]);
