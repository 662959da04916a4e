// A second, tiny implementation of docs/ecm-protocol.md, written from that page alone: nothing here is imported from the
// package. It checks little and trusts much; it is what somebody else would write on an afternoon.
import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  randomBytes,
} from 'node:crypto';

type Object_ = Readonly<Record<string, unknown>>;

export interface SecondSide {
  /** Sends a request; resolves with the result. Rejects with the error as it came. */
  ask(method: string, params?: Object_, more?: { id?: string | number; deadlineMs?: number }): Promise<Object_>;
  tell(method: string, params?: Object_): void;
  /** Puts any text on the wire. */
  raw(text: string): void;
  receive(text: string): void;
  /** Nothing comes any more: what was asked is rejected. */
  lose(why: string): void;
  /** Everything that came, parsed. */
  readonly came: readonly Object_[];
}

/** `serve` answers what the other side asks; what it throws is `forbidden`. */
export const createSecond = (
  send: (text: string) => void,
  serve: (method: string, params: Object_) => Promise<Object_> | Object_ = () => ({}),
): SecondSide => {
  const waiting = new Map<unknown, { done(result: Object_): void; failed(error: Error): void }>();
  const came: Object_[] = [];
  let last = 0;
  const say = (message: Object_) => send(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return {
    came,
    ask: (method, params = {}, { id = `second-${++last}`, deadlineMs = 5_000 } = {}) =>
      new Promise((done, failed) => {
        waiting.set(id, { done, failed });
        say({ id, method, params: { correlation: `c-${last}`, deadlineMs, ...params } });
      }),
    tell: (method, params = {}) => say({ method, params: { correlation: 'c-told', ...params } }),
    raw: send,
    lose(why) {
      for (const { failed } of waiting.values()) failed(new Error(why));
      waiting.clear();
    },
    receive(text) {
      const message: Record<string, unknown> = JSON.parse(text);
      came.push(message);
      const { id, method, params, result, error } = message;
      if (typeof method === 'string') {
        if (id === undefined) return;
        const asked = Object(params);
        const answer = async () => await serve(method, asked);
        answer().then(
          (more) => say({ id, result: { correlation: asked.correlation, ...more } }),
          (cause: unknown) => say({ id, error: { code: -32012, message: String(cause), data: { kind: 'forbidden' } } }),
        );
        return;
      }
      const one = waiting.get(id);
      waiting.delete(id);
      if (error !== undefined) one?.failed(Object.assign(new Error(Object(error).message), Object(error)));
      else one?.done(Object(result));
    },
  };
};

const hmac = (key: Buffer, ...parts: readonly (Buffer | string)[]) => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

/** A session's key, and RFC 9180 in the one way of the page. `bytes` are those of the private key. */
export const secondKey = (bytes: Buffer = randomBytes(32)) => {
  const own = createPrivateKey({
    ...{ format: 'der', type: 'pkcs8' },
    key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), bytes]),
  });
  const publicKey = String(createPublicKey(own).export({ format: 'jwk' }).x);
  return {
    publicKey,
    open(sealed: unknown, { lease, correlation, credential }: Readonly<Record<string, string>>): Object_ {
      const enc = Buffer.from(String(Object(sealed).enc), 'base64url');
      const all = Buffer.from(String(Object(sealed).ciphertext), 'base64url');
      const theirs = createPublicKey({
        format: 'jwk',
        key: { kty: 'OKP', crv: 'X25519', x: enc.toString('base64url') },
      });
      const kem = Buffer.from('4b454d0020', 'hex');
      const hpke = Buffer.from('48504b45002000010002', 'hex');
      const extract = (suite: Buffer, label: string, ikm: Buffer | string, salt = Buffer.alloc(32)) =>
        hmac(salt, 'HPKE-v1', suite, label, ikm);
      const expand = (suite: Buffer, prk: Buffer, label: string, info: Buffer, length: number) =>
        hmac(prk, Buffer.from([0, length]), 'HPKE-v1', suite, label, info, Buffer.from([1])).subarray(0, length);
      const dh = diffieHellman({ privateKey: own, publicKey: theirs });
      const context = Buffer.concat([enc, Buffer.from(publicKey, 'base64url')]);
      const shared = expand(kem, extract(kem, 'eae_prk', dh), 'shared_secret', context, 32);
      const schedule = Buffer.concat([
        ...[Buffer.from([0]), extract(hpke, 'psk_id_hash', '')],
        extract(hpke, 'info_hash', 'gatehouse-ecm/1 credential'),
      ]);
      const secret = extract(hpke, 'secret', '', shared);
      const key = expand(hpke, secret, 'key', schedule, 32);
      const nonce = expand(hpke, secret, 'base_nonce', schedule, 12);
      const cipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(
        Buffer.from(`${lease}\n${correlation}\n${credential}`),
      );
      cipher.setAuthTag(all.subarray(-16));
      return JSON.parse(Buffer.concat([cipher.update(all.subarray(0, -16)), cipher.final()]).toString());
    },
  };
};
