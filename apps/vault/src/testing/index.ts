export { sweepCheckouts } from '../checkouts/index.ts';
export { setImpersonation } from '../delegation/index.ts';
export { type Sample, sampleVault } from './sample.ts';
export { identityPassword } from './test-vault.ts';
