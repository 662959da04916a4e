import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/**
 * The log of a program: JSON lines. What could sign somebody in is replaced before it is written: the named fields at
 * any of the depths we log, and every `Secret` by itself. Addresses are logged without their query, which can hold
 * one-time tokens.
 */
export const createLog = (program: string, level = 'info', destination?: DestinationStream): Log =>
  pino(
    {
      base: { program },
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redacted, censor: '[secret]' },
      serializers: { req: toRequestLine, res: toAnswerLine, err: toErrorLine },
    },
    ...(destination ? [destination] : []),
  );

const secretFields = [
  'authorization',
  'cookie',
  'password',
  'newPassword',
  'currentPassword',
  'token',
  'secret',
  'clientSecret',
  'privateKey',
  'apiKey',
  'code',
  'backupCodes',
];
const quoted = ['["set-cookie"]', '["x-api-key"]', '["proxy-authorization"]'];
const redacted = [
  ...secretFields.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]),
  ...quoted.flatMap((name) => [name, `*${name}`, `*.*${name}`, `*.*.*${name}`]),
];

const toRequestLine = (request: { method?: string; url?: string; ip?: string; headers?: object }) => ({
  method: request.method,
  path: request.url?.split('?', 1)[0],
  address: request.ip,
});

const toAnswerLine = (reply: { statusCode?: number }) => ({ status: reply.statusCode });

interface ErrorLine {
  readonly type: string;
  readonly message: string;
  readonly kind?: string;
  readonly detail?: string;
  readonly stack?: string;
  readonly cause?: ErrorLine;
}

/** Only what errors say by design: other properties of an error (a driver's query values) are left out. */
const toErrorLine = (error: unknown, depth = 0): ErrorLine => {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no error was thrown' };
  const line = {
    type: error.name,
    message: error.message.slice(0, 2_000),
    ...('kind' in error && typeof error.kind === 'string' && { kind: error.kind }),
    ...('detail' in error && typeof error.detail === 'string' && { detail: error.detail.slice(0, 2_000) }),
    ...(error.stack && { stack: error.stack.split('\n').slice(1, 12).join('\n') }),
  };
  return error.cause === undefined || depth === 4 ? line : { ...line, cause: toErrorLine(error.cause, depth + 1) };
};
