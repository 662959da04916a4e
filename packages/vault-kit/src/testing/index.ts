export { checks, contract } from './contract.ts';
export { createMemoryTokens } from './memory-tokens.ts';
export { tokensContract } from './tokens-contract.ts';
export { type Check, type Process, type Subject, secretOf, type Trial, withTrial } from './trial.ts';
export {
  type Fate,
  fakeVault,
  type RunningVault,
  type VaultAnswer,
  type VaultDialect,
  type VaultFake,
} from './vault-fake.ts';
