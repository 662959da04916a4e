import { inspect } from 'node:util';
import { Fault, type Secret } from '@gatehouse/kernel';
import { createSessionKey, endpointProtocols, sealCredential } from '@gatehouse/remote-access/ecm';
import { type Credential, protocols } from '@gatehouse/vault-kit';
import { expect, test } from 'vitest';
import { ownFault, toHanded } from './foreign.ts';

/** As a bundle has them: other classes that look the same. */
class ForeignSecret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal() {
    return this.#value;
  }
  toString() {
    return '[secret]';
  }
  toJSON() {
    return '[secret]';
  }
}
class ForeignFault extends Error {
  override readonly name = 'Fault';
  readonly kind: string;
  readonly advice: string;
  constructor(kind: string, advice: string) {
    super(advice);
    this.kind = kind;
    this.advice = advice;
  }
}

test('a Fault of a plugin that has classes of its own keeps its kind; what is none tells nothing', () => {
  expect(ownFault(new ForeignFault('forbidden', 'Not this.'))).toMatchObject({
    kind: 'forbidden',
    advice: 'Not this.',
  });
  const mine = new Fault('throttled', 'Later.');
  expect(ownFault(mine)).toBe(mine);
  for (const strange of [new ForeignFault('constructor', 'x'), new TypeError('with a secret'), null, 'text'])
    expect(ownFault(strange)).toMatchObject({ kind: 'unexpected', advice: expect.not.stringContaining('secret') });
});

test('a credential with Secrets of another class is sealed whole', () => {
  const foreign = (value: string) => new ForeignSecret(value) as unknown as Secret;
  const session = createSessionKey();
  const context = { lease: 'l', credential: 'c', correlation: 'k' };
  const through = (credential: Credential) =>
    session.open(sealCredential(toHanded(credential), session.publicKey, context), context);
  const opened = through({ kind: 'password', username: 'u', domain: 'NS', password: foreign('open sesame') });
  expect(opened).toMatchObject({ kind: 'password', username: 'u', domain: 'NS' });
  expect(opened.kind === 'password' && opened.password.reveal()).toBe('open sesame');
  const key = through({ kind: 'ssh-key', username: 'u', privateKey: foreign('k'), passphrase: foreign('p') });
  expect(key.kind === 'ssh-key' && [key.privateKey.reveal(), key.passphrase?.reveal()]).toEqual(['k', 'p']);
  const signed = through({ kind: 'ssh-certificate', username: 'u', privateKey: foreign('k'), certificate: 'c' });
  expect(signed.kind === 'ssh-certificate' && signed.privateKey.reveal()).toBe('k');
  expect(inspect([opened, key, signed])).not.toContain('open sesame');
});

test('the wire knows the same protocols of endpoints as plugins do', () => {
  expect(endpointProtocols).toEqual(protocols);
});
