// `node apps/collector/bundle.ts --out dist/collector [--version 0.2.0]`: the program as one file for Node 24, and the
// manifest of it (`manifest.json`, not signed: whoever holds the release key signs its very characters).
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: 'src/main.ts',
    outDir: out,
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: { output: { entryFileNames: name, codeSplitting: false } },
  },
});

const bytes = readFileSync(join(out, name));
const sha256 = createHash('sha256').update(bytes).digest('hex');
const manifest = { version, files: [{ name, bytes: bytes.byteLength, sha256 }] };
rmSync(join(out, 'manifest.json'), { force: true });
writeFileSync(join(out, 'manifest.json'), JSON.stringify(manifest));
process.stdout.write(`${join(out, name)}: ${Math.round(bytes.byteLength / 1_000)} kB, version ${version}\n`);
