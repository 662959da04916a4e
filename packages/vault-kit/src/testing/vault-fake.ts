import type { ServerResponse } from 'node:http';
import { type Arrived, startServer } from '@gatehouse/host/testing';

/** What the suite can do to the fake of a vault, and what it can see of it. */
export interface VaultFake {
  /** Everything that arrived, in order. */
  readonly requests: readonly Arrived[];
  start(): Promise<RunningVault>;
  /** What must be in no trace, log, error or listing: passwords, keys, and tokens it has given out. */
  secrets(): readonly string[];
  /** What may be kept for a release, but never told to a log: the ids of requests, where a password hangs on them. */
  unspoken(): readonly string[];
  /** Whatever somebody holds or has asked for, one line each; empty when all of it is back. */
  held(): readonly string[];
  /** Every attempt to log in, in order. */
  readonly logIns: readonly LogIn[];
  /** The most log-ins that were ever under way at once for one identity. */
  readonly atOnce: number;
  /** From now on every credential and every token is wrong. */
  refuseCredentials(): void;
  /** Tokens and sessions given out so far are over. */
  expireTokens(): void;
  /** Whoever has to approve approves everything that waits. */
  approve(): void;
  /** Puts one static credential for this person on this host. Null where the vault cannot hold such a name. */
  enrol(person: string, hostname: string): { readonly secret: string } | null;
  /** From now on log-ins, or everything else, are answered as if all were well with something else. Null: no more. */
  answerStrange(which: 'log-ins' | 'others' | null, how: Strange): void;
  /** Decides over every request that arrives. */
  decide(fate: (request: Arrived) => Fate): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export interface LogIn {
  readonly identity: string;
  readonly succeeded: boolean;
}

export type Strange = 'shape' | 'html';
export const strangeness: readonly Strange[] = ['shape', 'html'];

/** `lost`: the vault never sees it. `unanswered`: the vault does what it is asked for, and nobody hears its answer. */
export type Fate = 'served' | 'lost' | 'unanswered';

export interface RunningVault {
  readonly origin: string;
  close(): Promise<void>;
}

export interface VaultAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; left out: no body. */
  readonly body?: unknown;
}

/** What is particular to one vault. */
export interface VaultDialect
  extends Pick<
    VaultFake,
    'secrets' | 'unspoken' | 'held' | 'refuseCredentials' | 'expireTokens' | 'approve' | 'enrol'
  > {
  /** As the real one answers, to what it does not know, too. */
  answer(request: Arrived): VaultAnswer;
  /** Whom a request logs in; null where it is another one. */
  logIn(request: Arrived): string | null;
}

/** A `VaultFake` over node:http. */
export const fakeVault = (dialect: VaultDialect): VaultFake => {
  const requests: Arrived[] = [];
  const logIns: LogIn[] = [];
  const underWay = new Map<string, number>();
  let strange: { which: 'log-ins' | 'others'; how: Strange } | null = null;
  let fateOf: (request: Arrived) => Fate = () => 'served';
  let busy = 0;
  let atOnce = 0;

  const answer = async (request: Arrived): Promise<VaultAnswer | 'html'> => {
    const identity = dialect.logIn(request);
    if (strange !== null && (identity !== null) === (strange.which === 'log-ins')) {
      return strange.how === 'html' ? 'html' : { body: { strange: [1, 'two', { three: null }] } };
    }
    if (identity === null) return dialect.answer(request);
    const together = (underWay.get(identity) ?? 0) + 1;
    underWay.set(identity, together);
    atOnce = Math.max(atOnce, together);
    // Others who want to log in get here meanwhile.
    await turns(5);
    underWay.set(identity, together - 1);
    const answered = dialect.answer(request);
    logIns.push({ identity, succeeded: (answered.status ?? 200) < 400 });
    return answered;
  };

  const serve = async (request: Arrived, response: ServerResponse): Promise<void> => {
    requests.push(request);
    const fate = fateOf(request);
    if (fate === 'lost') return void response.destroy();
    const answered = await answer(request);
    if (fate === 'unanswered') return void response.destroy();
    if (answered === 'html') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
      return;
    }
    const { status = 200, headers = {}, body } = answered;
    response.writeHead(status, { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };

  return {
    ...{ requests, logIns },
    get atOnce() {
      return atOnce;
    },
    ...pick(dialect),
    start: () =>
      startServer({
        '*': async (request, response) => {
          busy++;
          try {
            await serve(request, response);
          } finally {
            busy--;
          }
        },
      }),
    answerStrange: (which, how) => {
      strange = which === null ? null : { which, how };
    },
    decide: (fate) => {
      fateOf = fate;
    },
    async settled() {
      do await turns(3);
      while (busy > 0);
    },
  };
};

const pick = ({ secrets, unspoken, held, refuseCredentials, expireTokens, approve, enrol }: VaultDialect) => ({
  ...{ secrets, unspoken, held, refuseCredentials, expireTokens, approve, enrol },
});

/** Lets everything else that is ready have its turn. */
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};
