export { startVault, type VaultOptions, type VaultProgram } from './start.ts';
