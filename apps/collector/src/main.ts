import { runCommandLine } from './command-line.ts';
import type { Plugin } from './plugin.ts';

/** What this collector can read. */
const plugins: readonly Plugin[] = [];

await runCommandLine({ plugins, program: import.meta.filename }, process.argv.slice(2));
