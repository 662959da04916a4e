import { runCommandLine } from './command-line.ts';

await runCommandLine(import.meta.filename, process.argv.slice(2));
