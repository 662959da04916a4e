// The ECM as it is installed, but for the vault that it knows.
import { runCommandLine } from '../command-line.ts';
import { memoryVault } from './fake-vault.ts';

await runCommandLine({ vaults: [memoryVault], program: import.meta.filename }, process.argv.slice(2));
