import { erasedDesk, escapeHtml, type SetUpAround } from '@gatehouse/desk-kit';
import type { DeskUnderTest, Settings } from '@gatehouse/desk-kit/testing';
import { type RequestTracker, startRequestTracker } from '../../../../test/servers/request-tracker/server.ts';
import { requestTracker } from '../request-tracker.ts';

export const fieldNames = {
  ...{ sessionIds: 'Support Session Ids', sessionKey: 'Support Session Key', sessionUrl: 'Support Session URL' },
  ...{ sessionKeyExpires: 'Support Session Expires', sessionStartLink: 'Support Session Start' },
  ...{ jumpSearch: 'Support Jump Search', lastSessionStatus: 'Support Session Status' },
  ...{ lastSessionEnd: 'Support Session End', surveyRating: 'Support Survey Rating' },
};
const rights = [
  ...['SeeQueue', 'ShowTicket', 'ShowTicketComments', 'CommentOnTicket', 'SeeCustomField', 'ModifyCustomField'],
];

export const settingsFor = (url: string, token: string): Settings => ({ url, token, fields: fieldNames });

/** Has an administrator run what the set-up made; gives what was printed. */
export const runSetUp = async (rt: RequestTracker, settings: Settings, around: SetUpAround): Promise<string> => {
  const desk = erasedDesk(requestTracker);
  const made = await desk.setUp?.(desk.config.parse(settings), around);
  if (made === undefined) throw new Error('it has no set-up');
  rt.write(made.fileName, made.text);
  return rt.shell(made.commands.join('\n'));
};

interface Transaction {
  readonly id: string;
  readonly Type: string;
  readonly Data: string;
}

/** A real Request Tracker whose fields and rights the set-up has made. */
export const openRequestTracker = async (): Promise<DeskUnderTest & { readonly rt: RequestTracker }> => {
  const rt = await startRequestTracker();
  const { origin, tokens } = rt;
  const token = (name: string) => tokens[name] ?? '';
  await runSetUp(rt, settingsFor(origin, token('gatehouse')), { webhookUrl: null, startUrl: null });
  const ask = async (name: string, path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') => {
    const headers = { authorization: `token ${token(name)}`, 'content-type': 'application/json' };
    const sent = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const answer = await fetch(`${origin}/REST/2.0${path}`, sent);
    return answer.json();
  };
  const makeTicket = async (subject: string): Promise<string> => {
    const made = await ask('root', '/ticket', {
      Queue: 'General',
      Subject: subject,
      Requestor: 'carol@customer.example',
    });
    return String(made.id);
  };
  const probeTicket = await makeTicket('probe');
  const settings = (url: string): Settings => ({
    ...settingsFor(url, token('gatehouse')),
    ...{ probeTicket, customerToken: token('carol') },
  });
  const good = settings(origin);
  const withToken = (some: string): Settings => ({ ...good, token: some });
  const contents = async (name: string, number: string): Promise<ReadonlyMap<string, string>> => {
    const { items = [] } = await ask(name, `/ticket/${number}/attachments?fields=TransactionId,Content&per_page=100`);
    return new Map(items.map((one: { TransactionId: string; Content: string }) => [one.TransactionId, one.Content]));
  };
  const history = async (name: string, number: string): Promise<readonly Transaction[]> =>
    (await ask(name, `/ticket/${number}/history?fields=Type,Data&per_page=100`)).items ?? [];

  return {
    ...{ rt, origin, settings, withCredential: withToken, makeTicket },
    wrongCredential: withToken(token('gatehouse').replace(/.{8}$/, '00000000')),
    unknownField: {
      field: 'jumpSearch',
      settings: { ...good, fields: { ...fieldNames, jumpSearch: 'No Such Field' } },
    },
    rights: rights.map((right) => ({ right, step: right, settings: withToken(token(`without-${right}`)) })),
    readOnly: withToken(token('without-ModifyCustomField')),
    secrets: [token('gatehouse'), token('carol')],
    touch: async (number) => void (await ask('root', `/ticket/${number}`, { Priority: Date.now() % 100_000 }, 'PUT')),
    merge: async (number, into) => void (await ask('root', `/ticket/${number}`, { MergeInto: into }, 'PUT')),
    remove: async (number) => void (await ask('root', `/ticket/${number}`, { Status: 'deleted' }, 'PUT')),
    people: { login: 'ann', email: 'ann@corp.example', sharedEmail: null },
    async notes(number) {
      const bodies = await contents('root', number);
      return (await history('root', number))
        .filter(({ Type }) => ['Comment', 'Correspond'].includes(Type))
        .map(({ id, Type, Data }) => ({
          ...{ id, isInternal: Type === 'Comment' },
          // A subject is text, and shown as such.
          body: `${escapeHtml(Data)}${bodies.get(id) ?? ''}`,
        }));
    },
    async readAsCustomer(number) {
      const seen = [await ask('carol', `/ticket/${number}`), await history('carol', number)];
      return JSON.stringify([...seen, [...(await contents('carol', number))], rt.mail()]);
    },
    writeAsOther: async (number, text) =>
      void (await ask('ann', `/ticket/${number}/comment`, { Subject: text, Content: text, ContentType: 'text/plain' })),
    [Symbol.asyncDispose]: rt.stop,
  };
};
