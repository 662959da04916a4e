import { element, enumerated, integer, octets, sequence, setOf } from './ber.ts';

/** A result (RFC 4511 4.1.9). */
export interface Outcome {
  readonly code: number;
  readonly diagnostic?: string;
  readonly referrals?: readonly string[];
  /** Response controls, by OID. */
  readonly controls?: Readonly<Record<string, Buffer>>;
}

export interface AnsweredEntry {
  readonly dn: string;
  readonly attributes: readonly { readonly name: string; readonly values: readonly Buffer[] }[];
}

const message = (id: number, ...parts: readonly Buffer[]): Buffer => sequence(integer(id), ...parts);

export const entryMessage = (id: number, { dn, attributes }: AnsweredEntry): Buffer =>
  message(
    id,
    element(
      0x64,
      octets(dn),
      sequence(
        ...attributes.map(({ name, values }) => sequence(octets(name), setOf(...values.map((value) => octets(value))))),
      ),
    ),
  );

export const referenceMessage = (id: number, url: string): Buffer => message(id, element(0x73, octets(url)));

export const bindMessage = (id: number, outcome: Outcome): Buffer => result(id, 0x61, outcome);
export const searchMessage = (id: number, outcome: Outcome): Buffer => result(id, 0x65, outcome);
export const extendedMessage = (id: number, outcome: Outcome, name: string): Buffer =>
  result(id, 0x78, outcome, octets(name, 0x8a));

/** A controller that shuts down says so to everybody (RFC 4511 4.4.1). */
export const noticeOfDisconnection = (diagnostic: string): Buffer =>
  extendedMessage(0, { code: 52, diagnostic }, '1.3.6.1.4.1.1466.20036');

const result = (id: number, tag: number, outcome: Outcome, ...rest: readonly Buffer[]): Buffer => {
  const { code, diagnostic = '', referrals = [], controls = {} } = outcome;
  const list = Object.entries(controls).map(([oid, value]) => sequence(octets(oid), octets(value)));
  const referral = referrals.length === 0 ? [] : [element(0xa3, ...referrals.map((url) => octets(url)))];
  return message(
    id,
    element(tag, enumerated(code), octets(''), octets(diagnostic), ...referral, ...rest),
    ...(list.length === 0 ? [] : [element(0xa0, ...list)]),
  );
};
