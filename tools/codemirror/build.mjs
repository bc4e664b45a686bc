// Builds app/web/static/vendor/codemirror.min.js and copies the licence texts of what is inside it.
import { build } from 'esbuild';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '../../app/web/static/vendor');
const about = (name) => JSON.parse(readFileSync(join(here, 'node_modules', name, 'package.json'), 'utf8'));

const result = await build({
  absWorkingDir: here,
  entryPoints: ['bundle.js'],
  outfile: join(target, 'codemirror.min.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2020',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  banner: { js: `/* CodeMirror: view ${about('@codemirror/view').version}; licences in codemirror.LICENSES.txt */` },
});

const packageOf = (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
const [output] = Object.values(result.metafile.outputs);
const inside = Object.entries(output.inputs).filter(([, part]) => part.bytesInOutput > 0).map(([path]) => packageOf(path));
const packages = [...new Set(inside.filter(Boolean))].sort();
const licences = packages.map((name) => {
  const folder = join(here, 'node_modules', name);
  const { version, license } = about(name);
  const file = readdirSync(folder).find((entry) => /^licen[sc]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n${'-'.repeat(72)}\n${text}`;
});
writeFileSync(join(target, 'codemirror.LICENSES.txt'), `${licences.join('\n\n\n')}\n`);
