import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { Fault, type Secret } from '@gatehouse/kernel';

/**
 * A text sealed to a passphrase, as lines: a heading, then parts of the text in base64. The key is scrypt of the
 * passphrase and a salt that is new for each file; each part is AES-256-GCM with its number as iv, and the heading and
 * whether it is the last part are authenticated with it, so that no part can be changed, moved, left out or cut off.
 *
 *     gatehouse-sealed-1 scrypt 131072 8 1 <salt in base64>
 *     <part in base64>
 */
export async function* sealFile(passphrase: Secret, text: AsyncIterable<string>): AsyncGenerator<string> {
  const heading = `${name} ${cost.N} ${cost.r} ${cost.p} ${randomBytes(16).toString('base64')}`;
  const key = await keyOf(passphrase, heading);
  yield `${heading}\n`;
  let number = 0;
  let waiting: string | null = null;
  for await (const part of text) {
    if (waiting !== null) yield sealPart(key, heading, number++, waiting, false);
    waiting = part;
  }
  yield sealPart(key, heading, number, waiting ?? '', true);
}

/** The text of a sealed file, part by part. @throws Fault `unauthorized` (the passphrase), `misconfigured` (the file) */
export async function* openFile(passphrase: Secret, lines: AsyncIterable<string>): AsyncGenerator<string> {
  let heading = '';
  let key: Buffer | null = null;
  let number = 0;
  let isWhole = false;
  for await (const line of lines) {
    if (key === null) {
      heading = line;
      key = await keyOf(passphrase, heading);
      continue;
    }
    if (isWhole) throw damaged();
    const opened = openPart(key, heading, number, line);
    if (opened === null)
      throw number === 0 ? new Fault('unauthorized', 'The passphrase is wrong, or the file was changed.') : damaged();
    yield opened.text;
    isWhole = opened.isLast;
    number += 1;
  }
  if (!isWhole) throw damaged();
}

const name = 'gatehouse-sealed-1 scrypt';
/** 128 MiB and about half a second. */
const cost = { N: 131_072, r: 8, p: 1 } as const;
const derive = promisify<Buffer, Buffer, number, object, Buffer>(scrypt);

const keyOf = (passphrase: Secret, heading: string): Promise<Buffer> => {
  const [, salt] = new RegExp(`^${name} ${cost.N} ${cost.r} ${cost.p} ([A-Za-z0-9+/=]{24})$`).exec(heading) ?? [];
  if (salt === undefined) throw damaged();
  const password = Buffer.from(passphrase.reveal().normalize('NFKC'));
  return derive(password, Buffer.from(salt, 'base64'), 32, { ...cost, maxmem: 256 * 2 ** 20 });
};

const ivOf = (number: number): Buffer => {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(number, 8);
  return iv;
};
const aboutPart = (heading: string, isLast: boolean) => Buffer.from(`${heading}\n${isLast ? 'last' : 'more'}`);

const sealPart = (key: Buffer, heading: string, number: number, text: string, isLast: boolean): string => {
  const cipher = createCipheriv('aes-256-gcm', key, ivOf(number));
  cipher.setAAD(aboutPart(heading, isLast));
  const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${bytes.toString('base64')}\n`;
};

const openPart = (key: Buffer, heading: string, number: number, line: string) => {
  const bytes = Buffer.from(line, 'base64');
  if (bytes.length < 16) return null;
  for (const isLast of [false, true]) {
    const decipher = createDecipheriv('aes-256-gcm', key, ivOf(number), { authTagLength: 16 });
    decipher.setAAD(aboutPart(heading, isLast));
    decipher.setAuthTag(bytes.subarray(-16));
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
      return { text, isLast };
    } catch {
      // Not this kind of part; both fail where something was changed.
    }
  }
  return null;
};

const damaged = () => new Fault('misconfigured', 'This is not a whole sealed file of Gatehouse.');
