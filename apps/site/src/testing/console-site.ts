import { type HandedCredential, sealCredential } from '@gatehouse/remote-access/ecm';
import { ok } from '@gatehouse/server/testing';
import type { JumpItemType } from '../api/jump-items.ts';
import type { SessionPace } from '../sessions/index.ts';
import { connectSecond } from './second-ecm.ts';
import { askToken, type SiteUser, type TestSite, testSite } from './test-site.ts';

type Params = Readonly<Record<string, unknown>>;

/** A site with one endpoint, an ECM that hands out one credential for it, somebody who may use it, and an administrator. */
export interface ConsoleSite {
  readonly site: TestSite;
  readonly admin: SiteUser;
  readonly user: SiteUser;
  readonly ids: {
    readonly item: number;
    readonly jumpPolicy: number;
    readonly sessionPolicy: number;
    readonly groupPolicy: number;
  };
  /** What the ECM answers to a wish for a credential; null: it hands it out. Throwing refuses it. */
  answer(how: (params: Params) => object | null): void;
  /** Changes the rules of the session policy; what is not named is as usual. */
  rules(change: object): Promise<unknown>;
  /** Changes the Jump policy. */
  policy(change: object): Promise<unknown>;
  /** Somebody else who may use the endpoint. */
  colleague(name: string): Promise<SiteUser>;
  /** Asks for a session with the endpoint. */
  ask(person: SiteUser, more?: object): ReturnType<SiteUser['post']>;
  /** The ECM is cut off; it comes back with `connectEcm`. */
  cutEcm(): Promise<void>;
  connectEcm(): Promise<void>;
  close(): Promise<void>;
}

const usualRules = {
  ...{ reasonRequired: false, idleMinutes: 30, limitMinutes: 720, upload: true, download: true, fileMegabytes: 1 },
  ...{ clipboard: true, recordInput: false },
};

/** As JSON carries it. */
const plain = (body: object) => JSON.parse(JSON.stringify(body));

export const consoleSite = async (of: {
  readonly type: JumpItemType;
  readonly item: object;
  readonly credential: HandedCredential;
  readonly pace?: Partial<SessionPace>;
  /** Folder of the built pages. */
  readonly pages?: string;
}): Promise<ConsoleSite> => {
  const site = await testSite({
    ecmPace: { roundMs: 50 },
    sessionPace: { roundMs: 50, graceMs: 1_000, flushMs: 20, ...of.pace },
    ...(of.pages !== undefined && { pages: of.pages }),
  });
  const add = async (path: string, body: object): Promise<number> =>
    (await ok(site.operator.post(path, plain(body)))).body.id;
  const group = await add('/api/jump-groups', { name: 'Servers' });
  const jumpPolicy = await add('/api/jump-policies', { display_name: 'Policy', schedule_enabled: false });
  const sessionPolicy = await add('/api/session-policies', { display_name: 'Rules' });
  const item = await add(`/api/jump-items/${of.type}`, {
    ...{ name: 'web1', hostname: '127.0.0.1', jumpoint_id: 1, ...of.item },
    ...{ jump_group_id: group, jump_policy_id: jumpPolicy, session_policy_id: sessionPolicy },
  });
  const [admin, user] = [await site.person({ systemAdministrator: true }), await site.person()];
  const policy = await add('/api/group-policies', {
    ...{ name: 'Operators', access_perm_status: 'defined', perm_access_allowed: true, default_jump_item_role_id: 2 },
    ...{ perm_shell_jump: true, perm_remote_vnc: true, perm_remote_rdp: true },
  });
  const join = ({ userId }: SiteUser) =>
    add(`/api/group-policies/${policy}/members`, { security_provider_id: 1, user_id: userId });
  await join(user);
  await add(`/api/group-policies/${policy}/jump-groups`, { jump_group_id: group });

  let answer: (params: Params) => object | null = () => null;
  const hand = ({ lease, correlation, credential, publicKey }: Params) => ({
    state: 'ready',
    sealed: sealCredential(of.credential, String(publicKey), {
      ...{ lease: String(lease), correlation: String(correlation), credential: String(credential) },
    }),
  });
  const program = await site.program({ perm_ecm: true });
  const { kind, username } = of.credential;
  const listing = { kind, username, needsApproval: false };
  const connect = async () =>
    connectSecond(site.url, {
      token: (await ok(askToken(site.url, program.account))).body.access_token,
      serve: (method, params) => {
        if (method === 'credentials.release') return { state: 'released' };
        if (method === 'credentials.retrieve') return { ...(answer(params) ?? hand(params)) };
        return {
          credentials: [
            { ...listing, credential: 'web1/other', label: 'other', needsApproval: true },
            { ...listing, credential: 'web1/ops', label: 'ops' },
          ],
          truncated: false,
        };
      },
    });
  let ecm = await connect();
  return {
    ...{ site, admin, user, ids: { item, jumpPolicy, sessionPolicy, groupPolicy: policy } },
    answer(how) {
      answer = how;
    },
    rules: (change) =>
      ok(
        site.operator.ask('PUT', `/api/session-policies/${sessionPolicy}/rules`, {
          body: plain({ ...usualRules, ...change }),
        }),
      ),
    policy: (change) => ok(site.operator.ask('PATCH', `/api/jump-policies/${jumpPolicy}`, { body: plain(change) })),
    async colleague(name) {
      const person = await site.person();
      await join(person);
      await ok(site.operator.ask('PATCH', `/api/users/${person.userId}`, { body: { public_display_name: name } }));
      return person;
    },
    ask: (person, more = {}) =>
      person.post(
        '/api/console/sessions',
        plain({ item: { type: of.type, id: item }, credential: { from: 'vault', id: 'web1/ops' }, ...more }),
      ),
    async cutEcm() {
      ecm.socket.terminate();
      await ecm.closed;
    },
    async connectEcm() {
      site.clock.move(1_000);
      ecm = await connect();
    },
    async close() {
      ecm.socket.terminate();
      await site.close();
    },
  };
};
