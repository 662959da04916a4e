export type Health = 'connected' | 'warning' | 'failed';

/** Every way a remote system can let us down, and what each one means for everybody else. */
export const faults = {
  misconfigured: { onCheck: 'failed', onStream: 'failed', retry: false, tell: 'customer' },
  unauthorized: { onCheck: 'failed', onStream: 'failed', retry: false, tell: 'customer' },
  forbidden: { onCheck: 'failed', onStream: 'warning', retry: false, tell: 'customer' },
  /** Where it is read from there cannot be any of it: no permission and no setting would mend that. */
  unsupported: { onCheck: 'failed', onStream: 'connected', retry: false, tell: 'nobody' },
  throttled: { onCheck: 'warning', onStream: 'connected', retry: true, tell: 'nobody' },
  unreachable: { onCheck: 'failed', onStream: 'warning', retry: true, tell: 'customer' },
  unexpected: { onCheck: 'failed', onStream: 'warning', retry: false, tell: 'operator' },
} as const;

export type FaultKind = keyof typeof faults;

const order = ['connected', 'warning', 'failed'] as const satisfies readonly Health[];

/** The worst of several healths; `connected` when there is none. */
export const worst = (healths: readonly Health[]): Health =>
  order[Math.max(0, ...healths.map((health) => order.indexOf(health)))] ?? 'failed';

/** `advice` is shown to the customer. `detail` is for operators and never leaves the server. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: FaultKind;
  readonly advice: string;
  readonly detail: string | undefined;

  constructor(kind: FaultKind, advice: string, detail?: string, options?: { cause?: unknown }) {
    super(`${kind}: ${advice}`, options);
    this.kind = kind;
    this.advice = advice;
    this.detail = detail;
  }
}

/** Anything that is not a Fault is our own bug, so it is `unexpected`. */
export const toFault = (error: unknown): Fault =>
  error instanceof Fault
    ? error
    : new Fault('unexpected', 'Something went wrong on our side. The log of this server says what.', undefined, {
        cause: error,
      });
