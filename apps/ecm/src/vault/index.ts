export { openVault, type VaultSide } from './vault-side.ts';
