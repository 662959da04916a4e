// The collector as it is installed, but for what it reads.
import { runCommandLine } from '../command-line.ts';
import { madeUp } from './made-up.ts';

await runCommandLine({ plugins: [madeUp], program: import.meta.filename }, process.argv.slice(2));
