import { vaults } from '@gatehouse/vaults';
import { runCommandLine } from './command-line.ts';

await runCommandLine({ vaults, program: import.meta.filename }, process.argv.slice(2));
