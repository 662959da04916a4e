// Builds the pages of every program that has some, and the collector, where they are missing or older than their sources.
import { buildCollector, buildPages, programsWithPages } from '../apps/gatehouse/src/built.ts';

for (const program of programsWithPages()) await buildPages(console.log, program);
await buildCollector();
