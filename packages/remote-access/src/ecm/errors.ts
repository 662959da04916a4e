import { Fault, type FaultKind, faults } from '@gatehouse/kernel';

/** Every kind of error and its number on the wire. */
export const errorCodes = {
  parse: -32700,
  invalid: -32600,
  unknown_method: -32601,
  invalid_params: -32602,
  internal: -32603,
  not_ready: -32000,
  busy: -32001,
  too_large: -32002,
  deadline: -32003,
  cancelled: -32004,
  misconfigured: -32010,
  unauthorized: -32011,
  forbidden: -32012,
  unsupported: -32013,
  throttled: -32014,
  unreachable: -32015,
  unexpected: -32016,
  lease_conflict: -32020,
  lease_over: -32021,
  // Never sent: what a caller is told where its connection is gone.
  disconnected: -32099,
} as const satisfies Record<FaultKind, number> & Record<string, number>;

export type ErrorKind = keyof typeof errorCodes;

/** An error as it travels: its words are for people and hold no secret. */
export class EcmError extends Error {
  override readonly name = 'EcmError';
  readonly kind: ErrorKind;
  readonly advice: string;
  /** The member that is wrong, such as `endpoint.hostname`; null where it is none. */
  readonly field: string | null;

  constructor(kind: ErrorKind, advice: string, field: string | null = null) {
    super(`${kind}: ${advice}`);
    this.kind = kind;
    this.advice = advice;
    this.field = field;
  }
}

/** Kinds after which the same request may be sent again. */
const again: ReadonlySet<ErrorKind> = new Set([
  ...['busy', 'deadline', 'disconnected', 'not_ready'],
  ...['throttled', 'unreachable'],
] as const);
export const mayRepeat = (kind: ErrorKind): boolean => again.has(kind);

const kinds = new Map<number, ErrorKind>(
  Object.entries(errorCodes).map(([kind, code]) => [code, kind as ErrorKind]), // the keys of the table above
);
/** `unexpected` for numbers that a later version may have. */
export const kindOfCode = (code: number): ErrorKind => kinds.get(code) ?? 'unexpected';

/** What somebody else's failure is on the wire. What is no Fault is our own bug, of which nothing is told. */
export const toEcmError = (error: unknown): EcmError => {
  if (error instanceof EcmError) return error;
  if (error instanceof Fault) return new EcmError(error.kind, error.advice);
  return new EcmError('internal', 'Something went wrong on this side. Its log says what.');
};

/** The other way, for whoever treats the other side as a system: what has no kind of its own there is `unexpected`. */
export const toFaultKind = (kind: ErrorKind): FaultKind => {
  if (kind in faults) return kind as FaultKind; // checked the line before
  return kind === 'deadline' || kind === 'disconnected' ? 'unreachable' : kind === 'busy' ? 'throttled' : 'unexpected';
};
