import type { Subject } from '@gatehouse/vault-kit/testing';
import { type FakeState, fakePasswordSafe, smallState } from '../fake.ts';
import { passwordSafe } from '../password-safe.ts';

/** The plugin before a fake, signing in with a key unless told otherwise. */
export const subjectWith = (
  settings: Readonly<Record<string, unknown>> = {},
  state: FakeState = smallState(),
): Subject & { readonly state: FakeState } => ({
  state,
  vault: passwordSafe,
  fake: () => fakePasswordSafe(state),
  settings: (url) => ({
    url,
    signIn: { method: 'api-key', apiKey: state.apiKey, runAs: 'CORP\\gatehouse', password: state.password ?? '' },
    ...settings,
  }),
  secrets: [state.apiKey, state.password ?? ''].filter((text) => text !== ''),
  person: 'CORP\\ann',
  endpoint: { hostname: 'web1', address: '10.0.0.7', domain: null, protocol: 'ssh' },
});
