// Builds app/web/static/vendor/plotly.min.js and copies the licence texts of what is inside it.
import { build } from 'esbuild';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '../../app/web/static/vendor');
const { version } = JSON.parse(readFileSync(join(here, 'node_modules/plotly.js/package.json'), 'utf8'));

const result = await build({
  absWorkingDir: here,
  entryPoints: ['bundle.cjs'],
  outfile: join(target, 'plotly.min.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  globalName: 'Plotly',
  target: 'es2019',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  loader: { '.css': 'empty' }, // styles of maps, which are not in the bundle
  define: { global: 'window', 'define.amd': 'false' },
  banner: { js: `/* plotly.js ${version}: scatter, bar, heatmap, scatterpolar; licences in plotly.LICENSES.txt */` },
});

const packageOf = (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
const [output] = Object.values(result.metafile.outputs);
const inside = Object.entries(output.inputs).filter(([, part]) => part.bytesInOutput > 0).map(([path]) => packageOf(path));
const packages = [...new Set(inside.filter(Boolean))].sort();
const licences = packages.map((name) => {
  const folder = join(here, 'node_modules', name);
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[sc]e/i.test(entry));
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${about.license}`;
  return `${name} ${about.version} (${about.license})\n${'-'.repeat(72)}\n${text}`;
});
writeFileSync(join(target, 'plotly.LICENSES.txt'), `${licences.join('\n\n\n')}\n`);
