import { erasedDesk, escapeHtml, type SetUpAround } from '@gatehouse/desk-kit';
import type { DeskUnderTest, Settings } from '@gatehouse/desk-kit/testing';
import { type Redmine, startRedmine } from '../../../../test/servers/redmine/server.ts';
import { redmine } from '../redmine.ts';

export const fieldNames = {
  ...{ sessionIds: 'Session IDs', sessionKey: 'Session key', sessionUrl: 'Session URL' },
  ...{ sessionKeyExpires: 'Session key expires', sessionStartLink: 'Start a session' },
  ...{ jumpSearch: 'Jump search', lastSessionStatus: 'Session status' },
  ...{ lastSessionEnd: 'Session end', surveyRating: 'Survey rating' },
};
const permissions = ['view_issues', 'edit_issues', 'add_issue_notes', 'set_notes_private', 'edit_own_issue_notes'];

export const settingsFor = (url: string, apiKey: string): Settings => ({
  url,
  apiKey,
  project: 'support',
  fields: fieldNames,
});

/** Has an administrator run what the set-ups made, one after the other; gives what each said. Starting Rails takes long. */
export const runSetUps = async (
  server: Redmine,
  ...wanted: readonly (readonly [settings: Settings, around: SetUpAround])[]
): Promise<readonly string[]> => {
  const desk = erasedDesk(redmine);
  const texts: string[] = [];
  for (const [settings, around] of wanted) {
    const made = await desk.setUp?.(desk.config.parse(settings), around);
    if (made === undefined) throw new Error('it has no set-up');
    texts.push(made.text);
  }
  const said = await server.runner('set-ups.rb', texts.join("\nwarn 'AND THEN'\n"));
  return said.split('AND THEN');
};

interface Journal {
  readonly id: number;
  readonly notes: string;
  readonly private_notes: boolean;
}

/** A real Redmine whose fields and role the set-up has made. */
export const openRedmine = async (): Promise<DeskUnderTest & { readonly redmine: Redmine }> => {
  const server = await startRedmine();
  const { origin, keys } = server;
  const key = (login: string) => keys[login] ?? '';
  await runSetUps(server, [settingsFor(origin, key('gatehouse')), { webhookUrl: null, startUrl: null }]);
  const ask = async (login: string, path: string, method = 'GET', body?: unknown) => {
    const headers = { 'x-redmine-api-key': key(login), 'content-type': 'application/json' };
    const sent = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const text = await (await fetch(`${origin}${path}`, sent)).text();
    return text === '' ? null : JSON.parse(text);
  };
  const makeTicket = async (subject: string): Promise<string> => {
    const { issue } = await ask('carol', '/issues.json', 'POST', { issue: { project_id: 'support', subject } });
    return String(issue.id);
  };
  const probeTicket = await makeTicket('probe');
  const settings = (url: string): Settings => ({
    ...settingsFor(url, key('gatehouse')),
    ...{ probeTicket, customerKey: key('carol') },
  });
  const good = settings(origin);
  const withKey = (apiKey: string): Settings => ({ ...good, apiKey });
  const journals = async (login: string, number: string): Promise<readonly Journal[]> =>
    (await ask(login, `/issues/${number}.json?include=journals`)).issue.journals;
  let priority = 0;

  return {
    ...{ redmine: server, origin, settings, withCredential: withKey, makeTicket },
    wrongCredential: withKey('0123456789abcdef0123456789abcdef01234567'),
    unknownField: {
      field: 'jumpSearch',
      settings: { ...good, fields: { ...fieldNames, jumpSearch: 'No such field' } },
    },
    rights: permissions.map((right) => ({ right, step: right, settings: withKey(key(`without-${right}`)) })),
    readOnly: withKey(key('without-edit_issues')),
    secrets: [key('gatehouse'), key('carol')],
    async touch(number) {
      priority++;
      await ask('admin', `/issues/${number}.json`, 'PUT', { issue: { done_ratio: (priority % 10) * 10 } });
    },
    remove: (number) => ask('admin', `/issues/${number}.json`, 'DELETE'),
    people: { login: 'ann', email: 'ann@corp.example', sharedEmail: null },
    notes: async (number) =>
      (await journals('admin', number))
        .filter(({ notes }) => notes !== '' && notes !== null)
        // Redmine shows a note as text: a test of its page sees to that.
        .map(({ id, notes, private_notes }) => ({
          id: String(id),
          isInternal: private_notes,
          body: escapeHtml(notes),
        })),
    readAsCustomer: async (number) =>
      JSON.stringify(await ask('carol', `/issues/${number}.json?include=journals,attachments`)),
    writeAsOther: (number, text) =>
      ask('ann', `/issues/${number}.json`, 'PUT', { issue: { notes: text, private_notes: true } }),
    [Symbol.asyncDispose]: server.stop,
  };
};
