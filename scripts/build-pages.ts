// Builds the pages of every program that has some, where they are missing or older than their sources.
import { buildPages } from '../apps/gatehouse/src/pages.ts';

await buildPages(console.log);
