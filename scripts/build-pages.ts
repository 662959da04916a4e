// Builds the pages of every program that has some, and the collector, where they are missing or older than their sources.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildCollector, buildPages } from '../apps/gatehouse/src/built.ts';

const apps = join(import.meta.dirname, '../apps');
for (const program of readdirSync(apps))
  if (existsSync(join(apps, program, 'web/index.html'))) await buildPages(console.log, program);
await buildCollector();
