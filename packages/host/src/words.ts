import { Fault, type FaultKind } from '@gatehouse/kernel';
import { bounded, redact } from './redact.ts';

/** What a customer reads when nobody knows better. `system` is the name people use: "Okta". */
export const advices: Readonly<Record<FaultKind, (system: string) => string>> = {
  misconfigured: (system) => `Check the settings of this connection to ${system}.`,
  unauthorized: (system) => `${system} refused the credentials. Enter new ones.`,
  forbidden: (system) =>
    `${system} accepted the credentials but does not let them read this. Grant the documented permission.`,
  unsupported: (system) => `${system} has nothing of this where it is read from.`,
  throttled: (system) => `${system} asked us to slow down. The next run continues where this one stopped.`,
  unreachable: (system) => `${system} did not answer. Check the address, and any firewall between here and there.`,
  unexpected: (system) =>
    `${system} gave an answer that cannot be understood. The log of this server says what it was.`,
};

/** The kind of a refusal by its status alone. */
export const kindOf = (status: number): FaultKind => {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 429) return 'throttled';
  return status >= 500 || status === 408 ? 'unreachable' : 'unexpected';
};

/** The status of a refusal travels as the cause of its Fault, so that `statusOf` finds it again. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(status: number) {
    super(`the answer was ${status}`);
    this.status = status;
  }
}

/** A rate limit that opens later than a request waits, and when it does. */
export class LimitUsedUp extends Fault {
  readonly until: Date;

  constructor(until: Date, advice: string, detail: string) {
    super('throttled', advice, detail);
    this.until = until;
  }
}

/** When the rate limit behind an error opens again; null where the error is another, or the system does not say. */
export const resumesAt = (error: unknown): Date | null => {
  for (const link of chain(error)) if (link instanceof LimitUsedUp) return link.until;
  return null;
};

export const faultOf = (kind: FaultKind, system: string, detail: string, cause?: unknown): Fault =>
  new Fault(kind, advices[kind](system), bounded(detail), { cause });

/**
 * The Fault inside an error. A vendor's SDK wraps what `http.fetch` throws and turns refusals into errors of its own
 * with a `status`; both are found along `cause`. Anything else is our own bug.
 */
export const asFault = (error: unknown, system: string): Fault | null => {
  for (const link of chain(error)) if (link instanceof Fault) return link;
  const status = statusOf(error);
  if (status === null) return null;
  const words = error instanceof Error ? `: ${redact(error.message)}` : '';
  return faultOf(kindOf(status), system, `the answer was ${status}${words}`, error);
};

/** The HTTP status behind an error, wherever along `cause` it is named; null when there was no answer. */
export const statusOf = (error: unknown): number | null => {
  for (const link of chain(error)) {
    if (typeof link === 'object' && link !== null && 'status' in link && typeof link.status === 'number') {
      return link.status;
    }
  }
  return null;
};

/** An error and its causes, at most eight, because a cause may point back. */
function* chain(error: unknown): Iterable<unknown> {
  let link = error;
  for (let i = 0; i < 8 && link !== undefined && link !== null; i++) {
    yield link;
    link = link instanceof Error ? link.cause : undefined;
  }
}
