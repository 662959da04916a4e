// `npm run gen`: writes every generated file.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './checks/tree.ts';
import { deskRegistry, registry, vaultRegistry } from './generate/registry.ts';

const write = ({ path, text }: { path: string; text: string }) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(path);
};

// The registries first: the other generators read connectors, vaults and desks through them.
write(registry());
write(vaultRegistry());
write(deskRegistry());
const { outputs } = await import('./generate/all.ts');
for (const output of await outputs()) write(output);
