import { type BerValue, numberIn, valuesIn } from './ber.ts';

/** What a client asks for, of what the fake understands. */
export type Request = { readonly id: number } & (
  | { readonly kind: 'bind'; readonly name: string; readonly password: string }
  | { readonly kind: 'search'; readonly search: Search }
  | { readonly kind: 'startTls' }
  | { readonly kind: 'unbind' }
  | { readonly kind: 'other'; readonly tag: number }
);

export interface Search {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter: BerValue;
  /** In lower case. */
  readonly attributes: readonly string[];
  /** Values of controls by OID. */
  readonly controls: ReadonlyMap<string, Buffer>;
}

/** Parses one whole message. Throws a RangeError for what is none. */
export const parseRequest = (bytes: Buffer): Request => {
  const [message] = valuesIn(bytes);
  const [number, operation, controlList] = valuesIn(message?.content ?? Buffer.alloc(0));
  if (number === undefined || operation === undefined) throw new RangeError('no LDAP message');
  const id = numberIn(number);
  switch (operation.tag) {
    case 0x60: {
      const [, name, password] = valuesIn(operation.content);
      return { id, kind: 'bind', name: textIn(name), password: textIn(password) };
    }
    case 0x63:
      return { id, kind: 'search', search: parseSearch(operation, controlList) };
    case 0x77:
      return textIn(valuesIn(operation.content)[0]) === '1.3.6.1.4.1.1466.20037'
        ? { id, kind: 'startTls' }
        : { id, kind: 'other', tag: operation.tag };
    case 0x42:
      return { id, kind: 'unbind' };
    default:
      return { id, kind: 'other', tag: operation.tag };
  }
};

const parseSearch = (operation: BerValue, controlList: BerValue | undefined): Search => {
  const [base, scope, , , , , filter, attributes] = valuesIn(operation.content);
  if (scope === undefined || filter === undefined) throw new RangeError('a search without a filter');
  const controls = valuesIn(controlList?.content ?? Buffer.alloc(0)).map((control): [string, Buffer] => {
    const [oid, ...rest] = valuesIn(control.content);
    return [textIn(oid), rest.find(({ tag }) => tag === 0x04)?.content ?? Buffer.alloc(0)];
  });
  return {
    base: textIn(base),
    scope: scopes[numberIn(scope)] ?? 'sub',
    filter,
    attributes: valuesIn(attributes?.content ?? Buffer.alloc(0)).map((one) => textIn(one).toLowerCase()),
    controls: new Map(controls),
  };
};

const scopes = ['base', 'one', 'sub'] as const;
const textIn = (value: BerValue | undefined): string => value?.content.toString('utf8') ?? '';
