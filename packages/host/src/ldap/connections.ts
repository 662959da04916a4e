import { Fault } from '@gatehouse/kernel';
import { BindRequest } from 'ldapts';
import type { LogLine, Surroundings } from '../exchange.ts';
import { bounded } from '../redact.ts';
import { trustOf } from '../trust.ts';
import { openTls } from './connect.ts';
import { type Answer, type Connection, createConnection, type Request } from './connection.ts';
import { type Controller, toControllers } from './controller.ts';
import type { LdapBounds, LdapOptions } from './ldap.ts';
import { LdapFault, resultFault } from './result-faults.ts';

/** The one connection of a client that is signed in, at the first controller of the list that works. */
export interface Connections {
  /** Throws an LdapFault when no controller lets us in; a refused password is not tried at the next, where it would count too. */
  open(): Promise<Connection>;
  /** One request on it; a result other than success is an LdapFault. */
  ask(connection: Connection, request: Request, attempt: number): Promise<Answer>;
  /** Goes on with the next controller in the list. */
  leave(connection: Connection): void;
  close(): void;
}

export const createConnections = (options: LdapOptions, around: Surroundings, signal: AbortSignal): Connections => {
  const { system, bindName, password } = options;
  const bounds = { ...defaults, ...options.bounds };
  const controllers = toControllers(system, options.controllers);
  // A bind without a password succeeds as nobody (RFC 4513 5.1.2), and would be reported as a sign-in that works.
  if (bindName === '' || password.reveal() === '') {
    throw new Fault('misconfigured', `Enter the account that reads ${system}, and its password.`);
  }
  const trust = trustOf(system, options.certificateAuthorities);
  const { clock } = around;
  const { addresses } = options;
  const ways = { system, trust, clock, connectMs: bounds.connectMs, ...(addresses === undefined ? {} : { addresses }) };
  let first = 0;
  let current: Connection | null = null;
  let opening: Promise<Connection> | null = null;

  const tell = (line: Omit<LogLine, 'system'>) => around.log({ system, ...line });

  const ask = async (connection: Connection, request: Request, attempt: number): Promise<Answer> => {
    const { controller } = connection;
    const began = performance.now();
    const line = { method: request.method, path: bounded(`${controller.name} ${request.name}`, 200), attempt };
    const tookMs = () => Math.round(performance.now() - began);
    try {
      const answer = await connection.ask(request);
      const { result, bytes } = answer;
      tell({ ...line, status: result.code, bytes, tookMs: tookMs() });
      if (result.code === 0) return answer;
      throw resultFault({
        system,
        controller: controller.name,
        request: `${request.method} ${request.name}`,
        result,
        password,
      });
    } catch (error) {
      if (error instanceof LdapFault && error.code === null) {
        tell({ ...line, status: null, bytes: 0, tookMs: tookMs(), problem: error.problem });
      }
      throw error;
    }
  };

  const openAt = async (controller: Controller): Promise<Connection> => {
    const began = performance.now();
    const socket = await openTls(controller, ways, signal).catch((error: unknown) => {
      const tookMs = Math.round(performance.now() - began);
      const problem = error instanceof LdapFault ? { problem: error.problem } : {};
      tell({ method: 'CONNECT', path: controller.name, status: null, attempt: 1, bytes: 0, tookMs, ...problem });
      throw error;
    });
    const connection = createConnection(socket, controller, { system, bounds, signal });
    const write = (messageId: number) =>
      new BindRequest({ messageId, dn: bindName, password: password.reveal() }).write();
    try {
      await ask(connection, { method: 'BIND', name: 'with a password', write }, 1);
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  };

  /** Each controller once, beginning with the one that worked last. */
  const walk = async (): Promise<Connection> => {
    const faults: LdapFault[] = [];
    for (let i = 0; i < controllers.length; i++) {
      const at = (first + i) % controllers.length;
      const controller = controllers[at];
      if (controller === undefined) break;
      try {
        current = await openAt(controller);
        first = at;
        return current;
      } catch (error) {
        if (!(error instanceof LdapFault) || error.again === 'never') throw error;
        faults.push(error);
      }
    }
    throw allFailed(faults);
  };

  return {
    ask,
    async open() {
      signal.throwIfAborted();
      if (current?.isOpen()) return current;
      opening ??= walk().finally(() => {
        opening = null;
      });
      return opening;
    },
    leave(connection) {
      connection.close();
      if (connection !== current) return;
      current = null;
      first = (controllers.indexOf(connection.controller) + 1) % controllers.length;
    },
    close() {
      current?.close();
      current = null;
    },
  };
};

const defaults: LdapBounds = {
  connectMs: 10_000,
  answerMs: 60_000,
  idleMs: 30_000,
  entryBytes: 16 * 1024 * 1024,
  answerBytes: 64 * 1024 * 1024,
};

/** Says what the first one said, and keeps what all of them did. */
const allFailed = (faults: readonly LdapFault[]): unknown => {
  const [head] = faults;
  if (head === undefined || faults.length === 1) return head;
  const { kind, advice, problem } = head;
  const again = faults.some((fault) => fault.again === 'elsewhere' || fault.again === 'here') ? 'elsewhere' : 'others';
  const detail = faults.map((fault) => fault.detail).join('; ');
  return new LdapFault({ kind, advice, detail, again, problem }, { cause: head });
};
