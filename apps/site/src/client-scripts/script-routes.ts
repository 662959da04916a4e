import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import {
  readAction,
  type ScriptAction,
  scriptExtension,
  type WrongParameter,
  writeScript,
} from '@gatehouse/remote-access/script';
import { type App, audit, newToken, type Reply, type Request } from '@gatehouse/server';
import { isText } from '../api/shape.ts';
import { admitProgram, OAuthError, perAddress, sendOAuthError, toProgram } from '../oauth/index.ts';
import { getOptions } from '../options/index.ts';
import { findNamed } from '../users/index.ts';
import { saveLink } from './store.ts';

export interface ScriptParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly baseUrl: () => string;
}

/** How long a link may wait to be opened: as long as a browser takes, and somebody to sign in. */
export const linkMs = 300_000;

const addresses = ['/api/client_script', '/api/client_script.ns'];
const schema = { hide: true } as const;

/**
 * The client scripting API. Files and addresses hold nothing that is secret and do nothing by themselves: who opens them
 * signs in, and says that it shall be done. Only links of `type=web_console&operation=generate` are made for API accounts.
 */
export const serveClientScripts = (app: App, parts: ScriptParts): void => {
  const { database, clock } = parts;
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 100_000 }, (_request, text, done) =>
      done(null, text),
    );
    scope.setErrorHandler((error, _request, reply) => {
      if (error instanceof OAuthError) return sendOAuthError(reply, error);
      throw error;
    });
    for (const url of addresses)
      scope.route({
        ...{ method: ['GET', 'POST'], url, schema, exposeHeadRoute: false },
        // Also programs ask, by forms and without an origin; those of whom something is kept bring a token.
        config: { access: 'program', rateLimit: perAddress },
        handler: (request, reply) => answer(request, reply),
      });
  });

  const answer = async (request: Request, reply: Reply) => {
    reply.header('cache-control', 'no-store');
    const form = new URLSearchParams([
      ...new URLSearchParams(request.url.replace(/^[^?]*\??/, '')),
      ...new URLSearchParams(typeof request.body === 'string' ? request.body : ''),
    ]);
    const [type, operation] = [form.get('type') ?? '', form.get('operation') ?? ''];
    const username = form.get('username') ?? '';
    form.delete('username');
    if (type === 'web_console' && operation === 'generate') return generateLink(request, reply, form, username);
    const action = readAction(form);
    if (!('action' in action)) return sayWrong(reply, action);
    // Programs ask for both words where they want the file.
    if (type === 'rep' && ['generate', 'execute'].includes(operation)) return sendFile(reply, action);
    if (type === 'web_console' && operation === 'execute') {
      if (action.action !== 'start_jump_item_session')
        return sayWrong(reply, [{ field: 'action', message: 'The web console does start_jump_item_session alone.' }]);
      return reply.redirect(`/console/launch?${new URLSearchParams(action.parameters)}`, 303);
    }
    const message = 'Write type=rep with operation=generate, or type=web_console with operation=execute.';
    return sayWrong(reply, [{ field: 'operation', message }]);
  };

  const sendFile = async (reply: Reply, action: ScriptAction) => {
    const { company } = await database.system(getOptions);
    return reply
      .header('content-disposition', `attachment; filename="gatehouse.${scriptExtension(company)}"`)
      .type('application/octet-stream')
      .send(writeScript([action]));
  };

  const generateLink = async (request: Request, reply: Reply, form: URLSearchParams, username: string) => {
    const caller = await admitProgram(parts, request, reply);
    if (caller === null) return reply;
    const { account } = caller;
    if (account.permissions.command !== 'full_access')
      return reply.code(403).send({ message: 'The API account needs full access to the Command API.' });
    const action = readAction(form);
    const errors: WrongParameter[] = 'action' in action ? [] : [...action];
    if ('action' in action && !/^start_(jump_item|pinned_client)_session$/.test(action.action))
      errors.push({ field: 'action', message: 'Links are for start_jump_item_session.' });
    const [user, another] = isText(username) ? await database.system((tx) => findNamed(tx, username)) : [];
    if (user === undefined) errors.push({ field: 'username', message: 'There is no user with this name.' });
    if (another !== undefined) errors.push({ field: 'username', message: 'Several users have this name.' });
    if (errors.length > 0 || user === undefined || !('action' in action)) return sayErrors(reply, errors);
    const token = newToken('');
    const expiresAt = new Date(clock.now().getTime() + linkMs);
    await database.system(async (tx) => {
      await saveLink(tx, token, {
        ...action,
        ...{ userId: user.id, madeBy: account.name, expiresAt, at: clock.now() },
      });
      const by = { principal: toProgram(account), correlationId: request.id };
      await audit(tx, by, { action: 'console-link.make', target: username, change: { action: action.action } });
    });
    // Behind a hash: it reaches no log and no other site.
    const url = `${parts.baseUrl()}/console/launch#${token.reveal()}`;
    return reply.code(201).send({ url, expires_at: expiresAt.toISOString() });
  };
};

/** In the form of the Command API in JSON. */
const sayErrors = (reply: Reply, errors: readonly WrongParameter[]) =>
  reply.code(422).send({
    message: 'The parameters are not valid.',
    errors: Object.fromEntries(errors.map(({ field, message }) => [field, [message]])),
  });

/** For whoever followed a link that somebody wrote by hand. */
const sayWrong = (reply: Reply, wrong: readonly WrongParameter[]) =>
  reply
    .code(400)
    .type('text/plain; charset=utf-8')
    .send(wrong.map(({ field, message }) => `${field}: ${message}\n`).join(''));
