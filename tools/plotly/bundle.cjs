'use strict';

// What the screens draw with: four trace types and the Chinese words of the mode bar. `scatter` is part of core.
const Plotly = require('plotly.js/lib/core');

Plotly.register([
  require('plotly.js/lib/bar'),
  require('plotly.js/lib/heatmap'),
  require('plotly.js/lib/scatterpolar'),
  require('plotly.js/lib/locales/zh-cn'),
]);

module.exports = Plotly;
