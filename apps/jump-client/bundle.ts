// `node apps/jump-client/bundle.ts --out dist/jump-client [--version 0.2.0]`: the program as one file for Node 24, with the
// terminals of the systems that are here beside it. The site makes and signs the manifest of such a folder.
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const { values } = parseArgs({ options: { out: { type: 'string' }, version: { type: 'string' } } });
const about: { readonly version: string } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));
const version = values.version ?? about.version;
if (!/^\d{1,5}\.\d{1,5}\.\d{1,5}$/.test(version)) throw new Error('--version: three numbers, such as 0.2.0.');
const out = resolve(values.out ?? join(import.meta.dirname, 'dist'));
const name = 'jump-client.mjs';

/** In the bundle the library finds its binaries beside the program, by the names that are given to them below. */
const requireBinary = `
import { createRequire } from 'node:module';
const own = createRequire(import.meta.url);
export const requireBinary = (file) => own('./' + ['terminal', process.platform, process.arch, file].join('-'));
`;

await build({
  root: import.meta.dirname,
  configFile: false,
  logLevel: 'warn',
  plugins: [
    {
      // The version is what it is bundled as.
      name: 'version',
      enforce: 'pre',
      load: (id) => (/[\\/]apps[\\/]jump-client[\\/]package\.json/.test(id) ? JSON.stringify({ version }) : null),
    },
    {
      name: 'terminals',
      enforce: 'pre',
      load: (id) => (/node-pty[\\/]requireBinary\.js/.test(id) ? requireBinary : null),
    },
  ],
  // CommonJS among what is bundled asks where it is.
  define: { __dirname: 'import.meta.dirname' },
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: 'src/main.ts',
    outDir: out,
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      // What the SSH client may do without, and is not there where nothing was compiled.
      external: ['cpu-features', /\.node$/],
      output: { entryFileNames: name, codeSplitting: false },
    },
  },
});

const libraries = join(import.meta.dirname, '../../node_modules/@lydell');
for (const folder of existsSync(libraries) ? readdirSync(libraries) : []) {
  const system = /^node-pty-(.+)$/.exec(folder)?.[1];
  if (system === undefined) continue;
  for (const file of readdirSync(join(libraries, folder)))
    if (file.endsWith('.node')) copyFileSync(join(libraries, folder, file), join(out, `terminal-${system}-${file}`));
}

const { size } = statSync(join(out, name));
process.stdout.write(`${join(out, name)}: ${Math.round(size / 1_000)} kB, version ${version}\n`);
