// `node apps/collector/bundle.ts --out dist/collector [--version 0.2.0]`: the program as one file for Node 24, alone in a
// folder. The server makes and signs the manifest of such a folder (`--collector-release`).
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const { values } = parseArgs({ options: { out: { type: 'string' }, version: { type: 'string' } } });
const about: { readonly version: string } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));
const version = values.version ?? about.version;
if (!/^\d{1,5}\.\d{1,5}\.\d{1,5}$/.test(version)) throw new Error('--version: three numbers, such as 0.2.0.');
const out = resolve(values.out ?? join(import.meta.dirname, 'dist'));
const name = 'collector.mjs';

await build({
  root: import.meta.dirname,
  configFile: false,
  logLevel: 'warn',
  plugins: [
    {
      // The version is what it is bundled as.
      name: 'version',
      enforce: 'pre',
      load: (id) => (/[\\/]apps[\\/]collector[\\/]package\.json/.test(id) ? JSON.stringify({ version }) : null),
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

const { size } = statSync(join(out, name));
process.stdout.write(`${join(out, name)}: ${Math.round(size / 1_000)} kB, version ${version}\n`);
