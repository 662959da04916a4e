import { createSecretKey } from 'node:crypto';
import type { Client } from 'ssh2';

/** Both ends of a connection, and where they keep what they begin every packet with. */
const sides = ['_decipher', '_cipher'] as const;
const members = ['_decipherKey', '_encKey', '_macKey'] as const;

/**
 * The library (1.17.0) hands its keys to Node as bytes, once for each packet, and Node makes a key of them each time: for
 * packets of a terminal that takes four times as long as the deciphering. Made once for each exchange of keys it is as
 * good. What this reaches into is not the library's public face: where another version has none of it, nothing changes.
 */
export const keepPacketKeys = (client: Client): void => {
  for (const side of sides) {
    const part = memberOf(memberOf(client, '_protocol'), side);
    for (const member of members) {
      const key = memberOf(part, member);
      if (typeof part === 'object' && part !== null && Buffer.isBuffer(key))
        Reflect.set(part, member, createSecretKey(key));
    }
  }
};

const memberOf = (whole: unknown, name: string): unknown =>
  typeof whole === 'object' && whole !== null ? Reflect.get(whole, name) : undefined;
