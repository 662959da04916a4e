// Builds the pages of every program that has some, and the collector, where they are missing or older than their sources.
import { buildCollector, buildPages } from '../apps/gatehouse/src/built.ts';

await buildPages(console.log);
await buildCollector();
