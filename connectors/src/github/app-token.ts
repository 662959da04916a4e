import { readPrivateKey, type SigningKey } from '@gatehouse/connector-kit';
import type { Answer, Host, Http } from '@gatehouse/host';
import { Fault, Secret } from '@gatehouse/kernel';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Permissions } from './need.ts';
import { limitIn, versionHeaders } from './octokit.ts';
import type { Settings } from './settings.ts';
import { permissionMap } from './shapes.ts';

/** What GitHub granted to the installation, as of its last token. */
export interface Granted {
  readonly token: Secret;
  readonly permissions: Permissions;
  /** `selected`: the app sees some repositories only. */
  readonly repositorySelection: 'all' | 'selected' | null;
}

/** Proves to GitHub that we are the app, and keeps a token of its installation fresh. */
export interface AppToken {
  /** The current token; asks for another one five minutes before it runs out. One request at a time, however many wait. */
  current(): Promise<Granted>;
  /** GitHub refused this token although it should be good: the next `current` asks for another one. */
  drop(token: Secret): void;
  /** A request as the app itself, signed with its key. Statuses below 500 are answers. */
  asApp(path: string, method?: 'GET' | 'POST'): Promise<Answer<unknown>>;
}

/** Tokens live for an hour; renewed this early, none runs out between being put on a request and arriving. */
const earlyMs = 5 * 60_000;

const keyWords = {
  setting: 'Private key',
  right: 'the whole .pem file that GitHub downloaded',
  again: 'Generate a new private key on the General page of the app and paste the whole file.',
};

const Token = z.object({
  token: z.string().min(1),
  expires_at: z.string().nullish().catch(null),
  permissions: z.transform((map: unknown) =>
    typeof map === 'object' && map !== null ? permissionMap.parse(map) : null,
  ),
  repository_selection: z.enum(['all', 'selected']).nullish().catch(null),
});

export const createAppToken = ({ appId, privateKey, installationUrl }: Settings, host: Host): AppToken => {
  let key: Promise<SigningKey> | null = null;
  let skewMs = 0;
  let minted: { granted: Granted; untilMs: number } | null = null;
  let minting: Promise<Granted> | null = null;
  const theirNow = () => host.clock.now().getTime() + skewMs;

  const http: Http = host.http({
    origin: installationUrl.apiUrl,
    system: 'GitHub',
    bucket: () => 'app',
    throttled: limitIn,
    async authorize({ headers }) {
      key ??= readPrivateKey(privateKey, keyWords);
      const now = Math.floor(theirNow() / 1_000);
      const proof = await new SignJWT({ iat: now - 60, exp: now + 9 * 60, iss: appId })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
        .sign((await key).key);
      headers.set('authorization', `Bearer ${proof}`);
    },
  });

  const asApp = async (path: string, method: 'GET' | 'POST' = 'GET'): Promise<Answer<unknown>> => {
    const send = () =>
      http.request(path, z.unknown(), { method, retry: true, accept: [401, 403, 404, 422], headers: versionHeaders });
    const answer = await send();
    const differenceMs = Date.parse(answer.headers.get('date') ?? '') - theirNow();
    // A clock that is wrong here makes good proofs look expired or not yet valid, so GitHub's own time decides.
    if (answer.status !== 401 || !(Math.abs(differenceMs) > 20_000)) return answer;
    skewMs += differenceMs;
    return send();
  };

  const mint = async (): Promise<Granted> => {
    const path = `/app/installations/${installationUrl.installationId}/access_tokens`;
    const answer = await asApp(path, 'POST');
    if (answer.status >= 300) throw refusedToken(answer, { appId, installationUrl }, path);
    const parsed = Token.safeParse(answer.body);
    if (!parsed.success) {
      throw new Fault('unexpected', strangeToken, `POST ${path}: ${z.prettifyError(parsed.error)}`);
    }
    const { token, expires_at, permissions, repository_selection } = parsed.data;
    const expires = Date.parse(expires_at ?? '');
    const granted = {
      token: new Secret(token),
      permissions: permissions ?? null,
      repositorySelection: repository_selection ?? null,
    };
    minted = { granted, untilMs: Number.isNaN(expires) ? theirNow() + 3_600_000 : expires };
    return granted;
  };

  return {
    async current() {
      if (minted !== null && minted.untilMs - earlyMs > theirNow()) return minted.granted;
      minting ??= mint().finally(() => {
        minting = null;
      });
      return minting;
    },
    drop(token) {
      if (minted?.granted.token.reveal() === token.reveal()) minted = null;
    },
    asApp,
  };
};

const strangeToken = 'GitHub gave an answer that cannot be understood. The log of this server says what it was.';

/** What it means that GitHub refuses a request of the app itself, and which field to look at. */
export const refusedToken = (
  { status, body }: Answer<unknown>,
  { appId, installationUrl }: Pick<Settings, 'appId' | 'installationUrl'>,
  path: string,
): Fault => {
  const said = z.object({ message: z.string() }).safeParse(body);
  const detail = `${path} -> ${status}${said.success ? ` ${said.data.message.slice(0, 300)}` : ''}`;
  if (status === 401) {
    return new Fault(
      'unauthorized',
      `GitHub does not accept the private key for the App ID ${appId}. Check that App ID and Private key belong to the same app and that the key was not deleted there.`,
      detail,
    );
  }
  if (status === 403) {
    return new Fault(
      'unauthorized',
      `GitHub refuses access to this installation; most likely it is suspended. Open ${installationUrl.pageUrl} and click Unsuspend.`,
      detail,
    );
  }
  if (status === 404) {
    return new Fault(
      'misconfigured',
      `The app ${appId} has no installation ${installationUrl.installationId}. Check the App ID and the Installed app URL, and that the app is still installed on ${installationUrl.organization}.`,
      detail,
    );
  }
  return new Fault('unexpected', strangeToken, detail);
};
