import type { Caveat } from '@gatehouse/connector-kit';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { refusedToken } from './app-token.ts';
import { auditLogNeed } from './audit-log.ts';
import { Absent, type Github } from './client.ts';
import { holds, type Need, needs } from './need.ts';
import { readOrganization, readSignIn } from './organization.ts';
import { amount, id, permissionMap, text } from './shapes.ts';

const App = z.object({ id, slug: text, name: text, client_id: text });

const InstallationAnswer = z.object({
  id,
  app_id: amount,
  account: z.object({ login: text, type: text }).nullish().catch(null),
  target_type: text,
  suspended_at: text,
  permissions: permissionMap,
  repository_selection: text,
});

/** Proves, in this order: the app and its key, the installation, that it is this organization's, and what it may read. */
export const check = async (client: Github): Promise<readonly Caveat[]> => {
  const { installation, app } = client;
  const settings = { appId: client.appId, installationUrl: installation };
  const self = await app.asApp('/app');
  // GitHub says in words that it knows no such app. Whoever says nothing of the kind is no GitHub.
  if (self.status === 404 && !hasMessage(self.body)) throw noGithub(installation.host);
  if (self.status === 404) throw unknownApp(client.appId);
  if (self.status >= 300) throw refusedToken(self, settings, '/app');
  known(App, self.body, '/app');

  const path = `/app/installations/${installation.installationId}`;
  const answer = await app.asApp(path);
  if (answer.status >= 300) throw refusedToken(answer, settings, path);
  const installed = known(InstallationAnswer, answer.body, path);
  const login = installed.account?.login ?? '';
  if ((installed.account?.type ?? installed.target_type) === 'User') {
    throw new Fault(
      'misconfigured',
      `The installation ${installation.installationId} is on the personal account ${login}. Install the app on the organization and enter that address as Installed app URL.`,
    );
  }
  if (login.toLowerCase() !== installation.organization.toLowerCase()) {
    throw new Fault(
      'misconfigured',
      `The installation ${installation.installationId} belongs to ${login}, not to ${installation.organization}. Copy the Installed app URL again.`,
    );
  }
  if (installed.suspended_at) {
    throw new Fault('unauthorized', `The installation is suspended. Open ${installation.pageUrl} and click Unsuspend.`);
  }

  // From here on as the installation: this is what every stream does.
  await organizationOf(client);
  return [
    ...missingPermissions(client, installed.permissions),
    ...(installed.repository_selection === 'selected' ? [selectedOnly(client)] : []),
    ...(await secondFactorCaveat(client)),
    ...(await unlessTroubled(signInCaveat(client))),
    ...(await unlessTroubled(auditLogCaveat(client))),
  ];
};

/** Trouble with one list, such as a limit of its own, is that of the streams that read it, and not the connection's. */
const unlessTroubled = async (caveats: Promise<Caveat[]>): Promise<Caveat[]> => {
  try {
    return await caveats;
  } catch (error) {
    // What is forbidden is a missing permission, which is a caveat of its own.
    if (error instanceof Fault && error.kind !== 'unauthorized') return [];
    throw error;
  }
};

const known = <S extends z.ZodType>(shape: S, body: unknown, path: string): z.output<S> => {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Fault(
    'unexpected',
    'GitHub gave an answer that cannot be understood. Check that the Installed app URL is an address of GitHub.',
    `GET ${path}: ${z.prettifyError(parsed.error).slice(0, 500)}`,
  );
};

const hasMessage = (body: unknown) => z.object({ message: z.string() }).safeParse(body).success;

const noGithub = (host: string) =>
  new Fault(
    'misconfigured',
    `No GitHub answers at ${host}. Check the Installed app URL: it must be an address of github.com or of your own GitHub server.`,
    '/app -> 404 without a message',
  );

const unknownApp = (appId: string) =>
  new Fault(
    'misconfigured',
    `GitHub knows no app with the App ID ${appId}. Copy the App ID from the General page of the app.`,
    '/app -> 404',
  );

const organizationOf = async (client: Github): Promise<void> => {
  try {
    await readOrganization(client);
  } catch (error) {
    // A missing permission is a caveat, and the streams that need it say so themselves.
    if (error instanceof Fault && error.kind === 'forbidden') return;
    if (!(error instanceof Absent)) throw error;
    throw new Fault(
      error.status === 403 ? 'unauthorized' : 'misconfigured',
      error.status === 403
        ? `GitHub refuses access to ${client.installation.organization}. Check that an IP allow list of the organization lets this server in.`
        : `GitHub does not know the organization ${client.installation.organization}. Copy the Installed app URL again.`,
      error.message,
    );
  }
};

const missingPermissions = ({ installation }: Github, permissions: Readonly<Record<string, string>>): Caveat[] =>
  Object.values<Need>(needs)
    .filter((need) => !holds(permissions, need))
    .map((need) => ({
      code: `permission-${need.key.replaceAll('_', '-')}`,
      advice: `Without the ${need.level} permission ${need.name}, ${need.opens} cannot be read. Grant ${need.name}: read-only in the settings of the app, then accept it on ${installation.pageUrl}.`,
    }));

const selectedOnly = ({ installation }: Github): Caveat => ({
  code: 'selected-repositories',
  advice: `The app is installed on selected repositories, so the others are not read. Choose All repositories on ${installation.pageUrl}.`,
});

/** Owners only may ask who has a second factor; whether an app counts as one depends on its permissions. */
const secondFactorCaveat = async (client: Github): Promise<Caveat[]> => {
  try {
    await client.page(`${client.org}/members?filter=2fa_disabled&per_page=1`, needs.members);
    return [];
  } catch (error) {
    if (!(error instanceof Absent) && !(error instanceof Fault && error.kind === 'forbidden')) throw error;
    return [
      {
        code: 'second-factor-unknown',
        advice:
          'GitHub does not tell this app who has a second factor, so it stays unknown. Grant the organization permissions Members and Administration: read-only.',
      },
    ];
  }
};

const signInCaveat = async (client: Github): Promise<Caveat[]> => {
  const { isHidden } = await readSignIn(client);
  if (!isHidden) return [];
  return [
    {
      code: 'single-sign-on-unknown',
      advice:
        'GitHub does not tell this app whether single sign-on is set up, so accounts are matched to people by e-mail only. Grant the organization permission Administration: read-only.',
    },
  ];
};

const auditLogCaveat = async (client: Github): Promise<Caveat[]> => {
  try {
    await client.page(`${client.org}/audit-log?per_page=1`, auditLogNeed);
    return [];
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    return [
      {
        code: 'no-audit-log',
        advice:
          'The audit log needs GitHub Enterprise Cloud. Everything else is read; events and last activity stay empty.',
      },
    ];
  }
};
